#include "export.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/base/memory.h"
#include "engine/base/memory_guard.h"
#include "painting_layers.h"
#include "result_parts.h"

/* An export under way. The painter reads the photograph twice; what it does in between is distinguished by when it
 * begins again. */
typedef struct {
    const PstLook *look;
    const PstExportSource *source;
    const PstExportSettings *settings;
    const char *output;
    PstMemoryGuard *guard;
    GCancellable *cancellable;   /* of the guard */
    PstRowReader *reader;        /* or NULL: the photograph is in memory */
    PstPicture *resized;         /* the whole photograph, if it gets another size; or NULL */
    const PstPictureInfo *photo; /* what is known of it, and goes with the result */
    int width, height;           /* of the result */
    PstPictureInfo info;         /* of the result; borrows */
    PstWriteOptions options;     /* complete with the first row */
    PstProvenance provenance;    /* of them */
    PstProvenanceStyle *styles;  /* of that */
    PstRowWriter *writer;        /* NULL before the first row */
    PstResultParts *parts;       /* that other processes write, too; or NULL */
    gboolean named;              /* the error names its file */
    gboolean warned;             /* of what is odd about the photograph */
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

static void warn(Export *export, const char *warning)
{
    const char *file = export->source->path ? export->source->path : export->output;

    if (export->settings->warned && warning) {
        export->settings->warned(file, warning, export->settings->data);
    }
}

/* Once, at the latest when all rows are read: some faults stand behind them. */
static void warn_of_photo(Export *export)
{
    if (export->reader && export->photo->warning && !export->warned) {
        export->warned = TRUE;
        warn(export, export->photo->warning);
    }
}

/* The styles of a look, borrowed from it; free the list with g_free(). */
static PstProvenanceStyle *list_styles(const PstLook *look, int *count)
{
    PstProvenanceStyle *styles = g_new0(PstProvenanceStyle, PST_LOOK_REGIONS * PST_LOOK_STYLES);

    *count = 0;
    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            const PstStyle *style = look->regions[i].styles[k].style;

            styles[(*count)++] = (PstProvenanceStyle){ style->name ? style->name : look->regions[i].styles[k].id,
                                                       style->licence };
        }
    }
    return styles;
}

/* All is known of the photograph when the first row comes: some of what goes with it stands behind its pixels. */
static void describe_result(Export *export)
{
    PstWriteOptions *options = &export->options;

    if (export->styles) {
        return;
    }
    export->info = *export->photo;
    export->info.width = export->width;
    export->info.height = export->height;
    export->provenance.program = "Pastiche " PASTICHE_VERSION;
    export->styles = list_styles(export->look, &export->provenance.count);
    export->provenance.styles = export->styles;
    *options = export->settings->write;
    if (!options->recipe) {
        export->provenance.count = 0;
    }
    options->provenance = &export->provenance;
    options->layer = _("Painting");
    if (!options->depth) {
        options->depth = pst_format_is_deep(export->info.format) && export->info.depth > 8 ? 16 : 8;
    }
    warn_of_photo(export);
}

static gboolean open_writer(Export *export, GError **error)
{
    g_autofree char *lost = NULL;

    describe_result(export);
    export->writer = pst_row_writer_open(export->output, &export->info, &export->options, export->cancellable, error);
    if (export->writer && (lost = pst_row_writer_lost(export->writer))) {
        warn(export, lost);
    }
    return export->writer != NULL;
}

/* Paints for another process, and writes no result. */
static gboolean is_helper(const Export *export)
{
    return export->settings->exchange && !export->settings->exchange->leads;
}

static gboolean wants_rows(gpointer data, int first, int rows)
{
    const Export *export = data;

    return export->parts ? pst_result_parts_wants(export->parts, first, rows) : !is_helper(export);
}

static gboolean write_rows(gpointer data, int rows, const float *rgb, const float *alpha, GError **error)
{
    Export *export = data;
    gint64 since = g_get_monotonic_time();
    gboolean done = TRUE;

    if (export->parts) {
        describe_result(export);
        done = pst_result_parts_write(export->parts, &export->info, &export->options, rows, rgb, alpha,
                                      export->cancellable, error);
    } else if (!is_helper(export)) {
        done = (export->writer || open_writer(export, error)) &&
               pst_row_writer_write(export->writer, rows, rgb, alpha, error);
    }
    export->named |= !done;
    export->writing += seconds_since(since);
    return done;
}

/* ---- the photograph ----------------------------------------------------------------------------- */

static PstFormat result_format(const Export *export)
{
    PstFormat format = export->settings->write.format;

    return format == PST_FORMAT_UNKNOWN ? pst_format_from_suffix(export->output) : format;
}

/* What can be known to fail before the long work is done. */
static gboolean check_size(const Export *export, const char *name, GError **error)
{
    guint64 limit = export->settings->limits.max_pixels ? export->settings->limits.max_pixels : PST_DEFAULT_MAX_PIXELS;
    PstFormat format = result_format(export);

    if ((guint64) export->width * (guint64) export->height > limit) {
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_TOO_BIG,
                    _("%s: the result would have %d x %d pixels, more than are allowed"), name, export->width,
                    export->height);
        return FALSE;
    }
    if (MAX(export->width, export->height) > pst_format_longest_side(format)) {
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_TOO_BIG,
                    _("%s: %d x %d pixels are too many for a %s file"), name, export->width, export->height,
                    pst_format_name(format));
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

/* Tells what the painting will take, and checks that it can have that: the painter can't be refused memory later. */
static gboolean plan(const Export *export, const PstRowSource *source, int layers, double seconds, GError **error)
{
    PstExportPlan plan = { .width = export->width, .height = export->height, .seconds = seconds };
    guint64 pixels = (guint64)plan.width * (guint64)plan.height, temporary_size = 0;

    plan.memory = pst_painter_memory(plan.width, plan.height, source->alpha, layers, export->settings->memory,
                                     &plan.keeps_features);
    if (export->reader) {
        plan.memory += pst_row_reader_memory(export->reader);
        plan.temporary_size += pst_row_reader_temporary_size(export->reader);
    }
    plan.memory += export->resized ? pixels * 4 * sizeof(float) : 0;
    plan.memory += pst_row_writer_memory(result_format(export), plan.width, plan.height, &temporary_size);
    plan.temporary_size += temporary_size;
    if (export->settings->planned) {
        export->settings->planned(&plan, export->settings->data);
    }
    if (pst_memory_is_there(plan.memory)) {
        return TRUE;
    }
    g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MEMORY,
                _("painting it takes about %d MB of memory, more than there is"), (int)(plan.memory >> 20));
    return FALSE;
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
    const PstRowSource source = open_source(export);
    const PstPainterOptions options = { .memory = export->settings->memory,
                                        .stroke = pst_look_stroke(export->look, source.width, source.height) };
    const PstRowSink sink = { .write = write_rows, .wants = wants_rows, .data = export };
    const PstPicture *painting = export->source->painting;
    g_auto(PstLookLayers) layers = { 0 };
    g_autoptr(PstPainter) painter = NULL;
    double seconds;

    if (painting && !export->resized) {
        return write_rows(export, painting->height, painting->rgb, painting->alpha, error);
    }
    if (export->settings->exchange && pst_row_writer_takes_parts(result_format(export), export->width, export->height,
                                                                 export->settings->write.pyramid)) {
        export->parts = pst_result_parts_new(export->settings->exchange, export->height);
    }
    pst_look_layers_init(&layers, export->look);
    if (pst_look_is_refinable(export->look, NULL)) {
        PstRefinedOptions refined = pst_look_refined_options(export->look);

        refined.memory = options.memory;
        refined.exchange = export->settings->exchange;
        seconds = export->settings->planned
                      ? pst_refined_seconds(model, pool, export->width, export->height, &layers.paint, &refined)
                      : 0;
        return plan(export, &source, layers.paint.count, seconds, error) &&
               pst_refined_paint(model, pool, &source, &layers.paint, &refined, &sink, export->settings->progress,
                                 export->settings->data, export->cancellable, error);
    }
    if (!plan(export, &source, layers.paint.count, 0, error)) {
        return FALSE;
    }
    painter = pst_painter_new(model, pool, &source, &options, export->cancellable, error);
    return painter && pst_painter_paint(painter, &layers.paint, &sink, export->settings->progress,
                                        export->settings->data, export->cancellable, error);
}

/* Where the file system can't do it, the painting is there all the same. */
static void keep_times(const char *photo, const char *written)
{
    struct stat status;

    if (photo && stat(photo, &status) == 0 && S_ISREG(status.st_mode)) {
        const struct timespec times[] = { status.st_atim, status.st_mtim };

        utimensat(AT_FDCWD, written, times, 0);
    }
}

/* Below the painting, in formats that have layers. */
static gboolean write_layers(Export *export, GError **error)
{
    const PstRowSource source = open_source(export);
    gboolean done = !pst_format_has_layers(result_format(export)) ||
                    pst_painting_layers_write(export->look, &source, export->writer, error);

    if (!done && !export->named && export->source->path) {
        g_prefix_error(error, "%s: ", export->source->path);
    }
    return done;
}

static gboolean join_parts(Export *export, GError **error)
{
    return !export->parts ||
           (open_writer(export, error) && pst_result_parts_join(export->parts, export->writer, error));
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
        pst_memory_guard_explain(export->guard, error);
        if (!export->named && export->source->path) {
            g_prefix_error(error, "%s: ", name);
        }
        return NULL;
    }
    set_effort(export, since, seconds_since(since), effort);
    effort->reading += opening;
    warn_of_photo(export);
    since = g_get_monotonic_time();
    if (is_helper(export)) {
        written = g_strdup(export->output);
    } else {
        written = join_parts(export, error) && write_layers(export, error)
                      ? pst_row_writer_commit(export->writer, error)
                      : NULL;
    }
    effort->writing += seconds_since(since);
    if (written && export->settings->keep_times && !is_helper(export)) {
        keep_times(export->source->path, written);
    }
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
    g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_PERMISSION, _("%s: the folder can't be made (%s)"), name,
                g_strerror(code));
    return FALSE;
}

gboolean pst_export_check_output(const char *path, const char *output, const PstExportSettings *settings,
                                 GError **error)
{
    PstConflict conflict = settings->write.conflict;
    g_autoptr(PstInputs) photo = pst_inputs_new();
    g_autofree char *target = NULL;

    pst_inputs_add(photo, path);
    if (conflict == PST_CONFLICT_OVERWRITE &&
        !(pst_inputs_spare(photo, output, error) && pst_inputs_spare(settings->inputs, output, error))) {
        return FALSE;
    }
    if (strcmp(output, PST_OUTPUT_STANDARD) == 0) {
        return TRUE;
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
    g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(cancellable, error);
    Export export = { .look = look, .source = source, .settings = settings, .output = output };
    PstExportEffort unseen;
    char *written = NULL;

    if (!guard) {
        return NULL;
    }
    export.guard = guard;
    export.cancellable = pst_memory_guard_cancellable(guard);
    if (pst_export_check_output(source->path, output, settings, error)) {
        written = run(&export, model, pool, effort ? effort : &unseen, error);
    }
    pst_row_writer_free(export.writer);
    pst_result_parts_free(export.parts);
    g_free(export.styles);
    pst_row_reader_free(export.reader);
    pst_picture_free(export.resized);
    return written;
}
