/* The user's own styles, as files: a new one, another one in its place, one less; from any thread. */
#pragma once

#include "engine/paint/recipe.h"
#include "engine/picture/output.h"
#include "engine/style/style.h"

/** The path of a new style with an identifier made of `name`; the folder is made. Owned by the caller. NULL with what
 *  pst_output_resolve() says, or where the folder can't be made. */
char *pst_own_styles_new_path(const char *name, PstConflict conflict, GError **error);

/** Adds a style, with a thumbnail painted for it where it has none, and returns its identifier; that of the one there
 *  already, if there is one that paints the same and is called the same. Owned by the caller. NULL with what writing
 *  says. */
char *pst_own_styles_add(const PstStyle *style, GError **error);

/** Writes the style of that identifier, in place of the one there if there is one. */
gboolean pst_own_styles_replace(const char *id, const PstStyle *style, GError **error);

/** Removes the style of that identifier; FALSE and G_FILE_ERROR. */
gboolean pst_own_styles_remove(const char *id, GError **error);

/** Gives the styles of a look that was read from a recipe what it does not hold: trained ones the weight deltas that it
 *  only names, from the user's own styles, from the built-in ones, or from the style file that lies beside the recipe,
 *  a file at `path`; others patches and palette, where there is a style file of their name. FALSE and
 *  PST_RECIPE_ERROR_STYLE where a weight delta is nowhere. */
gboolean pst_own_styles_complete(PstLook *look, const char *path, GError **error);
