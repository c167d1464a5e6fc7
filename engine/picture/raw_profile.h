/* Bytes as text in a PNG, as ImageMagick began it and others read and write it: EXIF, IPTC and XMP from before PNG had
 * chunks for them, under the keyword "Raw profile type NAME". The text is a line break, a name, the number of bytes,
 * and hexadecimal digits. Private. */
#pragma once

#include <glib.h>

#define PST_RAW_PROFILE "Raw profile type "

/* The bytes, owned by the caller; NULL where the text is none of these. */
GBytes *pst_raw_profile_decode(const char *text, gsize size);

/* The text, owned by the caller. */
char *pst_raw_profile_encode(const char *name, GBytes *bytes);
