#include "deep_zoom.h"

#include "error.h"
#include "writer.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <tiffio.h>

enum { TILE = 256 };

typedef struct {
    const char *folder;
    PstWriteOptions options;
    int rank, count;
    guint tiles; /* so far */
    GCancellable *cancellable;
} Writing;

/* A picture of the file: itself, or one of its copies. */
typedef struct {
    TIFF *tiff;
    int width, height, channels;
} Copy;

static int ignore(TIFF *tiff, void *data, const char *module, const char *format, va_list arguments)
{
    return 1;
}

static TIFF *open_tiff(const char *path, GError **error)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    TIFF *tiff;

    TIFFOpenOptionsSetErrorHandlerExtR(options, ignore, NULL);
    TIFFOpenOptionsSetWarningHandlerExtR(options, ignore, NULL);
    tiff = TIFFOpenExt(path, "r", options);
    TIFFOpenOptionsFree(options);
    if (!tiff)
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, path, "is no TIFF file");
    return tiff;
}

static gboolean read_copy(TIFF *tiff, const char *path, Copy *copy, GError **error)
{
    guint32 width = 0, height = 0, side = 0, tall = 0;
    guint16 channels = 0, depth = 0;

    if (TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width) && TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height) &&
        TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &side) && TIFFGetField(tiff, TIFFTAG_TILELENGTH, &tall) &&
        TIFFGetField(tiff, TIFFTAG_SAMPLESPERPIXEL, &channels) && TIFFGetField(tiff, TIFFTAG_BITSPERSAMPLE, &depth) &&
        side == TILE && tall == TILE && depth == 8 && (channels == 3 || channels == 4) && width <= G_MAXINT32 &&
        height <= G_MAXINT32) {
        *copy = (Copy){ tiff, (int)width, (int)height, channels };
        return TRUE;
    }
    pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, path, "has no tiles of 256 x 256 pixels in 8 bits");
    return FALSE;
}

/* Halvings down to one pixel. */
static int level_of(int width, int height)
{
    int level = 0;

    for (int side = MAX(width, height); side > 1; side = (side + 1) / 2)
        level++;
    return level;
}

static PstPicture *read_tile(const Copy *copy, int x, int y, GError **error)
{
    gsize channels = (gsize)copy->channels;
    g_autofree guint8 *tile = g_malloc(TILE * TILE * channels);
    PstPicture *picture = pst_picture_new(MIN(TILE, copy->width - x), MIN(TILE, copy->height - y), channels == 4,
                                          error);

    if (picture && TIFFReadTile(copy->tiff, tile, (guint32)x, (guint32)y, 0, 0) < 0) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, TIFFFileName(copy->tiff), "has a tile that is damaged");
        g_clear_pointer(&picture, pst_picture_free);
    }
    for (gsize i = 0; picture && i < (gsize)picture->width * (gsize)picture->height; i++) {
        const guint8 *at = tile + (i / (gsize)picture->width * TILE + i % (gsize)picture->width) * channels;

        for (gsize k = 0; k < 3; k++)
            picture->rgb[3 * i + k] = (float)at[k] / 255;
        if (picture->alpha)
            picture->alpha[i] = (float)at[3] / 255;
    }
    return picture;
}

/* As a whole or not at all, but without waiting for the disk: there are many. What is half written lies outside of the
 * folder, so that a process that is killed leaves nothing in it, and under the same name each time. */
static gboolean write_tile(const Writing *w, const PstPicture *picture, const char *path, GError **error)
{
    g_autofree char *half = g_strdup_printf("%s-%d.tmp", w->folder, w->rank);
    g_autoptr(GBytes) bytes = pst_picture_write_bytes(picture, &w->options, w->cancellable, error);
    g_autoptr(GError) cause = NULL;
    gsize size;
    const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;

    if (!bytes)
        return FALSE;
    if (!g_file_set_contents_full(half, data, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0666, &cause)) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_IO, path, "can't be written (%s)", cause->message);
        return FALSE;
    }
    if (g_rename(half, path) == 0)
        return TRUE;
    pst_picture_set_write_error(error, path, errno);
    return FALSE;
}

static char *make_level(const Writing *w, int level, GError **error)
{
    g_autofree char *name = g_strdup_printf("%d", level), *folder = g_build_filename(w->folder, name, NULL);

    if (g_mkdir_with_parents(folder, 0777) == 0)
        return g_steal_pointer(&folder);
    pst_picture_set_write_error(error, folder, errno);
    return NULL;
}

static gboolean write_level(Writing *w, const Copy *copy, GError **error)
{
    g_autofree char *folder = make_level(w, level_of(copy->width, copy->height), error);

    for (int y = 0; folder && y < copy->height; y += TILE) {
        for (int x = 0; x < copy->width; x += TILE) {
            g_autofree char *path = g_strdup_printf("%s/%d_%d.jpg", folder, x / TILE, y / TILE);
            g_autoptr(PstPicture) picture = NULL;

            if ((int)(w->tiles++ % (guint)w->count) != w->rank || g_file_test(path, G_FILE_TEST_EXISTS))
                continue;
            picture = read_tile(copy, x, y, error);
            if (!picture || !write_tile(w, picture, path, error))
                return FALSE;
        }
    }
    return folder != NULL;
}

/* The levels below a copy that is one tile. */
static gboolean write_small_levels(const Writing *w, const Copy *copy, GError **error)
{
    g_autoptr(PstPicture) picture = read_tile(copy, 0, 0, error);
    int level = level_of(copy->width, copy->height);

    while (picture && level-- > 0) {
        PstPicture *half = pst_picture_resize(picture, (picture->width + 1) / 2, (picture->height + 1) / 2,
                                              w->cancellable, error);
        g_autofree char *folder = half ? make_level(w, level, error) : NULL;
        g_autofree char *path = folder ? g_build_filename(folder, "0_0.jpg", NULL) : NULL;

        pst_picture_free(picture);
        picture = half;
        if (!path || !write_tile(w, picture, path, error))
            return FALSE;
    }
    return picture != NULL;
}

gboolean pst_deep_zoom_write(const char *path, const char *folder, int quality, int rank, int count,
                             GCancellable *cancellable, GError **error)
{
    Writing w = { .folder = folder,
                  .options = { .format = PST_FORMAT_JPEG, .quality = quality, .metadata = PST_METADATA_NONE },
                  .rank = rank,
                  .count = count,
                  .cancellable = cancellable };
    TIFF *tiff = open_tiff(path, error);
    Copy copy = { 0 };
    gboolean done = tiff != NULL;

    while (done) {
        done = read_copy(tiff, path, &copy, error) && write_level(&w, &copy, error);
        if (!done || !TIFFReadDirectory(tiff))
            break;
    }
    done = done && (rank != 0 || write_small_levels(&w, &copy, error));
    if (tiff)
        TIFFClose(tiff);
    return done;
}

char *pst_deep_zoom_describe(const char *path, const char *mark, GError **error)
{
    TIFF *tiff = open_tiff(path, error);
    g_autoptr(GString) comment = g_string_new(mark);
    Copy copy;
    char *text = NULL;

    g_string_replace(comment, "--", "-", 0); /* XML has none in comments */

    if (tiff && read_copy(tiff, path, &copy, error)) {
        text = g_markup_printf_escaped("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                       "<!-- %s -->\n"
                                       "<Image xmlns=\"http://schemas.microsoft.com/deepzoom/2008\" TileSize=\"%d\" "
                                       "Overlap=\"0\" Format=\"jpg\">\n"
                                       "  <Size Width=\"%d\" Height=\"%d\"/>\n"
                                       "</Image>\n",
                                       comment->str, TILE, copy.width, copy.height);
    }
    if (tiff)
        TIFFClose(tiff);
    return text;
}
