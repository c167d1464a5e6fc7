#include "base64.h"

#include <string.h>

GBytes *pst_base64_decode(const char *text, gsize most)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    gsize length = strlen(text), meant, size;
    guchar *bytes;

    /* g_base64_decode() passes over whatever is no digit; here that is an error. */
    meant = strspn(text, digits);
    if (length % 4 || length - meant > 2 || strspn(text + meant, "=") != length - meant || length / 4 * 3 > most + 2)
        return NULL;
    bytes = g_base64_decode(text, &size);
    if (size <= most)
        return g_bytes_new_take(bytes, size);
    g_free(bytes);
    return NULL;
}
