/* The recipe of what `stylize` paints. */
#pragma once

#include "report.h"
#include "stylize_request.h"

#include "engine/paint/recipe.h"

/** The program as the origin of recipes, without a date: the same request gives the same recipe. FALSE and an error
 *  where there is no model. */
gboolean pst_stylize_recipe_origin(PstRecipeOrigin *origin, GError **error);

/** What a painting says of how it was made where it can't have XMP: program, styles and that a trained model did it, in
 *  English. Owned by the caller. */
char *pst_stylize_mark(const PstLook *look);

/** Reads the recipe at `path`, or that in the picture at `path`; warns of one that was made with other networks.
 *  NULL and PST_RECIPE_ERROR, or what pst_picture_probe() says. */
PstLook *pst_stylize_recipe_read(const char *path, PstReport *report, GError **error);

/** Writes the recipe with today's date to `path`, whole or not at all, and returns the path it got; owned by the
 *  caller. With PST_CONFLICT_SKIP an existing file is an error. */
char *pst_stylize_recipe_save(const PstLook *look, PstRecipeOrigin *origin, const char *path, PstConflict conflict,
                              GError **error);
