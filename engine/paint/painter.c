#include "painter.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "job.h"

static gsize machine_memory(void)
{
    return (gsize)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGE_SIZE);
}

static gsize budget(const PstPaintSettings *settings)
{
    return settings->memory ? settings->memory : MIN(PST_PAINT_MEMORY, machine_memory() / 4);
}

static PstPaintSettings choose(const PstPaintSettings *settings)
{
    return settings ? *settings : PST_PAINT_SETTINGS_DEFAULT;
}

gsize pst_paint_memory(int width, int height, const PstPaintSettings *settings)
{
    PstPaintSettings chosen = choose(settings);

    return pst_plan(width, height, g_get_num_processors(), budget(&chosen), FALSE, FALSE).memory;
}

/* Even the smallest bands of a very wide picture may be more than there is. */
static gboolean check_memory(int width, int height, gsize pictures, gsize working, GError **error)
{
    if (working <= machine_memory() && pictures <= machine_memory() - working) {
        return TRUE;
    }
    g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MEMORY,
                _("painting %d x %d pixels takes %.1f GB of memory, and this machine has %.1f; paint it at a smaller size"),
                width, height, (pictures + working) / 1e9, machine_memory() / 1e9);
    return FALSE;
}

static gboolean run_passes(PstJob *job, const PstStyle *style, GError **error)
{
    PstFeatures features;

    job->work = pst_plan_work(&job->plan);
    pst_features_init(&features, job->plan.width, job->plan.height);
    if (job->plan.keep_features) {
        pst_features_hold(&features);
    }
    gboolean done = pst_job_encode(job, &features, style, error) && pst_job_paint(job, &features, style, error);
    pst_features_clear(&features);
    return done;
}

/* A picture in memory. */
typedef struct {
    PstPicture *result;
    PstPaintRows rows;
    gpointer data;
} Canvas;

static gboolean show_rows(int first, int rows, gpointer data, GError **error)
{
    const Canvas *canvas = data;

    rows = MIN(rows, canvas->result->height - first);
    if (canvas->rows && rows > 0) {
        canvas->rows(canvas->result, first, rows, canvas->data);
    }
    return TRUE;
}

PstPicture *pst_paint(const PstModel *model, PstThreadPool *pool, const PstPicture *photo, const PstStyle *style,
                      const PstPaintSettings *settings, PstPaintProgress progress, gpointer data,
                      GCancellable *cancellable, GError **error)
{
    return pst_paint_progressively(model, pool, photo, style, settings, progress, NULL, data, cancellable, error);
}

PstPicture *pst_paint_progressively(const PstModel *model, PstThreadPool *pool, const PstPicture *photo,
                                    const PstStyle *style, const PstPaintSettings *settings, PstPaintProgress progress,
                                    PstPaintRows rows, gpointer data, GCancellable *cancellable, GError **error)
{
    gsize pixels = (gsize)photo->width * photo->height;
    gsize pictures = pixels * 2 * (photo->alpha ? 4 : 3) * sizeof(float);
    PstJob job = { .model = model, .pool = pool, .settings = choose(settings), .photo = pst_job_frame(photo),
                   .progress = progress, .progress_data = data, .finished = show_rows, .cancellable = cancellable };
    g_autoptr(PstPicture) result = NULL;

    job.plan = pst_plan(photo->width, photo->height, pst_thread_pool_threads(pool), budget(&job.settings), FALSE,
                        photo->alpha != NULL);
    if (!check_memory(photo->width, photo->height, pictures, job.plan.memory, error) ||
        !(result = pst_picture_new(photo->width, photo->height, photo->alpha != NULL, error))) {
        return NULL;
    }
    if (photo->alpha) {
        memcpy(result->alpha, photo->alpha, pixels * sizeof(float));
    }
    pst_picture_info_clear(&result->info);
    pst_picture_info_copy(&photo->info, &result->info);

    pst_floats_advise(result->rgb, 3 * pixels);
    Canvas canvas = { result, rows, data };
    job.result = pst_job_frame(result);
    job.data = &canvas;
    if (job.settings.strength <= 0) {
        memcpy(result->rgb, photo->rgb, 3 * pixels * sizeof(float));
        show_rows(0, photo->height, &canvas, NULL);
    } else if (!run_passes(&job, style, error)) {
        return NULL;
    }
    return g_cancellable_set_error_if_cancelled(cancellable, error) ? NULL : g_steal_pointer(&result);
}

/* A picture that is streamed. */
typedef struct {
    const PstRowSource *source;
    const PstRowSink *sink;
    PstJob *job;
} Stream;

static gboolean read_rows(int first, int rows, gpointer data, GError **error)
{
    const Stream *stream = data;
    const PstFrame *photo = &stream->job->photo;

    if (first == 0 && !stream->source->rewind(stream->source->data, error)) {
        return FALSE;
    }
    return stream->source->read(stream->source->data, rows, pst_frame_rgb(photo, first), pst_frame_alpha(photo, first),
                                error);
}

/* Rows in pieces that the ring of the photograph, from which alpha comes, does not break. */
static gboolean write_rows(int first, int rows, gpointer data, GError **error)
{
    const Stream *stream = data;
    const PstFrame *photo = &stream->job->photo, *result = &stream->job->result;

    for (int end = MIN(first + rows, photo->height), n; first < end; first += n) {
        n = MIN(end - first, MIN(result->held - first % result->held, photo->held - first % photo->held));
        if (!stream->sink->write(stream->sink->data, n, pst_frame_rgb(result, first), pst_frame_alpha(photo, first),
                                 error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean copy_rows(const PstRowSource *source, const PstRowSink *sink, GError **error)
{
    g_autofree float *rgb = g_new(float, (gsize)source->width * 4);
    float *alpha = rgb + (gsize)source->width * 3;

    if (!source->alpha) {
        alpha = NULL;
    }
    for (int y = 0; y < source->height; y++) {
        if (!source->read(source->data, 1, rgb, alpha, error) || !sink->write(sink->data, 1, rgb, alpha, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gsize pst_paint_stream_memory(int width, int height, gboolean alpha, const PstPaintSettings *settings,
                              gboolean *keep_features)
{
    PstPaintSettings chosen = choose(settings);
    PstPlan plan = pst_plan(width, height, g_get_num_processors(), budget(&chosen), TRUE, alpha);

    if (keep_features) {
        *keep_features = plan.keep_features;
    }
    return plan.memory;
}

gboolean pst_paint_stream(const PstModel *model, PstThreadPool *pool, const PstRowSource *source, const PstRowSink *sink,
                          const PstStyle *style, const PstPaintSettings *settings, PstPaintProgress progress,
                          gpointer data, GCancellable *cancellable, GError **error)
{
    PstJob job = { .model = model, .pool = pool, .settings = choose(settings), .alpha = source->alpha,
                   .photo = { .width = source->width, .height = source->height }, .progress = progress,
                   .progress_data = data, .read = read_rows, .finished = write_rows, .cancellable = cancellable };
    Stream stream = { source, sink, &job };

    if (job.settings.strength <= 0) {
        return copy_rows(source, sink, error);
    }
    job.data = &stream;
    job.plan = pst_plan(source->width, source->height, pst_thread_pool_threads(pool), budget(&job.settings), TRUE,
                        source->alpha);
    if (!check_memory(source->width, source->height, 0, job.plan.memory, error)) {
        return FALSE;
    }
    job.result = (PstFrame){ .width = source->width, .height = source->height, .held = job.plan.band };
    job.result.rgb = pst_floats_new((gsize)3 * job.plan.band * source->width);
    gboolean done = run_passes(&job, style, error);
    pst_floats_free(job.result.rgb);
    return done;
}
