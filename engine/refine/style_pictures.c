#include "style_pictures.h"

#include "engine/network/canvas.h"
#include "engine/picture/reader.h"
#include "engine/picture/writer.h"

struct PstStylePictures {
    int count;
    GBytes *jpeg[PST_STYLE_PICTURES];
    PstPicture *picture[PST_STYLE_PICTURES]; /* decoded: what a palette is made of is what the file holds */
};

static char *name_of(int i)
{
    return g_strdup_printf("painting.%d", i);
}

void pst_style_pictures_free(PstStylePictures *p)
{
    for (int i = 0; p && i < p->count; i++) {
        g_clear_pointer(&p->jpeg[i], g_bytes_unref);
        pst_picture_free(p->picture[i]);
    }
    g_free(p);
}

static GBytes *encode(const PstPicture *painting, int side, int quality, GCancellable *cancellable, GError **error)
{
    PstWriteOptions options = { .format = PST_FORMAT_JPEG, .quality = quality, .metadata = PST_METADATA_NONE };
    int short_side = MIN(painting->width, painting->height);
    g_autoptr(PstPicture) small = pst_picture_fit_short_side(painting, MIN(side, short_side), cancellable, error);

    return small ? pst_picture_write_bytes(small, &options, cancellable, error) : NULL;
}

/* All of them at one size and quality; FALSE with an error, or without one where they are too large. */
static gboolean encode_all(PstStylePictures *p, const PstPicture *const *paintings, int count, int side, int quality,
                           GCancellable *cancellable, GError **error)
{
    gsize bytes = 0;

    for (int i = 0; i < p->count; i++) {
        g_clear_pointer(&p->jpeg[i], g_bytes_unref);
    }
    for (int i = 0; i < p->count && bytes <= PST_STYLE_PICTURES_BYTES; i++) {
        p->jpeg[i] = encode(paintings[(gint64)i * count / p->count], side, quality, cancellable, error);
        if (!p->jpeg[i]) {
            return FALSE;
        }
        bytes += g_bytes_get_size(p->jpeg[i]);
    }
    return bytes <= PST_STYLE_PICTURES_BYTES;
}

static gboolean decode(PstStylePictures *p, int i, const char *name, GError **error)
{
    PstReadLimits limits = { .max_pixels = 16 * PST_STYLE_PICTURES_SIDE * PST_STYLE_PICTURES_SIDE };

    p->picture[i] = pst_picture_read_bytes(p->jpeg[i], name, &limits, NULL, error);
    return p->picture[i] != NULL;
}

PstStylePictures *pst_style_pictures_new(const PstPicture *const *paintings, int count, GCancellable *cancellable,
                                         GError **error)
{
    static const int tries[][2] = { { PST_STYLE_PICTURES_SIDE, 92 },
                                    { 640, 92 },
                                    { 640, 86 },
                                    { 512, 86 },
                                    { 448, 80 },
                                    { 384, 75 },
                                    { 320, 70 },
                                    { 256, 60 },
                                    { 192, 50 } };
    g_autoptr(PstStylePictures) p = g_new0(PstStylePictures, 1);
    GError *failed = NULL;

    p->count = MIN(count, PST_STYLE_PICTURES);
    for (guint i = 0; i < G_N_ELEMENTS(tries) && !failed; i++) {
        if (encode_all(p, paintings, count, tries[i][0], tries[i][1], cancellable, &failed)) {
            break;
        }
    }
    for (int i = 0; i < p->count && !failed; i++) {
        decode(p, i, "painting", &failed);
    }
    if (failed) {
        g_propagate_error(error, failed);
        return NULL;
    }
    return g_steal_pointer(&p);
}

int pst_style_pictures_count(const PstStylePictures *p)
{
    return p->count;
}

int pst_style_pictures_short_side(const PstStylePictures *p)
{
    int side = G_MAXINT;

    for (int i = 0; i < p->count; i++) {
        side = MIN(side, MIN(p->picture[i]->width, p->picture[i]->height));
    }
    return side;
}

PstColourMoments pst_style_pictures_colours(const PstStylePictures *p)
{
    PstColourMoments all = { 0 };

    for (int i = 0; i < p->count; i++) {
        PstMap map = { p->picture[i]->rgb, p->picture[i]->height, p->picture[i]->width, 3 };
        PstColourMoments moments = pst_colour_moments(&map);

        pst_colour_moments_join(&all, i, &moments);
    }
    return all;
}

void pst_style_pictures_write(const PstStylePictures *p, PstTensorsWriter *writer)
{
    for (int i = 0; i < p->count; i++) {
        g_autofree char *name = name_of(i);
        gsize size;
        const guint8 *bytes = g_bytes_get_data(p->jpeg[i], &size);

        pst_tensors_writer_add_bytes(writer, name, bytes, (int[]){ (int)size }, 1);
    }
}

PstStylePictures *pst_style_pictures_read(const PstTensors *tensors, const char *file, GError **error)
{
    g_autoptr(PstStylePictures) p = g_new0(PstStylePictures, 1);

    for (int i = 0; i < PST_STYLE_PICTURES; i++) {
        g_autofree char *name = name_of(i);
        const PstTensor *tensor = pst_tensors_find(tensors, name);

        if (!tensor || !tensor->bytes) {
            break;
        }
        p->jpeg[i] = g_bytes_new(tensor->bytes, tensor->count);
        p->count++;
        if (!decode(p, i, file, error)) {
            return NULL;
        }
    }
    return p->count > 0 ? g_steal_pointer(&p) : NULL;
}

PstStylePalette *pst_style_pictures_palette(const PstStylePictures *p, const PstFeatureNetwork *network,
                                            PstExecutor *executor, int short_side, const PstPaletteOptions *options,
                                            GCancellable *cancellable, GError **error)
{
    PstMap maps[PST_STYLE_PICTURES] = { 0 };
    PstStylePalette *palette = NULL;
    gboolean ready = TRUE;

    for (int i = 0; i < p->count && ready; i++) {
        g_autoptr(PstPicture) picture = pst_picture_fit_short_side(p->picture[i], short_side, cancellable, error);

        ready = picture != NULL;
        if (ready) {
            maps[i] = pst_map_new(picture->height, picture->width, 3);
            pst_canvas_fill(picture, 0, &maps[i]);
        }
    }
    palette = ready ? pst_style_palette_new(network, executor, maps, p->count, options) : NULL;
    for (int i = 0; i < p->count; i++) {
        pst_map_clear(&maps[i]);
    }
    if (ready && !palette) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    }
    return palette;
}
