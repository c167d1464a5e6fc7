#include "raw_profile.h"

#include <string.h>

enum { LINE = 36 }; /* bytes */

/* The place after the next line break, or `end`. */
static const char *next_line(const char *at, const char *end)
{
    const char *found = memchr(at, '\n', (gsize)(end - at));
    return found ? found + 1 : end;
}

GBytes *pst_raw_profile_decode(const char *text, gsize size)
{
    const char *end = text + size, *count = size > 0 && *text == '\n' ? next_line(text + 1, end) : end;
    const char *at = next_line(count, end);
    gsize most = size / 2, length = 0;
    while (count < end && *count == ' ')
        count++;
    for (; count < end && g_ascii_isdigit(*count) && length <= most; count++)
        length = length * 10 + (gsize)g_ascii_digit_value(*count);
    if (length == 0 || length > most)
        return NULL;
    g_autofree guint8 *bytes = g_try_malloc(length);
    int high = -1;
    gsize done = 0;
    for (; bytes && at < end && done < length; at++) {
        int digit = g_ascii_xdigit_value(*at);
        if (digit < 0 && !g_ascii_isspace(*at))
            return NULL;
        if (digit >= 0 && high >= 0)
            bytes[done++] = (guint8)(high << 4 | digit);
        if (digit >= 0)
            high = high >= 0 ? -1 : digit;
    }
    return done == length ? g_bytes_new_take(g_steal_pointer(&bytes), length) : NULL;
}

char *pst_raw_profile_encode(const char *name, GBytes *bytes)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "\n%s\n%8" G_GSIZE_FORMAT, name, size);
    for (gsize i = 0; i < size; i++) {
        if (i % LINE == 0)
            g_string_append_c(text, '\n');
        g_string_append_printf(text, "%02x", data[i]);
    }
    g_string_append_c(text, '\n');
    return g_string_free(text, FALSE);
}
