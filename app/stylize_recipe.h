/* The recipe of what `stylize` paints. */
#pragma once

#include "report.h"
#include "stylize_request.h"

#include "engine/recipe/recipe.h"

G_BEGIN_DECLS

/** The recipe of a request with its styles (of PstStyleArgument, all loaded), without a date: the same request gives the
 *  same recipe. NULL and an error if there are too many styles, or no model. */
PstPaintRecipe *pst_stylize_recipe_new(const PstStylizeRequest *request, const GPtrArray *styles, GError **error);

/** Reads the recipe at `path`, or that in the picture at `path`. NULL and PST_PAINT_RECIPE_ERROR, or what
 *  pst_picture_probe() says. */
PstPaintRecipe *pst_stylize_recipe_read(const char *path, GError **error);

/** Writes the recipe with today's date to `path`, whole or not at all, and returns the path it got; owned by the caller.
 *  With PST_CONFLICT_SKIP an existing file is an error. */
char *pst_stylize_recipe_save(PstPaintRecipe *recipe, const char *path, PstConflict conflict, GError **error);

/** Tells of what in a recipe from `path` can't be done here as it was where it was made. */
void pst_stylize_recipe_warn(const PstPaintRecipe *recipe, const char *path, PstReport *report);

G_END_DECLS
