/* A few steps of refinement give what PyTorch gives (fixture by refine.py). */
#include "engine/refine/refine.h"

#include <math.h>
#include <string.h>

static const char *fixture_path, *encoder_path;

typedef struct {
    PstThreadPool *pool;
    PstExecutor *executor;
    PstTensors *fixture;
    PstFeatureNetwork *network;
    PstPaletteVectors *palette;
    PstMap photo, painting, picture;
} Fixture;

static PstMap picture(const PstTensors *fixture, const char *name)
{
    const PstTensor *t = pst_tensors_find(fixture, name);
    PstMap map = pst_map_new(t->shape[0], t->shape[1], 3);

    memcpy(map.data, t->floats, t->count * sizeof(float));
    return map;
}

static void set_up(Fixture *f, gconstpointer data)
{
    /* More vectors than places. */
    PstPaletteVectorsOptions options = { .vectors = 4 * 48 * 32, .octaves = 2 };
    g_autoptr(GError) error = NULL;
    g_autoptr(PstTensors) weights = pst_tensors_read(encoder_path, NULL, &error);

    g_assert_no_error(error);
    f->pool = pst_thread_pool_new(2);
    f->executor = pst_executor_new(f->pool, NULL, NULL, NULL);
    f->fixture = pst_tensors_read(fixture_path, NULL, &error);
    g_assert_no_error(error);
    f->network = pst_feature_network_new(weights, &error);
    g_assert_no_error(error);
    f->photo = picture(f->fixture, "photo");
    f->painting = picture(f->fixture, "painting");
    f->picture = picture(f->fixture, "start");
    f->palette = pst_palette_vectors_new(f->network, f->executor, &f->painting, 1, &options);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    pst_map_clear(&f->photo);
    pst_map_clear(&f->painting);
    pst_map_clear(&f->picture);
    pst_palette_vectors_free(f->palette);
    pst_feature_network_free(f->network);
    pst_tensors_free(f->fixture);
    pst_executor_free(f->executor);
    pst_thread_pool_free(f->pool);
}

/* The mean difference: Adam turns the faintest gradient into a whole step, and rounding may give it the other sign. */
static double error(const Fixture *f, const char *name)
{
    const float *expected = pst_tensors_find(f->fixture, name)->floats;
    double sum = 0, moved = 0;
    PstMap start = picture(f->fixture, "start");
    gsize size = pst_map_size(&f->picture);

    for (gsize i = 0; i < size; i++) {
        sum += fabs(f->picture.data[i] - CLAMP(expected[i], 0, 1));
        moved += fabs(f->picture.data[i] - start.data[i]);
    }
    pst_map_clear(&start);
    g_test_message("%s: %.2e apart, %.2e from the start", name, sum / size, moved / size);
    g_assert_cmpfloat(moved / size, >, 2e-3);
    return sum / moved;
}

static void test_steps(Fixture *f, gconstpointer data)
{
    PstRefineOptions options = {
        .steps = { 3, 3 },
        .rate = 4e-3,
        .final_rate = 4e-3,
        .beta2 = 0.999,
        .weights = { .refresh = 1, .near = 1, .apart = 0.1, .moments = 0.3, .content = 0.5, .strokes = 0.3 }
    };

    g_assert_true(pst_refine(f->network, f->palette, &f->photo, &f->picture, &options, f->pool, NULL, NULL, NULL));
    /* Adam magnifies what little gradients differ by; without saliency it is 0.12, without strokes 0.1. */
    g_assert_cmpfloat(error(f, "refined"), <, 0.03);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fixture_path = argv[1];
    encoder_path = argv[2];
    g_test_add("/parity/refine", Fixture, NULL, set_up, test_steps, tear_down);
    return g_test_run();
}
