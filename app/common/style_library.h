/* The styles that can be called by name: those of the program and the user's own. */
#pragma once

#include "engine/picture/output.h"
#include "engine/paint/recipe.h"
#include "engine/style/style.h"

G_BEGIN_DECLS

/** All styles, the user's first; a user's style hides a built-in one of the same identifier. Free with
 *  g_ptr_array_unref(); it owns its PstStyleEntry. */
GPtrArray *pst_library_read(PstStyleWarning warn, gpointer data);

/** TRUE if the entry is one of the user's own. */
gboolean pst_library_is_own(const PstStyleEntry *entry);

/** The folder of the user's own styles, which may not exist yet; owned by the caller. */
char *pst_library_own_folder(void);

/** The path of a new style of the user's own with an identifier made of `name`; the folder is made. Owned by the
 *  caller. NULL with what pst_output_resolve() says, or where the folder can't be made. */
char *pst_library_new_path(const char *name, PstConflict conflict, GError **error);

/* The user's own styles, as files; from any thread. */

/** Adds a style, with a thumbnail painted for it where it has none, and returns its identifier; that of the one there
 *  already, if there is one that paints the same and is called the same. Owned by the caller. NULL with what writing
 *  says. */
char *pst_library_add(const PstStyle *style, GError **error);

/** The same of a style file, which is read strictly. */
char *pst_library_import(const char *path, GError **error);

/** Writes the user's style of that identifier, in place of the one there if there is one. */
gboolean pst_library_replace(const char *id, const PstStyle *style, GError **error);

/** Removes the user's style of that identifier; FALSE and G_FILE_ERROR. */
gboolean pst_library_remove(const char *id, GError **error);

/** Gives the trained styles of a look that was read from a recipe the weight deltas that it only names: from the user's
 *  own styles, or from the style file that lies beside the recipe, a file at `path`. FALSE and PST_RECIPE_ERROR_STYLE
 *  where one is at neither. */
gboolean pst_library_complete(PstLook *look, const char *path, GError **error);

/** An identifier made from a name: small letters, digits and single hyphens, "style" if nothing is
 *  left of it; owned by the caller. */
char *pst_library_identifier(const char *name);

/** The entry that `text` means: the one whose identifier or name it is, ignoring case, else the only one
 *  that begins with it, else the only one that has it somewhere ("wave" for The Great Wave). NULL if
 *  there is none; owned by the library. */
const PstStyleEntry *pst_library_find(const GPtrArray *library, const char *text);

/** TRUE if `text` is the whole identifier or name of the entry, ignoring case. */
gboolean pst_library_names(const PstStyleEntry *entry, const char *text);

/** A hint for a name that pst_library_find() doesn't find: the styles that have it in their names, or
 *  the one that is spelt nearly so, or where to look. One clause; owned by the caller. */
char *pst_library_hint(const GPtrArray *library, const char *text);

G_END_DECLS
