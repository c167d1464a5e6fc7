#include "painting_layers.h"

#include <glib/gi18n-lib.h>

enum { BAND = 16 }; /* rows at a time */

typedef struct {
    const PstRowSource *source;
    PstRowWriter *writer;
    float *rgb, *alpha; /* of a band */
} PaintingLayers;

static gboolean write_mask(const PaintingLayers *layers, const PstMask *mask, int number, GError **error)
{
    int width = layers->source->width, height = layers->source->height;
    g_autofree char *name = g_strdup_printf(_("Mask %d"), number);
    const PstPictureLayer layer = { .name = name, .alpha = TRUE, .hidden = TRUE };
    gboolean done = pst_row_writer_begin_layer(layers->writer, &layer, error);

    for (gsize i = 0; i < (gsize)width * BAND * 3; i++) {
        layers->rgb[i] = 1;
    }
    for (int y = 0; done && y < height; y += BAND) {
        int rows = MIN(BAND, height - y);

        pst_mask_fill(mask, width, height, y, rows, layers->alpha);
        done = pst_row_writer_write(layers->writer, rows, layers->rgb, layers->alpha, error);
    }
    return done;
}

static gboolean write_photo(const PaintingLayers *layers, GError **error)
{
    const PstRowSource *source = layers->source;
    const PstPicture *whole = source->picture;
    const PstPictureLayer layer = { .name = _("Photograph"), .alpha = source->alpha, .hidden = source->alpha };
    gboolean done = pst_row_writer_begin_layer(layers->writer, &layer, error);

    if (done && whole) {
        return pst_row_writer_write(layers->writer, whole->height, whole->rgb, whole->alpha, error);
    }
    done = done && source->rewind(source->data, error);
    for (int y = 0; done && y < source->height; y += BAND) {
        int rows = MIN(BAND, source->height - y);

        done = source->read(source->data, rows, layers->rgb, source->alpha ? layers->alpha : NULL, error) &&
               pst_row_writer_write(layers->writer, rows, layers->rgb, source->alpha ? layers->alpha : NULL, error);
    }
    return done;
}

gboolean pst_painting_layers_write(const PstLook *look, const PstRowSource *source, PstRowWriter *writer,
                                   GError **error)
{
    gsize pixels = (gsize)source->width * BAND;
    g_autofree float *rgb = g_new(float, pixels * 3);
    g_autofree float *alpha = g_new(float, pixels);
    const PaintingLayers layers = { source, writer, rgb, alpha };
    gboolean done = TRUE;
    int number = 0;

    for (int i = look->count - 1; i >= 0 && done; i--) { /* the topmost first */
        if (look->regions[i].mask) {
            done = write_mask(&layers, look->regions[i].mask, ++number, error);
        }
    }
    return done && write_photo(&layers, error);
}
