/* Refinement: the same bytes on any number of threads, how far it is, and a stop at once with what there is. */
#include "engine/refine/detail.h"
#include "engine/refine/refine.h"
#include "tests/feature_network.h"

#include <math.h>
#include <string.h>

typedef struct {
    PstFeatureNetwork *network;
    PstPaletteVectors *palette, *other;
    PstMap photo;
} Fixture;

static PstMap waves(int height, int width, double phase)
{
    PstMap map = pst_map_new(height, width, 3);

    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            for (int c = 0; c < 3; c++) {
                pst_map_at(&map, y, x)[c] = (float)(0.5 + 0.3 * sin(0.3 * x + phase + c) * cos(0.2 * y) +
                                                    g_random_double_range(-0.1, 0.1));
            }
        }
    }
    return map;
}

static PstPaletteVectors *palette_of(const PstFeatureNetwork *network, double phase, int threads)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(threads);
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, NULL, NULL, NULL);
    PstPaletteVectorsOptions options = { .vectors = 128, .octaves = 3 };
    PstMap painting;
    PstPaletteVectors *palette;

    g_random_set_seed(7);
    painting = waves(88, 72, phase);
    palette = pst_palette_vectors_new(network, executor, &painting, 1, &options);
    pst_map_clear(&painting);
    return palette;
}

static void set_up(Fixture *f, gconstpointer data)
{
    f->network = shipped_feature_network();
    f->palette = palette_of(f->network, 1, 1);
    f->other = palette_of(f->network, 4, 1);
    g_random_set_seed(3);
    f->photo = waves(75, 106, 0);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    pst_palette_vectors_free(f->palette);
    pst_palette_vectors_free(f->other);
    pst_feature_network_free(f->network);
    pst_map_clear(&f->photo);
}

static const PstRefineOptions options = { .steps = { 5, 2, 2 },
                                          .rate = 4e-3,
                                          .final_rate = 1e-3,
                                          .beta2 = 0.999,
                                          .weights = { .refresh = 3, .near = 1, .moments = 0.3, .content = 0.5 } };

static PstMap refined(const Fixture *f, const PstPaletteVectors *palette, int threads)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(threads);
    PstMap picture = pst_map_new(f->photo.height, f->photo.width, 3);

    memcpy(picture.data, f->photo.data, pst_map_size(&picture) * sizeof(float));
    g_assert_true(pst_refine(f->network, palette, &f->photo, &picture, &options, pool, NULL, NULL, NULL));
    return picture;
}

static void test_threads(Fixture *f, gconstpointer data)
{
    PstMap one = refined(f, f->palette, 1);

    g_assert_cmpint(memcmp(one.data, f->photo.data, pst_map_size(&one) * sizeof(float)), !=, 0);
    for (int threads = 2; threads <= 5; threads++) {
        g_autoptr(PstPaletteVectors) palette = palette_of(f->network, 1, threads);
        PstMap more = refined(f, palette, threads);

        g_assert_cmpmem(one.data, pst_map_size(&one) * sizeof(float), more.data, pst_map_size(&more) * sizeof(float));
        pst_map_clear(&more);
    }
    pst_map_clear(&one);
}

typedef struct {
    double done;
    int pictures;
    GCancellable *cancellable;
    double stop_at;
    gint64 stopped;
    PstMap last;
} Told;

static void tell(double done, const PstMap *picture, gpointer data)
{
    Told *told = data;

    g_assert_cmpfloat(done, >=, told->done);
    g_assert_cmpfloat(done, <=, 1);
    told->done = done;
    told->pictures += picture != NULL;
    if (done >= told->stop_at && !told->stopped) {
        told->stopped = g_get_monotonic_time();
        g_cancellable_cancel(told->cancellable);
    }
}

static void test_progress(Fixture *f, gconstpointer data)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    PstMap picture = pst_map_new(f->photo.height, f->photo.width, 3);
    Told told = { .stop_at = 2 };

    memcpy(picture.data, f->photo.data, pst_map_size(&picture) * sizeof(float));
    g_assert_true(pst_refine(f->network, f->palette, &f->photo, &picture, &options, pool, NULL, tell, &told));
    g_assert_cmpfloat(told.done, ==, 1);
    g_assert_cmpint(told.pictures, >=, 3);
    pst_map_clear(&picture);
}

/* What is kept is a picture on its way: neither the start nor damaged. */
static void test_stop(Fixture *f, gconstpointer data)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    static const double shares[] = { 0.02, 0.3, 0.9 };

    for (guint i = 0; i < G_N_ELEMENTS(shares); i++) {
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        PstMap picture = pst_map_new(f->photo.height, f->photo.width, 3);
        Told told = { .stop_at = shares[i], .cancellable = cancellable };
        double most = 0;

        memcpy(picture.data, f->photo.data, pst_map_size(&picture) * sizeof(float));
        g_assert_false(
            pst_refine(f->network, f->palette, &f->photo, &picture, &options, pool, cancellable, tell, &told));
        g_assert_cmpint(g_get_monotonic_time() - told.stopped, <, 200 * 1000);
        for (gsize k = 0; k < pst_map_size(&picture); k++) {
            g_assert_true(picture.data[k] >= 0 && picture.data[k] <= 1);
            most = MAX(most, fabs(picture.data[k] - f->photo.data[k]));
        }
        g_assert_cmpfloat(most, >, 1e-4);
        g_assert_cmpfloat(most, <, 0.3);
        pst_map_clear(&picture);
    }
}

/* ---- detail --------------------------------------------------------------------------------- */

typedef struct {
    PstMap photo, result;
    int read, written;
} Rows;

static gboolean read_rows(int first, int rows, float *rgb, gpointer data, GError **error)
{
    Rows *r = data;

    g_assert_cmpint(first, ==, r->read);
    r->read += rows;
    g_assert_cmpint(r->read, <=, r->photo.height);
    memcpy(rgb, pst_map_at(&r->photo, first, 0), (gsize)rows * r->photo.width * 3 * sizeof(float));
    return TRUE;
}

static gboolean write_rows(int first, int rows, const float *rgb, gpointer data, GError **error)
{
    Rows *r = data;

    g_assert_cmpint(first, ==, r->written);
    r->written += rows;
    memcpy(pst_map_at(&r->result, first, 0), rgb, (gsize)rows * r->photo.width * 3 * sizeof(float));
    return TRUE;
}

/* How wide the pictures are that masks are asked for. */
static int masked_width;

static void left_half(int layer, int first, int rows, float *weights, gpointer data)
{
    for (int i = 0; i < rows * masked_width; i++) {
        weights[i] = i % masked_width < masked_width / 2;
    }
}

static Rows detailed(const Fixture *f, const PstMap *refined_picture, int height, int width, int steps, int threads,
                     gboolean masked)
{
    const PstPaletteVectors *styles[] = { f->palette, f->other };
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(threads);
    PstDetailOptions o = PST_DETAIL_DEFAULTS;
    g_autoptr(GError) error = NULL;
    Rows rows = { .result = pst_map_new(height, width, 3) };
    PstDetailPicture picture = { .height = height,
                                 .width = width,
                                 .photo = &f->photo,
                                 .refined = refined_picture,
                                 .styles = styles,
                                 .count = masked ? 2 : 1,
                                 .mask = masked ? left_half : NULL,
                                 .read = read_rows,
                                 .write = write_rows,
                                 .data = &rows };

    masked_width = width;
    g_random_set_seed(9);
    rows.photo = waves(height, width, 0);
    o.steps = o.half_steps = steps;
    pst_detail(f->network, &picture, &o, pool, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(rows.read, ==, height);
    g_assert_cmpint(rows.written, ==, height);
    return rows;
}

static void test_detail(Fixture *f, gconstpointer data)
{
    gboolean masked = GPOINTER_TO_INT(data);
    static const int sizes[][2] = { { 150, 212 }, { 40, 1100 }, { 1040, 60 }, { 560, 530 } };

    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        Rows one = detailed(f, &f->photo, sizes[i][0], sizes[i][1], 1, 1, masked);
        Rows three = detailed(f, &f->photo, sizes[i][0], sizes[i][1], 1, 3, masked);
        gsize bytes = pst_map_size(&one.result) * sizeof(float);

        g_assert_cmpmem(one.result.data, bytes, three.result.data, bytes);
        for (gsize k = 0; k < pst_map_size(&one.result); k++) {
            g_assert_true(one.result.data[k] >= 0 && one.result.data[k] <= 1.0001f);
        }
        pst_map_clear(&one.photo);
        pst_map_clear(&one.result);
        pst_map_clear(&three.photo);
        pst_map_clear(&three.result);
    }
}

/* An even picture, of an even photograph, stays even where no step is taken: tiles count one in all. */
static void test_even(Fixture *f, gconstpointer data)
{
    PstMap grey = pst_map_new(f->photo.height, f->photo.width, 3);
    PstMap photo = f->photo;
    Rows rows;

    for (gsize i = 0; i < pst_map_size(&grey); i++) {
        grey.data[i] = 0.4f;
    }
    f->photo = grey;
    rows = detailed(f, &grey, 600, 1100, 0, 2, FALSE);
    for (int y = 0; y < 600; y++) {
        for (int x = 0; x < 1100; x++) {
            const float *p = pst_map_at(&rows.photo, y, x), *r = pst_map_at(&rows.result, y, x);
            float light = 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2] - 0.4f;

            g_assert_cmpfloat_with_epsilon(r[1], CLAMP(0.4f + 0.5f * light, 0, 1), 1e-4);
        }
    }
    f->photo = photo;
    pst_map_clear(&grey);
    pst_map_clear(&rows.photo);
    pst_map_clear(&rows.result);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/refine/threads", Fixture, NULL, set_up, test_threads, tear_down);
    g_test_add("/refine/progress", Fixture, NULL, set_up, test_progress, tear_down);
    g_test_add("/refine/stop", Fixture, NULL, set_up, test_stop, tear_down);
    g_test_add("/refine/detail", Fixture, NULL, set_up, test_detail, tear_down);
    g_test_add("/refine/detail-masked", Fixture, GINT_TO_POINTER(TRUE), set_up, test_detail, tear_down);
    g_test_add("/refine/even", Fixture, NULL, set_up, test_even, tear_down);
    return g_test_run();
}
