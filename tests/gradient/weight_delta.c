/* Weight deltas: what they do to a painting, to a file, and mixed. */
#include "synthetic.h"

#include "engine/network/generator.h"
#include "engine/finetune/delta_row.h"
#include "engine/style/style.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define HEIGHT 40
#define WIDTH  48

static char *folder;

static PstWeightDelta *sample(guint64 seed, double amplitude)
{
    g_autofree float *values = g_new(float, pst_weight_delta_size());

    synthetic_fill(seed, values, pst_weight_delta_size(), amplitude, 0);
    return pst_weight_delta_new(values);
}

static PstGenerator *loaded(const PstGeneratorWeights *weights)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "generator.safetensors", NULL);
    g_autoptr(PstTensors) tensors = NULL;
    PstGenerator *generator;

    g_assert_true(pst_generator_weights_write(weights, path, 0, &error));
    tensors = pst_tensors_read(path, NULL, &error);
    g_assert_no_error(error);
    generator = pst_generator_new(tensors, &error);
    g_assert_no_error(error);
    g_remove(path);
    return generator;
}

static void paint(const PstGenerator *generator, const PstConditioning *conditioning, const PstMap *taps, PstMap *rgb)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(1);
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, NULL, NULL, NULL);
    g_autoptr(PstConditionedGenerator) conditioned = pst_conditioned_generator_new(generator, conditioning, pool);

    pst_conditioned_generator_run(conditioned, executor, taps, rgb);
}

static double farthest(const PstMap *a, const PstMap *b)
{
    double most = 0;

    for (gsize i = 0; i < pst_map_size(a); i++) {
        most = MAX(most, fabs(a->data[i] - b->data[i]));
    }
    return most;
}

/* A generator conditioned with a delta paints what the tuned generator paints, in training and out of it. */
static void test_paints_like_the_tuned_generator(void)
{
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstWeightDelta) delta = sample(5, 0.02);
    PstGeneratorWeights *base = synthetic_generator(3000), *tuned = synthetic_generator(3000);
    g_autoptr(PstLossNetwork) encoder = synthetic_network(1000);
    PstMap photo = synthetic_picture(7, HEIGHT, WIDTH);
    g_autoptr(PstActivations) activations = pst_activations_new(encoder, arena, HEIGHT, WIDTH, PST_STYLE_TAPS, FALSE);
    g_autoptr(PstGeneratorGradient) training = pst_generator_gradient_new(tuned, arena, HEIGHT, WIDTH);
    PstMap one = pst_arena_map(arena, HEIGHT, WIDTH, 3), two = pst_arena_map(arena, HEIGHT, WIDTH, 3);
    PstMap plain = pst_arena_map(arena, HEIGHT, WIDTH, 3);
    float content[PST_STYLE_SIZE], style[PST_STYLE_SIZE];
    PstConditioning conditioning = { content, style, NULL, delta, 1, 1 };

    pst_loss_network_forward(encoder, &photo, activations);
    pst_taps_statistics(activations->taps, content);
    synthetic_fill(9, style, PST_STYLE_SIZE, 0.3, 0.6);
    pst_delta_apply(base->parameters, pst_weight_delta_get(delta, 0), tuned->parameters);
    pst_generator_weights_prepare(tuned, NULL);
    g_autoptr(PstGenerator) generator = loaded(base), other = loaded(tuned);
    paint(generator, &conditioning, activations->taps, &one);
    conditioning.delta = NULL;
    paint(other, &conditioning, activations->taps, &two);
    paint(generator, &conditioning, activations->taps, &plain);
    g_assert_cmpfloat(farthest(&one, &two), <, 2e-4);
    g_assert_cmpfloat(farthest(&one, &plain), >, 1e-2);
    pst_generator_gradient_set(training, activations->taps, style, 1);
    pst_generator_gradient_forward(&(PstGeneratorGradient *){ training }, 1);
    g_assert_cmpfloat(farthest(pst_generator_gradient_rgb(training), &two), <, 2e-4);

    conditioning.delta = delta; /* none of it */
    conditioning.interpolation = 0;
    paint(generator, &conditioning, activations->taps, &one);
    g_assert_cmpfloat(farthest(&one, &plain), ==, 0);
    synthetic_generator_free(base);
    synthetic_generator_free(tuned);
    pst_map_clear(&photo);
}

static void assert_equal(const PstWeightDelta *a, const PstWeightDelta *b)
{
    g_assert_cmpmem(pst_weight_delta_get(a, 0), pst_weight_delta_size() * sizeof(float), pst_weight_delta_get(b, 0),
                    pst_weight_delta_size() * sizeof(float));
}

static void test_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstStyle) style = pst_style_new("Mine");
    g_autofree char *path = g_build_filename(folder, "mine.style", NULL);
    g_autoptr(PstWeightDelta) rounded = NULL;
    GStatBuf status;

    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        style->statistics[i] = 1;
    }
    style->author = g_strdup("Me");
    style->sources = g_strdup("[{\"file\":\"a.png\"}]");
    style->delta = sample(6, 0.05);
    rounded = pst_weight_delta_round(style->delta);
    g_assert_true(pst_style_write(style, path, &error));
    g_assert_no_error(error);
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_size, <, 1 << 20);
    g_autoptr(PstStyle) read = pst_style_read(path, &error);
    g_assert_no_error(error);
    assert_equal(read->delta, rounded);
    for (gsize i = 0; i < pst_weight_delta_size(); i++) { /* within half a step of 1/127 of the largest */
        float difference = pst_weight_delta_get(rounded, 0)[i] - pst_weight_delta_get(style->delta, 0)[i];

        g_assert_cmpfloat(fabs(difference), <=, 0.05 / 250);
    }
    g_assert_cmpstr(read->author, ==, "Me");
    g_assert_cmpstr(read->sources, ==, style->sources);
    g_assert_null(read->report);
    g_autoptr(PstStyle) copy = pst_style_copy(read);
    g_assert_true(copy->delta == read->delta);
    g_remove(path);
}

static void test_mix(void)
{
    g_autoptr(PstWeightDelta) a = sample(1, 0.1), b = sample(2, 0.1);
    PstWeightDelta *const parts[] = { a, NULL, b };
    g_autoptr(PstWeightDelta) mix = pst_weight_delta_mix(parts, (double[]){ 0.25, 0.5, 0.25 }, 3);

    for (gsize i = 0; i < pst_weight_delta_size(); i += 997) {
        g_assert_cmpfloat_with_epsilon(pst_weight_delta_get(mix, 0)[i],
                                       0.25 * (pst_weight_delta_get(a, 0)[i] + pst_weight_delta_get(b, 0)[i]), 1e-6);
    }
    g_assert_null(pst_weight_delta_mix((PstWeightDelta *[]){ NULL, NULL }, (double[]){ 1, 1 }, 2));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("pastiche-delta-XXXXXX", NULL);
    g_test_add_func("/weight-delta/paints-like-the-tuned-generator", test_paints_like_the_tuned_generator);
    g_test_add_func("/weight-delta/file", test_file);
    g_test_add_func("/weight-delta/mix", test_mix);
    int status = g_test_run();
    g_rmdir(folder);
    g_free(folder);
    return status;
}
