#include "calibration.h"

#include "engine/gradient/style_target.h"
#include "engine/network/model_private.h"
#include "engine/network/padding.h"
#include "engine/picture/reduction.h"

#include <string.h>

#define SIDE          256       /* pixels of a sample, its middle square */
#define SAMPLE_PIXELS (1 << 18) /* as which it is read, at most */
#define TARGET_PIXELS (7 << 16) /* of the painting, at most: 512x896. One of its measures has to end within a cancel */
#define LEAST_SIDE    16        /* relu5_1 still has a pixel */
#define STEP          0.5f      /* of what is missing */
#define CONTENT       0.25      /* what content counts beside style */

static const char *const samples[] = { "bust.jpg", "lake.jpg", "still_life.jpg", "street.jpg" };

enum { SAMPLES = G_N_ELEMENTS(samples) };

/* A photograph, and what the generator paints it from: the style's patches are swapped in. */
typedef struct {
    PstPicture *picture;
    PstArena *arena; /* of: */
    PstActivations *photo;
    PstMap taps[PST_STYLE_TAPS + 1]; /* [1] and [2] borrowed */
    float content[PST_STYLE_SIZE], asked[PST_STYLE_SIZE];
    PstStyleTarget painted;
} Sample;

typedef struct {
    const PstModel *model;
    const PstStyle *style;
    float correction[PST_STYLE_CHANNELS]; /* to paint with */
    GCancellable *cancellable;
    PstLossNetwork *encoder, *shallow;
    Sample samples[SAMPLES];
    PstPicture *picture; /* of the style */
    PstStyleTarget target;
} Calibration;

static void sample_clear(Sample *sample)
{
    for (int tap = PST_SWAP_FIRST_TAP; tap <= PST_STYLE_TAPS; tap++) {
        pst_map_clear(&sample->taps[tap]);
    }
    pst_activations_free(sample->photo);
    pst_arena_free(sample->arena);
    pst_picture_free(sample->picture);
}

static void calibration_clear(Calibration *c)
{
    for (int i = 0; i < SAMPLES; i++) {
        sample_clear(&c->samples[i]);
    }
    pst_picture_free(c->picture);
    pst_loss_network_free(c->encoder);
    pst_loss_network_free(c->shallow);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Calibration, calibration_clear)

static PstPicture *read_sample(const char *folder, const char *name, GCancellable *cancellable, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "samples", name, NULL);
    g_autoptr(PstPicture) sample = pst_picture_read_reduced(path, SAMPLE_PIXELS, FALSE, cancellable, error);
    g_autoptr(PstPicture) square = sample ? pst_picture_middle_square(sample, error) : NULL;

    return square ? pst_picture_resize(square, SIDE, SIDE, cancellable, error) : NULL;
}

static gboolean prepare(Calibration *c, GError **error)
{
    g_autofree char *folder = pst_model_folder(c->model);
    g_autofree char *encoder = g_build_filename(folder, "encoder.safetensors", NULL);
    g_autofree char *shallow = g_build_filename(folder, "examiner.safetensors", NULL);

    if (!(c->encoder = pst_loss_network_read(encoder, error)) ||
        !(c->shallow = pst_shallow_loss_network_read(shallow, error))) {
        return FALSE;
    }
    for (int i = 0; i < SAMPLES; i++) {
        if (!(c->samples[i].picture = read_sample(folder, samples[i], c->cancellable, error))) {
            return FALSE;
        }
    }
    return TRUE;
}

static PstMap padded(const PstPicture *picture)
{
    PstMap rgb = pst_map_new(pst_padded_side(picture->height), pst_padded_side(picture->width), 3);

    pst_padded_fill(picture, 0, &rgb);
    return rgb;
}

/* Taps that patches are swapped into, or are not where the style has none. */
static void swap_patches(const Calibration *c, Sample *sample)
{
    PstPatchSwap *swaps[PST_STYLE_TAPS + 1] = { NULL };

    if (c->style->patches) {
        pst_style_patches_swap(c->style->patches, sample->content, swaps);
    }
    for (int tap = PST_SWAP_FIRST_TAP; tap <= PST_STYLE_TAPS; tap++) {
        const PstMap *photo = &sample->photo->taps[tap];
        PstMap *map = &sample->taps[tap];

        *map = pst_map_new(photo->height, photo->width, photo->channels);
        if (swaps[tap]) {
            pst_patch_swap_map(swaps[tap], photo, map);
        } else {
            memcpy(map->data, photo->data, pst_map_size(map) * sizeof(float));
        }
        pst_patch_swap_free(swaps[tap]);
    }
}

static void encode(const Calibration *c, Sample *sample)
{
    PstMap rgb = padded(sample->picture);

    sample->arena = pst_arena_new();
    sample->photo = pst_activations_new(c->encoder, sample->arena, SIDE, SIDE, PST_TAPS, FALSE);
    pst_loss_network_forward(c->encoder, &rgb, sample->photo);
    pst_map_clear(&rgb);
    pst_taps_statistics(sample->photo->taps, sample->content);
    sample->taps[1] = sample->photo->taps[1];
    sample->taps[2] = sample->photo->taps[2];
    swap_patches(c, sample);
    pst_taps_statistics(sample->taps, sample->content);
    pst_generator_target(pst_model_generator(c->model), sample->content, c->style->statistics, 1, sample->asked);
}

static void paint(const Calibration *c, PstExecutor *executor, Sample *sample)
{
    const PstConditioning conditioning = { sample->content, sample->asked, c->correction, NULL, 0, 1 };
    g_autoptr(PstConditionedGenerator)
        generator = pst_conditioned_generator_new(pst_model_generator(c->model), &conditioning, NULL);
    PstMap rgb = pst_map_new(SIDE, SIDE, 3);

    pst_conditioned_generator_run(generator, executor, sample->taps, &rgb);
    for (gsize i = 0; i < pst_map_size(&rgb); i++) {
        rgb.data[i] = CLAMP(rgb.data[i], 0, 1);
    }
    pst_style_target_measure(c->encoder, c->shallow, &rgb, sample->photo->taps, c->cancellable, &sample->painted);
    pst_map_clear(&rgb);
}

static void measure_target(Calibration *c)
{
    PstMap rgb = padded(c->picture);

    pst_style_target_measure(c->encoder, c->shallow, &rgb, NULL, c->cancellable, &c->target);
    pst_map_clear(&rgb);
}

/* One sample, on this thread alone; the first time it is encoded before. */
static void paint_sample(Calibration *c, Sample *sample)
{
    g_autoptr(PstThreadPool) alone = pst_thread_pool_new(1);
    g_autoptr(PstExecutor) executor = pst_executor_new(alone, c->cancellable, NULL, NULL);

    if (!sample->photo) {
        encode(c, sample);
    }
    paint(c, executor, sample);
}

/* Of one sample, or of the painting itself. */
static void run_task(int task, int worker, gpointer data)
{
    Calibration *c = data;

    if (g_cancellable_is_cancelled(c->cancellable)) {
        return;
    }
    if (task == SAMPLES) {
        measure_target(c);
    } else {
        paint_sample(c, &c->samples[task]);
    }
}

/* How far the samples' paintings are from the style, and that and how far they are from the photographs. */
typedef struct {
    double style, all;
} Losses;

static Losses losses(const Calibration *c)
{
    Losses mean = { 0 };

    for (int i = 0; i < SAMPLES; i++) {
        const PstStyleTarget *painted = &c->samples[i].painted;
        double style = pst_style_target_distance(c->shallow, painted, &c->target);

        mean.style += style / SAMPLES;
        mean.all += (style + CONTENT * painted->content) / SAMPLES;
    }
    return mean;
}

/* What the deviations of the paintings miss, on average. */
static void find_missing(const Calibration *c, float missing[PST_STYLE_CHANNELS])
{
    for (int k = 0; k < PST_STYLE_CHANNELS; k++) {
        int deviation = PST_STYLE_CHANNELS + k;
        double sum = 0;

        for (int i = 0; i < SAMPLES; i++) {
            sum += c->samples[i].asked[deviation] - c->samples[i].painted.statistics[deviation];
        }
        missing[k] = (float)(sum / SAMPLES);
    }
}

/* Where asking for what is missing leads away, asking for less may lead nearer: codes beyond the generator's own are
 * read in ways that it was never taught. But not where that is only less of the style. */
static void search(Calibration *c, PstThreadPool *pool, PstStyle *style)
{
    static const float steps[] = { STEP, -STEP };
    float missing[PST_STYLE_CHANNELS];

    pst_thread_pool_run(pool, SAMPLES + 1, run_task, c);
    Losses before = losses(c);
    find_missing(c, missing);
    for (guint i = 0; i < G_N_ELEMENTS(steps) && !g_cancellable_is_cancelled(c->cancellable); i++) {
        for (int k = 0; k < PST_STYLE_CHANNELS; k++) {
            c->correction[k] = steps[i] * missing[k];
        }
        pst_thread_pool_run(pool, SAMPLES, run_task, c);
        Losses after = losses(c);
        if (after.all < before.all && (steps[i] > 0 || after.style < before.style)) {
            memcpy(style->correction, c->correction, sizeof c->correction);
            return;
        }
    }
}

gboolean pst_style_calibrate(PstStyle *style, const PstModel *model, PstThreadPool *pool, const PstPicture *picture,
                             int short_side, GCancellable *cancellable, GError **error)
{
    g_auto(Calibration) c = { .model = model, .style = style, .cancellable = cancellable };

    memset(style->correction, 0, sizeof style->correction);
    c.picture = pst_style_resize(picture, short_side, TARGET_PIXELS, cancellable, error);
    if (!c.picture) {
        return FALSE;
    }
    if (MIN(c.picture->width, c.picture->height) < LEAST_SIDE) {
        return TRUE;
    }
    if (!prepare(&c, error)) {
        return FALSE;
    }
    search(&c, pool, style);
    if (g_cancellable_set_error_if_cancelled(cancellable, error)) {
        memset(style->correction, 0, sizeof style->correction);
        return FALSE;
    }
    return TRUE;
}

PstStyle *pst_style_from_painting(const PstModel *model, PstThreadPool *pool, const PstPicture *picture, int short_side,
                                  const char *name, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstStyle) style = pst_style_from_picture(model, pool, picture, short_side, name, cancellable, error);

    return style && pst_style_calibrate(style, model, pool, picture, short_side, cancellable, error)
               ? g_steal_pointer(&style)
               : NULL;
}
