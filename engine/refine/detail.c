#include "detail.h"

#include "layer_loss.h"
#include "engine/network/pyramid.h"

#include "engine/kernel/adam.h"

#include <math.h>
#include <string.h>

#define TILE   512
#define MARGIN 48 /* around a tile, a multiple of 16 */
#define FADE   16 /* on each side of the line between two tiles */

typedef struct {
    const PstFeatureNetwork *network;
    const PstDetailPicture *picture;
    const PstDetailOptions *options;
    PstThreadPool *pool;
    GCancellable *cancellable;
    int octaves; /* that are finer than the refined picture, 1 .. */

    int top, rows;   /* of the rows of the photograph that are held */
    PstMap photo;    /* the photograph's rows */
    PstMap sum;      /* of faded tiles, the same rows */
    PstMap *masks;   /* of the layers above the lowest, the same rows */
    PstMap *results; /* of the tiles of a band */
    int band, bands, tiles;
    GMutex lock;   /* of what follows */
    GError *error; /* the first one of the exchange */
} Detail;

/* The part of a step's work that the first layers are. */
static double part_of_work(int layers)
{
    double all = 0, part = 0, area = 1;

    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        double work = area * pst_encoder_layers[i].in * pst_encoder_layers[i].out;

        all += work;
        part += i < layers ? work : 0;
        area *= pst_encoder_layers[i].pool ? 0.25 : 1;
    }
    return part / all;
}

double pst_detail_work(const PstDetailOptions *o, gboolean two)
{
    double margin = (TILE + 2.0 * MARGIN) / TILE;

    return margin * margin *
           (o->steps * part_of_work(o->layers) + (two ? 0.25 * o->half_steps * part_of_work(o->half_layers) : 0));
}

/* ---- sampling ------------------------------------------------------------------------------- */

/* Catmull and Rom's spline: weights of four samples around a place that lies `t` beyond the second. */
static void spline(float t, float w[4])
{
    w[0] = ((-0.5f * t + 1) * t - 0.5f) * t;
    w[1] = (1.5f * t - 2.5f) * t * t + 1;
    w[2] = ((-1.5f * t + 2) * t + 0.5f) * t;
    w[3] = (0.5f * t - 0.5f) * t * t;
}

typedef struct {
    int first;
    float weight[4];
} Sample;

/* Where pixel i of a side of `full` lies on one of `size`. */
static Sample sample_at(int i, int full, int size)
{
    float at = (i + 0.5f) * size / full - 0.5f, below = floorf(at);
    Sample s = { .first = (int)below - 1 };

    spline(at - below, s.weight);
    return s;
}

static const float *pixel(const PstMap *map, int row, int column)
{
    return pst_map_at(map, CLAMP(row, 0, map->height - 1), CLAMP(column, 0, map->width - 1));
}

/* A part of the enlarged map, from row `top` and column `left` on. */
static void enlarge(const PstMap *map, const PstDetailPicture *picture, int top, int left, PstMap *to)
{
    g_autofree Sample *columns = g_new(Sample, to->width);
    g_autofree float *row = g_new(float, 3 * map->width);

    for (int x = 0; x < to->width; x++) {
        columns[x] = sample_at(left + x, picture->width, map->width);
    }
    for (int y = 0; y < to->height; y++) {
        Sample s = sample_at(top + y, picture->height, map->height);
        float *out = pst_map_at(to, y, 0);

        memset(row, 0, 3 * map->width * sizeof *row);
        for (int k = 0; k < 4; k++) {
            const float *from = pixel(map, s.first + k, 0);

            for (int i = 0; i < 3 * map->width; i++) {
                row[i] += s.weight[k] * from[i];
            }
        }
        for (int x = 0; x < to->width; x++, out += 3) {
            out[0] = out[1] = out[2] = 0;
            for (int k = 0; k < 4; k++) {
                const float *from = row + 3 * CLAMP(columns[x].first + k, 0, map->width - 1);

                for (int c = 0; c < 3; c++) {
                    out[c] += columns[x].weight[k] * from[c];
                }
            }
        }
    }
}

/* ---- one tile ------------------------------------------------------------------------------- */

/* What tile number `column` of the band is made from: its rectangle with the margin, cut at the picture's edges. */
typedef struct {
    int top, left, height, width;
} Rectangle;

static Rectangle around(const Detail *d, int band, int column)
{
    int top = MAX(0, band * TILE - MARGIN), left = MAX(0, column * TILE - MARGIN);
    int bottom = MIN(d->picture->height, (band + 1) * TILE + MARGIN);
    int right = MIN(d->picture->width, (column + 1) * TILE + MARGIN);

    return (Rectangle){ top, left, bottom - top, right - left };
}

static void begin(const Detail *d, const Rectangle *r, PstMap *picture)
{
    PstMap low = pst_map_new(r->height, r->width, 3);

    enlarge(d->picture->refined, d->picture, r->top, r->left, picture);
    enlarge(d->picture->photo, d->picture, r->top, r->left, &low);
    for (int y = 0; y < r->height; y++) {
        const float *photo = pst_map_at(&d->photo, r->top - d->top + y, r->left), *smooth = pst_map_at(&low, y, 0);
        float *to = pst_map_at(picture, y, 0);

        for (int x = 0; x < r->width; x++, photo += 3, smooth += 3, to += 3) {
            float light = 0.299f * (photo[0] - smooth[0]) + 0.587f * (photo[1] - smooth[1]) +
                          0.114f * (photo[2] - smooth[2]);

            for (int c = 0; c < 3; c++) {
                to[c] += (float)d->options->photo * light;
            }
        }
    }
    pst_map_clear(&low);
}

typedef struct {
    const Detail *detail;
    PstExecutor *executor;
    PstPyramid *now, *gradient, *m, *v;
} Tile;

/* Steps on octaves first .. of the tile's finer ones. */
static void refine(Tile *t, const PstPaletteVectors *style, int first, int steps, int layers)
{
    const Detail *d = t->detail;
    const PstMap *level = &t->now->level[first];
    PstMap picture = pst_map_new(level->height, level->width, 3),
           gradient = pst_map_new(level->height, level->width, 3);
    g_autoptr(PstFeatureMaps) features = pst_feature_maps_new(level->height, level->width, layers, TRUE);
    g_autoptr(PstLayerLoss) loss = pst_layer_loss_new(features, FALSE, &style->octaves[0]);
    PstLayerWeights weights = { .refresh = d->options->refresh, .near = 1, .apart = d->options->apart };

    for (int i = first; i < MIN(d->octaves, t->now->levels); i++) {
        gsize bytes = pst_map_size(&t->now->level[i]) * sizeof(float);

        memset(t->m->level[i].data, 0, bytes);
        memset(t->v->level[i].data, 0, bytes);
    }
    for (int step = 1; step <= steps && !pst_executor_cancelled(t->executor); step++) {
        double rate = d->options->rate * (1 - 0.9 * (step - 1) / MAX(1, steps - 1));

        pst_pyramid_collapse(t->now, first, t->executor, &picture);
        pst_layer_loss(loss, d->network, t->executor, &weights, step, &picture, features, &gradient);
        pst_pyramid_gradient(t->gradient, first, t->executor, &gradient);
        for (int i = first; i < MIN(d->octaves, t->now->levels); i++) {
            pst_adam_step(t->now->level[i].data, t->gradient->level[i].data, t->m->level[i].data, t->v->level[i].data,
                          pst_map_size(&t->now->level[i]), step, (float)rate, 0.9f, 0.999f, 1e-8f);
        }
    }
    pst_map_clear(&picture);
    pst_map_clear(&gradient);
}

static void paint_layer(Tile *t, const PstPaletteVectors *style, PstMap *picture)
{
    const PstDetailOptions *o = t->detail->options;

    pst_pyramid_analyse(t->now, 0, t->executor, picture);
    if (t->detail->octaves > 1 && MIN(picture->height, picture->width) >= 32) {
        refine(t, style, 1, o->half_steps, o->half_layers);
    }
    refine(t, style, 0, o->steps, o->layers);
    pst_pyramid_collapse(t->now, 0, t->executor, picture);
}

static const float *weights_of(const Detail *d, int layer, const Rectangle *r, int y)
{
    return pst_map_at(&d->masks[layer], r->top - d->top + y, r->left);
}

static gboolean shows(const Detail *d, int layer, const Rectangle *r)
{
    for (int y = 0; y < r->height; y++) {
        const float *weights = weights_of(d, layer, r, y);

        for (int x = 0; x < r->width; x++) {
            if (weights[x] > 0) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

static void lay_over(const Detail *d, int layer, const Rectangle *r, const PstMap *above, PstMap *picture)
{
    for (int y = 0; y < r->height; y++) {
        const float *weights = weights_of(d, layer, r, y), *from = pst_map_at(above, y, 0);
        float *to = pst_map_at(picture, y, 0);

        for (int i = 0; i < 3 * r->width; i++) {
            to[i] += weights[i / 3] * (from[i] - to[i]);
        }
    }
}

static void make_tile(Detail *d, int column)
{
    const PstDetailPicture *p = d->picture;
    Rectangle r = around(d, d->band, column);
    g_autoptr(PstThreadPool) alone = pst_thread_pool_new(1);
    g_autoptr(PstExecutor) executor = pst_executor_new(alone, d->cancellable, NULL, NULL);
    Tile t = { .detail = d, .executor = executor };
    PstPyramid **pyramids[] = { &t.now, &t.gradient, &t.m, &t.v };
    PstMap *result = &d->results[column], start = pst_map_new(r.height, r.width, 3);

    begin(d, &r, &start);
    memcpy(result->data, start.data, pst_map_size(&start) * sizeof(float));
    for (guint i = 0; i < G_N_ELEMENTS(pyramids); i++) {
        *pyramids[i] = pst_pyramid_new(r.height, r.width, 3);
    }
    paint_layer(&t, p->styles[0], result);
    for (int i = 1; i < p->count; i++) {
        if (shows(d, i, &r)) {
            PstMap above = pst_map_new(r.height, r.width, 3);

            memcpy(above.data, start.data, pst_map_size(&start) * sizeof(float));
            paint_layer(&t, p->styles[i], &above);
            lay_over(d, i, &r, &above, result);
            pst_map_clear(&above);
        }
    }
    for (guint i = 0; i < G_N_ELEMENTS(pyramids); i++) {
        pst_pyramid_free(*pyramids[i]);
    }
    pst_map_clear(&start);
}

/* Keeps the first error. */
static void note_error(Detail *d, GError *error)
{
    g_mutex_lock(&d->lock);
    if (error && !d->error) {
        d->error = g_steal_pointer(&error);
    }
    g_mutex_unlock(&d->lock);
    g_clear_error(&error);
}

/* Rows of the result are finished with a band; those that fade into the next one's are finished with that. */
static int end_of(const Detail *d, int band)
{
    return band == d->bands - 1 ? d->picture->height : (band + 1) * TILE - FADE;
}

static gboolean is_wanted(const Detail *d, int band)
{
    const PstDetailPicture *p = d->picture;
    int first = band == 0 ? 0 : end_of(d, band - 1);

    return p->write && band < d->bands && (!p->wants || p->wants(first, end_of(d, band) - first, p->data));
}

/* Whether tiles of the band are in rows that are wanted: those that fade into the next band's, too. */
static gboolean is_needed(const Detail *d, int band)
{
    return is_wanted(d, band) || is_wanted(d, band + 1);
}

/* A tile that another process paints is left empty, and one that is known is not painted again. When tiles are only
 * joined, those that are not needed are left alone. */
static void paint_tile(int column, int worker, gpointer data)
{
    Detail *d = data;
    const PstTileExchange *exchange = d->picture->exchange;
    const PstTilePlace place = { d->band, column };
    Rectangle r = around(d, d->band, column);
    PstMap *result = &d->results[column];
    GError *error = NULL;

    *result = pst_map_new(r.height, r.width, 3);
    if (g_cancellable_is_cancelled(d->cancellable) || (exchange && !exchange->is_mine(place, exchange->data)) ||
        (exchange && d->picture->write && !is_needed(d, d->band)) ||
        (exchange && exchange->take(place, FALSE, result, exchange->data, &error))) {
        return;
    }
    if (!error) {
        make_tile(d, column);
    }
    if (!error && exchange && !g_cancellable_is_cancelled(d->cancellable)) {
        exchange->give(place, result, exchange->data, &error);
    }
    note_error(d, error);
}

/* Waits for the tiles of the band that others paint, where they are needed. */
static gboolean take_others(Detail *d, GError **error)
{
    const PstTileExchange *exchange = d->picture->exchange;
    gboolean needed = exchange && is_needed(d, d->band);

    for (int column = 0; needed && column < d->tiles; column++) {
        const PstTilePlace place = { d->band, column };

        if (!exchange->is_mine(place, exchange->data) &&
            !exchange->take(place, TRUE, &d->results[column], exchange->data, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- bands of tiles ------------------------------------------------------------------------- */

/* What a tile counts at position i of a side, where it is number `tile` of `tiles`. */
static float share(int i, int tile, int tiles)
{
    int from = i - tile * TILE, to = (tile + 1) * TILE - 1 - i;
    float before = tile == 0 ? 1 : CLAMP((from + FADE + 0.5f) / (2 * FADE), 0, 1);
    float after = tile == tiles - 1 ? 1 : CLAMP((to + FADE + 0.5f) / (2 * FADE), 0, 1);

    return before * after;
}

static void add_tile(Detail *d, int column)
{
    Rectangle r = around(d, d->band, column);

    for (int y = 0; y < r.height; y++) {
        float of_row = share(r.top + y, d->band, d->bands);
        float *to = pst_map_at(&d->sum, r.top - d->top + y, r.left);
        const float *from = pst_map_at(&d->results[column], y, 0);

        for (int x = 0; of_row > 0 && x < r.width; x++, to += 3, from += 3) {
            float weight = of_row * share(r.left + x, column, d->tiles);

            for (int c = 0; c < 3; c++) {
                to[c] += weight * CLAMP(from[c], 0, 1);
            }
        }
    }
    pst_map_clear(&d->results[column]);
}

/* Rows above the next band's are let go, and those are read that it needs. */
static gboolean move_on(Detail *d, GError **error)
{
    int height = d->picture->height, width = d->picture->width;
    Rectangle r = around(d, d->band, 0);
    int kept = d->top + d->rows - r.top, fresh;
    gsize row = (gsize)3 * width;

    kept = MAX(0, kept);
    memmove(d->photo.data, d->photo.data + (d->rows - kept) * row, kept * row * sizeof(float));
    memmove(d->sum.data, d->sum.data + (d->rows - kept) * row, kept * row * sizeof(float));
    d->top = r.top;
    fresh = MIN(height, r.top + r.height) - (r.top + kept);
    memset(d->sum.data + kept * row, 0, fresh * row * sizeof(float));
    d->rows = kept + fresh;
    for (int i = 1; i < d->picture->count; i++) {
        d->picture->mask(i, d->top, d->rows, d->masks[i].data, d->picture->data);
    }
    return d->picture->read(r.top + kept, fresh, d->photo.data + kept * row, d->picture->data, error);
}

static gboolean paint_bands(Detail *d, GError **error)
{
    const PstDetailPicture *p = d->picture;
    int written = 0;

    for (d->band = 0; d->band < d->bands; d->band++) {
        int end = end_of(d, d->band);

        if (!move_on(d, error)) {
            return FALSE;
        }
        pst_thread_pool_run(d->pool, d->tiles, paint_tile, d);
        if (d->error) {
            g_propagate_error(error, g_steal_pointer(&d->error));
            return FALSE;
        }
        if (!take_others(d, error)) {
            return FALSE;
        }
        for (int column = 0; column < d->tiles; column++) {
            add_tile(d, column);
        }
        if (g_cancellable_set_error_if_cancelled(d->cancellable, error) ||
            (p->write && !p->write(written, end - written, pst_map_at(&d->sum, written - d->top, 0), p->data, error))) {
            return FALSE;
        }
        written = end;
        if (p->progress) {
            p->progress((d->band + 1.0) / d->bands, p->data);
        }
    }
    return TRUE;
}

gboolean pst_detail(const PstFeatureNetwork *network, const PstDetailPicture *picture, const PstDetailOptions *options,
                    PstThreadPool *pool, GCancellable *cancellable, GError **error)
{
    Detail d = { .network = network, .picture = picture, .options = options, .pool = pool, .cancellable = cancellable };
    int held = MIN(picture->height, TILE + 2 * MARGIN + 16);
    double ratio = MAX((double)picture->height / picture->refined->height,
                       (double)picture->width / picture->refined->width);
    gboolean done;

    d.octaves = MAX(1, (int)ceil(log2(ratio) - 0.05));
    d.bands = (picture->height + TILE - 1) / TILE;
    d.tiles = (picture->width + TILE - 1) / TILE;
    d.results = g_new0(PstMap, d.tiles);
    d.photo = pst_map_new(held, picture->width, 3);
    d.sum = pst_map_new(held, picture->width, 3);
    d.masks = g_new0(PstMap, picture->count);
    for (int i = 1; i < picture->count; i++) {
        d.masks[i] = pst_map_new(held, picture->width, 1);
    }
    done = paint_bands(&d, error);
    for (int i = 1; i < picture->count; i++) {
        pst_map_clear(&d.masks[i]);
    }
    g_free(d.masks);
    pst_map_clear(&d.photo);
    pst_map_clear(&d.sum);
    g_free(d.results);
    return done;
}
