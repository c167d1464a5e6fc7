#include "discriminator.h"

#include "engine/gradient/vector.h"

#include "engine/kernel/convolution.h"
#include "engine/kernel/moments.h"
#include "engine/kernel/pointwise.h"

#include <math.h>
#include <string.h>

#define LAYERS       2
#define WIDTH        32 /* channels of its own maps */
#define LEAST_SPREAD 1e-3f

/* ---- patches of the style images -------------------------------------------------------------- */

typedef struct {
    const PstLossNetwork *encoder;
    const PstExample *images;
    int image_count;
    const PstPatchesPlan *plan;
    PstPatches *patches;
} Encoding;

static void encode_patch(int task, int worker, gpointer data)
{
    const Encoding *e = data;
    int size = e->plan->size;
    PstRandom random = pst_random_at(e->plan->seed, G_MAXUINT64 - 1, task);
    const PstExample *image = &e->images[task % e->image_count];
    PstCrop crop = pst_example_random_square(image, &random, size, size * 3 / 2);
    g_autoptr(PstArena) arena = pst_arena_new();
    PstMap rgb = pst_arena_map(arena, size, size, 3);
    g_autoptr(PstActivations) activations = pst_activations_new(e->encoder, arena, size, size, PST_PATCH_TAP, FALSE);
    const PstMap *features = &activations->taps[PST_PATCH_TAP];
    PstMap *map = &e->patches->maps[task];

    pst_example_resample(image, crop, &rgb);
    pst_vary_colours(&rgb, &random);
    pst_loss_network_forward(e->encoder, &rgb, activations);
    *map = pst_map_new(features->height, features->width, PST_PATCH_CHANNELS);
    memcpy(map->data, features->data, pst_map_size(map) * sizeof(float));
}

PstPatches *pst_patches_new(const PstLossNetwork *encoder, const PstExample *images, int image_count,
                            const PstPatchesPlan *plan, PstThreadPool *pool)
{
    PstPatches *patches = g_new0(PstPatches, 1);
    g_autoptr(PstMoments) moments = pst_moments_new(PST_PATCH_CHANNELS);
    float mean[PST_PATCH_CHANNELS], deviation[PST_PATCH_CHANNELS];

    patches->count = plan->count;
    patches->maps = g_new0(PstMap, plan->count);
    pst_thread_pool_run(pool, plan->count, encode_patch, &(Encoding){ encoder, images, image_count, plan, patches });
    patches->side = patches->maps[0].width;
    for (int i = 0; i < patches->count; i++) {
        pst_moments_add(moments, &patches->maps[i], 0, patches->side);
    }
    pst_moments_get(moments, 0, mean, deviation);
    for (int c = 0; c < PST_PATCH_CHANNELS; c++) {
        patches->scale[c] = 1 / (deviation[c] + LEAST_SPREAD);
        patches->shift[c] = -mean[c] * patches->scale[c];
    }
    return patches;
}

void pst_patches_free(PstPatches *patches)
{
    if (!patches) {
        return;
    }
    for (int i = 0; i < patches->count; i++) {
        pst_map_clear(&patches->maps[i]);
    }
    g_free(patches->maps);
    g_free(patches);
}

/* ---- the discriminator ------------------------------------------------------------------------ */

static const int channels[LAYERS + 1] = { PST_PATCH_CHANNELS, WIDTH, WIDTH };

struct PstDiscriminator {
    PstConvolution *layers[LAYERS];
    float last[WIDTH + 1]; /* the 1x1 convolution and its bias */
};

struct PstDiscriminatorWorkspace {
    PstMap maps[LAYERS + 1]; /* standardised features, then outputs after ReLU */
    PstMap score, dscore;    /* one channel */
    PstMap d[2];
    float *scratch;
};

/* Where the weights of a layer stand in a row: [out][in][3][3], then [out]. */
static gsize weights_at(int layer)
{
    gsize at = 0;

    for (int i = 0; i < layer; i++) {
        at += (gsize)channels[i + 1] * (9 * channels[i] + 1);
    }
    return at;
}

static gsize bias_at(int layer)
{
    return weights_at(layer) + (gsize)9 * channels[layer] * channels[layer + 1];
}

gsize pst_discriminator_size(void)
{
    return (weights_at(LAYERS) + WIDTH + 1 + 15) & ~(gsize)15;
}

PstDiscriminator *pst_discriminator_new(void)
{
    PstDiscriminator *d = g_new0(PstDiscriminator, 1);

    for (int i = 0; i < LAYERS; i++) {
        d->layers[i] = pst_convolution_new(channels[i], channels[i + 1]);
    }
    return d;
}

void pst_discriminator_free(PstDiscriminator *d)
{
    if (!d) {
        return;
    }
    for (int i = 0; i < LAYERS; i++) {
        pst_convolution_free(d->layers[i]);
    }
    g_free(d);
}

void pst_discriminator_init(float *weights, guint64 seed)
{
    memset(weights, 0, pst_discriminator_size() * sizeof *weights);
    for (int i = 0; i <= LAYERS; i++) {
        PstRandom random = pst_random_at(seed, G_MAXUINT64 - 2, i);
        gsize n = i < LAYERS ? bias_at(i) - weights_at(i) : WIDTH;
        double deviation = i < LAYERS ? sqrt(2.0 / (9 * channels[i])) : sqrt(0.1 / WIDTH);

        for (gsize k = 0; k < n; k++) {
            weights[weights_at(i) + k] = (float)(deviation * pst_random_normal(&random));
        }
    }
    weights[weights_at(LAYERS) + WIDTH] = 0.5f; /* undecided */
}

void pst_discriminator_set(PstDiscriminator *d, const float *weights)
{
    for (int i = 0; i < LAYERS; i++) {
        pst_convolution_set_with_gradient(d->layers[i], weights + weights_at(i), weights + bias_at(i));
    }
    memcpy(d->last, weights + weights_at(LAYERS), sizeof d->last);
}

PstDiscriminatorWorkspace *pst_discriminator_workspace_new(const PstDiscriminator *d, PstArena *arena, int side)
{
    PstDiscriminatorWorkspace *w = g_new0(PstDiscriminatorWorkspace, 1);
    gsize scratch = 0;

    for (int i = 0; i <= LAYERS; i++) {
        w->maps[i] = pst_arena_map(arena, side, side, channels[i]);
    }
    for (int i = 0; i < 2; i++) {
        w->d[i] = pst_arena_map(arena, side, side, MAX(PST_PATCH_CHANNELS, WIDTH));
    }
    w->score = pst_arena_map(arena, side, side, 1);
    w->dscore = pst_arena_map(arena, side, side, 1);
    for (int i = 0; i < LAYERS; i++) {
        scratch = MAX(scratch, pst_convolution_scratch(d->layers[i], side));
    }
    w->scratch = pst_arena_floats(arena, scratch);
    return w;
}

void pst_discriminator_workspace_free(PstDiscriminatorWorkspace *w)
{
    g_free(w);
}

PST_VECTOR static void standardise(const PstMap *f, const PstPatches *patches, PstMap *z)
{
    gsize pixels = (gsize)f->height * f->width;

    for (gsize p = 0; p < pixels; p++) {
        const float *from = f->data + p * PST_PATCH_CHANNELS;
        float *to = z->data + p * PST_PATCH_CHANNELS;

        for (int c = 0; c < PST_PATCH_CHANNELS; c++) {
            to[c] = from[c] * patches->scale[c] + patches->shift[c];
        }
    }
}

PST_VECTOR static void add_standardised(const PstMap *dz, const PstPatches *patches, PstMap *df)
{
    gsize pixels = (gsize)df->height * df->width;

    for (gsize p = 0; p < pixels; p++) {
        const float *from = dz->data + p * PST_PATCH_CHANNELS;
        float *to = df->data + p * PST_PATCH_CHANNELS;

        for (int c = 0; c < PST_PATCH_CHANNELS; c++) {
            to[c] += from[c] * patches->scale[c];
        }
    }
}

static void forward(const PstDiscriminator *d, PstDiscriminatorWorkspace *w)
{
    for (int i = 0; i < LAYERS; i++) {
        pst_convolution_forward(d->layers[i], &w->maps[i], &w->maps[i + 1], 0, w->maps[i].height,
                                &(PstFusion){ .relu = TRUE }, w->scratch);
    }
    pst_pointwise(&w->maps[LAYERS], d->last, d->last + WIDTH, FALSE, &w->score, 0, w->score.height);
}

static void backward(const PstDiscriminator *d, PstDiscriminatorWorkspace *w, float *dweights, gboolean input)
{
    PstMap dy = w->d[0];

    dy.channels = WIDTH;
    if (dweights) {
        float *last = dweights + weights_at(LAYERS);

        pst_pointwise_gradient_weights(&w->maps[LAYERS], &w->dscore, last, last + WIDTH);
    }
    pst_pointwise_gradient_input(&w->dscore, d->last, FALSE, &dy);
    for (int i = LAYERS - 1; i >= 0; i--) {
        PstMap dx = w->d[(LAYERS - i) % 2];

        dx.channels = channels[i];
        if (dweights) {
            pst_convolution_backward_weights(d->layers[i], &w->maps[i], &dy, &w->maps[i + 1], dweights + weights_at(i),
                                             dweights + bias_at(i), w->scratch);
        }
        if (i > 0 || input) {
            pst_convolution_backward_input(d->layers[i], &dy, &w->maps[i + 1], &dx, w->scratch);
        }
        dy = dx;
    }
}

double pst_discriminator_loss(const PstDiscriminator *d, PstDiscriminatorWorkspace *w, const PstPatches *patches,
                              const PstMap *features, double wanted, double weight, float *dweights, PstMap *dfeatures)
{
    gsize n = pst_map_size(&w->score);
    double sum = 0;

    standardise(features, patches, &w->maps[0]);
    forward(d, w);
    for (gsize i = 0; i < n; i++) {
        double error = w->score.data[i] - wanted;

        sum += error * error;
        w->dscore.data[i] = (float)(weight * error / n);
    }
    if (dweights || dfeatures) {
        backward(d, w, dweights, dfeatures != NULL);
    }
    if (dfeatures) {
        add_standardised(&w->d[LAYERS % 2], patches, dfeatures);
    }
    return sum / (2 * n);
}
