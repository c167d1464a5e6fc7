/* Looks as recipes, the JSON texts that results hold and that can be kept as files. */
#pragma once

#include "engine/recipe/recipe.h"
#include "engine/studio/look.h"

G_BEGIN_DECLS

/** TRUE if a recipe can say all of the look: one region everywhere, strokes of the usual size, at least one style. */
gboolean pst_look_has_recipe(const PstLook *look);

/** The recipe of one region's styles with the look's settings; the mask is left out. NULL where it has no style. */
PstPaintRecipe *pst_look_to_recipe(const PstLook *look, int region);

/** Puts a recipe's styles into an empty region, at most PST_LOOK_STYLES of them, and its settings into the look, which
 *  is not shared. */
void pst_look_take_recipe(PstLook *look, int region, const PstPaintRecipe *recipe);

G_END_DECLS
