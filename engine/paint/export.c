#include "export.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define MAX_JPEG_SIDE 65500 /* pixels; also the writer's limit, told of before painting */

/* An export under way. The painter reads the photograph twice; what it does in between is told apart by when it
 * begins again. */
typedef struct {
    const PstLook *look;
    const PstExportSource *source;
    const PstExportSettings *settings;
    const char *output;
    GCancellable *cancellable;
    PstRowReader *reader;        /* or NULL: the photograph is in memory */
    PstPicture *resized;         /* the whole photograph, if it gets another size; or NULL */
    const PstPictureInfo *photo; /* what is known of it, and goes with the result */
    int width, height;           /* of the result */
    PstRowWriter *writer;        /* NULL before the first row */
    gboolean named;              /* the error names its file */
    int passes;
    double reading, writing; /* seconds so far */
    gint64 second_pass;      /* when it began, or 0 */
    double first_reading;    /* seconds of reading before that */
} Export;

static double seconds_since(gint64 since)
{
    return (double)(g_get_monotonic_time() - since) / G_USEC_PER_SEC;
}

/* ---- rows ------------------------------------------------------------------------------------- */

static gboolean read_rows(gpointer data, int rows, float *rgb, float *alpha, GError **error)
{
    Export *export = data;
    gint64 since = g_get_monotonic_time();
    gboolean done = pst_row_reader_read(export->reader, rows, rgb, alpha, error);

    export->named |= !done;
    export->reading += seconds_since(since);
    return done;
}

static gboolean rewind_rows(gpointer data, GError **error)
{
    Export *export = data;
    gboolean done = pst_row_reader_rewind(export->reader, error);

    export->named |= !done;
    if (++export->passes == 2) {
        export->second_pass = g_get_monotonic_time();
        export->first_reading = export->reading;
    }
    return done;
}

static void warn(const Export *export)
{
    g_autofree char *message = NULL;

    if (!export->settings->warned || !export->reader || !export->photo->warning) {
        return;
    }
    message = g_strdup_printf("%s: %s", export->source->path, export->photo->warning);
    export->settings->warned(message, export->settings->data);
}

/* The result is begun when all is known of the photograph: some of what goes with it stands behind its pixels. */
static gboolean open_writer(Export *export, GError **error)
{
    PstPictureInfo info = *export->photo; /* borrows */
    PstWriteOptions options = export->settings->write;

    if (!options.depth) {
        options.depth = info.format == PST_FORMAT_PNG && info.depth == 16 ? 16 : 8;
    }
    warn(export);
    info.width = export->width;
    info.height = export->height;
    export->writer = pst_row_writer_open(export->output, &info, &options, export->cancellable, error);
    return export->writer != NULL;
}

static gboolean write_rows(gpointer data, int rows, const float *rgb, const float *alpha, GError **error)
{
    Export *export = data;
    gint64 since = g_get_monotonic_time();
    gboolean done = (export->writer || open_writer(export, error)) &&
                    pst_row_writer_write(export->writer, rows, rgb, alpha, error);

    export->named |= !done;
    export->writing += seconds_since(since);
    return done;
}

/* ---- the photograph ----------------------------------------------------------------------------- */

/* What can be known to fail before the long work is done. */
static gboolean check_size(const Export *export, const char *name, GError **error)
{
    guint64 limit = export->settings->limits.max_pixels ? export->settings->limits.max_pixels : PST_DEFAULT_MAX_PIXELS;
    PstFormat format = export->settings->write.format;

    if ((guint64) export->width * (guint64) export->height > limit) {
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_TOO_BIG,
                    _("%s: the result would have %d x %d pixels, more than are allowed; choose a smaller size"), name,
                    export->width, export->height);
        return FALSE;
    }
    if (format == PST_FORMAT_UNKNOWN) {
        format = pst_format_from_suffix(export->output);
    }
    if (format == PST_FORMAT_JPEG && MAX(export->width, export->height) > MAX_JPEG_SIDE) {
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_TOO_BIG,
                    _("%s: %d x %d pixels are too many for a JPEG file; choose PNG or a smaller size"), name,
                    export->width, export->height);
        return FALSE;
    }
    return TRUE;
}

static PstPicture *read_whole(Export *export, GError **error)
{
    g_autoptr(PstPicture)
        photo = pst_picture_new(export->photo->width, export->photo->height, export->photo->alpha, error);

    if (!photo) {
        g_prefix_error(error, "%s: ", export->source->path);
        return NULL;
    }
    return pst_row_reader_read(export->reader, photo->height, photo->rgb, photo->alpha, error) ? g_steal_pointer(&photo)
                                                                                               : NULL;
}

/* Opens the photograph, and where it gets another size reads and resizes it. */
static gboolean open_photo(Export *export, const char *name, GError **error)
{
    const PstPicture *whole = export->source->photo;
    int size = export->look->size;
    g_autoptr(PstPicture) read = NULL;

    if (whole) {
        export->photo = &whole->info;
        export->width = whole->width;
        export->height = whole->height;
    } else {
        PstReadLimits limits = export->settings->limits;

        limits.max_side = 2 * size; /* resizing does the rest better */
        export->reader = pst_row_reader_open(export->source->path, &limits, export->cancellable, error);
        if (!export->reader) {
            return FALSE;
        }
        export->photo = pst_row_reader_info(export->reader);
        export->width = export->photo->full_width;
        export->height = export->photo->full_height;
    }
    if (size > 0) {
        pst_size_fit_long_side(export->width, export->height, size, &export->width, &export->height);
    }
    if (!check_size(export, name, error)) {
        return FALSE;
    }
    if (whole ? export->width == whole->width && export->height == whole->height
              : export->width == export->photo->width && export->height == export->photo->height) {
        return TRUE;
    }
    if (!whole && !(whole = read = read_whole(export, error))) {
        return FALSE;
    }
    export->resized = pst_picture_resize(whole, export->width, export->height, export->cancellable, error);
    return export->resized != NULL;
}

static PstRowSource open_source(Export *export)
{
    const PstPicture *whole = export->resized ? export->resized : export->source->photo;

    if (whole) {
        return pst_row_source(whole);
    }
    return (PstRowSource){ .width = export->width,
                           .height = export->height,
                           .alpha = export->photo->alpha,
                           .read = read_rows,
                           .rewind = rewind_rows,
                           .data = export };
}

/* ---- the whole ---------------------------------------------------------------------------------- */

static void tell_plan(const Export *export, const PstRowSource *source, int layers)
{
    PstExportPlan plan = { .width = export->width, .height = export->height };
    guint64 pixels = (guint64)plan.width * (guint64)plan.height;

    if (!export->settings->planned) {
        return;
    }
    plan.memory = pst_painter_memory(plan.width, plan.height, source->alpha, layers, export->settings->memory,
                                     &plan.keeps_features);
    if (export->reader) {
        plan.memory += pst_row_reader_memory(export->reader);
        plan.temporary_size += pst_row_reader_temporary_size(export->reader);
    }
    plan.memory += pixels * sizeof(float) * (export->look->stroke > 1 ? 8 : export->resized ? 4 : 0);
    guint64 temporary_size = 0;
    plan.memory += pst_row_writer_memory(export->settings->write.format, plan.width, plan.height, &temporary_size);
    plan.temporary_size += temporary_size;
    export->settings->planned(&plan, export->settings->data);
}

/* What the painter did between reading and writing. */
static void set_effort(const Export *export, gint64 since, double seconds, PstExportEffort *effort)
{
    double gathering = export->second_pass ? (double)(export->second_pass - since) / G_USEC_PER_SEC : 0;

    effort->width = export->width;
    effort->height = export->height;
    effort->reading = export->reading;
    effort->gathering = MAX(0, gathering - export->first_reading);
    effort->painting = MAX(0, seconds - effort->gathering - export->reading - export->writing);
    effort->writing = export->writing;
}

static gboolean paint(Export *export, const PstModel *model, PstThreadPool *pool, GError **error)
{
    const PstPainterOptions options = { .memory = export->settings->memory, .stroke = export->look->stroke };
    const PstRowSource source = open_source(export);
    const PstRowSink sink = { .write = write_rows, .data = export };
    const PstPicture *painting = export->source->painting;
    g_auto(PstLookLayers) layers = { 0 };
    g_autoptr(PstPainter) painter = NULL;

    if (painting && !export->resized) {
        return write_rows(export, painting->height, painting->rgb, painting->alpha, error);
    }
    pst_look_layers_init(&layers, export->look);
    tell_plan(export, &source, layers.paint.count);
    painter = pst_painter_new(model, pool, &source, &options, export->cancellable, error);
    return painter && pst_painter_paint(painter, &layers.paint, &sink, export->settings->progress,
                                        export->settings->data, export->cancellable, error);
}

static char *run(Export *export, const PstModel *model, PstThreadPool *pool, PstExportEffort *effort, GError **error)
{
    const char *name = export->source->path ? export->source->path : export->output;
    gint64 begun = g_get_monotonic_time(), since;
    double opening;
    char *written;

    if (!open_photo(export, name, error)) {
        return NULL;
    }
    opening = seconds_since(begun);
    since = g_get_monotonic_time();
    if (!paint(export, model, pool, error)) {
        if (!export->named && export->source->path) {
            g_prefix_error(error, "%s: ", name);
        }
        return NULL;
    }
    set_effort(export, since, seconds_since(since), effort);
    effort->reading += opening;
    since = g_get_monotonic_time();
    written = pst_row_writer_commit(export->writer, error);
    effort->writing += seconds_since(since);
    if (export->settings->progress) {
        export->settings->progress(1, export->settings->data);
    }
    return written;
}

static gboolean make_folder(const char *output, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(output);

    if (g_mkdir_with_parents(folder, 0777) == 0) {
        return TRUE;
    }
    int code = errno;
    g_autofree char *name = g_filename_display_name(folder);
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(code),
                _("%s: the folder can't be made (%s); choose another one"), name, g_strerror(code));
    return FALSE;
}

/* Whether both paths lead to one file, by whatever names. */
static gboolean is_same_file(const char *a, const char *b)
{
    GStatBuf first, second;

    return g_stat(a, &first) == 0 && g_stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* Everything about the output that can be known before the work. */
static gboolean check_output(const PstExportSource *source, const char *output, PstConflict conflict, GError **error)
{
    g_autofree char *target = NULL;

    if (source->path && conflict == PST_CONFLICT_OVERWRITE && is_same_file(source->path, output)) {
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_EXISTS,
                    _("%s: the painting would replace its photograph; choose another name or folder"), output);
        return FALSE;
    }
    if (!make_folder(output, error)) {
        return FALSE;
    }
    target = pst_output_resolve(output, conflict, error);
    return target != NULL;
}

char *pst_export(const PstLook *look, const PstModel *model, PstThreadPool *pool, const PstExportSource *source,
                 const char *output, const PstExportSettings *settings, PstExportEffort *effort,
                 GCancellable *cancellable, GError **error)
{
    Export export = {
        .look = look, .source = source, .settings = settings, .output = output, .cancellable = cancellable
    };
    PstExportEffort unseen;
    char *written = NULL;

    if (check_output(source, output, settings->write.conflict, error)) {
        written = run(&export, model, pool, effort ? effort : &unseen, error);
    }
    pst_row_writer_free(export.writer);
    pst_row_reader_free(export.reader);
    pst_picture_free(export.resized);
    return written;
}
