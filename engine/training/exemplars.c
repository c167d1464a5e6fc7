#include "exemplars.h"

#include "losses.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LEAST_SIDE  16 /* relu5_1 still has a pixel */
#define MOST_PIXELS (8 << 20)

typedef struct {
    const char *const *paths;
    PstExemplar *items;
    GError **errors;
    GCancellable *cancellable;
} Reading;

static void read_one(int task, int worker, gpointer data)
{
    const Reading *r = data;
    PstExemplar *e = &r->items[task];
    GError **error = &r->errors[task];
    g_autofree char *bytes = NULL, *name = g_path_get_basename(r->paths[task]), *sum = NULL;
    gsize size;

    if (!pst_example_read(&e->example, r->paths[task], PST_EXEMPLAR_LEAST, &e->width, &e->height, r->cancellable,
                          error)) {
        return;
    }
    if (!g_file_get_contents(r->paths[task], &bytes, &size, error)) {
        pst_example_clear(&e->example);
        return;
    }
    sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
    g_strlcpy(e->sha256, sum, sizeof e->sha256);
    e->file = g_utf8_make_valid(name, -1);
}

static void exemplar_clear(PstExemplar *e)
{
    g_free(e->file);
    pst_example_clear(&e->example);
}

PstExemplars *pst_exemplars_read(const char *const *paths, PstThreadPool *pool, GCancellable *cancellable,
                                 GError **error)
{
    g_autoptr(PstExemplars) exemplars = g_new0(PstExemplars, 1);
    int n = (int)g_strv_length((char **)paths);
    g_autofree GError **errors = g_new0(GError *, n + 1);
    GError *first = NULL;

    exemplars->items = g_new0(PstExemplar, n + 1);
    exemplars->refused = g_ptr_array_new_with_free_func(g_free);
    if (n > PST_EXEMPLARS_MOST) {
        g_set_error(error, PST_CORPUS_ERROR, PST_CORPUS_ERROR_EMPTY,
                    _("%d pictures are too many to learn a style from; give at most %d"), n, PST_EXEMPLARS_MOST);
        return NULL;
    }
    pst_thread_pool_run(pool, n, read_one, &(Reading){ paths, exemplars->items, errors, cancellable });
    for (int i = 0; i < n; i++) {
        if (errors[i]) {
            g_ptr_array_add(exemplars->refused, g_strdup(errors[i]->message));
        } else {
            exemplars->items[exemplars->count++] = exemplars->items[i];
        }
        if (errors[i] && !first) {
            first = g_steal_pointer(&errors[i]);
        }
        g_clear_error(&errors[i]);
    }
    if (g_cancellable_set_error_if_cancelled(cancellable, error) || exemplars->count == 0) {
        if (!g_cancellable_is_cancelled(cancellable) && first) {
            g_propagate_error(error, g_steal_pointer(&first));
        }
        g_clear_error(&first);
        return NULL;
    }
    g_clear_error(&first);
    return g_steal_pointer(&exemplars);
}

void pst_exemplars_crop(PstExemplars *exemplars, int i, PstWindow window)
{
    PstExample *e = &exemplars->items[i].example, inside = { window.width, window.height, NULL };

    inside.rgb = g_malloc((gsize)3 * window.width * window.height);
    for (int y = 0; y < window.height; y++) {
        memcpy(inside.rgb + (gsize)3 * y * window.width,
               e->rgb + 3 * ((gsize)(window.y + y) * e->width + window.x), (gsize)3 * window.width);
    }
    pst_example_clear(e);
    *e = inside;
}

void pst_exemplars_free(PstExemplars *exemplars)
{
    if (!exemplars) {
        return;
    }
    for (int i = 0; i < exemplars->count; i++) {
        exemplar_clear(&exemplars->items[i]);
    }
    g_ptr_array_unref(exemplars->refused);
    g_free(exemplars->items);
    g_free(exemplars);
}

/* ---- statistics ----------------------------------------------------------------------------- */

typedef struct {
    const PstExemplars *exemplars;
    const PstExemplarsView *view;
    float *styles;  /* [count][PST_STYLE_SIZE] */
    float *targets; /* [count][scale_count][PST_TARGET_SIZE] */
    float *exacts;  /* [count][scale_count][PST_EXACT_SIZE] */
} Measuring;

/* The whole picture at a short side of `side` pixels. */
static PstMap whole(const PstExample *e, int side)
{
    PstWindow all = { 0, 0, e->width, e->height, FALSE };
    int shorter = MIN(e->width, e->height);
    double zoom = MIN(side, 2 * shorter) / (double)shorter;
    double excess = sqrt((double)e->width * e->height * zoom * zoom / MOST_PIXELS);
    PstMap map;

    zoom /= MAX(1, excess);
    map = pst_map_new(MAX(LEAST_SIDE, (int)lrint(e->height * zoom)), MAX(LEAST_SIDE, (int)lrint(e->width * zoom)), 3);
    pst_corpus_resample(e, all, &map);
    return map;
}

/* At the style's own short side. */
static void look_for_style(const Measuring *m, const PstExample *e, float *style)
{
    PstMap rgb = whole(e, PST_EXAMPLE_SIDE);
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstSight) sight = pst_sight_new(m->view->encoder, arena, rgb.height, rgb.width, PST_STYLE_TAPS, FALSE);

    pst_judge_forward(m->view->encoder, &rgb, sight);
    pst_taps_statistics(sight->taps, style);
    pst_map_clear(&rgb);
}

static void look_for_target(const Measuring *m, const PstExample *e, int side, float *target, float *exact)
{
    PstMap rgb = whole(e, side);
    g_autoptr(PstArena) arena = pst_arena_new();
    PstLosses *losses = pst_losses_new(arena, rgb.height, rgb.width);
    g_autoptr(PstSight) sight = pst_sight_new(m->view->encoder, arena, rgb.height, rgb.width, PST_TAPS, FALSE);

    pst_judge_forward(m->view->encoder, &rgb, sight);
    pst_judge_style(m->view->encoder, losses, sight->taps, target);
    if (m->view->examiner && !g_cancellable_is_cancelled(m->view->cancellable)) {
        g_autoptr(PstSight) examined = pst_sight_new(m->view->examiner, arena, rgb.height, rgb.width, PST_EXACT_TAPS,
                                                     FALSE);

        pst_judge_forward(m->view->examiner, &rgb, examined);
        pst_examiner_style(examined->taps, exact);
    }
    pst_map_clear(&rgb);
}

/* Task: a picture at a scale; scale_count stands for the style. */
static void measure_one(int task, int worker, gpointer data)
{
    const Measuring *m = data;
    int scales = m->view->scale_count, picture = task / (scales + 1), scale = task % (scales + 1);
    int row = picture * scales + scale;
    const PstExample *e = &m->exemplars->items[picture].example;

    if (g_cancellable_is_cancelled(m->view->cancellable)) {
        return;
    }
    if (scale == scales) {
        look_for_style(m, e, m->styles + picture * PST_STYLE_SIZE);
    } else {
        look_for_target(m, e, m->view->scales[scale], m->targets + row * PST_TARGET_SIZE,
                        m->exacts + row * PST_EXACT_SIZE);
    }
}

static void average(const float *rows, int count, int width, float *mean)
{
    for (int k = 0; k < width; k++) {
        double sum = 0;

        for (int i = 0; i < count; i++) {
            sum += rows[i * width + k] / (double)count;
        }
        mean[k] = (float)sum;
    }
}

void pst_exemplars_measure(const PstExemplars *exemplars, const PstExemplarsView *view, PstThreadPool *pool,
                           PstExemplarsStatistics *s)
{
    int n = exemplars->count, rows = n * view->scale_count;
    g_autofree float *targets = g_new(float, rows * PST_TARGET_SIZE);
    g_autofree float *exacts = g_new0(float, rows * PST_EXACT_SIZE);

    s->styles = g_new(float, n * PST_STYLE_SIZE);
    pst_thread_pool_run(pool, n * (view->scale_count + 1), measure_one,
                        &(Measuring){ exemplars, view, s->styles, targets, exacts });
    for (int k = 0; k < PST_STYLE_SIZE; k++) {
        gboolean deviation = k >= PST_STYLE_CHANNELS;
        double sum = 0;

        for (int i = 0; i < n; i++) {
            double value = s->styles[i * PST_STYLE_SIZE + k];

            sum += (deviation ? value * value : value) / n;
        }
        s->style[k] = (float)(deviation ? sqrt(sum) : sum);
    }
    average(targets, rows, PST_TARGET_SIZE, s->target);
    average(exacts, rows, PST_EXACT_SIZE, s->exact);
}

void pst_exemplars_statistics_clear(PstExemplarsStatistics *s)
{
    g_clear_pointer(&s->styles, g_free);
}
