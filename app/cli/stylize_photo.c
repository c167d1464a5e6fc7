#include "stylize_photo.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_JPEG_SIDE 65500 /* pixels; also the writer's limit, told of before painting */

/* A photograph on its way. The painter reads it twice; what it does in between is told apart by when it begins again. */
typedef struct {
    const PstStylizePhoto *job;
    const PstBatchItem *item;
    PstRowReader *reader;
    PstPicture *resized; /* the whole photograph, if it gets another size; rows come from it then */
    PstPictureInfo info; /* borrowed; size and alpha of what is painted */
    PstRowWriter *writer; /* NULL before the first row */
    int next;            /* row of `resized` */
    gboolean told;       /* the error names its file */
    double reading, writing; /* seconds so far */
    gint64 second_pass;  /* when it began, or 0 */
    double first_reading; /* seconds of reading before that */
    int passes;
} Course;

static double seconds_since(gint64 since)
{
    return (double)(g_get_monotonic_time() - since) / G_USEC_PER_SEC;
}

static gboolean read_rows(gpointer data, int rows, float *rgb, float *alpha, GError **error)
{
    Course *course = data;
    gint64 since = g_get_monotonic_time();
    gboolean done = TRUE;

    if (course->resized) {
        const PstPicture *photo = course->resized;
        gsize from = (gsize)course->next * (gsize)photo->width, count = (gsize)rows * (gsize)photo->width;

        memcpy(rgb, photo->rgb + from * 3, count * sizeof(float[3]));
        if (alpha)
            memcpy(alpha, photo->alpha + from, count * sizeof(float));
        course->next += rows;
    } else {
        done = pst_row_reader_read(course->reader, rows, rgb, alpha, error);
    }
    course->told |= !done;
    course->reading += seconds_since(since);
    return done;
}

static gboolean rewind_rows(gpointer data, GError **error)
{
    Course *course = data;
    gboolean done = course->resized || pst_row_reader_rewind(course->reader, error);

    course->next = 0;
    course->told |= !done;
    if (++course->passes == 2) {
        course->second_pass = g_get_monotonic_time();
        course->first_reading = course->reading;
    }
    return done;
}

static void warn(Course *course)
{
    const PstPictureInfo *info = pst_row_reader_info(course->reader);
    g_autofree char *message = NULL;

    if (!info->warning)
        return;
    message = g_strdup_printf("%s: %s", course->item->input, info->warning);
    pst_report_warning(course->job->report, message);
}

/* The result is begun when all is known of the photograph: some of what goes with it stands behind its pixels. */
static gboolean open_writer(Course *course, GError **error)
{
    const PstStylizeRequest *request = course->job->request;
    PstPictureInfo info = *pst_row_reader_info(course->reader); /* borrows */
    int own_depth = info.format == PST_FORMAT_PNG && info.depth == 16 ? 16 : 8;
    PstWriteOptions options = {
        .format = course->item->format,
        .quality = request->quality,
        .depth = request->depth ? request->depth : own_depth,
        .conflict = request->conflict,
        .metadata = request->metadata,
        .recipe = course->job->recipe,
    };

    warn(course);
    info.width = course->info.width;
    info.height = course->info.height;
    course->writer = pst_row_writer_open(course->item->output, &info, &options, course->job->cancellable, error);
    return course->writer != NULL;
}

static gboolean write_rows(gpointer data, int rows, const float *rgb, const float *alpha, GError **error)
{
    Course *course = data;
    gint64 since = g_get_monotonic_time();
    gboolean done = (course->writer || open_writer(course, error)) &&
                    pst_row_writer_write(course->writer, rows, rgb, alpha, error);

    course->told |= !done;
    course->writing += seconds_since(since);
    return done;
}

static void paint_progress(double share, gpointer data)
{
    pst_report_progress(data, share);
}

/* What can be known to fail before the long work is done. */
static gboolean check_size(const PstStylizeRequest *request, const PstBatchItem *item, int width, int height,
                           GError **error)
{
    guint64 limit = request->limits.max_pixels ? request->limits.max_pixels
                                               : PST_DEFAULT_MAX_PIXELS;

    if ((guint64)width * (guint64)height > limit) {
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_TOO_BIG,
                    _("%s: --size would make it %d x %d pixels; choose a smaller one, or a larger"
                    " --max-pixels"), item->input, width, height);
        return FALSE;
    }
    if (item->format == PST_FORMAT_JPEG && MAX(width, height) > MAX_JPEG_SIDE) {
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_TOO_BIG,
                    _("%s: %d x %d pixels are too many for a JPEG file; add --format png, or a"
                    " smaller --size"), item->input, width, height);
        return FALSE;
    }
    return TRUE;
}

static PstPicture *read_whole(Course *course, GError **error)
{
    const PstPictureInfo *info = pst_row_reader_info(course->reader);
    g_autoptr(PstPicture) photo = pst_picture_new(info->width, info->height, info->alpha, error);

    if (!photo) {
        g_prefix_error(error, "%s: ", course->item->input);
        return NULL;
    }
    return pst_row_reader_read(course->reader, photo->height, photo->rgb, photo->alpha, error) ? g_steal_pointer(&photo)
                                                                                               : NULL;
}

/* Opens the photograph, and where it gets another size reads and resizes it. */
static gboolean open_photo(Course *course, GError **error)
{
    const PstStylizeRequest *request = course->job->request;
    PstReadLimits limits = request->limits;
    int width, height;

    limits.max_side = 2 * request->size; /* resizing does the rest better */
    course->reader = pst_row_reader_open(course->item->input, &limits, course->job->cancellable, error);
    if (!course->reader)
        return FALSE;
    course->info = *pst_row_reader_info(course->reader);
    width = course->info.full_width;
    height = course->info.full_height;
    if (request->size > 0)
        pst_size_fit_long_side(width, height, request->size, &width, &height);
    if (!check_size(request, course->item, width, height, error))
        return FALSE;
    if (width != course->info.width || height != course->info.height) {
        g_autoptr(PstPicture) photo = read_whole(course, error);

        if (!photo)
            return FALSE;
        course->resized = pst_picture_resize(photo, width, height, course->job->cancellable, error);
        if (!course->resized)
            return FALSE;
    }
    course->info.width = width;
    course->info.height = height;
    return TRUE;
}

/* A look is painted of a whole photograph. */
static gboolean paint_whole(Course *course, GError **error)
{
    const PstStylizePhoto *job = course->job;
    gint64 since = g_get_monotonic_time();
    g_autoptr(PstPicture) photo = course->resized ? g_steal_pointer(&course->resized) : read_whole(course, error);
    g_autoptr(PstPicture) painting = NULL;

    if (!photo) {
        course->told = TRUE;
        return FALSE;
    }
    course->reading += seconds_since(since);
    painting = pst_look_paint(job->look, job->model, job->pool, photo, paint_progress, NULL, job->report,
                              job->cancellable, error);
    return painting && write_rows(course, painting->height, painting->rgb, painting->alpha, error);
}

static void tell_plan(const Course *course)
{
    const PstPaintSettings *settings = &course->job->request->paint;
    PstPaintPlan plan = { .width = course->info.width, .height = course->info.height };

    plan.memory = pst_row_reader_memory(course->reader) +
                  pst_paint_stream_memory(plan.width, plan.height, course->info.alpha, settings, &plan.keeps_features);
    if (course->job->look)
        plan.memory += (guint64)plan.width * (guint64)plan.height * 8 * sizeof(float);
    else if (course->resized)
        plan.memory += (guint64)plan.width * (guint64)plan.height * 4 * sizeof(float);
    plan.memory += pst_row_writer_memory(course->item->format, plan.width, plan.height, &plan.temporary_size);
    plan.temporary_size += pst_row_reader_temporary_size(course->reader);
    pst_report_plan(course->job->report, &plan);
}

/* What the painter did between reading and writing. */
static void set_effort(const Course *course, gint64 since, double work_seconds, PstEffort *effort)
{
    double gathering = course->second_pass ? (double)(course->second_pass - since) / G_USEC_PER_SEC : 0;

    effort->width = course->info.width;
    effort->height = course->info.height;
    effort->reading = course->reading;
    effort->gathering = MAX(0, gathering - course->first_reading);
    effort->painting = MAX(0, work_seconds - effort->gathering - course->reading - course->writing);
    effort->writing = course->writing;
}

static char *run(Course *course, PstEffort *effort, GError **error)
{
    const PstStylizePhoto *job = course->job;
    gint64 begun = g_get_monotonic_time(), since;
    double opening, working;
    PstRowSource source = { .read = read_rows, .rewind = rewind_rows, .data = course };
    PstRowSink sink = { .write = write_rows, .data = course };
    char *written;

    if (!open_photo(course, error))
        return NULL;
    opening = seconds_since(begun);
    tell_plan(course);
    source.width = course->info.width;
    source.height = course->info.height;
    source.alpha = course->info.alpha;
    since = g_get_monotonic_time();
    if (!(job->look ? paint_whole(course, error)
                    : pst_paint_stream(job->model, job->pool, &source, &sink, job->style, &job->request->paint,
                                       paint_progress, job->report, job->cancellable, error))) {
        if (!course->told)
            g_prefix_error(error, "%s: ", course->item->input);
        return NULL;
    }
    working = seconds_since(since);
    set_effort(course, since, working, effort);
    effort->reading += opening;

    since = g_get_monotonic_time();
    written = pst_row_writer_commit(course->writer, error);
    effort->writing += seconds_since(since);
    pst_report_progress(job->report, 1);
    return written;
}

char *pst_stylize_photo(const PstStylizePhoto *job, const PstBatchItem *item, PstEffort *effort, GError **error)
{
    Course course = { .job = job, .item = item };
    char *written = run(&course, effort, error);

    pst_row_writer_free(course.writer);
    pst_row_reader_free(course.reader);
    pst_picture_free(course.resized);
    return written;
}
