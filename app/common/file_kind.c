#include "file_kind.h"

#include "engine/picture/reader.h"
#include "engine/picture/writer.h"
#include "engine/style/style.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define HEAD        32 /* bytes that are looked at */
#define SAFETENSORS 9  /* of them: a safetensors file's header length and the brace that follows */

/* Containers of videos; ffmpeg says what is in them. */
static gboolean begins_like_video(const guint8 *head, gsize size)
{
    static const struct {
        gsize offset, size;
        const char *magic;
    } containers[] = {
        { 4, 4, "ftyp" },    { 4, 4, "moov" },         { 0, 4, "\x1a\x45\xdf\xa3" },
        { 8, 4, "AVI " },    { 0, 4, "OggS" },         { 0, 4, "\x30\x26\xb2\x75" },
        { 0, 4, "FLV\x01" }, { 0, 4, "\0\0\x01\xba" }, { 0, 4, "\0\0\x01\xb3" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(containers); i++) {
        if (size >= containers[i].offset + containers[i].size &&
            memcmp(head + containers[i].offset, containers[i].magic, containers[i].size) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_called_like_video(const char *path)
{
    static const char *const suffixes[] = { "3gp",  "avi", "flv", "m2ts", "m4v", "mkv",  "mov", "mp4",
                                            "mpeg", "mpg", "mts", "ogv",  "vob", "webm", "wmv" };
    const char *dot = strrchr(path, '.');

    for (gsize i = 0; dot && i < G_N_ELEMENTS(suffixes); i++) {
        if (g_ascii_strcasecmp(dot + 1, suffixes[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

PstFileKind pst_file_kind(const char *path)
{
    PstFormat format;
    guint8 head[HEAD] = { 0 };
    guint64 header = 0;
    GStatBuf status;
    FILE *file;
    gsize size;

    if (g_stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return PST_FILE_OTHER;
    if (status.st_size == 0)
        return PST_FILE_EMPTY;
    file = g_fopen(path, "rbe");
    if (!file)
        return PST_FILE_OTHER;
    size = fread(head, 1, HEAD, file);
    fclose(file);

    format = pst_format_from_head(head, size);
    if (pst_format_is_read(format))
        return PST_FILE_PICTURE;
    if (format == PST_FORMAT_UNKNOWN && begins_like_video(head, size))
        return PST_FILE_VIDEO;
    for (int i = 7; i >= 0; i--)
        header = header << 8 | head[i];
    if (size >= SAFETENSORS && head[8] == '{' && header < (guint64)status.st_size)
        return PST_FILE_TENSORS;
    for (gsize i = size > 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
         i < size && (g_ascii_isspace(head[i]) || head[i] == '{'); i++) {
        if (head[i] == '{')
            return PST_FILE_JSON;
    }
    if (pst_picture_other_format(head, size))
        return PST_FILE_OTHER_PICTURE;
    return is_called_like_video(path) ? PST_FILE_VIDEO : PST_FILE_OTHER;
}

const char *const *pst_media_types(void)
{
    return pst_format_media_types();
}

char *pst_file_stem(const char *path)
{
    char *stem = g_path_get_basename(path);
    char *dot = strrchr(stem, '.');

    if (dot && dot != stem &&
        (pst_format_from_suffix(stem) != PST_FORMAT_UNKNOWN || is_called_like_video(stem) ||
         strcmp(dot, PST_STYLE_SUFFIX) == 0))
        *dot = '\0';
    return stem;
}

char *pst_file_identity(const char *path)
{
    GStatBuf status;

    if (g_stat(path, &status) != 0)
        return NULL;
    return g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64)status.st_dev, (guint64)status.st_ino);
}
