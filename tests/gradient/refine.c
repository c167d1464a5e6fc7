/* The gradients of refinement's losses with respect to the picture, against differences along random directions. */
#include "engine/refine/layer_loss.h"
#include "tests/feature_network.h"

#include <math.h>

#define HEIGHT 40
#define WIDTH  56

typedef struct {
    PstThreadPool *pool;
    PstExecutor *executor;
    PstFeatureNetwork *network;
    PstPaletteVectors *palette;
    PstFeatureMaps *features;
    PstMap photo, picture, gradient;
} Fixture;

/* Blobs and edges of random colours. */
static PstMap random_picture(int height, int width)
{
    PstMap map = pst_map_new(height, width, 3);
    double phase[9];

    for (int i = 0; i < 9; i++) {
        phase[i] = g_random_double_range(0, 6);
    }
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            for (int c = 0; c < 3; c++) {
                double wave = sin(0.4 * x + phase[c]) * cos(0.3 * y + phase[3 + c]) +
                              0.5 * (sin(0.2 * (x + y) + phase[6 + c]) > 0);

                pst_map_at(&map, y, x)[c] = (float)(0.4 + 0.25 * wave + g_random_double_range(-0.05, 0.05));
            }
        }
    }
    return map;
}

/* With one style vector, neighbours can't change and the distance to them can't jump. */
typedef struct {
    int vectors;
    PstLayerWeights weights;
} Case;

static void set_up(Fixture *f, gconstpointer data)
{
    PstPaletteVectorsOptions options = PST_PALETTE_VECTORS_DEFAULTS;
    PstMap painting;
    const Case *wanted = data;

    g_random_set_seed(5);
    painting = random_picture(64, 48);
    f->pool = pst_thread_pool_new(2);
    f->executor = pst_executor_new(f->pool, NULL, NULL, NULL);
    f->network = shipped_feature_network();
    options.vectors = wanted ? wanted->vectors : 200;
    options.octaves = 1;
    f->palette = pst_palette_vectors_new(f->network, f->executor, &painting, 1, &options);
    f->features = pst_feature_maps_new(HEIGHT, WIDTH, PST_FEATURE_LAYERS, TRUE);
    f->photo = random_picture(HEIGHT, WIDTH);
    f->picture = random_picture(HEIGHT, WIDTH);
    f->gradient = pst_map_new(HEIGHT, WIDTH, 3);
    pst_feature_maps_see(f->features, f->network, f->executor, &f->photo);
    pst_map_clear(&painting);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    pst_map_clear(&f->photo);
    pst_map_clear(&f->picture);
    pst_map_clear(&f->gradient);
    pst_feature_maps_free(f->features);
    pst_palette_vectors_free(f->palette);
    pst_feature_network_free(f->network);
    pst_executor_free(f->executor);
    pst_thread_pool_free(f->pool);
}

/* A loss of the picture that also sets f->gradient. */
typedef double (*Loss)(Fixture *f, gpointer data);

/* The median of the errors: ReLU, pooling and neighbours have kinks, and a step may cross one. */
static int compare(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void check(Fixture *f, Loss loss, gpointer data)
{
    enum { TRIES = 9 };
    const float step = 2e-5f;
    gsize size = pst_map_size(&f->picture);
    g_autofree float *direction = g_new(float, size), *from = g_memdup2(f->picture.data, size * sizeof(float));
    double errors[TRIES];

    for (int i = 0; i < TRIES; i++) {
        double along = 0, sums[2], squares = 0;

        loss(f, data);
        for (gsize k = 0; k < size; k++) {
            /* A direction that the gradient has a part in: at random, the product would be lost in rounding. */
            direction[k] = f->gradient.data[k] * (float)g_random_double_range(0, 2);
            squares += direction[k] * direction[k];
        }
        for (gsize k = 0; k < size; k++) {
            direction[k] *= (float)(sqrt(size) / sqrt(squares));
            along += direction[k] * (double)f->gradient.data[k];
        }
        for (int side = 0; side < 2; side++) {
            for (gsize k = 0; k < size; k++) {
                f->picture.data[k] = from[k] + (side ? step : -step) * direction[k];
            }
            sums[side] = loss(f, data);
        }
        memcpy(f->picture.data, from, size * sizeof(float));
        errors[i] = fabs((sums[1] - sums[0]) / (2 * step) / along - 1);
        g_test_message("gradient %g, by differences %g", along, (sums[1] - sums[0]) / (2 * step));
    }
    qsort(errors, TRIES, sizeof *errors, compare);
    g_assert_cmpfloat(errors[TRIES / 2], <, 0.04);
}

static double layers(Fixture *f, gpointer data)
{
    const PstLayerWeights *w = data;
    g_autoptr(PstFeatureMaps) photo = pst_feature_maps_new(HEIGHT, WIDTH, PST_FEATURE_LAYERS, FALSE);
    g_autoptr(PstLayerLoss) loss = NULL;
    PstLayerTerms t;

    pst_feature_maps_see(photo, f->network, f->executor, &f->photo);
    loss = pst_layer_loss_new(photo, TRUE, &f->palette->octaves[0]);
    t = pst_layer_loss(loss, f->network, f->executor, w, 1, &f->picture, f->features, &f->gradient);
    return w->near * t.near + w->cover * t.cover + w->apart * t.apart + w->moments * t.moments + w->content * t.content;
}

static void test_layers(Fixture *f, gconstpointer data)
{
    PstLayerWeights weights = ((const Case *)data)->weights;

    check(f, layers, &weights);
}

int main(int argc, char **argv)
{
    static const Case near = { 200, { .refresh = 1, .near = 1 } }, apart = { 1, { .refresh = 1, .apart = 1 } };
    static const Case cover = { 200, { .refresh = 1, .cover = 1 } };
    static const Case moments = { 200, { .refresh = 1, .moments = 1 } },
                      content = { 200, { .refresh = 1, .content = 1 } };
    static const Case all = {
        1, { .refresh = 1, .near = 1, .cover = 0.5, .apart = 0.2, .moments = 0.3, .content = 0.5, .strokes = 0.4 }
    };

    g_test_init(&argc, &argv, NULL);
    g_test_add("/gradient/refine/near", Fixture, &near, set_up, test_layers, tear_down);
    g_test_add("/gradient/refine/cover", Fixture, &cover, set_up, test_layers, tear_down);
    g_test_add("/gradient/refine/apart", Fixture, &apart, set_up, test_layers, tear_down);
    g_test_add("/gradient/refine/moments", Fixture, &moments, set_up, test_layers, tear_down);
    g_test_add("/gradient/refine/content", Fixture, &content, set_up, test_layers, tear_down);
    g_test_add("/gradient/refine/all", Fixture, &all, set_up, test_layers, tear_down);
    return g_test_run();
}
