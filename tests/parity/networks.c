/* The shipped encoder, generator and shallow loss network give what PyTorch gives (fixture by networks.py). */
#include <math.h>
#include <string.h>

#include "engine/network/encoder.h"
#include "engine/network/generator.h"
#include "engine/gradient/shallow_loss_network.h"

#define TOLERANCE 1e-4

static PstTensors *fixture, *encoder_weights, *generator_weights;
static const char *shallow_file;

static PstTensors *read_tensors(const char *path)
{
    g_autoptr(GError) error = NULL;
    PstTensors *tensors = pst_tensors_read(path, NULL, &error);

    g_assert_no_error(error);
    return tensors;
}

/* Largest difference over largest value. */
static double relative_error(const float *values, const char *name, gsize count)
{
    const PstTensor *expected = pst_tensors_find(fixture, name);
    double difference = 0, size = 0;

    g_assert_nonnull(expected);
    g_assert_cmpuint(expected->count, ==, count);
    for (gsize i = 0; i < count; i++) {
        difference = MAX(difference, fabs(values[i] - expected->floats[i]));
        size = MAX(size, fabs(expected->floats[i]));
    }
    g_assert_cmpfloat(size, >, 0);
    g_test_message("%s: relative error %.2e", name, difference / size);
    return difference / size;
}

static PstMap picture(const char *name)
{
    const PstTensor *t = pst_tensors_find(fixture, name);
    PstMap map = pst_map_new(t->shape[0], t->shape[1], 3);

    memcpy(map.data, t->floats, t->count * sizeof(float));
    return map;
}

static void encode(PstExecutor *executor, const char *name, PstMap taps[PST_STYLE_TAPS + 1], float *statistics)
{
    g_autoptr(PstEncoder) encoder = pst_encoder_new(encoder_weights, NULL);
    PstMap rgb = picture(name);

    g_assert_nonnull(encoder);
    pst_encoder_taps_new(rgb.height, rgb.width, taps);
    pst_encoder_run(encoder, executor, &rgb, taps);
    for (int i = 1; i <= PST_STYLE_TAPS; i++) {
        g_autoptr(PstMoments) moments = pst_moments_new(taps[i].channels);
        float *means = statistics + pst_style_offset(i);

        pst_executor_gather(executor, &taps[i], 0, taps[i].height, moments);
        pst_moments_get(moments, PST_EPSILON, means, means + PST_STYLE_CHANNELS);
    }
    pst_map_clear(&rgb);
}

static void test_encoder(void)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, NULL, NULL, NULL);
    PstMap taps[PST_STYLE_TAPS + 1];
    float statistics[PST_STYLE_SIZE];

    encode(executor, "photo", taps, statistics);
    for (int i = 1; i <= PST_STYLE_TAPS; i++) {
        g_autofree char *name = g_strdup_printf("relu%d_1", i);

        g_assert_cmpfloat(relative_error(taps[i].data, name, pst_map_size(&taps[i])), <, TOLERANCE);
        pst_map_clear(&taps[i]);
    }
    g_assert_cmpfloat(relative_error(statistics, "content", PST_STYLE_SIZE), <, TOLERANCE);

    encode(executor, "painting", taps, statistics);
    g_assert_cmpfloat(relative_error(statistics, "style", PST_STYLE_SIZE), <, TOLERANCE);
    for (int i = 1; i <= PST_STYLE_TAPS; i++) {
        pst_map_clear(&taps[i]);
    }
}

static void test_generator(void)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, NULL, NULL, NULL);
    g_autoptr(PstGenerator) generator = pst_generator_new(generator_weights, NULL);
    PstMap taps[PST_STYLE_TAPS + 1];
    float content[PST_STYLE_SIZE];
    const float *style = pst_tensors_find(fixture, "style")->floats;
    const float *correction = pst_tensors_find(fixture, "correction")->floats;
    static const char *const names[] = { "painted", "painted_half_detail", "painted_corrected" };

    g_assert_nonnull(generator);
    encode(executor, "photo", taps, content);
    PstMap rgb = pst_map_new(taps[1].height, taps[1].width, 3);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        PstConditioning conditioning = { content, style, i == 2 ? correction : NULL, NULL, 0, i == 1 ? 0.5 : 1 };
        g_autoptr(PstConditionedGenerator)
            conditioned = pst_conditioned_generator_new(generator, &conditioning, i == 1 ? pool : NULL);

        pst_conditioned_generator_run(conditioned, executor, taps, &rgb);
        g_assert_cmpfloat(relative_error(rgb.data, names[i], pst_map_size(&rgb)), <, TOLERANCE);
    }
    pst_map_clear(&rgb);
    for (int i = 1; i <= PST_STYLE_TAPS; i++) {
        pst_map_clear(&taps[i]);
    }
}

static void test_shallow_loss_network(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstLossNetwork) network = pst_shallow_loss_network_read(shallow_file, &error);
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstActivations) activations = NULL;
    PstMap rgb = picture("painting");
    const PstMap *tap;

    g_assert_no_error(error);
    activations = pst_activations_new(network, arena, rgb.height, rgb.width, PST_SHALLOW_TAPS, FALSE);
    pst_loss_network_forward(network, &rgb, activations);
    tap = &activations->taps[PST_SHALLOW_TAPS];
    g_assert_cmpfloat(relative_error(tap->data, "shallow.relu3_1", pst_map_size(tap)), <, TOLERANCE);
    pst_map_clear(&rgb);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fixture = read_tensors(argv[1]);
    encoder_weights = read_tensors(argv[2]);
    generator_weights = read_tensors(argv[3]);
    shallow_file = argv[4];
    g_test_add_func("/parity/encoder", test_encoder);
    g_test_add_func("/parity/generator", test_generator);
    g_test_add_func("/parity/shallow-loss-network", test_shallow_loss_network);
    int status = g_test_run();
    pst_tensors_free(fixture);
    pst_tensors_free(encoder_weights);
    pst_tensors_free(generator_weights);
    return status;
}
