/* The styles that can be called by name: those of the program, and the user's own, a file each. */
#pragma once

#include "style.h"

typedef struct {
    char *id; /* base name of the file, without suffix */
    char *path;
    PstStyle *style;
} PstStyleEntry;

/** Told of each file that can't be read. */
typedef void (*PstStyleWarning)(const GError *error, gpointer data);

/** Reads all styles of a folder, sorted by name; files that can't be read are told of by `warn` (may be NULL) and left
 *  out. An array of PstStyleEntry, empty when there is no such folder. Free with g_ptr_array_unref(); it owns them. */
GPtrArray *pst_style_library_read_folder(const char *folder, PstStyleWarning warn, gpointer data);

/** All styles, the user's first; a user's style hides a built-in one of the same identifier. As
 *  pst_style_library_read_folder(). */
GPtrArray *pst_style_library_read(PstStyleWarning warn, gpointer data);

/** The same for a use that calls for these identifiers only (ends with NULL; may be NULL: all). Where each is a style
 *  of the program, its other styles may be absent: they take longer to read than a picture to paint. */
GPtrArray *pst_style_library_read_for(const char *const *ids, PstStyleWarning warn, gpointer data);

/** The folder of the user's own styles, which may not exist yet; owned by the caller. */
char *pst_style_library_own_folder(void);

/** TRUE if the entry is one of the user's own. */
gboolean pst_style_library_is_own(const PstStyleEntry *entry);

/** An identifier made from a name: small letters, digits and single hyphens, "style" if nothing is left of it; owned by
 *  the caller. */
char *pst_style_library_identifier(const char *name);

/** The entry that `text` means, ignoring case: the one whose identifier or name it is, else the only one whose
 *  identifier or name begins with it, else the only one that has it somewhere ("wave" for The Great Wave). NULL if
 *  there is none; owned by the library. */
const PstStyleEntry *pst_style_library_find(const GPtrArray *library, const char *text);

/** TRUE if `text` is the whole identifier or name of the entry, ignoring case. */
gboolean pst_style_library_names(const PstStyleEntry *entry, const char *text);
