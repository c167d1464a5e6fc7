/* Masterpieces: the same from memory and by rows, on any number of threads; where masks end the photograph stays; a
 * small copy of a large one is the small one. */
#include "engine/paint/refined_painting.h"

#include "engine/paint/look.h"
#include "tests/rows.h"

#include <math.h>
#include <string.h>

typedef struct {
    PstModel *model;
    PstThreadPool *pool;
    PstStyle *style, *other;
    PstPicture *photo;
    PstMask *left;
} Fixture;

static PstPicture *waves(int width, int height, double scale, double phase, gboolean alpha)
{
    PstPicture *picture = pst_picture_new(width, height, alpha, NULL);

    for (int i = 0; i < 3 * width * height; i++) {
        double x = (i / 3 % width + 0.5) / scale, y = (i / 3 / width + 0.5) / scale;

        picture->rgb[i] = (float)(0.5 + 0.3 * sin(0.3 * x + phase + i % 3) * cos(0.2 * y));
    }
    for (int i = 0; alpha && i < width * height; i++) {
        picture->alpha[i] = i % 7 / 6.0f;
    }
    return picture;
}

static PstStyle *style_of(const Fixture *f, double phase)
{
    g_autoptr(PstPicture) painting = waves(80, 64, 1, phase, FALSE);
    const PstPicture *paintings[] = { painting };
    g_autoptr(GError) error = NULL;
    PstStyle *style = pst_style_from_picture(f->model, f->pool, painting, 64, "waves", NULL, &error);

    g_assert_no_error(error);
    pst_style_add_palette(style, f->model, f->pool, paintings, 1, NULL, &error);
    g_assert_no_error(error);
    return style;
}

static void set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->model = pst_model_load_default(&error);
    g_assert_no_error(error);
    f->pool = pst_thread_pool_new(2);
    f->style = style_of(f, 2);
    f->other = style_of(f, 4);
    f->photo = waves(210, 140, 2.4, 0, TRUE);
    f->left = pst_mask_new();
    pst_mask_begin(f->left, PST_MASK_BRUSH, FALSE, 0.2, (PstMaskPoint){ 0.1f, 0.3f });
}

static void tear_down(Fixture *f, gconstpointer data)
{
    pst_style_free(f->style);
    pst_style_free(f->other);
    pst_picture_free(f->photo);
    pst_mask_unref(f->left);
    pst_thread_pool_free(f->pool);
    pst_model_free(f->model);
}

static PstPaintLayers layers_of(const PstPaintLayer *layers, int count)
{
    return (PstPaintLayers){ .layers = layers, .count = count, .strength = 1, .detail = 1 };
}

static const PstRefinedOptions usual = { .likeness = 0.5, .stroke = 1 };

static PstPicture *in_memory(const Fixture *f, const PstPicture *photo, const PstPaintLayers *layers, int threads)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(threads);
    const PstRowSource source = pst_row_source(photo);
    PstPicture *painting = NULL;
    const PstRowSink sink = { .picture = &painting };
    g_autoptr(GError) error = NULL;

    g_assert_true(pst_refined_paint(f->model, pool, &source, layers, &usual, &sink, NULL, NULL, NULL, &error));
    g_assert_no_error(error);
    return painting;
}

static void assert_same(const PstPicture *a, const PstPicture *b)
{
    gsize bytes = (gsize)a->width * a->height * sizeof(float);

    g_assert_cmpmem(a->rgb, 3 * bytes, b->rgb, 3 * bytes);
    g_assert_cmpmem(a->alpha, bytes, b->alpha, bytes);
}

static void test_rows(Fixture *f, gconstpointer data)
{
    const PstPaintLayer list[] = { { f->style, NULL, NULL }, { f->other, f->left, NULL } };
    const PstPaintLayers layers = layers_of(list, 2);
    g_autoptr(PstPicture) one = in_memory(f, f->photo, &layers, 1), three = in_memory(f, f->photo, &layers, 3);
    g_autoptr(PstPicture) written = pst_picture_new(210, 140, TRUE, NULL);
    PhotoRows rows = { f->photo, 0, 0, written };
    const PstRowSource source = {
        .width = 210, .height = 140, .alpha = TRUE, .read = read_rows, .rewind = rewind_rows, .data = &rows
    };
    const PstRowSink sink = { .write = write_rows, .data = &rows };
    g_autoptr(GError) error = NULL;

    assert_same(one, three);
    g_assert_true(pst_refined_paint(f->model, f->pool, &source, &layers, &usual, &sink, NULL, NULL, NULL, &error));
    g_assert_cmpint(rows.written, ==, 140);
    assert_same(one, written);
    g_assert_cmpmem(one->alpha, 210 * 140 * sizeof(float), f->photo->alpha, 210 * 140 * sizeof(float));
}

/* Beyond the mask the photograph stays, to the bit; at strength 0 everywhere. */
static void test_photo_stays(Fixture *f, gconstpointer data)
{
    const PstPaintLayer masked = { f->style, f->left, NULL }, whole = { f->style, NULL, NULL };
    PstPaintLayers layers = layers_of(&masked, 1), nothing = layers_of(&whole, 1);
    g_autoptr(PstPicture) painted = in_memory(f, f->photo, &layers, 2), photo = NULL;
    g_autofree float *weights = g_new(float, 210 * 140);
    double inside = 0;
    int outside = 0;

    pst_mask_fill(f->left, 210, 140, 0, 140, weights);
    for (int i = 0; i < 3 * 210 * 140; i++) {
        if (weights[i / 3] == 0) {
            g_assert_cmpfloat(painted->rgb[i], ==, f->photo->rgb[i]);
            outside++;
        } else {
            inside = MAX(inside, fabs(painted->rgb[i] - f->photo->rgb[i]));
        }
    }
    g_assert_cmpint(outside, >, 10000);
    g_assert_cmpfloat(inside, >, 0.05);
    /* A layer that is nowhere costs nothing and changes nothing. */
    g_autoptr(PstMask) nowhere = pst_mask_new();
    const PstPaintLayer hidden[] = { { f->other, nowhere, NULL }, masked, { f->other, nowhere, NULL } };
    const PstPaintLayers many = layers_of(hidden, 3), none = layers_of(hidden, 1);
    g_autoptr(PstPicture) same = in_memory(f, f->photo, &many, 2), untouched = in_memory(f, f->photo, &none, 2);
    assert_same(same, painted);
    assert_same(untouched, f->photo);

    nothing.strength = 0;
    photo = in_memory(f, f->photo, &nothing, 2);
    assert_same(photo, f->photo);
}

/* A layer in a manner of its own: that of all changes nothing; at strength 0 the photograph is there. */
static void test_manner(Fixture *f, gconstpointer data)
{
    const PstPaintManner as_all = { .strength = 1, .detail = 1, .likeness = 0.5 },
                         none = { .detail = 1, .likeness = 0.5 };
    const PstPaintLayer common[] = { { f->style, NULL, NULL }, { f->other, f->left, NULL } };
    const PstPaintLayer own[] = { { f->style, NULL, &as_all }, { f->other, f->left, &as_all } };
    const PstPaintLayer hole[] = { { f->style, NULL, NULL }, { f->other, f->left, &none } };
    const PstPaintLayers a = layers_of(common, 2), b = layers_of(own, 2), c = layers_of(hole, 2);
    g_autoptr(PstPicture) expected = in_memory(f, f->photo, &a, 2), same = in_memory(f, f->photo, &b, 2);
    g_autoptr(PstPicture) holed = in_memory(f, f->photo, &c, 2);
    g_autofree float *weights = g_new(float, 210 * 140);
    int outside = 0, within = 0;

    assert_same(expected, same);
    pst_mask_fill(f->left, 210, 140, 0, 140, weights);
    for (int i = 0; i < 3 * 210 * 140; i++) {
        if (weights[i / 3] == 0) {
            g_assert_cmpfloat_with_epsilon(holed->rgb[i], expected->rgb[i], 1e-6);
            outside++;
        } else if (weights[i / 3] == 1) {
            g_assert_cmpfloat_with_epsilon(holed->rgb[i], f->photo->rgb[i], 1e-6);
            within++;
        }
    }
    g_assert_cmpint(outside, >, 10000);
    g_assert_cmpint(within, >, 1000);
}

/* Strokes are as large as the canvas asks: three times the pixels, reduced again, are nearer to the small painting than
 * that is to its photograph. */
static void test_size(Fixture *f, gconstpointer data)
{
    const PstPaintLayer layer = { f->style, NULL, NULL };
    const PstPaintLayers layers = layers_of(&layer, 1);
    g_autoptr(PstPicture) small_photo = waves(96, 64, 1, 0, FALSE), large_photo = waves(288, 192, 3, 0, FALSE);
    g_autoptr(PstPicture) small = in_memory(f, small_photo, &layers, 2), large = in_memory(f, large_photo, &layers, 2);
    g_autoptr(PstPicture) reduced = pst_picture_resize(large, 96, 64, NULL, NULL);
    double apart = 0, moved = 0;

    for (int i = 0; i < 3 * 96 * 64; i++) {
        apart += fabs(reduced->rgb[i] - small->rgb[i]) / (3 * 96 * 64);
        moved += fabs(small_photo->rgb[i] - small->rgb[i]) / (3 * 96 * 64);
    }
    g_test_message("%.3f apart, %.3f from the photograph", apart, moved);
    g_assert_cmpfloat(apart, <, moved);
}

typedef struct {
    GCancellable *cancellable;
    int pictures;
    double share;
} Told;

static void tell(double share, gpointer data)
{
    Told *told = data;

    g_assert_cmpfloat(share, >=, told->share);
    told->share = share;
}

static void see(const PstPicture *picture, gpointer data)
{
    Told *told = data;

    g_assert_cmpfloat_with_epsilon((double)picture->width / picture->height, 1.5, 0.15);
    told->pictures++;
    g_cancellable_cancel(told->cancellable);
}

/* Stopped, what there is so far is painted to the end; cancelled, there is nothing. */
static void test_stop(Fixture *f, gconstpointer data)
{
    const PstPaintLayer layer = { f->style, NULL, NULL };
    const PstPaintLayers layers = layers_of(&layer, 1);
    const PstRowSource source = pst_row_source(f->photo);

    for (int stops = 0; stops < 2; stops++) {
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        Told told = { .cancellable = cancellable };
        const PstRefinedOptions options = {
            .likeness = 0.5, .stroke = 1, .stop = stops ? cancellable : NULL, .seen = see
        };
        g_autoptr(PstPicture) painting = NULL;
        const PstRowSink sink = { .picture = &painting };
        g_autoptr(GError) error = NULL;
        gboolean done = pst_refined_paint(f->model, f->pool, &source, &layers, &options, &sink, tell, &told,
                                          stops ? NULL : cancellable, &error);

        g_assert_cmpint(told.pictures, >, 0);
        g_assert_cmpint(done, ==, stops);
        if (stops) {
            g_assert_cmpint(painting->width, ==, 210);
        } else {
            g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
            g_assert_null(painting);
        }
    }
}

static void test_seconds(Fixture *f, gconstpointer data)
{
    g_autoptr(PstStyle) mix = NULL;
    PstPaintLayer layer = { f->style, NULL, NULL };
    PstPaintLayers layers = layers_of(&layer, 1);

    g_assert_cmpfloat(pst_refined_seconds(f->model, f->pool, 4000, 3000, &layers, &usual), >,
                      pst_refined_seconds(f->model, f->pool, 60, 40, &layers, &usual));
    mix = pst_style_mix((const PstStyle *const[]){ f->style, f->other }, (double[]){ 1, 3 }, 2);
    g_assert_nonnull(mix->palette);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/refined/rows", Fixture, NULL, set_up, test_rows, tear_down);
    g_test_add("/refined/photo-stays", Fixture, NULL, set_up, test_photo_stays, tear_down);
    g_test_add("/refined/manner", Fixture, NULL, set_up, test_manner, tear_down);
    g_test_add("/refined/size", Fixture, NULL, set_up, test_size, tear_down);
    g_test_add("/refined/stop", Fixture, NULL, set_up, test_stop, tear_down);
    g_test_add("/refined/seconds", Fixture, NULL, set_up, test_seconds, tear_down);
    return g_test_run();
}
