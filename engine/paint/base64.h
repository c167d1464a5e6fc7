/* Base64 (RFC 4648, section 4), read strictly. Private. */
#pragma once

#include <glib.h>

/** The bytes that `text` stands for, or NULL if it is not canonical Base64 or stands for more than `most` bytes. */
GBytes *pst_base64_decode(const char *text, gsize most);
