#include "style_images.h"

#include "engine/gradient/losses.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LEAST_SIDE  16 /* relu5_1 still has a pixel */
#define MOST_PIXELS (8 << 20)

typedef struct {
    const char *const *paths;
    PstStyleImage *items;
    GError **errors;
    GCancellable *cancellable;
} Reading;

static void read_one(int task, int worker, gpointer data)
{
    const Reading *r = data;
    PstStyleImage *e = &r->items[task];
    GError **error = &r->errors[task];
    g_autofree char *bytes = NULL, *name = g_path_get_basename(r->paths[task]), *sum = NULL;
    gsize size;

    if (!pst_example_read(&e->example, r->paths[task], PST_STYLE_IMAGE_LEAST, &e->width, &e->height, r->cancellable,
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

static void exemplar_clear(PstStyleImage *e)
{
    g_free(e->file);
    pst_example_clear(&e->example);
}

PstStyleImages *pst_style_images_read(const char *const *paths, PstThreadPool *pool, GCancellable *cancellable,
                                 GError **error)
{
    g_autoptr(PstStyleImages) style_images = g_new0(PstStyleImages, 1);
    int n = (int)g_strv_length((char **)paths);
    g_autofree GError **errors = g_new0(GError *, n + 1);
    GError *first = NULL;

    style_images->items = g_new0(PstStyleImage, n + 1);
    style_images->refused = g_ptr_array_new_with_free_func(g_free);
    if (n > PST_STYLE_IMAGES_MOST) {
        g_set_error(error, PST_CORPUS_ERROR, PST_CORPUS_ERROR_EMPTY,
                    _("%d pictures are too many to learn a style from; give at most %d"), n, PST_STYLE_IMAGES_MOST);
        return NULL;
    }
    pst_thread_pool_run(pool, n, read_one, &(Reading){ paths, style_images->items, errors, cancellable });
    for (int i = 0; i < n; i++) {
        if (errors[i]) {
            g_ptr_array_add(style_images->refused, g_strdup(errors[i]->message));
        } else {
            style_images->items[style_images->count++] = style_images->items[i];
        }
        if (errors[i] && !first) {
            first = g_steal_pointer(&errors[i]);
        }
        g_clear_error(&errors[i]);
    }
    if (g_cancellable_set_error_if_cancelled(cancellable, error) || style_images->count == 0) {
        if (!g_cancellable_is_cancelled(cancellable) && first) {
            g_propagate_error(error, g_steal_pointer(&first));
        }
        g_clear_error(&first);
        return NULL;
    }
    g_clear_error(&first);
    return g_steal_pointer(&style_images);
}

void pst_style_images_crop(PstStyleImages *style_images, int i, PstCrop window)
{
    PstExample *e = &style_images->items[i].example, inside = { window.width, window.height, NULL };

    inside.rgb = g_malloc((gsize)3 * window.width * window.height);
    for (int y = 0; y < window.height; y++) {
        memcpy(inside.rgb + (gsize)3 * y * window.width,
               e->rgb + 3 * ((gsize)(window.y + y) * e->width + window.x), (gsize)3 * window.width);
    }
    pst_example_clear(e);
    *e = inside;
}

void pst_style_images_free(PstStyleImages *style_images)
{
    if (!style_images) {
        return;
    }
    for (int i = 0; i < style_images->count; i++) {
        exemplar_clear(&style_images->items[i]);
    }
    g_ptr_array_unref(style_images->refused);
    g_free(style_images->items);
    g_free(style_images);
}

/* ---- statistics ----------------------------------------------------------------------------- */

typedef struct {
    const PstStyleImages *style_images;
    const PstStyleImagesView *view;
    float *styles;  /* [count][PST_STYLE_SIZE] */
    float *targets; /* [count][scale_count][PST_TARGET_SIZE] */
    float *exacts;  /* [count][scale_count][PST_SHALLOW_SIZE] */
} Measuring;

/* The whole picture at a short side of `side` pixels. */
static PstMap whole(const PstExample *e, int side)
{
    PstCrop all = { 0, 0, e->width, e->height, FALSE };
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
    g_autoptr(PstActivations) activations = pst_activations_new(m->view->encoder, arena, rgb.height, rgb.width, PST_STYLE_TAPS, FALSE);

    pst_loss_network_forward(m->view->encoder, &rgb, activations);
    pst_taps_statistics(activations->taps, style);
    pst_map_clear(&rgb);
}

static void look_for_target(const Measuring *m, const PstExample *e, int side, float *target, float *exact)
{
    PstMap rgb = whole(e, side);
    g_autoptr(PstArena) arena = pst_arena_new();
    PstLosses *losses = pst_losses_new(arena, rgb.height, rgb.width);
    g_autoptr(PstActivations) activations = pst_activations_new(m->view->encoder, arena, rgb.height, rgb.width, PST_TAPS, FALSE);

    pst_loss_network_forward(m->view->encoder, &rgb, activations);
    pst_loss_network_style(m->view->encoder, losses, activations->taps, target);
    if (m->view->shallow && !g_cancellable_is_cancelled(m->view->cancellable)) {
        g_autoptr(PstActivations) examined = pst_activations_new(m->view->shallow, arena, rgb.height, rgb.width, PST_SHALLOW_TAPS,
                                                     FALSE);

        pst_loss_network_forward(m->view->shallow, &rgb, examined);
        pst_shallow_loss_network_style(examined->taps, exact);
    }
    pst_map_clear(&rgb);
}

/* Task: a picture at a scale; scale_count stands for the style. */
static void measure_one(int task, int worker, gpointer data)
{
    const Measuring *m = data;
    int scales = m->view->scale_count, picture = task / (scales + 1), scale = task % (scales + 1);
    int row = picture * scales + scale;
    const PstExample *e = &m->style_images->items[picture].example;

    if (g_cancellable_is_cancelled(m->view->cancellable)) {
        return;
    }
    if (scale == scales) {
        look_for_style(m, e, m->styles + picture * PST_STYLE_SIZE);
    } else {
        look_for_target(m, e, m->view->scales[scale], m->targets + row * PST_TARGET_SIZE,
                        m->exacts + row * PST_SHALLOW_SIZE);
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

void pst_style_images_measure(const PstStyleImages *style_images, const PstStyleImagesView *view, PstThreadPool *pool,
                           PstStyleImagesStatistics *s)
{
    int n = style_images->count, rows = n * view->scale_count;
    g_autofree float *targets = g_new(float, rows * PST_TARGET_SIZE);
    g_autofree float *exacts = g_new0(float, rows * PST_SHALLOW_SIZE);

    s->styles = g_new(float, n * PST_STYLE_SIZE);
    pst_thread_pool_run(pool, n * (view->scale_count + 1), measure_one,
                        &(Measuring){ style_images, view, s->styles, targets, exacts });
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
    average(exacts, rows, PST_SHALLOW_SIZE, s->exact);
}

void pst_style_images_statistics_clear(PstStyleImagesStatistics *s)
{
    g_clear_pointer(&s->styles, g_free);
}
