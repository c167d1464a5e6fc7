/* Speed of the convolutions at the shapes of the networks, in GFLOP/s of the direct method: 18 in
 * out height width operations, however few are really done. Medians of repeats, or with --best the
 * fastest, for a machine that has other things to do. A map of several MiB measures memory as well.
 */
#include "engine/kernel/convolution.h"
#include "engine/kernel/kernels.h"
#include "engine/base/thread_pool.h"

#include <stdlib.h>
#include <string.h>

enum {
    REPEATS = 21,
    STRIP = 32, /* rows of a task of the forward convolution */
    THREADS = 2,
};

typedef struct {
    PstConvolution *convolution;
    PstMap x;
    PstMap y;
    PstMap dx;
    float *dweight[THREADS];
    float *dbias[THREADS];
    float *scratch[THREADS];
} Layer;

static PstMap random_map(int height, int width, int channels)
{
    PstMap map = pst_map_new(height, width, channels);
    for (gsize i = 0; i < pst_map_size(&map); i++)
        map.data[i] = (float)((i * 2654435761u >> 16 & 0xff) / 128.0 - 1);
    return map;
}

static float *zeros(gsize n)
{
    float *floats = pst_floats_new(n);
    memset(floats, 0, sizeof(float) * n);
    return floats;
}

/* Backward passes are shared out by sample, so that each thread has a layer of its own. */
static Layer layer_new(int in, int out, int height, int width)
{
    gsize weights = (gsize)in * out * 9;
    Layer layer = { pst_convolution_new(in, out),
                    random_map(height, width, in),
                    random_map(height, width, out),
                    pst_map_new(height, width, in),
                    { NULL },
                    { NULL },
                    { NULL } };
    PstMap weight = random_map(1, 1, (int)weights);

    pst_convolution_set_with_gradient(layer.convolution, weight.data, NULL);
    pst_map_clear(&weight);
    for (int i = 0; i < THREADS; i++) {
        layer.dweight[i] = zeros(weights);
        layer.dbias[i] = zeros(out);
        layer.scratch[i] = pst_floats_new(pst_convolution_scratch(layer.convolution, width));
    }
    return layer;
}

static void layer_clear(Layer *layer)
{
    pst_convolution_free(layer->convolution);
    pst_map_clear(&layer->x);
    pst_map_clear(&layer->y);
    pst_map_clear(&layer->dx);
    for (int i = 0; i < THREADS; i++) {
        pst_floats_free(layer->dweight[i]);
        pst_floats_free(layer->dbias[i]);
        pst_floats_free(layer->scratch[i]);
    }
}

static void run_forward(int task, int worker, gpointer data)
{
    static const PstFusion relu = { .relu = TRUE };
    Layer *layer = data;
    int first = task * STRIP, rows = MIN(STRIP, layer->y.height - first);
    pst_convolution_forward(layer->convolution, &layer->x, &layer->y, first, rows, &relu, layer->scratch[worker]);
}

static void run_backward_input(int task, int worker, gpointer data)
{
    Layer *layer = (Layer *)data + task;
    pst_convolution_backward_input(layer->convolution, &layer->y, &layer->y, &layer->dx, layer->scratch[0]);
}

static void run_backward_weights(int task, int worker, gpointer data)
{
    Layer *layer = (Layer *)data + task;
    pst_convolution_backward_weights(layer->convolution, &layer->x, &layer->y, &layer->y, layer->dweight[0],
                                     layer->dbias[0], layer->scratch[0]);
}

static int compare(gconstpointer a, gconstpointer b)
{
    gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;
    return (left > right) - (left < right);
}

static int wanted_repeat = REPEATS / 2;

/* Microseconds of one round of tasks. */
static double measure(PstThreadPool *pool, int tasks, PstTask run, gpointer data)
{
    gint64 times[REPEATS];
    for (int i = -1; i < REPEATS; i++) {
        gint64 start = g_get_monotonic_time();
        pst_thread_pool_run(pool, tasks, run, data);
        times[MAX(i, 0)] = g_get_monotonic_time() - start;
    }
    qsort(times, REPEATS, sizeof times[0], compare);
    return (double)MAX(times[wanted_repeat], 1);
}

int main(int argc, char **argv)
{
    static const int shapes[][3] = {
        { 3, 16, 512 },  { 16, 16, 512 }, { 16, 32, 256 },  { 32, 32, 256 }, { 32, 64, 128 },
        { 64, 64, 128 }, { 64, 128, 64 }, { 128, 128, 64 }, { 128, 64, 64 }, { 16, 3, 512 },
        { 3, 16, 160 },  { 16, 16, 160 }, { 16, 32, 80 },   { 32, 32, 80 },  { 32, 64, 40 },
        { 64, 64, 40 },  { 64, 128, 20 }, { 128, 128, 20 }, { 16, 3, 160 },
    };
    PstThreadPool *pools[THREADS];

    if (argc > 1 && g_str_equal(argv[1], "--best"))
        wanted_repeat = 0;

    for (int i = 0; i < THREADS; i++)
        pools[i] = pst_thread_pool_new(i + 1);
    g_print("%s; GFLOP/s on 1 and 2 threads\n", pst_kernels()->name);
    g_print("%-18s %13s %15s %17s\n", "layer", "forward", "backward_input", "backward_weights");
    for (guint i = 0; i < G_N_ELEMENTS(shapes); i++) {
        int in = shapes[i][0], out = shapes[i][1], side = shapes[i][2];
        double work = 18.0 * in * out * side * side / 1000;
        Layer layers[THREADS];
        double speed[3][THREADS];

        for (int j = 0; j < THREADS; j++)
            layers[j] = layer_new(in, out, side, side);
        for (int j = 0; j < THREADS; j++) {
            int samples = j + 1;
            speed[0][j] = work / measure(pools[j], (side + STRIP - 1) / STRIP, run_forward, layers);
            speed[1][j] = samples * work / measure(pools[j], samples, run_backward_input, layers);
            speed[2][j] = samples * work / measure(pools[j], samples, run_backward_weights, layers);
        }
        g_print("%3d -> %3d @ %-4d ", in, out, side);
        for (int j = 0; j < 3; j++)
            g_print("%7.0f %7.0f ", speed[j][0], speed[j][1]);
        g_print("\n");
        for (int j = 0; j < THREADS; j++)
            layer_clear(&layers[j]);
    }
    for (int i = 0; i < THREADS; i++)
        pst_thread_pool_free(pools[i]);
    return 0;
}
