#include "painter.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "bands.h"
#include "engine/network/model_private.h"
#include "engine/transfer/canvas.h"

/* Rows of the features of a picture: taps[2] .. taps[4] from row `first` of the picture on. */
typedef struct {
    PstMap taps[PST_STYLE_TAPS + 1];
    int first;
} Features;

typedef struct {
    const PstModel *model;
    const PstPicture *photo;
    const PstPaintSettings *settings;
    PstExecutor *executor;
    PstBands bands;
    int width; /* of the canvas */
    PstMoments *moments[PST_STYLE_TAPS + 1];
    Features cache; /* all rows, where the plan is to keep them */
    double work;    /* in all, as the executor counts it */
    PstPaintProgress progress;
    gpointer data;
} Job;

static void report(double work, gpointer data)
{
    Job *job = data;

    job->progress(MIN(1, work / job->work), job->data);
}

static void clear_features(Features *features)
{
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        pst_map_clear(&features->taps[tap]);
    }
}

/* A view of rows of the features that the generator reads, without relu1_1. */
static void view_features(const Features *features, PstRange rows, PstMap taps[PST_STYLE_TAPS + 1])
{
    for (int tap = 2; tap <= PST_STYLE_TAPS; tap++) {
        int offset = (rows.begin - features->first) >> (tap - 1);

        taps[tap] = features->taps[tap];
        taps[tap].data = pst_map_at(&features->taps[tap], offset, 0);
        taps[tap].height = (rows.end - rows.begin) >> (tap - 1);
    }
}

static void encode(Job *job, PstRange rows, Features *features)
{
    PstMap rgb = pst_map_new(rows.end - rows.begin, job->width, 3);

    features->first = rows.begin;
    pst_canvas_fill(job->photo, rows.begin, &rgb);
    pst_encoder_taps_new(rgb.height, rgb.width, features->taps);
    pst_encoder_run(pst_model_encoder(job->model), job->executor, &rgb, features->taps);
    pst_map_clear(&rgb);
}

static void keep_features(Job *job, Features *features, PstRange core)
{
    gboolean whole = core.end - core.begin == job->bands.height;

    pst_map_clear(&features->taps[1]);
    if (whole) {
        job->cache = *features;
        *features = (Features){ 0 };
        return;
    }
    if (!job->cache.taps[2].data) {
        for (int tap = 2; tap <= PST_STYLE_TAPS; tap++) {
            job->cache.taps[tap] = pst_map_new(job->bands.height >> (tap - 1), job->width >> (tap - 1),
                                               pst_tap_channels[tap]);
        }
    }
    PstMap source[PST_STYLE_TAPS + 1], target[PST_STYLE_TAPS + 1];
    view_features(features, core, source);
    view_features(&job->cache, core, target);
    for (int tap = 2; tap <= PST_STYLE_TAPS; tap++) {
        memcpy(target[tap].data, source[tap].data, pst_map_size(&source[tap]) * sizeof(float));
    }
}

/* First pass: the statistics of the photograph, and its features where there is room for them. */
static void gather(Job *job)
{
    for (int i = 0; i < job->bands.count && !pst_executor_cancelled(job->executor); i++) {
        PstRange core = pst_bands_core(&job->bands, i);
        Features features;

        encode(job, pst_bands_with_halo(&job->bands, core, PST_ENCODER_HALO), &features);
        for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
            pst_executor_gather(job->executor, &features.taps[tap], (core.begin - features.first) >> (tap - 1),
                                (core.end - core.begin) >> (tap - 1), job->moments[tap]);
        }
        if (job->bands.keep_features) {
            keep_features(job, &features, core);
        }
        clear_features(&features);
    }
}

typedef struct {
    const Job *job;
    const PstMap *rgb;
    PstPicture *result;
    int canvas_first; /* row of the canvas that rgb begins with */
    int first;        /* row of the picture that this band begins with */
} Finish;

/* Blends the painting over the photograph. The network alone gives back the photograph only nearly at strength 0. */
static void finish_rows(int first, int rows, gpointer data)
{
    const Finish *f = data;
    const PstPaintSettings *settings = f->job->settings;
    float blend = 1 - pow(1 - settings->strength, 4);
    int width = f->result->width;

    for (int y = f->first + first; y < f->first + first + rows; y++) {
        const float *painted = pst_map_at(f->rgb, y - f->canvas_first, 0);
        const float *photo = f->job->photo->rgb + (gsize)3 * y * width;
        float *out = f->result->rgb + (gsize)3 * y * width;

        for (int x = 0; x < 3 * width; x += 3) {
            float colour[3] = { painted[x], painted[x + 1], painted[x + 2] };

            if (settings->keep_colours) {
                /* Rec. 601 luma moves, chroma stays. */
                float change = 0.299f * (colour[0] - photo[x]) + 0.587f * (colour[1] - photo[x + 1]) +
                               0.114f * (colour[2] - photo[x + 2]);

                for (int c = 0; c < 3; c++) {
                    colour[c] = photo[x + c] + change;
                }
            }
            for (int c = 0; c < 3; c++) {
                float value = photo[x + c] + blend * (colour[c] - photo[x + c]);

                /* A style from a stranger may lead to numbers that are none; they become black. */
                out[x + c] = value > 0 ? MIN(value, 1) : 0;
            }
        }
    }
}

/* Second pass: the painting, band by band. */
static void generate(Job *job, const PstBrush *brush, PstPicture *result)
{
    for (int i = 0; i < job->bands.count && !pst_executor_cancelled(job->executor); i++) {
        PstRange core = pst_bands_core(&job->bands, i);
        PstRange rows = pst_bands_with_halo(&job->bands, core, PST_GENERATOR_HALO);
        PstMap rgb = pst_map_new(rows.end - rows.begin, job->width, 3), taps[PST_STYLE_TAPS + 1];
        Features encoded = { 0 };

        if (!job->bands.keep_features) {
            encode(job, pst_bands_with_halo(&job->bands, rows, PST_ENCODER_HALO), &encoded);
            pst_map_clear(&encoded.taps[1]);
        }
        view_features(job->bands.keep_features ? &job->cache : &encoded, rows, taps);
        pst_brush_run(brush, job->executor, taps, &rgb);
        clear_features(&encoded);

        Finish finish = { job, &rgb, result, rows.begin, core.begin };
        pst_executor_rows(job->executor, MIN(core.end, result->height) - core.begin, 32, finish_rows, &finish);
        pst_map_clear(&rgb);
    }
}

static double count_work(const Job *job)
{
    double work = 0;

    for (int i = 0; i < job->bands.count; i++) {
        PstRange core = pst_bands_core(&job->bands, i);
        PstRange first = pst_bands_with_halo(&job->bands, core, PST_ENCODER_HALO);
        PstRange rows = pst_bands_with_halo(&job->bands, core, PST_GENERATOR_HALO);
        PstRange again = pst_bands_with_halo(&job->bands, rows, PST_ENCODER_HALO);

        work += pst_encoder_work() * (first.end - first.begin) + pst_brush_work() * (rows.end - rows.begin);
        work += job->bands.keep_features ? 0 : pst_encoder_work() * (again.end - again.begin);
    }
    return work * job->width;
}

static gsize machine_memory(void)
{
    return (gsize)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGE_SIZE);
}

static gsize budget(const PstPaintSettings *settings)
{
    return settings->memory ? settings->memory : machine_memory() / 4;
}

gsize pst_paint_memory(int width, int height, const PstPaintSettings *settings)
{
    PstPaintSettings chosen = settings ? *settings : PST_PAINT_SETTINGS_DEFAULT;
    PstBands bands;

    pst_bands_plan(&bands, pst_canvas_side(width), pst_canvas_side(height), budget(&chosen));
    return bands.memory;
}

/* Even the smallest bands of a very wide picture may be more than there is. */
static gboolean check_memory(const PstPicture *photo, const PstBands *bands, GError **error)
{
    gsize pictures = (gsize)photo->width * photo->height * 2 * (photo->alpha ? 4 : 3) * sizeof(float);

    if (bands->memory <= machine_memory() && pictures <= machine_memory() - bands->memory) {
        return TRUE;
    }
    g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MEMORY,
                "painting %d x %d pixels takes %.1f GB of memory, and this machine has %.1f; paint it at a smaller size",
                photo->width, photo->height, (pictures + bands->memory) / 1e9, machine_memory() / 1e9);
    return FALSE;
}

/* The statistics to move to: between the photograph's and the style's. */
static void aim(const Job *job, const PstStyle *style, float *content, float *target)
{
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        float *means = content + pst_style_offset(tap);

        pst_moments_get(job->moments[tap], PST_EPSILON, means, means + PST_STYLE_CHANNELS);
    }
    for (int k = 0; k < PST_STYLE_SIZE; k++) {
        target[k] = content[k] + job->settings->strength * (style->statistics[k] - content[k]);
    }
}

static void copy_photo(const PstPicture *photo, PstPicture *result)
{
    gsize pixels = (gsize)photo->width * photo->height;

    memcpy(result->rgb, photo->rgb, 3 * pixels * sizeof(float));
    if (photo->alpha) {
        memcpy(result->alpha, photo->alpha, pixels * sizeof(float));
    }
    pst_picture_info_clear(&result->info);
    pst_picture_info_copy(&photo->info, &result->info);
}

PstPicture *pst_paint(const PstModel *model, PstThreadPool *pool, const PstPicture *photo, const PstStyle *style,
                      const PstPaintSettings *settings, PstPaintProgress progress, gpointer data,
                      GCancellable *cancellable, GError **error)
{
    PstPaintSettings chosen = settings ? *settings : PST_PAINT_SETTINGS_DEFAULT;
    g_autoptr(PstPicture) result = NULL;
    Job job = { .model = model, .photo = photo, .settings = &chosen, .progress = progress, .data = data };

    job.width = pst_canvas_side(photo->width);
    pst_bands_plan(&job.bands, job.width, pst_canvas_side(photo->height), budget(&chosen));
    if (!check_memory(photo, &job.bands, error) ||
        !(result = pst_picture_new(photo->width, photo->height, photo->alpha != NULL, error))) {
        return NULL;
    }
    copy_photo(photo, result);
    if (chosen.strength <= 0) {
        return g_steal_pointer(&result);
    }
    job.work = count_work(&job);
    job.executor = pst_executor_new(pool, cancellable, progress ? report : NULL, &job);
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        job.moments[tap] = pst_moments_new(pst_tap_channels[tap]);
    }

    gather(&job);
    if (!pst_executor_cancelled(job.executor)) {
        float content[PST_STYLE_SIZE], target[PST_STYLE_SIZE];

        aim(&job, style, content, target);
        PstManner manner = { content, target, style->change, chosen.strength, chosen.detail };
        g_autoptr(PstBrush) brush = pst_brush_new(pst_model_generator(model), &manner);
        generate(&job, brush, result);
    }

    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        pst_moments_free(job.moments[tap]);
    }
    clear_features(&job.cache);
    pst_executor_free(job.executor);
    return g_cancellable_set_error_if_cancelled(cancellable, error) ? NULL : g_steal_pointer(&result);
}
