/* One style over a whole picture, as most tests want it. */
#pragma once

#include "engine/paint/painter.h"
#include "engine/picture/reader.h"

/* Of a style file, or of a painting, with its patches. */
static inline PstStyle *style_at(const PstModel *model, const char *path)
{
    g_autoptr(GError) error = NULL;
    gboolean is_style = g_str_has_suffix(path, PST_STYLE_SUFFIX);
    g_autoptr(PstPicture) painting = is_style ? NULL : pst_picture_read(path, NULL, NULL, &error);
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(1);
    PstStyle *style = is_style ? pst_style_read(path, &error)
                               : pst_style_from_picture(model, pool, painting, 256, "painting", NULL, &error);

    g_assert_no_error(error);
    g_assert_true(is_style || style->patches);
    return style;
}

typedef struct {
    double strength, detail;
    gboolean keep_colours;
    gsize memory;
} PaintSettings;

#define PAINT_SETTINGS ((PaintSettings){ .strength = 1, .detail = 1 })

static inline PstPaintLayers paint_layers(const PstPaintLayer *layer, const PaintSettings *settings)
{
    PaintSettings chosen = settings ? *settings : PAINT_SETTINGS;

    return (PstPaintLayers){ layer, 1, chosen.strength, chosen.detail, chosen.keep_colours };
}

/* By a painter that may be kept. `finished` as in PstRowSink. */
static inline PstPicture *paint_again(PstPainter *painter, const PstStyle *style, const PaintSettings *settings,
                                      PstPaintProgress progress,
                                      void (*finished)(const PstPicture *, int, int, gpointer), gpointer data,
                                      GCancellable *cancellable, GError **error)
{
    const PstPaintLayer layer = { .style = style };
    const PstPaintLayers layers = paint_layers(&layer, settings);
    PstPicture *painted = NULL;
    const PstRowSink sink = { .picture = &painted, .finished = finished, .data = data };

    pst_painter_paint(painter, &layers, &sink, progress, data, cancellable, error);
    return painted;
}

static inline PstPainter *painter_of(const PstModel *model, PstThreadPool *pool, const PstPicture *photo,
                                     const PaintSettings *settings, gboolean keep)
{
    const PstRowSource source = pst_row_source(photo);

    return pst_painter_new(model, pool, &source,
                           &(PstPainterOptions){ .memory = settings ? settings->memory : 0, .keep = keep }, NULL, NULL);
}

static inline PstPicture *paint_picture(const PstModel *model, PstThreadPool *pool, const PstPicture *photo,
                                        const PstStyle *style, const PaintSettings *settings, PstPaintProgress progress,
                                        gpointer data, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPainter) painter = painter_of(model, pool, photo, settings, FALSE);

    return paint_again(painter, style, settings, progress, NULL, data, cancellable, error);
}

static inline gboolean paint_rows(const PstModel *model, PstThreadPool *pool, const PstRowSource *source,
                                  const PstRowSink *sink, const PstStyle *style, const PaintSettings *settings,
                                  PstPaintProgress progress, gpointer data, GCancellable *cancellable, GError **error)
{
    const PstPaintLayer layer = { .style = style };
    const PstPaintLayers layers = paint_layers(&layer, settings);
    g_autoptr(PstPainter) painter = pst_painter_new(
        model, pool, source, &(PstPainterOptions){ .memory = settings ? settings->memory : 0 }, NULL, NULL);

    return pst_painter_paint(painter, &layers, sink, progress, data, cancellable, error);
}
