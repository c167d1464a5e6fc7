#include "stream.h"

#include "engine/picture/row_reader.h"

typedef struct {
    PstRowReader *reader;
    PstRowWriter *writer; /* NULL before the first row */
    const char *output;
    const PstWriteOptions *options;
    GCancellable *cancellable;
} Course;

gboolean pst_look_can_stream(const PstLook *look)
{
    return look->count == 1 && look->regions[0].count > 0 && !look->regions[0].mask && look->stroke == 1;
}

static gboolean read_rows(gpointer data, int rows, float *rgb, float *alpha, GError **error)
{
    return pst_row_reader_read(((Course *)data)->reader, rows, rgb, alpha, error);
}

static gboolean rewind_rows(gpointer data, GError **error)
{
    return pst_row_reader_rewind(((Course *)data)->reader, error);
}

/* The result is begun late, when all is known of the photograph: some of what goes with it stands behind its pixels. */
static gboolean write_rows(gpointer data, int rows, const float *rgb, const float *alpha, GError **error)
{
    Course *course = data;

    if (!course->writer) {
        course->writer = pst_row_writer_open(course->output, pst_row_reader_info(course->reader), course->options,
                                             course->cancellable, error);
    }
    return course->writer && pst_row_writer_write(course->writer, rows, rgb, alpha, error);
}

char *pst_look_stream(const PstLook *look, const PstModel *model, PstThreadPool *pool, const char *input,
                      const char *output, const PstWriteOptions *options, PstPaintProgress progress, gpointer data,
                      GCancellable *cancellable, GError **error)
{
    g_return_val_if_fail(pst_look_can_stream(look), NULL);
    const PstPaintSettings settings = { .strength = look->strength, .detail = look->detail,
                                        .keep_colours = look->keep_colours };
    g_autoptr(PstRowReader) reader = pst_row_reader_open(input, NULL, cancellable, error);
    char *written = NULL;

    if (!reader) {
        return NULL;
    }
    const PstPictureInfo *info = pst_row_reader_info(reader);
    Course course = { reader, NULL, output, options, cancellable };
    const PstRowSource source = { .width = info->width, .height = info->height, .alpha = info->alpha,
                                  .read = read_rows, .rewind = rewind_rows, .data = &course };
    const PstRowSink sink = { .write = write_rows, .data = &course };
    g_autoptr(PstStyle) style = pst_look_region_mix(&look->regions[0]);

    if (pst_paint_stream(model, pool, &source, &sink, style, &settings, progress, data, cancellable, error)) {
        written = pst_row_writer_commit(course.writer, error);
    }
    pst_row_writer_free(course.writer);
    return written;
}
