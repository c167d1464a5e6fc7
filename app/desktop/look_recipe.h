/* Single regions of looks as recipes; whole looks are in engine/paint/recipe_look.h. */
#pragma once

#include "engine/paint/recipe.h"
#include "engine/paint/look.h"

G_BEGIN_DECLS

/** The recipe of one region's styles with the look's settings; the mask is left out. NULL where it has no style. */
PstRecipe *pst_look_to_recipe(const PstLook *look, int region);

/** Puts a recipe's styles into an empty region, at most PST_LOOK_STYLES of them, and its settings into the look, which
 *  is not shared. `ids` (may be NULL) has their full identifiers. Incomplete styles are left out. */
void pst_look_take_recipe(PstLook *look, int region, const PstRecipe *recipe, const char *const *ids);

G_END_DECLS
