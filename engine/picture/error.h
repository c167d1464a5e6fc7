/* One-line errors of this folder. Private. */
#pragma once

#include "picture.h"

/* Sets "name: message" in PST_PICTURE_ERROR. The message is translated here; callers give it untranslated. `name` is a
 * file name in GLib's encoding. Unprintable characters in it are escaped, so that the message stays one line. */
void pst_picture_set_error(GError **error, PstPictureError code, const char *name, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* The error for a failed read of `name`. `cause` is a G_IO_ERROR and is consumed. */
void pst_picture_set_read_error(GError **error, const char *name, GError *cause);

/* The error for a failed system call of writing `name`. */
void pst_picture_set_write_error(GError **error, const char *name, int error_number);

/* Translates and keeps the first warning only: one line is enough to say that something is odd. */
void pst_picture_info_warn(PstPictureInfo *info, const char *format, ...) G_GNUC_PRINTF(2, 3);
