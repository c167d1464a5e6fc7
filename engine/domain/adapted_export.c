#include "adapted_export.h"

#include <string.h>

#define STEP 64 /* rows at a time */

typedef struct {
    const PstAdaptation *adaptation;
    PstThreadPool *pool;
    const PstExportSettings *settings;
    PstRowReader *reader;
    PstRowWriter *writer;
} Work;

/* Photographs of one name get the same picture of the target whatever folder they are in. */
static guint64 seed_of(guint64 seed, const char *name)
{
    g_autofree char *base = g_path_get_basename(name);
    PstRandom random = pst_random_at(seed, g_str_hash(base), 0);

    return pst_random_bits(&random);
}

PstAdaptation *pst_adaptation_task_run(const PstAdaptationTask *task, const PstPicture *small, const char *name,
                                       GCancellable *cancellable, GError **error)
{
    PstAdaptationOptions options = task->options;

    options.seed = seed_of(options.seed, name);
    return pst_adaptation_new(small, task->source, task->target, &options, task->model, task->pool, cancellable, error);
}

static PstRowWriter *open_writer(const Work *work, const PstAdaptationTask *task, const char *output,
                                 GCancellable *cancellable, GError **error)
{
    const PstPictureInfo *info = pst_row_reader_info(work->reader);
    const PstProvenance provenance = { .program = "Pastiche " PASTICHE_VERSION,
                                       .enhanced = task->options.method != PST_ADAPTATION_NETWORK };
    PstWriteOptions options = work->settings->write;

    options.provenance = &provenance;
    if (!options.depth)
        options.depth = info->format == PST_FORMAT_PNG && info->depth == 16 ? 16 : 8;
    return pst_row_writer_open(output, info, &options, cancellable, error);
}

static gboolean adapt_rows(Work *work, GError **error)
{
    const PstPictureInfo *info = pst_row_reader_info(work->reader);
    gsize pixels = (gsize)info->width * STEP;
    g_autofree float *rgb = g_try_new(float, 3 * pixels), *alpha = info->alpha ? g_try_new(float, pixels) : NULL;

    if (!rgb || (info->alpha && !alpha)) {
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MEMORY, "%s", g_strerror(ENOMEM));
        return FALSE;
    }
    for (int y = 0; y < info->height; y += STEP) {
        int rows = MIN(STEP, info->height - y);

        if (!pst_row_reader_read(work->reader, rows, rgb, alpha, error))
            return FALSE;
        pst_adaptation_apply(work->adaptation, work->pool, info->width, info->height, y, rows, rgb);
        if (!pst_row_writer_write(work->writer, rows, rgb, alpha, error))
            return FALSE;
        if (work->settings->progress)
            work->settings->progress((double)(y + rows) / info->height, work->settings->data);
    }
    return TRUE;
}

static void warn(const Work *work, const char *path, const char *warning)
{
    if (warning && work->settings->warned)
        work->settings->warned(path, warning, work->settings->data);
}

static char *run(Work *work, const PstAdaptationTask *task, const char *path, const char *output,
                 PstExportEffort *effort, GCancellable *cancellable, GError **error)
{
    g_autofree char *lost = NULL;

    if (!(work->reader = pst_row_reader_open(path, &work->settings->limits, cancellable, error)) ||
        !(work->writer = open_writer(work, task, output, cancellable, error)) || !adapt_rows(work, error))
        return NULL;
    warn(work, path, pst_row_reader_info(work->reader)->warning);
    lost = pst_row_writer_lost(work->writer);
    warn(work, path, lost);
    effort->width = pst_row_reader_info(work->reader)->width;
    effort->height = pst_row_reader_info(work->reader)->height;
    return pst_row_writer_commit(work->writer, error);
}

char *pst_adapted_export(const PstAdaptationTask *task, const char *path, const char *output,
                         const PstExportSettings *settings, PstStructure *structure, PstExportEffort *effort,
                         GCancellable *cancellable, GError **error)
{
    Work work = { .pool = task->pool, .settings = settings };
    gint64 since = g_get_monotonic_time();
    g_autoptr(PstPicture) small = NULL, adapted = NULL;
    g_autoptr(PstAdaptation) adaptation = NULL;
    char *written = NULL;

    *effort = (PstExportEffort){ 0 };
    if (!pst_export_check_output(path, output, settings, error) ||
        !(small = pst_domain_read(path, cancellable, error)) ||
        !(adaptation = pst_adaptation_task_run(task, small, path, cancellable, error)))
        return NULL;
    if (structure && (!(adapted = pst_adaptation_picture(adaptation, task->pool, small, cancellable, error)) ||
                      !pst_structure_compare(small, adapted, structure, cancellable, error)))
        return NULL;
    effort->gathering = (double)(g_get_monotonic_time() - since) / G_USEC_PER_SEC;
    work.adaptation = adaptation;
    since = g_get_monotonic_time();
    written = run(&work, task, path, output, effort, cancellable, error);
    effort->painting = (double)(g_get_monotonic_time() - since) / G_USEC_PER_SEC;
    pst_row_reader_free(work.reader);
    pst_row_writer_free(work.writer);
    return written;
}
