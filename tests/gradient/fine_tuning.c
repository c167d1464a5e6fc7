/* What fine-tuning adds: the row of a weight delta, against central differences; and that a fine-tuning that was saved
 * and read goes on to the same bytes. */
#include "synthetic.h"

#include "engine/finetune/fine_tuning.h"
#include "engine/finetune/style_images.h"

#include <math.h>
#include <string.h>

#define DIRECTIONS 6

/* (f(x + h u) - f(x - h u)) / 2h against <df/dx, u>, for random directions u of the n numbers x. */
typedef double (*Function)(const float *x, gpointer data);

static void assert_gradient(Function f, const float *x, const float *gradient, gsize n, double h, double tolerance,
                            gpointer data)
{
    g_autofree float *moved = g_new(float, n);
    g_autofree float *direction = g_new(float, n);

    for (int k = 0; k < DIRECTIONS; k++) {
        double expected = 0, length = 0, difference;

        synthetic_fill(900 + k, direction, n, 1, 0);
        for (gsize i = 0; i < n; i++) {
            length += (double)direction[i] * direction[i];
            expected += (double)direction[i] * gradient[i];
        }
        length = sqrt(length);
        for (gsize i = 0; i < n; i++) {
            moved[i] = (float)(x[i] + h * direction[i] / length);
        }
        difference = f(moved, data);
        for (gsize i = 0; i < n; i++) {
            moved[i] = (float)(x[i] - h * direction[i] / length);
        }
        difference = (difference - f(moved, data)) / (2 * h);
        expected /= length;
        g_test_message("difference %.6g gradient %.6g", difference, expected);
        g_assert_cmpfloat(fabs(difference - expected), <=, tolerance * (fabs(expected) + 1e-4));
    }
}

/* ---- the row of a delta --------------------------------------------------------------------- */

typedef struct {
    float *base, *set, *slope, *delta; /* f(row) = <slope, base + delta(row)> */
} Line;

static double of_row(const float *row, gpointer data)
{
    Line *l = data;
    double sum = 0;

    pst_delta_row_expand(row, l->delta);
    pst_delta_apply(l->base, l->delta, l->set);
    for (gsize i = 0; i < pst_parameters_size(); i++) {
        sum += (double)l->slope[i] * l->set[i];
    }
    return sum;
}

static void test_delta_row(void)
{
    g_autoptr(PstArena) arena = pst_arena_new();
    gsize n = pst_delta_row_size(), trained = 0;
    float *row = pst_arena_floats(arena, n), *drow = pst_arena_floats(arena, n);
    Line line = { pst_arena_floats(arena, pst_parameters_size()), pst_arena_floats(arena, pst_parameters_size()),
                  pst_arena_floats(arena, pst_parameters_size()), pst_arena_floats(arena, pst_weight_delta_size()) };

    memset(line.base, 0, pst_parameters_size() * sizeof(float));
    memset(line.set, 0, pst_parameters_size() * sizeof(float));
    synthetic_fill(11, line.slope, pst_parameters_size(), 1, 0);
    synthetic_fill(12, row, n, 0.5, 0);
    pst_delta_row_gradient(line.slope, drow);
    for (gsize i = 0; i < n; i++) {
        trained += drow[i] != 0;
    }
    g_assert_cmpuint(trained, ==, pst_weight_delta_size());
    assert_gradient(of_row, row, drow, n, 0.5, 5e-3, &line);
}

/* ---- a whole one ---------------------------------------------------------------------------- */

typedef struct {
    PstFineTuningRecipe recipe;
    PstFineTuningData data;
    PstGeneratorWeights *base;
    PstLossNetwork *encoder;
    PstArena *arena;        /* of the vectors, */
    PstSwapPatches patches; /* and of these */
    PstExample examples[3];
    float style[PST_STYLE_SIZE], target[PST_TARGET_SIZE];
} Study;

static PstStyleVectors *vectors_of(const PstLossNetwork *encoder, const PstExample *painting, PstArena *arena)
{
    PstStyleImage item = { .example = *painting };
    const PstStyleImages images = { .count = 1, .items = &item };

    return pst_style_images_vectors(&images, encoder, 400, 1, arena, NULL);
}

static void fill_patches(Study *s)
{
    enum { COUNT = 5 };

    for (int i = 0; i < PST_SWAP_TAPS; i++) {
        int size = COUNT * PST_SWAP_PLACES * pst_tap_channels[PST_SWAP_FIRST_TAP + i];

        s->patches.count[i] = COUNT;
        s->patches.values[i] = pst_arena_floats(s->arena, size);
        synthetic_fill(8 + i, s->patches.values[i], size, 2, 0);
    }
}

static void study_new(Study *s, PstThreadPool *pool)
{
    *s = (Study){
        .recipe = { .steps = 12,
                    .batch = 3,
                    .size = 32,
                    .smallest_window = 32,
                    .largest_window = 48,
                    .rate = 1e-3,
                    .warm_up = 2,
                    .average = 0.9,
                    .loss = { [PST_LOSS_STYLE] = 4,
                              [PST_LOSS_CONTENT] = 1,
                              [PST_LOSS_NEIGHBOURS] = 3,
                              [PST_LOSS_COVERAGE] = 1,
                              [PST_LOSS_RANGE] = 1 },
                    .places = 100,
                    .vectors = 150,
                    .validations = 4,
                    .patience = 9,
                    .content_kept = 1,
                    .content_limit = 1.5,
                    .interpolation = 1,
                    .seed = 3 },
        .base = synthetic_generator(3000),
        .encoder = synthetic_network(1000),
    };
    for (int i = 0; i < 3; i++) {
        PstMap map = synthetic_picture(70 + i, 64, 56);
        g_autoptr(PstPicture) picture = pst_picture_new(map.width, map.height, FALSE, NULL);

        memcpy(picture->rgb, map.data, pst_map_size(&map) * sizeof(float));
        pst_example_set(&s->examples[i], picture);
        pst_map_clear(&map);
    }
    synthetic_fill(5, s->style, PST_STYLE_SIZE, 0.4, 0.5);
    synthetic_fill(6, s->target, PST_TARGET_SIZE, 0.4, 0.5);
    s->arena = pst_arena_new();
    fill_patches(s);
    s->data = (PstFineTuningData){
        .recipe = &s->recipe,
        .encoder = s->encoder,
        .base = s->base,
        .style = s->style,
        .target = s->target,
        .photos = s->examples,
        .photo_count = 1,
        .held_out = &s->examples[1],
        .held_out_count = 1,
        .patches = &s->patches,
        .vectors = vectors_of(s->encoder, &s->examples[2], s->arena),
    };
}

static void study_clear(Study *s)
{
    synthetic_generator_free(s->base);
    pst_loss_network_free(s->encoder);
    pst_arena_free(s->arena);
    for (int i = 0; i < 3; i++) {
        pst_example_clear(&s->examples[i]);
    }
}

static GBytes *state_of(const PstFineTuning *tuning)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autoptr(GError) error = NULL;
    GBytes *bytes;

    pst_fine_tuning_write(tuning, writer);
    bytes = pst_tensors_writer_to_bytes(writer, "state", &error);
    g_assert_no_error(error);
    return bytes;
}

static void steps(PstFineTuning *tuning, int n)
{
    for (int i = 0; i < n; i++) {
        pst_fine_tuning_step(tuning);
    }
}

static void test_resume(void)
{
    g_autoptr(PstThreadPool) two = pst_thread_pool_new(2);
    g_autoptr(PstThreadPool) one = pst_thread_pool_new(1);
    g_autoptr(GError) error = NULL;
    Study s;

    study_new(&s, two);
    {
        g_autoptr(PstFineTuning) whole = pst_fine_tuning_new(&s.data, two);
        g_autoptr(PstFineTuning) half = pst_fine_tuning_new(&s.data, two);
        g_autoptr(PstFineTuning) rest = pst_fine_tuning_new(&s.data, one);

        pst_fine_tuning_measure(whole, 2); /* leaves no trace */
        steps(whole, 12);
        steps(half, 7);
        g_autoptr(GBytes) saved = state_of(half);
        g_autoptr(PstTensors) tensors = pst_tensors_from_bytes(saved, "state", NULL, &error);
        g_assert_true(pst_fine_tuning_read(rest, tensors, &error));
        g_assert_no_error(error);
        steps(rest, 5);
        g_autoptr(GBytes) a = state_of(whole), b = state_of(rest), c = state_of(half);
        g_assert_true(g_bytes_equal(a, b));
        g_assert_false(g_bytes_equal(a, c));
        g_assert_true(pst_fine_tuning_done(whole));
        g_assert_false(pst_fine_tuning_done(half));
        g_assert_cmpuint(whole->curve->len, ==, 12);
        g_assert_cmpuint(whole->validations->len, ==, 5);
    }
    study_clear(&s);
}

/* Grain is for the encoder; paintings are compared with photographs without it. */
static void test_grain(void)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(1);
    g_autoptr(PstArena) arena = pst_arena_new();
    Study s;

    study_new(&s, pool);
    {
        pst_generator_weights_prepare(s.base, pool);
        PstStepConfiguration configuration = { .encoder = s.encoder,
                                               .loss_network = s.encoder,
                                               .weights = s.base,
                                               .loss = { 1, 1 },
                                               .grain = 0.05f,
                                               .terms_only = TRUE };
        g_autoptr(PstMinibatchStep) step = pst_minibatch_step_new(&configuration, 32, 32, 1);
        g_autoptr(PstActivations) plain = pst_activations_new(s.encoder, arena, 32, 32, PST_TAPS, FALSE);
        PstSample *sample = &step->samples[0];
        const PstMap *encoded = &step->encoded[0]->taps[4], *compared = &step->photo_activations[0]->taps[4];
        gsize bytes = pst_map_size(compared) * sizeof(float);

        pst_example_resample(&s.examples[0], (PstCrop){ 0, 0, 48, 48, FALSE }, &sample->photo);
        sample->style = s.style;
        sample->target = s.target;
        sample->detail = 1;
        pst_minibatch_step_run(step, &configuration, 1);
        pst_loss_network_forward(s.encoder, &sample->photo, plain);
        g_assert_cmpmem(plain->taps[4].data, bytes, compared->data, bytes);
        g_assert_cmpint(memcmp(encoded->data, compared->data, bytes), !=, 0);
    }
    study_clear(&s);
}

/* Of validations that are as good as each other the last counts; one that is worse, or loses content, doesn't. */
static void test_last_of_the_best(void)
{
    static const PstValidation all[] = { { 0, 0.7, 1.0 },   { 3, 0.60, 1.0 },  { 6, 0.50, 1.0 },
                                         { 9, 0.502, 1.2 }, { 10, 0.40, 1.7 }, { 11, 0.53, 1.0 } };
    g_autoptr(GArray) validations = g_array_new(FALSE, FALSE, sizeof(PstValidation));

    g_array_append_vals(validations, all, 1);
    g_assert_cmpint(pst_validations_best(validations, 1.5)->step, ==, 0);
    g_array_append_vals(validations, all + 1, G_N_ELEMENTS(all) - 1);
    g_assert_cmpint(pst_validations_best(validations, 1.5)->step, ==, 9);
    g_assert_cmpint(pst_validations_best(validations, 1.1)->step, ==, 6);
    g_assert_cmpint(pst_validations_best(validations, 2)->step, ==, 10);
    g_assert_cmpint(pst_validations_best(validations, 0.5)->step, ==, 0);
}

/* The best delta is the one of the validation that it says, and validations that lose content don't count. */
static void test_best(void)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    Study s;

    study_new(&s, pool);
    {
        g_autoptr(PstFineTuning) tuning = pst_fine_tuning_new(&s.data, pool);

        steps(tuning, 12);
        const PstValidation *best = pst_fine_tuning_best_validation(tuning);
        g_autoptr(PstWeightDelta) delta = pst_fine_tuning_best(tuning);
        g_assert_cmpint(best->step, >, 0);
        g_assert_nonnull(delta);
        g_assert_cmpfloat(best->style, <, g_array_index(tuning->validations, PstValidation, 0).style);
    }
    s.recipe.content_limit = 1e-6;
    {
        g_autoptr(PstFineTuning) tuning = pst_fine_tuning_new(&s.data, pool);

        steps(tuning, 12);
        g_assert_null(pst_fine_tuning_best(tuning));
        g_assert_cmpint(pst_fine_tuning_best_validation(tuning)->step, ==, 0);
    }
    study_clear(&s);
}

/* Training has all of the delta; validations and the result have the interpolated one. */
static void test_interpolation(void)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    Study s;

    study_new(&s, pool);
    s.recipe.validations = 1; /* at the end: earlier ones would weigh content differently */
    {
        g_autoptr(PstFineTuning) all = pst_fine_tuning_new(&s.data, pool);
        steps(all, 12);
        g_autoptr(PstWeightDelta) whole = pst_fine_tuning_best(all);
        s.recipe.interpolation = 0.5;
        g_autoptr(PstFineTuning) half = pst_fine_tuning_new(&s.data, pool);
        steps(half, 12);
        g_autoptr(PstWeightDelta) part = pst_fine_tuning_best(half);
        const float *x = pst_weight_delta_get(whole, 0), *y = pst_weight_delta_get(part, 0);

        for (gsize i = 0; i < pst_weight_delta_size(); i++) {
            g_assert_cmpfloat(0.5f * x[i], ==, y[i]);
        }
        g_assert_cmpfloat(g_array_index(all->validations, PstValidation, 1).style, !=,
                          g_array_index(half->validations, PstValidation, 1).style);
    }
    study_clear(&s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fine-tuning/grain", test_grain);
    g_test_add_func("/fine-tuning/delta-row", test_delta_row);
    g_test_add_func("/fine-tuning/resume", test_resume);
    g_test_add_func("/fine-tuning/best", test_best);
    g_test_add_func("/fine-tuning/last-of-the-best", test_last_of_the_best);
    g_test_add_func("/fine-tuning/interpolation", test_interpolation);
    return g_test_run();
}
