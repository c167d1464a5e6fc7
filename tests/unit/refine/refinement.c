/* A refined picture, from a photograph and a palette. */
#include "engine/refine/refinement.h"
#include "tests/feature_network.h"

#include <math.h>
#include <string.h>

typedef struct {
    PstThreadPool *pool;
    PstFeatureNetwork *network;
    PstStylePalette *palette;
    PstPicture *photo, *instant;
} Fixture;

/* `colour` is how far its channels are apart. */
static PstPicture *waves(int width, int height, double phase, double colour)
{
    PstPicture *picture = pst_picture_new(width, height, FALSE, NULL);

    for (int i = 0; i < 3 * width * height; i++) {
        int x = i / 3 % width, y = i / 3 / width;

        picture->rgb[i] = (float)(0.5 + 0.3 * sin(0.3 * x + phase + colour * (i % 3)) * cos(0.2 * y));
    }
    return picture;
}

static PstStylePalette *palette_of(const Fixture *f, int width, int height, double colour)
{
    g_autoptr(PstPicture) painting = waves(width, height, 2, colour);
    const PstPicture *paintings[] = { painting };
    g_autoptr(GError) error = NULL;
    PstStylePalette *palette = pst_style_palette_new(f->network, f->pool, paintings, 1, NULL, &error);

    g_assert_no_error(error);
    return palette;
}

static void set_up(Fixture *f, gconstpointer data)
{
    f->pool = pst_thread_pool_new(2);
    f->network = shipped_feature_network();
    f->palette = palette_of(f, 80, 64, 1);
    f->photo = waves(75, 50, 0, 1);
    f->instant = waves(75, 50, 1, 1);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    pst_style_palette_unref(f->palette);
    pst_picture_free(f->photo);
    pst_picture_free(f->instant);
    pst_feature_network_free(f->network);
    pst_thread_pool_free(f->pool);
}

/* Strokes are as large as the canvas asks: beyond what the painting allows, pixels change nothing. */
static void test_size(Fixture *f, gconstpointer data)
{
    g_autoptr(PstStylePalette) large = palette_of(f, 720, 600, 1);
    PstRefinementOptions options = PST_REFINEMENT_DEFAULTS, more = options;
    int width, height;

    pst_refinement_size(large, 4000, 3000, 1, &width, &height);
    g_assert_cmpint(height, ==, PST_PALETTE_SIDE);
    g_assert_cmpint(width, ==, 683);
    pst_refinement_size(large, 8000, 6000, 1, &width, &height);
    g_assert_cmpint(width, ==, 683);
    pst_refinement_size(large, 8000, 6000, 2, &width, &height);
    g_assert_cmpint(height, ==, PST_PALETTE_SIDE / 2);
    pst_refinement_size(large, 200, 100, 1, &width, &height);
    g_assert_cmpint(width, ==, 200);
    g_assert_cmpint(height, ==, 100);
    pst_refinement_size(f->palette, 1000, 2000, 1, &width, &height);
    g_assert_cmpint(width, ==, 64);
    /* A frieze is as many pixels as others are. */
    pst_refinement_size(large, 100000, 1000, 1, &width, &height);
    g_assert_cmpint(width * height, <, PST_REFINEMENT_PIXELS * 1.01);

    more.steps *= 2;
    g_assert_cmpfloat(pst_refinement_work(683, 512, &more), ==, 2 * pst_refinement_work(683, 512, &options));
}

static PstPicture *refined(const Fixture *f, const PstRefinementOptions *options, GCancellable *stop,
                           GCancellable *cancellable, GError **error)
{
    return pst_refinement(f->network, f->palette, f->photo, f->instant, options, f->pool, NULL, NULL, stop, cancellable,
                          error);
}

/* The generator's painting counts where likeness is low. */
static void test_likeness(Fixture *f, gconstpointer data)
{
    static const double likeness[] = { 0, 1 };
    double to_photo[2] = { 0 }, to_instant[2] = { 0 };

    for (int i = 0; i < 2; i++) {
        PstRefinementOptions options = { .likeness = likeness[i], .strokes = 1, .steps = 1 };
        g_autoptr(PstPicture) r = refined(f, &options, NULL, NULL, NULL);

        for (int k = 0; k < 3 * 75 * 50; k++) {
            to_photo[i] += fabs(r->rgb[k] - f->photo->rgb[k]);
            to_instant[i] += fabs(r->rgb[k] - f->instant->rgb[k]);
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
    g_autoptr(PstPicture) kept = NULL;

    g_cancellable_cancel(cancellable);
    g_assert_null(refined(f, &options, NULL, cancellable, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error(&error);
    kept = refined(f, &options, cancellable, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(kept->width, ==, 75);
}

/* What is moved to the colours of another picture has its means and covariances. */
/* A painting without colour stays one: angles between features hardly see what colour steps bring in. */
static void test_no_colour(Fixture *f, gconstpointer data)
{
    PstRefinementOptions options = { .likeness = 0.5, .strokes = 1, .steps = 40 };
    double colour = 0;

    pst_style_palette_unref(f->palette);
    f->palette = palette_of(f, 80, 64, 0);
    g_autoptr(PstPicture) r = refined(f, &options, NULL, NULL, NULL);
    for (int i = 0; i < r->width * r->height; i++) {
        colour += fabs(r->rgb[3 * i] - r->rgb[3 * i + 1]) + fabs(r->rgb[3 * i + 1] - r->rgb[3 * i + 2]);
    }
    g_assert_cmpfloat(colour / (r->width * r->height), <, 0.04);
}

static void test_colours(Fixture *f, gconstpointer data)
{
    PstMap a = pst_map_new(40, 50, 3), b = pst_map_new(30, 20, 3);
    PstColourMoments from, to, moved;

    for (gsize i = 0; i < pst_map_size(&a); i++) {
        a.data[i] = (float)(0.5 + 0.02 * (i % 3) + g_test_rand_double_range(-0.2, 0.2));
    }
    for (gsize i = 0; i < pst_map_size(&b); i++) {
        b.data[i] = (float)(0.5 + 0.05 * (i % 3) + 0.08 * cos(i / 3 * 0.7 + i % 3) +
                            g_test_rand_double_range(-0.05, 0.05));
    }
    from = pst_colour_moments(&a);
    to = pst_colour_moments(&b);
    pst_colour_transfer(&a, &from, &to);
    moved = pst_colour_moments(&a);
    for (int i = 0; i < 3; i++) {
        g_assert_cmpfloat_with_epsilon(moved.mean[i], to.mean[i], 1e-4);
        for (int j = 0; j < 3; j++) {
            g_assert_cmpfloat_with_epsilon(moved.covariance[i][j], to.covariance[i][j], 3e-4);
        }
    }
    /* Twice the same picture has its moments. */
    pst_colour_moments_join(&moved, 1, &moved);
    g_assert_cmpfloat_with_epsilon(moved.covariance[1][1], to.covariance[1][1], 3e-4);
    pst_map_clear(&a);
    pst_map_clear(&b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/refine/size", Fixture, NULL, set_up, test_size, tear_down);
    g_test_add("/refine/likeness", Fixture, NULL, set_up, test_likeness, tear_down);
    g_test_add("/refine/colours", Fixture, NULL, set_up, test_colours, tear_down);
    g_test_add("/refine/no_colour", Fixture, NULL, set_up, test_no_colour, tear_down);
    g_test_add("/refine/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
    return g_test_run();
}
