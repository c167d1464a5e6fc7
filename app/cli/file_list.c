#include "file_list.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define LARGEST ((gsize)256 << 20) /* bytes */
#define PIECE   65536

static gboolean fail(const char *path, int code, GError **error)
{
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), _("%s: the list can't be read (%s)"), path,
                g_strerror(code));
    return FALSE;
}

static gboolean read_all(FILE *file, const char *path, GByteArray *bytes, GError **error)
{
    guint8 piece[PIECE];

    for (gsize count; (count = fread(piece, 1, sizeof piece, file)) > 0;) {
        if (bytes->len + count > LARGEST)
            return fail(path, EFBIG, error);
        g_byte_array_append(bytes, piece, (guint)count);
    }
    return ferror(file) ? fail(path, errno, error) : TRUE;
}

static char **split(const GByteArray *bytes)
{
    char end = memchr(bytes->data, '\0', bytes->len) ? '\0' : '\n';
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint first = 0, last; first < bytes->len; first = last + 1) {
        g_autofree char *name = NULL;

        for (last = first; last < bytes->len && (char)bytes->data[last] != end;)
            last++;
        name = g_strndup((const char *)bytes->data + first, last - first);
        if (*name)
            g_strv_builder_add(builder, name);
    }
    return g_strv_builder_end(builder);
}

char **pst_file_list_read(const char *path, GError **error)
{
    gboolean standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : g_fopen(path, "re");
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    gboolean read;

    if (!file) {
        fail(path, errno, error);
        return NULL;
    }
    read = read_all(file, path, bytes, error);
    if (!standard)
        fclose(file);
    return !read ? NULL : bytes->len ? split(bytes) : g_new0(char *, 1);
}
