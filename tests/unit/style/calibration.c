/* Calibration of a style: what stark styles win by it, and where there is none. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/gradient/style_target.h"
#include "engine/network/padding.h"
#include "engine/style/calibration.h"
#include "tests/paint.h"

typedef struct {
    PstThreadPool *pool;
    PstModel *model;
    char *data;
    PstLossNetwork *encoder, *shallow;
} Fixture;

static void set_up(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->data = pst_data_folder(&error);
    g_assert_no_error(error);
    f->pool = pst_thread_pool_new(2);
    f->model = pst_model_load_default(&error);
    g_assert_no_error(error);
    g_autofree char *encoder = g_build_filename(f->data, "encoder.safetensors", NULL);
    g_autofree char *shallow = g_build_filename(f->data, "examiner.safetensors", NULL);
    f->encoder = pst_loss_network_read(encoder, &error);
    g_assert_no_error(error);
    f->shallow = pst_shallow_loss_network_read(shallow, &error);
    g_assert_no_error(error);
}

static void tear_down(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    pst_loss_network_free(f->encoder);
    pst_loss_network_free(f->shallow);
    pst_model_free(f->model);
    pst_thread_pool_free(f->pool);
    g_free(f->data);
}

/* Fields of plain colour between black bars. */
static PstPicture *fields(int width, int height)
{
    static const float colours[][3] = { { 0.95f, 0.94f, 0.9f }, { 0.8f, 0.1f, 0.1f },   { 0.95f, 0.94f, 0.9f },
                                        { 0.1f, 0.2f, 0.6f },   { 0.95f, 0.94f, 0.9f }, { 0.95f, 0.8f, 0.1f } };
    PstPicture *picture = pst_picture_new(width, height, FALSE, NULL);

    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            gboolean bar = x % 160 < 4 || y % 512 < 4;
            const float *colour = colours[(x / 160 + 2 * (y / 512)) % G_N_ELEMENTS(colours)];

            for (int c = 0; c < 3; c++) {
                picture->rgb[3 * ((gsize)y * width + x) + c] = bar ? 0.03f : colour[c];
            }
        }
    }
    return picture;
}

/* Wavy white lines on black, which ask for more than the generator knows. */
static PstPicture *lines(int width, int height)
{
    PstPicture *picture = pst_picture_new(width, height, FALSE, NULL);

    for (int i = 0; i < width * height; i++) {
        gboolean white = sin(0.12 * (i % width) + 3 * sin(0.02 * (i / width))) > 0.4;

        for (int c = 0; c < 3; c++) {
            picture->rgb[3 * i + c] = white ? 0.97f : 0.02f;
        }
    }
    return picture;
}

static PstStyle *style_of(const Fixture *f, PstThreadPool *pool, const PstPicture *picture)
{
    g_autoptr(GError) error = NULL;
    PstStyle *style = pst_style_from_picture(f->model, pool, picture, 0, "fields", NULL, &error);

    g_assert_no_error(error);
    g_assert_true(pst_style_calibrate(style, f->model, pool, picture, 0, NULL, &error));
    g_assert_no_error(error);
    return style;
}

static void measure(const Fixture *f, const PstPicture *picture, PstStyleTarget *target)
{
    PstMap rgb = pst_map_new(pst_padded_side(picture->height), pst_padded_side(picture->width), 3);

    pst_padded_fill(picture, 0, &rgb);
    pst_style_target_measure(f->encoder, f->shallow, &rgb, NULL, NULL, target);
    pst_map_clear(&rgb);
}

/* The style loss of a whole sample's painting. */
static double style_loss(const Fixture *f, const PstStyle *style, const char *sample, const PstStyleTarget *wanted)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->data, "samples", sample, NULL);
    g_autoptr(PstPicture) photo = pst_picture_read(path, NULL, NULL, &error);
    g_autoptr(PstPicture) small = photo ? pst_picture_resize(photo, 360, 240, NULL, &error) : NULL;
    g_assert_no_error(error);
    g_autoptr(PstPicture) painted = paint_picture(f->model, f->pool, small, style, NULL, NULL, NULL, NULL, &error);
    g_autofree PstStyleTarget *target = g_new(PstStyleTarget, 1);

    g_assert_no_error(error);
    measure(f, painted, target);
    return pst_style_target_distance(f->shallow, target, wanted);
}

static void check_nearer(const Fixture *f, const PstPicture *painting)
{
    static const char *const samples[] = { "lake.jpg", "street.jpg" };
    g_autoptr(PstStyle) style = style_of(f, f->pool, painting);
    g_autoptr(PstStyle) plain = pst_style_copy(style);
    g_autofree PstStyleTarget *wanted = g_new(PstStyleTarget, 1);
    double with = 0, without = 0;

    g_assert_true(pst_style_is_corrected(style));
    memset(plain->correction, 0, sizeof plain->correction);
    measure(f, painting, wanted);
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        with += style_loss(f, style, samples[i], wanted);
        without += style_loss(f, plain, samples[i], wanted);
    }
    g_test_message("style loss %.4f without, %.4f with a correction", without, with);
    g_assert_cmpfloat(with, <, 0.97 * without);
}

static void test_nearer(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(PstPicture) flat = fields(640, 512), stark = lines(640, 512);

    check_nearer(f, flat);
    check_nearer(f, stark);
}

static void test_threads(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(PstThreadPool) three = pst_thread_pool_new(3), one = pst_thread_pool_new(1);
    g_autoptr(PstPicture) painting = fields(320, 256);
    g_autoptr(PstStyle) a = style_of(f, one, painting);
    g_autoptr(PstStyle) b = style_of(f, three, painting);

    g_assert_cmpmem(a->correction, sizeof a->correction, b->correction, sizeof b->correction);
}

/* Pictures with no features at the deepest depth. */
static void test_small(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const int sides[][2] = { { 1, 1 }, { 3, 900 }, { 7, 7 }, { 8, 8 } };

    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_autoptr(PstPicture) painting = fields(sides[i][0], sides[i][1]);
        g_autoptr(PstStyle) style = style_of(f, f->pool, painting);

        g_assert_true(i == 3 || !pst_style_is_corrected(style));
    }
}

static void test_cancelled(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(PstPicture) painting = fields(64, 64);
    g_autoptr(PstStyle) style = style_of(f, f->pool, painting);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;

    g_cancellable_cancel(cancellable);
    g_assert_false(pst_style_calibrate(style, f->model, f->pool, painting, 0, cancellable, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_false(pst_style_is_corrected(style));
}

/* A data folder without the samples is named. */
static void test_no_samples(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const names[] = { "encoder.safetensors", "base.safetensors", "examiner.safetensors" };
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("pastiche-calibration-XXXXXX", &error);
    g_autoptr(PstPicture) painting = fields(64, 64);
    g_autoptr(PstStyle) style = style_of(f, f->pool, painting);
    g_autoptr(PstModel) model = NULL;
    char *there[G_N_ELEMENTS(names)];

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *file = g_build_filename(f->data, names[i], NULL);

        there[i] = g_build_filename(folder, names[i], NULL);
        g_assert_cmpint(symlink(file, there[i]), ==, 0);
    }
    model = pst_model_load(there[0], there[1], &error);
    g_assert_no_error(error);
    g_assert_false(pst_style_calibrate(style, model, f->pool, painting, 0, NULL, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, folder));
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_unlink(there[i]);
        g_free(there[i]);
    }
    g_rmdir(folder);
}

#define ADD(path, test) g_test_add(path, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/calibration/nearer", test_nearer);
    ADD("/calibration/threads", test_threads);
    ADD("/calibration/small", test_small);
    ADD("/calibration/cancelled", test_cancelled);
    ADD("/calibration/no-samples", test_no_samples);
    return g_test_run();
}
