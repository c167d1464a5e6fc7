/* Raw files of cameras. Private. */
#pragma once

#include <glib.h>

/* Whether a file that begins like a TIFF is one: DNG, or one that says so of its pixels. */
gboolean pst_raw_file_is_tiff(GBytes *file);
