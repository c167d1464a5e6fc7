/* What every painting promises, on a sample picture and the shipped weights: independence of threads and bands,
 * strength, detail, alpha, odd sizes, cancel. argv: sample picture, style file. */
#include <math.h>
#include <string.h>

#include "engine/picture/reader.h"
#include "engine/paint/plan.h"
#include "tests/paint.h"
#include "engine/network/grain.h"

static PstModel *model;
static PstPicture *sample;
static PstStyle *style, *grainy; /* flat colours; strokes everywhere: the photograph gets grain */

static PstPicture *paint(const PstPicture *photo, const PaintSettings *settings, int threads)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(threads);
    PstPicture *painted = paint_picture(model, pool, photo, style, settings, NULL, NULL, NULL, &error);

    g_assert_no_error(error);
    g_assert_cmpint(painted->width, ==, photo->width);
    g_assert_cmpint(painted->height, ==, photo->height);
    return painted;
}

static PstPicture *sized(int width, int height)
{
    g_autoptr(GError) error = NULL;
    PstPicture *picture = pst_picture_resize(sample, width, height, NULL, &error);

    g_assert_no_error(error);
    return picture;
}

static gsize values(const PstPicture *picture)
{
    return (gsize)3 * picture->width * picture->height;
}

static double mean_difference(const PstPicture *a, const PstPicture *b)
{
    double sum = 0;

    for (gsize i = 0; i < values(a); i++) {
        sum += fabs(a->rgb[i] - b->rgb[i]);
    }
    return sum / values(a);
}

static void assert_same(const PstPicture *a, const PstPicture *b)
{
    g_assert_cmpmem(a->rgb, values(a) * sizeof(float), b->rgb, values(b) * sizeof(float));
}

static void test_threads(void)
{
    g_autoptr(PstPicture) photo = sized(301, 203);
    g_autoptr(PstPicture) one = paint(photo, NULL, 1);

    for (int threads = 2; threads <= 7; threads += threads == 3 ? 4 : 1) {
        g_autoptr(PstPicture) more = paint(photo, NULL, threads);

        assert_same(one, more);
    }
}

/* Budgets that keep all features, and that have them computed twice in the smallest bands. */
static void test_budgets(void)
{
    g_autoptr(PstPicture) photo = sized(597, 700);
    PaintSettings settings = PAINT_SETTINGS;

    const PstPlanTask task = { .width = 597, .height = 700, .layers = 1, .encodings = 1, .threads = 2 };
    settings.memory = (gsize)1 << 30;
    g_assert_true(pst_plan(&task, settings.memory).keep_features);
    g_autoptr(PstPicture) expected = paint(photo, &settings, 2);
    for (int i = 0; i < 3; i++) {
        settings.memory = ((gsize[]){ 1, 24 << 20, 32 << 20 })[i];
        g_autoptr(PstPicture) painted = paint(photo, &settings, 1 + i);

        g_test_message("budget %" G_GSIZE_FORMAT ": features kept: %d", settings.memory,
                       pst_plan(&task, settings.memory).keep_features);
        assert_same(expected, painted);
    }
}

static void test_strength(void)
{
    g_autoptr(PstPicture) photo = sized(160, 120);
    double before = 0;

    for (int i = 0; i <= 5; i++) {
        PaintSettings settings = PAINT_SETTINGS;

        settings.strength = i / 5.0;
        g_autoptr(PstPicture) painted = paint(photo, &settings, 2);
        double distance = mean_difference(photo, painted);
        g_test_message("strength %.1f: distance from the photograph %.4f", settings.strength, distance);
        if (i == 0) {
            g_assert_cmpfloat(distance, ==, 0);
        } else {
            g_assert_cmpfloat(distance, >, before);
        }
        before = distance;
    }
    g_assert_cmpfloat(before, >, 0.05);
}

static void test_detail(void)
{
    g_autoptr(PstPicture) photo = sized(160, 120);
    PaintSettings settings = PAINT_SETTINGS;
    g_autoptr(PstPicture) fine = paint(photo, &settings, 2);

    settings.detail = 0;
    g_autoptr(PstPicture) coarse = paint(photo, &settings, 2);
    g_assert_cmpfloat(mean_difference(fine, coarse), >, 0.003);
}

static void test_keep_colours(void)
{
    g_autoptr(PstPicture) photo = sized(160, 120);
    PaintSettings settings = PAINT_SETTINGS;

    settings.keep_colours = TRUE;
    g_autoptr(PstPicture) painted = paint(photo, &settings, 2);
    double chroma = 0;
    for (gsize i = 0; i < values(photo); i += 3) {
        const float *a = photo->rgb + i, *b = painted->rgb + i;

        chroma += fabs((a[0] - a[1]) - (b[0] - b[1])) + fabs((a[2] - a[1]) - (b[2] - b[1]));
    }
    /* Clamping to 0..1 moves a little of it. */
    g_assert_cmpfloat(chroma / (values(photo) / 3), <, 0.03);
    g_assert_cmpfloat(mean_difference(photo, painted), >, 0.01);
}

static void test_sizes(void)
{
    static const int sizes[][2] = {
        { 1, 1 }, { 1, 9 }, { 2, 3 }, { 7, 1 }, { 8, 8 }, { 9, 17 }, { 33, 1 }, { 1, 600 }
    };

    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(PstPicture) photo = sized(sizes[i][0], sizes[i][1]);
        g_autoptr(PstPicture) painted = paint(photo, NULL, 2);

        for (gsize k = 0; k < values(painted); k++) {
            g_assert_true(painted->rgb[k] >= 0 && painted->rgb[k] <= 1);
        }
    }
}

static void test_alpha(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) opaque = sized(40, 24);
    g_autoptr(PstPicture) photo = pst_picture_new(40, 24, TRUE, &error);

    g_assert_no_error(error);
    memcpy(photo->rgb, opaque->rgb, values(photo) * sizeof(float));
    for (int i = 0; i < 40 * 24; i++) {
        photo->alpha[i] = (i % 40) / 39.0f;
    }
    g_autoptr(PstPicture) painted = paint(photo, NULL, 2);
    g_assert_cmpmem(painted->alpha, 40 * 24 * sizeof(float), photo->alpha, 40 * 24 * sizeof(float));
}

static void cancel_soon(double share, gpointer cancellable)
{
    if (share > 0.3) {
        g_cancellable_cancel(cancellable);
    }
}

static void test_cancel(void)
{
    g_autoptr(PstPicture) photo = sized(320, 240);
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    PstPicture *painted = paint_picture(model, pool, photo, style, NULL, cancel_soon, cancellable, cancellable, &error);

    g_assert_null(painted);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void watch(double share, gpointer data)
{
    double *last = data;

    g_assert_cmpfloat(share, >=, *last);
    g_assert_cmpfloat(share, <=, 1);
    *last = share;
}

static void test_progress(void)
{
    g_autoptr(PstPicture) photo = sized(97, 400);
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    PaintSettings settings = PAINT_SETTINGS;

    for (int i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        double last = 0;

        settings.memory = i ? 1 : 1 << 30;
        g_autoptr(PstPicture) painted = paint_picture(model, pool, photo, style, &settings, watch, &last, NULL, &error);
        g_assert_no_error(error);
        g_assert_nonnull(painted);
        g_assert_cmpfloat(fabs(last - 1), <, 1e-9);
    }
}

typedef struct {
    const PstPicture *expected;
    int next; /* row */
} Arrival;

/* Rows come in order, and stay as they are. */
static void arrive(const PstPicture *picture, int first, int rows, gpointer data)
{
    Arrival *arrival = data;
    gsize row = (gsize)3 * picture->width;

    g_assert_cmpint(first, ==, arrival->next);
    g_assert_cmpint(rows, >, 0);
    arrival->next = first + rows;
    g_assert_cmpmem(picture->rgb + first * row, rows * row * sizeof(float), arrival->expected->rgb + first * row,
                    rows * row * sizeof(float));
}

static void test_rows(void)
{
    g_autoptr(PstPicture) photo = sized(75, 301);
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    PaintSettings settings = PAINT_SETTINGS;

    settings.memory = 1;
    g_autoptr(PstPicture) expected = paint(photo, &settings, 1);
    g_autoptr(GError) error = NULL;
    Arrival arrival = { expected, 0 };
    g_autoptr(PstPainter) painter = painter_of(model, pool, photo, &settings, FALSE);
    g_autoptr(PstPicture) painted = paint_again(painter, style, &settings, NULL, arrive, &arrival, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(painted);
    g_assert_cmpint(arrival.next, ==, 301);
}

/* Whatever the sliders did before, a preview is the painting at its settings. */
static void test_preview(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) photo = sized(203, 149);
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(PstPainter) preview = painter_of(model, pool, photo, NULL, TRUE);
    static const PaintSettings choices[] = {
        { .strength = 1, .detail = 1 },
        { .strength = 0.4, .detail = 1 },
        { .strength = 1, .detail = 0.2, .keep_colours = TRUE },
        { .strength = 0, .detail = 1 },
        { .strength = 1, .detail = 1 },
    };

    g_assert_no_error(error);
    for (guint i = 0; i < G_N_ELEMENTS(choices); i++) {
        g_autoptr(PstPicture) expected = paint(photo, &choices[i], 1);
        Arrival arrival = { expected, 0 };
        g_autoptr(PstPicture) painted = paint_again(preview, style, &choices[i], NULL, arrive, &arrival, NULL, &error);

        g_assert_no_error(error);
        g_assert_cmpint(arrival.next, ==, 149);
        assert_same(expected, painted);
    }

    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_cancellable_cancel(cancellable);
    g_assert_null(paint_again(preview, style, NULL, NULL, NULL, NULL, cancellable, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Nor does it matter which styles it painted before, or how far it came with them. */
static void test_preview_styles(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) photo = sized(203, 149);
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(PstPainter) preview = painter_of(model, pool, photo, NULL, TRUE);
    g_autoptr(GCancellable) cancelled = g_cancellable_new();
    const PstStyle *styles[] = { grainy, style, grainy };

    g_assert_no_error(error);
    g_assert_cmpfloat(pst_grain_for(style->statistics), ==, 0);
    g_assert_cmpfloat(pst_grain_for(grainy->statistics), >, 0);
    g_cancellable_cancel(cancelled);
    for (guint i = 0; i < G_N_ELEMENTS(styles); i++) {
        g_autoptr(PstPicture) expected = paint_picture(model, pool, photo, styles[i], NULL, NULL, NULL, NULL, &error);
        PstPicture *none = paint_again(preview, styles[i], NULL, NULL, NULL, NULL, cancelled, NULL);
        g_autoptr(PstPicture) painted = paint_again(preview, styles[i], NULL, NULL, NULL, NULL, NULL, &error);

        g_assert_null(none);
        g_assert_no_error(error);
        assert_same(expected, painted);
    }
}

/* Refused before a pixel is looked at or a byte taken: the picture has none. */
static void test_memory(void)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(1);
    g_autoptr(GError) error = NULL;
    PstPicture huge = { .width = 900000, .height = 900000 };

    g_assert_null(paint_picture(model, pool, &huge, style, NULL, NULL, NULL, NULL, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MEMORY);
    g_assert_nonnull(strstr(error->message, "900000 x 900000"));
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    g_test_init(&argc, &argv, NULL);
    model = pst_model_load_default(&error);
    g_assert_no_error(error);
    sample = pst_picture_read(argv[1], NULL, NULL, &error);
    g_assert_no_error(error);
    style = style_at(model, argv[2]);
    grainy = pst_style_read(argv[3], &error);
    g_assert_no_error(error);
    g_test_add_func("/painting/threads", test_threads);
    g_test_add_func("/painting/budgets", test_budgets);
    g_test_add_func("/painting/strength", test_strength);
    g_test_add_func("/painting/detail", test_detail);
    g_test_add_func("/painting/keep-colours", test_keep_colours);
    g_test_add_func("/painting/sizes", test_sizes);
    g_test_add_func("/painting/alpha", test_alpha);
    g_test_add_func("/painting/cancel", test_cancel);
    g_test_add_func("/painting/progress", test_progress);
    g_test_add_func("/painting/rows", test_rows);
    g_test_add_func("/painting/preview", test_preview);
    g_test_add_func("/painting/preview-styles", test_preview_styles);
    g_test_add_func("/painting/memory", test_memory);
    int status = g_test_run();
    pst_style_free(style);
    pst_style_free(grainy);
    pst_picture_free(sample);
    pst_model_free(model);
    return status;
}
