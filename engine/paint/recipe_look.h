/* A look as a recipe, to be stored, and back. */
#pragma once

#include "look.h"

#include "recipe.h"

G_BEGIN_DECLS

/** The recipe of a look that is not plain, without program, model, date and size. A style whose id is a path is named
 *  after that file, whose hash is taken where it can be read. Regions without a style are left out. */
PstRecipe *pst_recipe_from_look(const PstLook *look);

/** The look that a recipe describes. NULL and PST_RECIPE_ERROR_VALUE, where it has more regions, or more styles
 *  in one, than a look can have, or a mask that is none; PST_RECIPE_ERROR_STYLE while it is incomplete. `name`
 *  begins the message. */
PstLook *pst_recipe_to_look(const PstRecipe *recipe, const char *name, GError **error);

G_END_DECLS
