#include "large_strokes.h"

#include <string.h>

struct PstLargeStrokes {
    const PstPicture *photo;
    PstPicture *read; /* the photograph, where it had to be read; or NULL */
    PstPicture *small;
    PstPainter *painter; /* of it */
};

static PstPicture *read_whole(const PstRowSource *source, GError **error)
{
    g_autoptr(PstPicture) photo = pst_picture_new(source->width, source->height, source->alpha, error);

    return photo && source->rewind(source->data, error) &&
                   source->read(source->data, source->height, photo->rgb, photo->alpha, error)
               ? g_steal_pointer(&photo)
               : NULL;
}

PstLargeStrokes *pst_large_strokes_new(const PstModel *model, PstThreadPool *pool, const PstRowSource *source,
                                       const PstPainterOptions *options, GCancellable *cancellable, GError **error)
{
    PstLargeStrokes *strokes = g_new0(PstLargeStrokes, 1);
    PstPainterOptions own = *options;

    own.stroke = 1;
    strokes->photo = source->picture ? source->picture : (strokes->read = read_whole(source, error));
    if (strokes->photo) {
        int width = MAX(1, (int)(source->width / options->stroke + 0.5));
        int height = MAX(1, (int)(source->height / options->stroke + 0.5));

        strokes->small = pst_picture_resize(strokes->photo, width, height, cancellable, error);
    }
    if (strokes->small) {
        const PstRowSource small = pst_row_source(strokes->small);

        strokes->painter = pst_painter_new(model, pool, &small, &own, cancellable, error);
    }
    if (!strokes->painter) {
        g_clear_pointer(&strokes, pst_large_strokes_free);
    }
    return strokes;
}

void pst_large_strokes_free(PstLargeStrokes *strokes)
{
    if (strokes) {
        pst_painter_free(strokes->painter);
        pst_picture_free(strokes->small);
        pst_picture_free(strokes->read);
        g_free(strokes);
    }
}

static PstPicture *enlarge(const PstLargeStrokes *strokes, const PstPicture *painting, double gain,
                           GCancellable *cancellable, GError **error)
{
    const PstPicture *photo = strokes->photo;
    g_autoptr(PstPicture) large = pst_picture_resize(painting, photo->width, photo->height, cancellable, error);
    g_autoptr(PstPicture)
        coarse = large ? pst_picture_resize(strokes->small, photo->width, photo->height, cancellable, error) : NULL;
    gsize values = (gsize)3 * photo->width * photo->height;

    if (!coarse) {
        return NULL;
    }
    for (gsize i = 0; i < values; i++) {
        large->rgb[i] = CLAMP(large->rgb[i] + (float)gain * (photo->rgb[i] - coarse->rgb[i]), 0, 1);
    }
    if (photo->alpha) {
        memcpy(large->alpha, photo->alpha, values / 3 * sizeof(float));
    }
    return g_steal_pointer(&large);
}

gboolean pst_large_strokes_paint(PstLargeStrokes *strokes, const PstPaintLayers *layers, const PstRowSink *sink,
                                 PstPaintProgress progress, gpointer data, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) painting = NULL;
    g_autoptr(PstPicture) large = NULL;
    const PstRowSink small = { .picture = &painting };

    if (!pst_painter_paint(strokes->painter, layers, &small, progress, data, cancellable, error)) {
        return FALSE;
    }
    large = enlarge(strokes, painting, 1 - layers->strength * (1 - layers->detail / 2), cancellable, error);
    if (!large || (!sink->picture && !sink->write(sink->data, large->height, large->rgb, large->alpha, error))) {
        return FALSE;
    }
    if (sink->picture) {
        *sink->picture = g_steal_pointer(&large);
        if (sink->finished) {
            sink->finished(*sink->picture, 0, (*sink->picture)->height, sink->data);
        }
    }
    return TRUE;
}
