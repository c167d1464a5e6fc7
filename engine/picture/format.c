#include "format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
    const char *name, *of_file, *library;
    const char *suffixes[16];    /* the usual one first */
    const char *media_types[16]; /* RFC 6838, or as shared-mime-info has them */
    gboolean read, written, deep;
} Kind;

/* clang-format off */
static const Kind kinds[] = {
    [PST_FORMAT_UNKNOWN] = { "unknown", NULL, NULL, { NULL }, { NULL }, FALSE, FALSE, FALSE },
    [PST_FORMAT_JPEG] = { "JPEG", N_("a JPEG picture"), "libjpeg", { "jpg", "jpeg", "jpe", "jfif" }, { "image/jpeg" },
                          TRUE, TRUE, FALSE },
    [PST_FORMAT_PNG] = { "PNG", N_("a PNG picture"), "libpng", { "png" }, { "image/png" }, TRUE, TRUE, TRUE },
    [PST_FORMAT_TIFF] = { "TIFF", N_("a TIFF picture"), "libtiff", { "tif", "tiff" }, { "image/tiff" },
                          PST_HAVE_TIFF, PST_HAVE_TIFF, TRUE },
    [PST_FORMAT_WEBP] = { "WebP", N_("a WebP picture"), "libwebp", { "webp" }, { "image/webp" },
                          PST_HAVE_WEBP, PST_HAVE_WEBP, FALSE },
    [PST_FORMAT_HEIC] = { "HEIC", N_("a HEIC picture"), "libheif", { "heic", "heif" }, { "image/heif", "image/heic" },
                          PST_HAVE_HEIF, FALSE, FALSE },
    [PST_FORMAT_AVIF] = { "AVIF", N_("an AVIF picture"), "libheif", { "avif" }, { "image/avif" },
                          PST_HAVE_HEIF, FALSE, FALSE },
    [PST_FORMAT_JXL] = { "JPEG XL", N_("a JPEG XL picture"), "libjxl", { "jxl" }, { "image/jxl" },
                         PST_HAVE_JXL, FALSE, FALSE },
    [PST_FORMAT_GIF] = { "GIF", N_("a GIF picture"), "giflib", { "gif" }, { "image/gif" },
                         PST_HAVE_GIF, FALSE, FALSE },
    [PST_FORMAT_RAW] = { "raw", N_("a raw camera picture"), "LibRaw",
                         { "dng", "cr2", "cr3", "nef", "arw", "orf", "rw2", "raf", "pef", "srw" },
                         { "image/x-adobe-dng", "image/x-canon-cr2", "image/x-canon-cr3", "image/x-nikon-nef",
                           "image/x-sony-arw", "image/x-olympus-orf", "image/x-panasonic-rw2", "image/x-fuji-raf",
                           "image/x-pentax-pef", "image/x-samsung-srw" },
                         PST_HAVE_RAW, FALSE, FALSE },
    [PST_FORMAT_OPENRASTER] = { "OpenRaster", N_("an OpenRaster picture"), "libzip", { "ora" }, { "image/openraster" },
                                FALSE, PST_HAVE_OPENRASTER, FALSE },
};
/* clang-format on */

static const Kind *kind_of(PstFormat format)
{
    return &kinds[(gsize)format < G_N_ELEMENTS(kinds) ? format : PST_FORMAT_UNKNOWN];
}

const char *pst_format_name(PstFormat format)
{
    return kind_of(format)->name;
}

const char *pst_format_of_file(PstFormat format)
{
    return kind_of(format)->of_file;
}

const char *pst_format_suffix(PstFormat format)
{
    return kind_of(format)->suffixes[0];
}

const char *pst_format_library(PstFormat format)
{
    return kind_of(format)->library;
}

gboolean pst_format_is_read(PstFormat format)
{
    return kind_of(format)->read;
}

gboolean pst_format_is_written(PstFormat format)
{
    return kind_of(format)->written;
}

gboolean pst_format_is_deep(PstFormat format)
{
    return kind_of(format)->deep;
}

gboolean pst_format_has_layers(PstFormat format)
{
    return format == PST_FORMAT_OPENRASTER;
}

int pst_format_longest_side(PstFormat format)
{
    switch (format) {
    case PST_FORMAT_JPEG:
        return 65500; /* libjpeg's */
    case PST_FORMAT_PNG:
    case PST_FORMAT_OPENRASTER: /* of PNG files */
        return 1000000;         /* libpng's, which other programs have, too */
    case PST_FORMAT_WEBP:
        return 16383; /* the format's */
    default:
        return G_MAXINT;
    }
}

PstFormat pst_format_for_result(PstFormat photograph)
{
    return pst_format_is_written(photograph) ? photograph : PST_FORMAT_JPEG;
}

PstFormat pst_format_from_head(const guint8 *head, gsize size)
{
    static const struct {
        gsize offset, size;
        const char *magic;
        PstFormat format;
    } magics[] = {
        { 0, 3, "\xff\xd8\xff", PST_FORMAT_JPEG },
        { 0, 8, "\x89PNG\r\n\x1a\n", PST_FORMAT_PNG },
        { 0, 4, "GIF8", PST_FORMAT_GIF },
        { 8, 4, "WEBP", PST_FORMAT_WEBP },
        { 8, 2, "CR", PST_FORMAT_RAW }, /* Canon's, which is TIFF before that */
        { 0, 4, "II*\0", PST_FORMAT_TIFF },
        { 0, 4, "MM\0*", PST_FORMAT_TIFF },
        { 0, 4, "II+\0", PST_FORMAT_TIFF },
        { 0, 4, "MM\0+", PST_FORMAT_TIFF },
        { 0, 4, "IIRO", PST_FORMAT_RAW },
        { 0, 4, "IIU\0", PST_FORMAT_RAW },
        { 0, 15, "FUJIFILMCCD-RAW", PST_FORMAT_RAW },
        { 4, 7, "ftypcrx", PST_FORMAT_RAW },
        { 4, 8, "ftypavif", PST_FORMAT_AVIF },
        { 4, 8, "ftypavis", PST_FORMAT_AVIF },
        { 4, 7, "ftyphei", PST_FORMAT_HEIC },
        { 4, 7, "ftyphev", PST_FORMAT_HEIC },
        { 4, 8, "ftypmif1", PST_FORMAT_HEIC },
        { 4, 8, "ftypmsf1", PST_FORMAT_HEIC },
        { 0, 12, "\0\0\0\x0cJXL \r\n\x87\n", PST_FORMAT_JXL },
        { 0, 2, "\xff\x0a", PST_FORMAT_JXL },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(magics); i++)
        if (size >= magics[i].offset + magics[i].size &&
            memcmp(head + magics[i].offset, magics[i].magic, magics[i].size) == 0)
            return magics[i].format;
    return PST_FORMAT_UNKNOWN;
}

PstFormat pst_format_from_suffix(const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    const char *dot = strrchr(base, '.');
    for (gsize i = 0; dot && dot != base && i < G_N_ELEMENTS(kinds); i++)
        for (const char *const *suffix = kinds[i].suffixes; *suffix; suffix++)
            if (g_ascii_strcasecmp(dot + 1, *suffix) == 0)
                return (PstFormat)i;
    return PST_FORMAT_UNKNOWN;
}

const char *const *pst_format_media_types(void)
{
    static const char *types[64];
    static gsize done;
    if (g_once_init_enter(&done)) {
        gsize count = 0;
        for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
            for (const char *const *type = kinds[i].media_types; kinds[i].read && *type; type++)
                if (count < G_N_ELEMENTS(types) - 1)
                    types[count++] = *type;
        g_once_init_leave(&done, 1);
    }
    return types;
}
