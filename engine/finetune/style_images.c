#include "style_images.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LEAST_SIDE  16 /* relu5_1 still has a pixel */
#define MOST_PIXELS (8 << 20)
#define LONGEST     3 /* times the short side, where the maps of all layers are kept */

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

static void style_image_clear(PstStyleImage *e)
{
    g_free(e->file);
    pst_example_clear(&e->example);
}

PstStyleImages *pst_style_images_read(const char *const *paths, PstThreadPool *pool, GCancellable *cancellable,
                                      GError **error)
{
    g_autoptr(PstStyleImages) images = g_new0(PstStyleImages, 1);
    int n = (int)g_strv_length((char **)paths);
    g_autofree GError **errors = g_new0(GError *, n + 1);
    GError *first = NULL;

    images->items = g_new0(PstStyleImage, n + 1);
    images->refused = g_ptr_array_new_with_free_func(g_free);
    if (n > PST_STYLE_IMAGES_MOST) {
        g_set_error(error, PST_EXAMPLE_ERROR, PST_EXAMPLE_ERROR_MANY,
                    _("%d pictures are too many to learn a style from (at most %d)"), n, PST_STYLE_IMAGES_MOST);
        return NULL;
    }
    pst_thread_pool_run(pool, n, read_one, &(Reading){ paths, images->items, errors, cancellable });
    for (int i = 0; i < n; i++) {
        if (errors[i]) {
            g_ptr_array_add(images->refused, g_strdup(errors[i]->message));
        } else {
            images->items[images->count++] = images->items[i];
        }
        if (errors[i] && !first) {
            first = g_steal_pointer(&errors[i]);
        }
        g_clear_error(&errors[i]);
    }
    if (g_cancellable_set_error_if_cancelled(cancellable, error) || images->count == 0) {
        if (!g_cancellable_is_cancelled(cancellable) && first) {
            g_propagate_error(error, g_steal_pointer(&first));
        }
        g_clear_error(&first);
        return NULL;
    }
    g_clear_error(&first);
    return g_steal_pointer(&images);
}

void pst_style_images_crop(PstStyleImages *images, int i, PstCrop crop)
{
    PstExample *e = &images->items[i].example, part = pst_example_cut(e, crop);

    pst_example_clear(e);
    *e = part;
}

void pst_style_images_free(PstStyleImages *images)
{
    if (!images) {
        return;
    }
    for (int i = 0; i < images->count; i++) {
        style_image_clear(&images->items[i]);
    }
    g_ptr_array_unref(images->refused);
    g_free(images->items);
    g_free(images);
}

/* ---- statistics ----------------------------------------------------------------------------- */

typedef struct {
    const PstStyleImages *images;
    const PstStyleImagesView *view;
    float *styles;             /* [count][PST_STYLE_SIZE] */
    PstStylePatches **patches; /* [count] */
    PstStyleTarget *targets;   /* [count] */
} Measuring;

/* A crop at a short side of `side` pixels. */
static PstMap resampled(const PstExample *e, PstCrop crop, int side)
{
    int shorter = MIN(crop.width, crop.height);
    double zoom = MIN(side, 2 * shorter) / (double)shorter;
    double excess = sqrt((double)crop.width * crop.height * zoom * zoom / MOST_PIXELS);
    PstMap map;

    zoom /= MAX(1, excess);
    map = pst_map_new(MAX(LEAST_SIDE, (int)lrint(crop.height * zoom)), MAX(LEAST_SIDE, (int)lrint(crop.width * zoom)),
                      3);
    pst_example_resample(e, crop, &map);
    return map;
}

static void measure_style(const Measuring *m, int picture)
{
    const PstLossNetwork *encoder = m->view->encoder;
    const PstExample *example = &m->images->items[picture].example;
    PstMap rgb = resampled(example, pst_example_whole(example), PST_EXAMPLE_SIDE);
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstActivations)
        activations = pst_activations_new(encoder, arena, rgb.height, rgb.width, PST_STYLE_TAPS, FALSE);

    pst_loss_network_forward(encoder, &rgb, activations);
    pst_taps_statistics(activations->taps, m->styles + picture * PST_STYLE_SIZE);
    m->patches[picture] = pst_style_patches_new(activations->taps, m->styles + picture * PST_STYLE_SIZE);
    pst_map_clear(&rgb);
}

static void measure_targets(const Measuring *m, int picture)
{
    const PstExample *example = &m->images->items[picture].example;
    PstMap rgb = resampled(example, pst_example_whole(example), m->view->side);

    pst_style_target_measure(m->view->encoder, m->view->shallow_loss_network, &rgb, NULL, m->view->cancellable,
                             &m->targets[picture]);
    pst_map_clear(&rgb);
}

/* Two tasks a picture. */
static void measure_one(int task, int worker, gpointer data)
{
    const Measuring *m = data;

    if (g_cancellable_is_cancelled(m->view->cancellable)) {
        return;
    }
    (task % 2 ? measure_style : measure_targets)(m, task / 2);
}

static void average(const PstStyleTarget *targets, int count, gsize offset, int width, float *mean)
{
    for (int k = 0; k < width; k++) {
        double sum = 0;

        for (int i = 0; i < count; i++) {
            sum += G_STRUCT_MEMBER(float, &targets[i], offset + k * sizeof(float)) / (double)count;
        }
        mean[k] = (float)sum;
    }
}

/* So many of each picture. */
static PstStylePatches *mix_patches(PstStylePatches **patches, int n)
{
    g_autofree double *shares = g_new(double, n);
    PstStylePatches *mix;

    for (int i = 0; i < n; i++) {
        shares[i] = 1.0 / n;
    }
    mix = pst_style_patches_mix((const PstStylePatches *const *)patches, shares, n);
    for (int i = 0; i < n; i++) {
        pst_style_patches_unref(patches[i]);
    }
    return mix;
}

void pst_style_images_measure(const PstStyleImages *images, const PstStyleImagesView *view, PstThreadPool *pool,
                              PstStyleImagesStatistics *s)
{
    int n = images->count;
    g_autofree PstStyleTarget *targets = g_new(PstStyleTarget, n);
    g_autofree PstStylePatches **patches = g_new0(PstStylePatches *, n);

    s->styles = g_new(float, n *PST_STYLE_SIZE);
    pst_thread_pool_run(pool, 2 * n, measure_one, &(Measuring){ images, view, s->styles, patches, targets });
    s->patches = mix_patches(patches, n);
    for (int k = 0; k < PST_STYLE_SIZE; k++) {
        gboolean deviation = k >= PST_STYLE_CHANNELS;
        double sum = 0;

        for (int i = 0; i < n; i++) {
            double value = s->styles[i * PST_STYLE_SIZE + k];

            sum += (deviation ? value * value : value) / n;
        }
        s->style[k] = (float)(deviation ? sqrt(sum) : sum);
    }
    average(targets, n, G_STRUCT_OFFSET(PstStyleTarget, deep), PST_TARGET_SIZE, s->target);
    average(targets, n, G_STRUCT_OFFSET(PstStyleTarget, shallow), PST_SHALLOW_TARGET_SIZE, s->shallow_target);
}

/* The middle of a picture that is too long to keep the maps of all its layers, else all of it. */
static PstCrop middle(const PstExample *e)
{
    int most = LONGEST * MIN(e->width, e->height);
    PstCrop crop = { .width = MIN(e->width, most), .height = MIN(e->height, most) };

    crop.x = (e->width - crop.width) / 2;
    crop.y = (e->height - crop.height) / 2;
    return crop;
}

static void add_vectors(const PstExample *e, const PstLossNetwork *encoder, int most, PstRandom *random,
                        PstStyleVectors *vectors)
{
    PstMap rgb = resampled(e, middle(e), PST_EXAMPLE_SIDE);
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstActivations) activations = pst_activations_new_of_layers(encoder, arena, rgb.height, rgb.width);

    pst_loss_network_forward(encoder, &rgb, activations);
    pst_style_vectors_add(vectors, activations, most, random);
    pst_map_clear(&rgb);
}

PstStyleVectors *pst_style_images_vectors(const PstStyleImages *images, const PstLossNetwork *encoder, int capacity,
                                          guint64 seed, PstArena *arena, GCancellable *cancellable)
{
    PstStyleVectors *vectors = pst_style_vectors_new(arena, capacity);

    for (int i = 0; i < images->count && !g_cancellable_is_cancelled(cancellable); i++) {
        PstRandom random = pst_random_at(seed, (guint64)i, 0);

        add_vectors(&images->items[i].example, encoder, capacity / images->count, &random, vectors);
    }
    pst_style_vectors_finish(vectors);
    return vectors;
}

void pst_style_images_statistics_clear(PstStyleImagesStatistics *s)
{
    g_clear_pointer(&s->styles, g_free);
    g_clear_pointer(&s->patches, pst_style_patches_unref);
}
