/* A refined picture, from a photograph and a style's pictures to a painting of any size. */
#include "engine/refine/refinement.h"

#include <math.h>
#include <string.h>

typedef struct {
    PstThreadPool *pool;
    PstFeatureNetwork *network;
    PstStylePictures *style;
    PstPicture *photo, *instant;
} Fixture;

static PstPicture *waves(int width, int height, double phase)
{
    PstPicture *picture = pst_picture_new(width, height, FALSE, NULL);

    for (int i = 0; i < 3 * width * height; i++) {
        int x = i / 3 % width, y = i / 3 / width;

        picture->rgb[i] = (float)(0.5 + 0.3 * sin(0.3 * x + phase + i % 3) * cos(0.2 * y));
    }
    return picture;
}

static PstStylePictures *style_of(int width, int height)
{
    g_autoptr(PstPicture) painting = waves(width, height, 2);
    const PstPicture *paintings[] = { painting };
    g_autoptr(GError) error = NULL;
    PstStylePictures *style = pst_style_pictures_new(paintings, 1, NULL, &error);

    g_assert_no_error(error);
    return style;
}

static void set_up(Fixture *f, gconstpointer data)
{
    g_autofree char *path = g_build_filename(g_getenv("PASTICHE_DATA"), "encoder.safetensors", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(PstTensors) weights = pst_tensors_read(path, NULL, &error);

    g_assert_no_error(error);
    f->pool = pst_thread_pool_new(2);
    f->network = pst_feature_network_new(weights, &error);
    g_assert_no_error(error);
    f->style = style_of(80, 64);
    f->photo = waves(75, 50, 0);
    f->instant = waves(75, 50, 1);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    pst_style_pictures_free(f->style);
    pst_picture_free(f->photo);
    pst_picture_free(f->instant);
    pst_feature_network_free(f->network);
    pst_thread_pool_free(f->pool);
}

/* Strokes are as large as the canvas asks: beyond what the painting allows, pixels change nothing. */
static void test_size(Fixture *f, gconstpointer data)
{
    g_autoptr(PstStylePictures) large = style_of(1000, 800);
    PstRefinementOptions options = PST_REFINEMENT_DEFAULTS, more = options;
    int width, height;

    pst_refinement_size(large, 4000, 3000, &width, &height);
    g_assert_cmpint(height, ==, PST_REFINEMENT_SIDE);
    g_assert_cmpint(width, ==, 1109);
    pst_refinement_size(large, 8000, 6000, &width, &height);
    g_assert_cmpint(width, ==, 1109);
    pst_refinement_size(large, 200, 100, &width, &height);
    g_assert_cmpint(width, ==, 200);
    g_assert_cmpint(height, ==, 100);
    pst_refinement_size(f->style, 1000, 2000, &width, &height);
    g_assert_cmpint(width, ==, 80);

    more.steps *= 2;
    g_assert_cmpfloat(pst_refinement_work(large, 800, 600, &more), ==,
                      2 * pst_refinement_work(large, 800, 600, &options));
    g_assert_cmpfloat(pst_refinement_work(large, 8000, 6000, &options), >,
                      pst_refinement_work(large, 4000, 3000, &options));
}

typedef struct {
    PstPicture *photo, *result;
    int read;
} Rows;

static gboolean read_rows(int first, int rows, float *rgb, gpointer data, GError **error)
{
    Rows *r = data;

    memcpy(rgb, r->photo->rgb + (gsize)3 * first * r->photo->width, (gsize)3 * rows * r->photo->width * sizeof *rgb);
    r->read += rows;
    return TRUE;
}

static gboolean write_rows(int first, int rows, const float *rgb, gpointer data, GError **error)
{
    Rows *r = data;

    memcpy(r->result->rgb + (gsize)3 * first * r->result->width, rgb, (gsize)3 * rows * r->result->width * sizeof *rgb);
    return TRUE;
}

static void test_paint(Fixture *f, gconstpointer data)
{
    PstRefinementOptions options = { .likeness = 0.5, .strokes = 1, .steps = 2 };
    g_autoptr(GError) error = NULL;
    g_autoptr(PstRefinement) r = pst_refinement_new(f->network, f->style, f->photo, f->instant, &options, FALSE,
                                                    f->pool, NULL, NULL, NULL, &error);
    g_autoptr(PstPicture) photo = waves(180, 120, 0), same = waves(75, 50, 0), large = waves(180, 120, 0);
    Rows rows = { photo, same, 0 };
    gsize bytes = (gsize)3 * 75 * 50 * sizeof(float);
    double apart = 0;

    g_assert_no_error(error);
    g_assert_cmpint(pst_refinement_picture(r)->width, ==, 75);
    g_assert_true(pst_refinement_paint(r, f->network, f->style, 75, 50, read_rows, write_rows, f->pool, NULL, NULL,
                                       &rows, &error));
    g_assert_cmpint(rows.read, ==, 0);
    g_assert_cmpmem(same->rgb, bytes, pst_refinement_picture(r)->data, bytes);
    g_assert_cmpint(memcmp(same->rgb, f->photo->rgb, bytes), !=, 0);

    /* Larger, it is the same picture. */
    rows.result = large;
    g_assert_true(pst_refinement_paint(r, f->network, f->style, 180, 120, read_rows, write_rows, f->pool, NULL, NULL,
                                       &rows, &error));
    g_assert_cmpint(rows.read, ==, 120);
    for (int y = 0; y < 50; y++) {
        for (int x = 0; x < 75; x++) {
            int at = (int)((y + 0.5) * 2.4) * 180 + (int)((x + 0.5) * 2.4);

            apart += fabs(large->rgb[3 * at] - same->rgb[3 * (y * 75 + x)]) / (75 * 50);
        }
    }
    g_assert_cmpfloat(apart, <, 0.08);
}

/* The generator's painting counts where likeness is low. */
static void test_likeness(Fixture *f, gconstpointer data)
{
    static const double likeness[] = { 0, 1 };
    double to_photo[2] = { 0 }, to_instant[2] = { 0 };

    for (int i = 0; i < 2; i++) {
        PstRefinementOptions options = { .likeness = likeness[i], .strokes = 1, .steps = 1 };
        g_autoptr(PstRefinement) r = pst_refinement_new(f->network, f->style, f->photo, f->instant, &options, FALSE,
                                                        f->pool, NULL, NULL, NULL, NULL);

        for (int k = 0; k < 3 * 75 * 50; k++) {
            to_photo[i] += fabs(pst_refinement_picture(r)->data[k] - f->photo->rgb[k]);
            to_instant[i] += fabs(pst_refinement_picture(r)->data[k] - f->instant->rgb[k]);
        }
    }
    g_assert_cmpfloat(to_instant[0], <, to_photo[0]);
    g_assert_cmpfloat(to_photo[1], <, to_instant[1]);
}

static void test_cancel(Fixture *f, gconstpointer data)
{
    PstRefinementOptions options = PST_REFINEMENT_DEFAULTS;
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(PstRefinement) kept = NULL;

    g_cancellable_cancel(cancellable);
    g_assert_null(pst_refinement_new(f->network, f->style, f->photo, NULL, &options, FALSE, f->pool, cancellable, NULL,
                                     NULL, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error(&error);
    kept = pst_refinement_new(f->network, f->style, f->photo, NULL, &options, TRUE, f->pool, cancellable, NULL, NULL,
                              &error);
    g_assert_no_error(error);
    for (int k = 0; k < 3 * 75 * 50; k++) {
        g_assert_cmpfloat_with_epsilon(pst_refinement_picture(kept)->data[k], f->photo->rgb[k], 1e-5);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/refine/size", Fixture, NULL, set_up, test_size, tear_down);
    g_test_add("/refine/paint", Fixture, NULL, set_up, test_paint, tear_down);
    g_test_add("/refine/likeness", Fixture, NULL, set_up, test_likeness, tear_down);
    g_test_add("/refine/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
    return g_test_run();
}
