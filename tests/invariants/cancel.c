/* Cancelled in any phase of its work, the engine says so and nothing else, and leaves no file. How soon is measured
 * by a benchmark, tests/benchmark/cancel.py. argv: style file. */
#include "engine/picture/row_reader.h"
#include "engine/picture/row_writer.h"
#include "tests/paint.h"
#include "engine/style/calibration.h"
#include "engine/style/style_cache.h"
#include "tests/unit/picture/sample.h"

#include <glib/gstdio.h>
#include <png.h>

enum { WIDTH = 320, HEIGHT = 217 };

static PstModel *model;
static PstStyle *style;
static char *folder;

static GBytes *plain_jpeg(void)
{
    g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT, 3);
    const SampleJpeg sample = { .width = WIDTH, .height = HEIGHT, .space = SAMPLE_YCC, .pixels = pixels };

    return sample_jpeg(&sample);
}

/* ---- from file to file ---------------------------------------------------------------------- */

/* Where it is cancelled: at the call number `at` of a kind, or at a share of the painting. */
typedef enum { BEFORE, REWIND, READ, WRITE, SHARE, COMMIT, NEVER } Phase;

typedef struct {
    Phase phase;
    int at;
    int rewinds, reads, writes;
    GCancellable *cancellable;
    PstRowReader *reader;
    PstRowWriter *writer;
} Run;

static void reach(Run *run, Phase phase, int at)
{
    if (run->phase == phase && run->at == at) {
        g_cancellable_cancel(run->cancellable);
    }
}

static gboolean read_rows(gpointer data, int rows, float *rgb, float *alpha, GError **error)
{
    Run *run = data;

    reach(run, READ, run->reads++);
    return pst_row_reader_read(run->reader, rows, rgb, alpha, error);
}

static gboolean rewind_rows(gpointer data, GError **error)
{
    Run *run = data;

    reach(run, REWIND, run->rewinds++);
    return pst_row_reader_rewind(run->reader, error);
}

static gboolean write_rows(gpointer data, int rows, const float *rgb, const float *alpha, GError **error)
{
    Run *run = data;

    reach(run, WRITE, run->writes++);
    return pst_row_writer_write(run->writer, rows, rgb, alpha, error);
}

static void watch(double share, gpointer data)
{
    Run *run = data;

    if (run->phase == SHARE && share * 100 >= run->at) {
        g_cancellable_cancel(run->cancellable);
    }
}

static char *stream(Run *run, const char *photo, const char *result, GError **error)
{
    PaintSettings settings = PAINT_SETTINGS;
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    const PstPictureInfo *info;

    settings.memory = 1; /* both passes read */
    reach(run, BEFORE, 0);
    if (!(run->reader = pst_row_reader_open(photo, NULL, run->cancellable, error))) {
        return NULL;
    }
    info = pst_row_reader_info(run->reader);
    if (!(run->writer = pst_row_writer_open(result, info, NULL, run->cancellable, error))) {
        return NULL;
    }
    const PstRowSource source = { .width = info->width,
                                  .height = info->height,
                                  .alpha = info->alpha,
                                  .read = read_rows,
                                  .rewind = rewind_rows,
                                  .data = run };
    const PstRowSink sink = { .write = write_rows, .data = run };
    if (!paint_rows(model, pool, &source, &sink, style, &settings, watch, run, run->cancellable, error)) {
        return NULL;
    }
    reach(run, COMMIT, 0);
    return pst_row_writer_commit(run->writer, error);
}

static void finish(Run *run)
{
    pst_row_writer_free(run->writer);
    pst_row_reader_free(run->reader);
    g_object_unref(run->cancellable);
}

static void expect_cancelled(Phase phase, int at, const char *photo, const char *result)
{
    Run run = { .phase = phase, .at = at, .cancellable = g_cancellable_new() };
    g_autoptr(GError) error = NULL;
    g_autofree char *written = stream(&run, photo, result, &error);

    g_test_message("%s: phase %d, %d", photo, phase, at);
    g_assert_null(written);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    finish(&run);
    g_assert_cmpint(sample_folder_count(folder), ==, 1); /* the photograph */
}

static void check_phases(GBytes *bytes, const char *suffix)
{
    g_autofree char *photo = g_strconcat(folder, "/photo.", suffix, NULL);
    g_autofree char *result = g_strconcat(folder, "/result.", suffix, NULL);
    Run run = { .phase = NEVER, .cancellable = g_cancellable_new() };
    g_autoptr(GError) error = NULL;
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);

    g_assert_true(g_file_set_contents(photo, data, (gssize)size, NULL));
    g_autofree char *written = stream(&run, photo, result, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(written, ==, result);
    g_assert_cmpint(run.rewinds, ==, 2);
    g_assert_cmpint(g_unlink(written), ==, 0);
    expect_cancelled(BEFORE, 0, photo, result);
    expect_cancelled(COMMIT, 0, photo, result);
    expect_cancelled(REWIND, 0, photo, result);
    expect_cancelled(REWIND, 1, photo, result);
    for (int i = 0; i <= 4; i++) {
        expect_cancelled(READ, i * (run.reads - 1) / 4, photo, result);
        expect_cancelled(WRITE, i * (run.writes - 1) / 4, photo, result);
        expect_cancelled(SHARE, i * 24 + 1, photo, result);
    }
    finish(&run);
    g_unlink(photo);
}

static void test_jpeg(void)
{
    g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT, 4);
    g_autoptr(GBytes) exif = sample_exif(6, TRUE);
    g_autoptr(GBytes) icc = sample_cmyk_icc();
    const SampleJpeg jpegs[] = {
        { .width = WIDTH, .height = HEIGHT, .space = SAMPLE_YCC, .pixels = pixels },
        { .width = WIDTH, .height = HEIGHT, .space = SAMPLE_YCC, .pixels = pixels, .progressive = TRUE },
        { .width = WIDTH, .height = HEIGHT, .space = SAMPLE_YCC, .pixels = pixels, .exif = exif },
        { .width = WIDTH, .height = HEIGHT, .space = SAMPLE_CMYK, .pixels = pixels, .adobe = TRUE, .icc = icc },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(jpegs); i++) {
        g_autoptr(GBytes) bytes = sample_jpeg(&jpegs[i]);

        check_phases(bytes, "jpg");
    }
}

static void test_png(void)
{
    g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT, 4);
    g_autofree guint16 *wide = g_new(guint16, WIDTH * HEIGHT * 4);

    for (int i = 0; i < WIDTH * HEIGHT * 4; i++) {
        wide[i] = (guint16)(pixels[i] * 257);
    }
    for (int interlaced = 0; interlaced < 2; interlaced++) {
        const SamplePng sample = { .width = WIDTH,
                                   .height = HEIGHT,
                                   .depth = 16,
                                   .colour_type = PNG_COLOR_TYPE_RGB_ALPHA,
                                   .interlaced = interlaced,
                                   .pixels = wide,
                                   .transparent = -1 };
        g_autoptr(GBytes) bytes = sample_png(&sample);

        check_phases(bytes, "png");
    }
}

/* ---- from another thread, at any moment ------------------------------------------------------ */

typedef struct {
    GCancellable *cancellable;
    gulong after; /* microseconds */
} Canceller;

static gpointer cancel_later(gpointer data)
{
    const Canceller *c = data;

    g_usleep(c->after);
    g_cancellable_cancel(c->cancellable);
    return NULL;
}

/* A call that is done or cancelled, nothing else. TRUE when it was cancelled. */
typedef gboolean (*Call)(gconstpointer data, GCancellable *cancellable, GError **error);

static void cancel_often(Call call, gconstpointer data, int times)
{
    gint64 begun = g_get_monotonic_time(), whole;
    g_autoptr(GError) none = NULL;
    int cancelled = 0;

    g_assert_true(call(data, NULL, &none));
    g_assert_no_error(none);
    whole = g_get_monotonic_time() - begun;
    for (int i = 0; i < times; i++) {
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        g_autoptr(GError) error = NULL;
        Canceller canceller = { cancellable, (gulong)(whole * i / times) };
        GThread *thread = g_thread_new("cancel", cancel_later, &canceller);

        if (!call(data, cancellable, &error)) {
            g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
            cancelled++;
        }
        g_thread_join(thread);
    }
    g_test_message("cancelled %d of %d times", cancelled, times);
    g_assert_cmpint(cancelled, >, 0);
}

/* On one thread, which walks down a column band by band: there is most that could be left in between. */
static gboolean paint(gconstpointer data, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(1);
    g_autoptr(PstPicture) painted = paint_picture(model, pool, data, style, NULL, NULL, NULL, cancellable, error);
    return painted != NULL;
}

static gboolean encode(gconstpointer data, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(3);
    g_autoptr(PstStyle) encoded = pst_style_from_picture(model, pool, data, 512, "a", cancellable, error);

    return encoded != NULL;
}

/* The style of a painting. */
static gboolean calibrate(gconstpointer data, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(PstStyle) own = pst_style_from_picture(model, pool, data, 0, "a", NULL, NULL);

    return pst_style_calibrate(own, model, pool, data, 0, cancellable, error);
}

static void test_calibration(void)
{
    g_autoptr(GBytes) bytes = plain_jpeg();
    g_autoptr(PstPicture) painting = sample_read(bytes);

    cancel_often(calibrate, painting, 12);
}

static void test_any_moment(gconstpointer call)
{
    g_autoptr(GBytes) bytes = plain_jpeg();
    g_autoptr(PstPicture) photo = sample_read(bytes);

    cancel_often((Call)call, photo, 60);
}

/* ---- styles of pictures ---------------------------------------------------------------------- */

/* No entry of what was not worked out. */
static void test_style_cache(void)
{
    g_autoptr(GBytes) bytes = plain_jpeg();
    g_autofree char *path = g_build_filename(folder, "style.jpg", NULL);
    g_autofree char *entries = g_build_filename(folder, "entries", NULL);
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(entries, 0);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);

    g_assert_true(g_file_set_contents(path, data, (gssize)size, NULL));
    g_cancellable_cancel(cancellable);
    g_assert_null(pst_style_cache_encode(cache, model, pool, path, NULL, 512, "a", NULL, cancellable, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpint(sample_folder_count(folder), ==, 1); /* the picture */
    g_unlink(path);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    g_test_init(&argc, &argv, NULL);
    model = pst_model_load_default(&error);
    g_assert_no_error(error);
    style = pst_style_read(argv[1], &error);
    g_assert_no_error(error);
    folder = sample_folder();
    g_test_add_func("/cancel/jpeg", test_jpeg);
    g_test_add_func("/cancel/png", test_png);
    g_test_add_data_func("/cancel/any-moment/paint", paint, test_any_moment);
    g_test_add_data_func("/cancel/any-moment/style", encode, test_any_moment);
    g_test_add_func("/cancel/any-moment/calibration", test_calibration);
    g_test_add_func("/cancel/style-cache", test_style_cache);
    int status = g_test_run();
    sample_folder_remove(folder);
    pst_style_free(style);
    pst_model_free(model);
    return status;
}
