#include "refined_painting.h"

#include <string.h>

#include "area_average.h"
#include "blend.h"
#include "engine/network/padding.h"
#include "engine/network/model_private.h"
#include "engine/refine/detail.h"
#include "engine/refine/refinement.h"

/* Work of the generator, in steps of refinement on one pixel. */
#define INSTANT_WORK 2

typedef struct {
    const PstModel *model;
    const PstFeatureNetwork *network;
    PstThreadPool *pool;
    const PstRowSource *source;
    const PstPaintLayers *layers;
    const PstRefinedOptions *options;
    const PstRowSink *sink;
    PstPaintProgress progress;
    gpointer data;
    GCancellable *cancellable;

    PstPicture *photo;   /* at the size that is refined */
    PstPicture *refined; /* all layers, one over the other */
    PstPicture *result;  /* or NULL: it goes by rows */
    float *rgb, *alpha;  /* of the photograph: rows that were read and not yet written */
    int first, rows, room;
    int read;               /* rows of a photograph in memory */
    double work, done, now; /* in all; before this part; of this part */
} Painting;

static void tell(const Painting *p, double share)
{
    if (p->progress) {
        p->progress(MIN(1, (p->done + share * p->now) / p->work), p->data);
    }
}

static void begin_part(Painting *p, double work)
{
    p->done += p->now;
    p->now = work;
    tell(p, 0);
}

/* ---- sizes and work ------------------------------------------------------------------------- */

/* Strokes of all layers fit where those of the smallest paintings do. */
static void size_of(const PstPaintLayers *layers, double stroke, int width, int height, int *small_width,
                    int *small_height)
{
    *small_width = width;
    *small_height = height;
    for (int i = 0; i < layers->count; i++) {
        int w, h;

        pst_refinement_size(layers->layers[i].style->palette, width, height, stroke, &w, &h);
        if (w < *small_width) {
            *small_width = w;
            *small_height = h;
        }
    }
}

static PstRefinementOptions refinement_of(const PstRefinedOptions *options)
{
    PstRefinementOptions refinement = PST_REFINEMENT_DEFAULTS;

    refinement.likeness = options->likeness;
    refinement.strokes = options->stroke;
    return refinement;
}

static double detail_work(int width, int height, int small_width)
{
    const PstDetailOptions detail = PST_DETAIL_DEFAULTS;

    return small_width < width ? pst_detail_work(&detail, small_width * 2 < width) * width * height : 0;
}

static double layer_work(const PstRefinedOptions *options, int small_width, int small_height)
{
    PstRefinementOptions refinement = refinement_of(options);

    return pst_refinement_work(small_width, small_height, &refinement);
}

static double all_work(const PstPaintLayers *layers, const PstRefinedOptions *options, int width, int height)
{
    int w, h;

    size_of(layers, options->stroke, width, height, &w, &h);
    return layers->count * (layer_work(options, w, h) + (double)INSTANT_WORK * w * h) + detail_work(width, height, w);
}

/* ---- the photograph, small ------------------------------------------------------------------- */

static gboolean read_rows(Painting *p, int rows, float *rgb, float *alpha, GError **error)
{
    const PstPicture *whole = p->source->picture;
    gsize width = p->source->width;

    if (!whole) {
        return p->source->read(p->source->data, rows, rgb, alpha, error);
    }
    memcpy(rgb, whole->rgb + 3 * width * p->read, 3 * width * rows * sizeof *rgb);
    if (alpha) {
        memcpy(alpha, whole->alpha + width * p->read, width * rows * sizeof *alpha);
    }
    p->read += rows;
    return TRUE;
}

static gboolean rewind_rows(Painting *p, GError **error)
{
    p->read = 0;
    return p->source->picture || p->source->rewind(p->source->data, error);
}

static gboolean read_small(Painting *p, GError **error)
{
    const PstRowSource *source = p->source;
    int width, height;

    size_of(p->layers, p->options->stroke, source->width, source->height, &width, &height);
    p->photo = pst_area_average_read(p->pool, source, width, height, p->cancellable, error);
    return p->photo != NULL;
}

/* ---- layers ----------------------------------------------------------------------------------- */

/* What networks add to the sides of a picture is left out. */
static PstPicture *view_of(const Painting *p, const PstMap *map)
{
    int width = MAX(1, map->width * p->photo->width / pst_padded_side(p->photo->width));
    int height = MAX(1, map->height * p->photo->height / pst_padded_side(p->photo->height));
    PstPicture *view = pst_picture_new(MIN(width, map->width), MIN(height, map->height), FALSE, NULL);

    for (int y = 0; view && y < view->height; y++) {
        for (int i = 0; i < 3 * view->width; i++) {
            view->rgb[(gsize)3 * y * view->width + i] = CLAMP(pst_map_at(map, y, 0)[i], 0, 1);
        }
    }
    return view;
}

static void seen(double done, const PstMap *map, gpointer data)
{
    Painting *p = data;

    tell(p, done);
    /* Of a layer above others, this one alone is not what there is so far. */
    if (map && p->options->seen && !p->refined) {
        g_autoptr(PstPicture) view = view_of(p, map);

        if (view) {
            p->options->seen(view, p->data);
        }
    }
}

static void forward_progress(double share, gpointer data)
{
    tell(data, share);
}

static PstPicture *paint_instantly(Painting *p, const PstPaintLayer *layer, GError **error)
{
    const PstRowSource source = pst_row_source(p->photo);
    const PstPainterOptions options = { .memory = p->options->memory };
    const PstPaintLayer everywhere = { .style = layer->style };
    PstPaintLayers layers = PST_PAINT_LAYERS(&everywhere);
    g_autoptr(PstPainter) painter = pst_painter_new(p->model, p->pool, &source, &options, p->cancellable, error);
    PstPicture *painting = NULL;
    const PstRowSink sink = { .picture = &painting };

    layers.detail = pst_paint_layer_detail(p->layers, layer);
    begin_part(p, (double)INSTANT_WORK * p->photo->width * p->photo->height);
    return painter && pst_painter_paint(painter, &layers, &sink, forward_progress, p, p->cancellable, error) ? painting
                                                                                                             : NULL;
}

static void lay_over(PstPicture *below, const PstPicture *above, const PstMask *mask)
{
    g_autofree float *weights = g_new(float, below->width);

    for (int y = 0; y < below->height; y++) {
        gsize at = (gsize)3 * y * below->width;

        pst_mask_fill(mask, below->width, below->height, y, 1, weights);
        for (int i = 0; i < 3 * below->width; i++) {
            below->rgb[at + i] += weights[i / 3] * (above->rgb[at + i] - below->rgb[at + i]);
        }
    }
}

static gboolean refine_layer(Painting *p, const PstPaintLayer *layer, GError **error)
{
    g_autoptr(PstPicture) instant = paint_instantly(p, layer, error);
    g_autoptr(PstPicture) refined = NULL;
    PstRefinementOptions options = refinement_of(p->options);

    if (!instant) {
        return FALSE;
    }
    options.likeness = layer->manner ? layer->manner->likeness : options.likeness;
    begin_part(p, layer_work(p->options, p->photo->width, p->photo->height));
    refined = pst_refinement(p->network, layer->style->palette, p->photo, instant, &options, p->pool, seen, p,
                             p->options->stop, p->cancellable, error);
    if (!refined) {
        return FALSE;
    }
    /* Those above the lowest have masks, or the lowest would not show. */
    if (!p->refined) {
        p->refined = g_steal_pointer(&refined);
    } else {
        lay_over(p->refined, refined, layer->mask);
    }
    return TRUE;
}

static gboolean refine_layers(Painting *p, GError **error)
{
    for (int i = 0; i < p->layers->count; i++) {
        if (!refine_layer(p, &p->layers->layers[i], error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static PstMap map_of(const PstPicture *picture)
{
    return (PstMap){ picture->rgb, picture->height, picture->width, 3 };
}

/* Makes the small part, or takes it from the process that does. */
static gboolean refine_small(Painting *p, GError **error)
{
    const PstTileExchange *exchange = p->options->exchange;
    GError *reason = NULL;
    PstMap map;

    if (!exchange) {
        return refine_layers(p, error);
    }
    p->refined = pst_picture_new(p->photo->width, p->photo->height, FALSE, error);
    if (!p->refined) {
        return FALSE;
    }
    map = map_of(p->refined);
    if (exchange->take(PST_TILE_SMALL, !exchange->is_mine(PST_TILE_SMALL, exchange->data), &map, exchange->data,
                       &reason)) {
        return TRUE;
    }
    if (reason) {
        g_propagate_error(error, reason);
        return FALSE;
    }
    g_clear_pointer(&p->refined, pst_picture_free);
    if (!refine_layers(p, error)) {
        return FALSE;
    }
    map = map_of(p->refined);
    return exchange->give(PST_TILE_SMALL, &map, exchange->data, error);
}

/* ---- at full size ----------------------------------------------------------------------------- */

static void fill_mask(int layer, int first, int rows, float *weights, gpointer data)
{
    const Painting *p = data;
    const PstMask *mask = p->layers->layers[layer].mask;
    gsize count = (gsize)rows * p->source->width;

    if (mask) {
        pst_mask_fill(mask, p->source->width, p->source->height, first, rows, weights);
        return;
    }
    for (gsize i = 0; i < count; i++) {
        weights[i] = 1;
    }
}

/* Reads rows, and keeps them until they are written. */
static gboolean read_and_keep(int first, int rows, float *rgb, gpointer data, GError **error)
{
    Painting *p = data;
    gsize width = p->source->width;
    gboolean alpha = p->source->alpha;

    if (p->rows + rows > p->room) {
        p->room = p->rows + rows;
        if (!pst_rows_grow(&p->rgb, alpha ? &p->alpha : NULL, width, p->room, error)) {
            return FALSE;
        }
    }
    if (!read_rows(p, rows, p->rgb + 3 * width * p->rows, alpha ? p->alpha + width * p->rows : NULL, error)) {
        return FALSE;
    }
    if (rgb) {
        memcpy(rgb, p->rgb + 3 * width * p->rows, 3 * width * rows * sizeof *rgb);
    }
    p->rows += rows;
    return TRUE;
}

/* Reads rows for tiles alone. */
static gboolean read_and_drop(int first, int rows, float *rgb, gpointer data, GError **error)
{
    Painting *p = data;
    gboolean done = read_and_keep(first, rows, rgb, data, error);

    p->rows = 0;
    return done;
}

/* How much of the painting covers each pixel of a row. */
static void cover(const Painting *p, int y, float *weights, float *covered)
{
    int width = p->source->width;

    memset(covered, 0, width * sizeof *covered);
    for (int i = 0; i < p->layers->count; i++) {
        fill_mask(i, y, 1, weights, (gpointer)p);
        for (int x = 0; x < width; x++) {
            covered[x] += weights[x] * (1 - covered[x]);
        }
    }
}

static PstBlend blend_of(const Painting *p, int layer, PstFrame *photo)
{
    const PstPaintLayer *painted = &p->layers->layers[layer];

    return (PstBlend){ .share = pst_blend_share(pst_paint_layer_strength(p->layers, painted)),
                       .keep_colours = pst_paint_layer_keeps_colours(p->layers, painted),
                       .photo = photo,
                       .result = photo };
}

static gboolean all_blend_alike(const Painting *p)
{
    PstBlend lowest = blend_of(p, 0, NULL);

    for (int i = 1; i < p->layers->count; i++) {
        PstBlend blend = blend_of(p, i, NULL);

        if (blend.share != lowest.share || blend.keep_colours != lowest.keep_colours) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Lays the painting, in which the layers are one over the other, over a row in the manner of each: where layers meet,
 * what one makes of the row fades into what the next makes of it, as the layers do. */
static void blend_apart(const Painting *p, int first, int y, PstFrame *photo, const float *painted)
{
    int width = p->source->width;
    float *rgb = pst_frame_rgb(photo, y);
    gsize bytes = (gsize)3 * width * sizeof *rgb;
    g_autofree float *below = g_memdup2(rgb, bytes), *over = g_memdup2(rgb, bytes);
    g_autofree float *weights = g_new(float, width), *covered = g_new0(float, width);

    for (int i = 0; i < p->layers->count; i++) {
        PstBlend blend = blend_of(p, i, photo);

        fill_mask(i, first + y, 1, weights, (gpointer)p);
        memcpy(rgb, below, bytes);
        pst_blend_row(&blend, y, 0, width, painted);
        for (int x = 0; x < width; x++) {
            covered[x] += weights[x] * (1 - covered[x]);
            for (int c = 3 * x; covered[x] > 0 && c < 3 * x + 3; c++) {
                over[c] += weights[x] / covered[x] * (rgb[c] - over[c]);
            }
        }
    }
    memcpy(rgb, over, bytes);
}

/* Lays finished rows over the photograph's, in whose place they are then. */
static void blend(const Painting *p, int first, int rows, const float *painted)
{
    int width = p->source->width;
    g_autofree float *weights = g_new(float, width), *covered = g_new(float, width);
    PstFrame photo = { .width = width, .height = rows, .held = rows, .rgb = p->rgb };
    PstBlend blend = blend_of(p, 0, &photo);
    gboolean alike = all_blend_alike(p);

    for (int y = 0; y < rows; y++) {
        float *rgb = p->rgb + (gsize)3 * y * width;
        g_autofree float *below = g_memdup2(rgb, (gsize)3 * width * sizeof *rgb);

        if (alike) {
            pst_blend_row(&blend, y, 0, width, painted + (gsize)3 * y * width);
        } else {
            blend_apart(p, first, y, &photo, painted + (gsize)3 * y * width);
        }
        cover(p, first + y, weights, covered);
        for (int i = 0; i < 3 * width; i++) {
            rgb[i] = below[i] + covered[i / 3] * (rgb[i] - below[i]);
        }
    }
}

static gboolean wants_rows(int first, int rows, gpointer data)
{
    const Painting *p = data;

    return !p->sink->wants || p->sink->wants(p->sink->data, first, rows);
}

static gboolean write_rows(int first, int rows, const float *painted, gpointer data, GError **error)
{
    Painting *p = data;
    gsize width = p->source->width, values = width * rows;
    gboolean done = TRUE;

    if (wants_rows(first, rows, p)) {
        blend(p, first, rows, painted);
    }
    if (p->result) {
        memcpy(p->result->rgb + 3 * width * first, p->rgb, 3 * values * sizeof(float));
        if (p->alpha) {
            memcpy(p->result->alpha + width * first, p->alpha, values * sizeof(float));
        }
        if (p->sink->finished) {
            p->sink->finished(p->result, first, rows, p->sink->data);
        }
    } else {
        done = p->sink->write(p->sink->data, rows, p->rgb, p->alpha, error);
    }
    p->rows -= rows;
    memmove(p->rgb, p->rgb + 3 * values, 3 * width * p->rows * sizeof(float));
    if (p->alpha) {
        memmove(p->alpha, p->alpha + values, width * p->rows * sizeof(float));
    }
    return done;
}

/* This process's tiles, before any of others is waited for: who waits in between holds up those who wait for it. */
static gboolean paint_tiles(Painting *p, PstDetailPicture *picture, const PstDetailOptions *options, GError **error)
{
    PstDetailPicture tiles = *picture;

    tiles.read = read_and_drop;
    tiles.write = NULL;
    picture->progress = NULL;
    return pst_detail(p->network, &tiles, options, p->pool, p->cancellable, error) && rewind_rows(p, error);
}

static gboolean paint_detail(Painting *p, GError **error)
{
    PstDetailOptions options = PST_DETAIL_DEFAULTS;
    g_autofree PstPaletteVectors **styles = g_new(PstPaletteVectors *, p->layers->count);
    PstMap photo = map_of(p->photo), refined = map_of(p->refined);
    PstDetailPicture picture = { .height = p->source->height,
                                 .width = p->source->width,
                                 .photo = &photo,
                                 .refined = &refined,
                                 .styles = (const PstPaletteVectors *const *)styles,
                                 .count = p->layers->count,
                                 .mask = fill_mask,
                                 .read = read_and_keep,
                                 .write = write_rows,
                                 .wants = wants_rows,
                                 .progress = forward_progress,
                                 .data = p,
                                 .exchange = p->options->exchange };
    gboolean done;

    if (g_cancellable_is_cancelled(p->options->stop)) {
        options.steps = options.half_steps = 0;
    }
    for (int i = 0; i < p->layers->count; i++) {
        styles[i] = pst_style_palette_vectors(p->layers->layers[i].style->palette, 0);
    }
    done = !p->options->exchange || paint_tiles(p, &picture, &options, error);
    done = done && (!wants_rows(0, p->source->height, p) ||
                    pst_detail(p->network, &picture, &options, p->pool, p->cancellable, error));
    for (int i = 0; i < p->layers->count; i++) {
        pst_palette_vectors_free(styles[i]);
    }
    return done;
}

static gboolean write_all(Painting *p, GError **error)
{
    const PstRowSource *source = p->source;

    if (p->sink->picture && !(p->result = pst_picture_new(source->width, source->height, source->alpha, error))) {
        return FALSE;
    }
    if (p->result && source->picture) {
        pst_picture_info_copy(&source->picture->info, &p->result->info);
    }
    begin_part(p, detail_work(source->width, source->height, p->photo->width));
    if (!rewind_rows(p, error)) {
        return FALSE;
    }
    if (p->photo->width < source->width || p->photo->height < source->height) {
        return paint_detail(p, error);
    }
    return read_and_keep(0, source->height, NULL, p, error) && write_rows(0, source->height, p->refined->rgb, p, error);
}

/* Where no layer shows, there is nothing to refine. */
static gboolean paint_photo(const Painting *p, GError **error)
{
    g_autoptr(PstPainter) painter = pst_painter_new(p->model, p->pool, p->source, NULL, p->cancellable, error);

    return painter && pst_painter_paint(painter, p->layers, p->sink, p->progress, p->data, p->cancellable, error);
}

static gboolean paint(Painting *p, GError **error)
{
    if (p->layers->count == 0) {
        return paint_photo(p, error);
    }
    if (!(p->network = pst_model_feature_network(p->model, error)) || !read_small(p, error)) {
        return FALSE;
    }
    return refine_small(p, error) && write_all(p, error);
}

gboolean pst_refined_paint(const PstModel *model, PstThreadPool *pool, const PstRowSource *source,
                           const PstPaintLayers *layers, const PstRefinedOptions *options, const PstRowSink *sink,
                           PstPaintProgress progress, gpointer data, GCancellable *cancellable, GError **error)
{
    PstPaintLayers showing = *layers;
    g_autofree PstPaintLayer *list = pst_paint_layers_showing(layers, &showing.count);
    Painting p = { .model = model,
                   .pool = pool,
                   .source = source,
                   .layers = &showing,
                   .options = options,
                   .sink = sink,
                   .progress = progress,
                   .data = data,
                   .cancellable = cancellable };
    gboolean done;

    showing.layers = list;
    p.work = all_work(&showing, options, source->width, source->height);
    done = paint(&p, error);

    if (done && p.result) {
        *sink->picture = g_steal_pointer(&p.result);
    }
    pst_picture_free(p.photo);
    pst_picture_free(p.refined);
    pst_picture_free(p.result);
    g_free(p.rgb);
    g_free(p.alpha);
    return done;
}

/* ---- how long --------------------------------------------------------------------------------- */

double pst_refined_seconds(const PstModel *model, PstThreadPool *pool, int width, int height,
                           const PstPaintLayers *layers, const PstRefinedOptions *options)
{
    const PstFeatureNetwork *network = pst_model_feature_network(model, NULL);

    return network ? all_work(layers, options, width, height) *
                         pst_refinement_seconds(network, layers->layers[0].style->palette, pool)
                   : 0;
}
