/* The recipe of what `stylize` paints. */
#pragma once

#include "report.h"
#include "stylize_request.h"

#include "engine/paint/recipe.h"

G_BEGIN_DECLS

/** A recipe of styles (of PstStyleArgument, all loaded), at the default settings. NULL and an error if there are too
 *  many. */
PstRecipe *pst_stylize_recipe_new(const GPtrArray *styles, GError **error);

/** Gives a recipe the settings of a request and this program as its origin, and takes its date away: the same request
 *  gives the same recipe. FALSE and an error where there is no model. */
gboolean pst_stylize_recipe_settle(PstRecipe *recipe, const PstStylizeRequest *request, GError **error);

/** TRUE if it paints everything in one mix, with strokes of the networks' own size. */
gboolean pst_stylize_recipe_is_plain(const PstRecipe *recipe);

/** Reads the recipe at `path`, or that in the picture at `path`. NULL and PST_RECIPE_ERROR, or what
 *  pst_picture_probe() says. */
PstRecipe *pst_stylize_recipe_read(const char *path, GError **error);

/** Writes the recipe with today's date to `path`, whole or not at all, and returns the path it got; owned by the caller.
 *  With PST_CONFLICT_SKIP an existing file is an error. */
char *pst_stylize_recipe_save(PstRecipe *recipe, const char *path, PstConflict conflict, GError **error);

/** Tells of a recipe from `path` that was made with other networks. */
void pst_stylize_recipe_warn(const PstRecipe *recipe, const char *path, PstReport *report);

G_END_DECLS
