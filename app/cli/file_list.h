/* A list of files that another program made. */
#pragma once

#include <glib.h>

/** The names in the file at `path`, or from standard input where that is "-": one a line, or each ended by a zero byte
 *  where there is one, as find -print0 writes. Empty ones are left out. Owned by the caller, in GLib's file name
 *  encoding. NULL and G_FILE_ERROR if it can't be read or is larger than 256 MB. */
char **pst_file_list_read(const char *path, GError **error);
