/* A step of training against PyTorch's autograd in double precision: tests/fixtures/training.py. */
#include "tests/gradient/synthetic.h"

#include "engine/gradient/minibatch_step.h"

#include <math.h>
#include <string.h>

#define SIDE      64
#define PICTURES  2
#define SAMPLES   500
#define TOLERANCE 1e-4

static const double loss_weights[PST_LOSSES] = { 1, 2, 30, 20, 20, 20, 20, 10, 1000, 5, 4, 2 };
static const float details[PICTURES] = { 1, 0.3f };

static PstTensors *fixture;

typedef struct {
    double terms[PST_LOSSES];
    float *gradient;
} Step;

/* |a - b| / |b|, of the elements of a that numpy.linspace() would choose if b has fewer. */
static double relative_error(const float *a, gsize n, const PstTensor *b)
{
    double difference = 0, size = 0;
    /* as numpy.linspace(0, n - 1, count), whose last one is exact */
    double step = b->count > 1 ? (n - 1) / (double)(b->count - 1) : 0;

    for (gsize i = 0; i < b->count; i++) {
        gsize at = i == b->count - 1 ? n - 1 : (gsize)(i * step);
        double d = a[at] - b->floats[i];

        difference += d * d;
        size += (double)b->floats[i] * b->floats[i];
    }
    return sqrt(difference / size);
}

static void check(const char *name, const float *a, gsize n)
{
    const PstTensor *b = pst_tensors_find(fixture, name);
    double error;

    g_assert_nonnull(b);
    g_assert_cmpuint(b->count, <=, n);
    error = relative_error(a, n, b);
    g_test_message("%s: relative error %.1e", name, error);
    g_assert_cmpfloat(error, <, TOLERANCE);
}

/* All places of the painting. */
static PstStyleVectors *vectors_of(const PstLossNetwork *loss_network, PstArena *arena)
{
    const PstMap painting = { (float *)pst_tensors_find(fixture, "painting")->floats, SIDE, SIDE, 3 };
    g_autoptr(PstActivations) activations = pst_activations_new_of_layers(loss_network, arena, SIDE, SIDE);
    PstStyleVectors *vectors = pst_style_vectors_new(arena, SIDE * SIDE);
    PstRandom random = { 0 };

    pst_loss_network_forward(loss_network, &painting, activations);
    pst_style_vectors_add(vectors, activations, SIDE * SIDE, &random);
    pst_style_vectors_finish(vectors);
    return vectors;
}

/* A step, with a shallow loss network or without. */
static Step run_step(PstLossNetwork *shallow_loss_network)
{
    Step result = { { 0 }, pst_parameters_new() };
    g_autoptr(PstLossNetwork) encoder = synthetic_network(1000);
    g_autoptr(PstLossNetwork) loss_network = synthetic_network(2000);
    PstGeneratorWeights *weights = synthetic_generator(3000);
    PstStepConfiguration configuration = { .encoder = encoder,
                                           .loss_network = loss_network,
                                           .weights = weights,
                                           .shallow_loss_network = shallow_loss_network,
                                           .places = SIDE * SIDE,
                                           .vectors = SIDE * SIDE };
    g_autoptr(PstMinibatchStep) step = pst_minibatch_step_new(&configuration, SIDE, SIDE, PICTURES);
    const float *photos = pst_tensors_find(fixture, "photo")->floats;
    gsize size = pst_map_size(&step->samples[0].photo);
    const PstStyleVectors *vectors = vectors_of(loss_network, step->arena);

    for (int i = 0; i < PST_LOSSES; i++) {
        configuration.loss[i] = loss_weights[i] / PICTURES;
    }
    for (int p = 0; p < PICTURES; p++) {
        PstSample *sample = &step->samples[p];

        memcpy(sample->photo.data, photos + p * size, size * sizeof(float));
        sample->style = p ? pst_tensors_find(fixture, "style")->floats : NULL;
        sample->target = pst_tensors_find(fixture, "target")->floats;
        sample->shallow_target = pst_tensors_find(fixture, "exact")->floats;
        sample->vectors = p ? vectors : NULL;
        sample->detail = details[p];
        sample->dparameters = pst_parameters_new();
    }
    pst_minibatch_step_run(step, &configuration, PICTURES);
    for (int p = 0; p < PICTURES; p++) {
        PstSample *sample = &step->samples[p];

        for (int i = 0; i < PST_LOSSES; i++) {
            result.terms[i] += sample->terms[i] / PICTURES;
        }
        for (gsize i = 0; i < pst_parameters_size(); i++) {
            result.gradient[i] += sample->dparameters[i];
        }
        pst_floats_free(sample->dparameters);
    }
    synthetic_generator_free(weights);
    return result;
}

static void check_step(const Step *step, const char *prefix)
{
    for (int i = 0; i < PST_LOSSES; i++) {
        g_autofree char *name = g_strconcat(prefix, "term.", pst_loss_names[i], NULL);
        float term = (float)step->terms[i];

        check(name, &term, 1);
    }
    for (int i = 0; i < PST_PARAMETERS; i++) {
        const PstSlot *p = &pst_parameters()[i];
        g_autofree char *name = g_strconcat(prefix, "gradient.", p->name, NULL);

        check(name, step->gradient + p->offset, p->count);
    }
}

static void test_loss_network(void)
{
    Step step = run_step(NULL);

    check_step(&step, "");
    pst_floats_free(step.gradient);
}

static void test_shallow_loss_network(void)
{
    g_autoptr(PstLossNetwork) shallow_loss_network = synthetic_shallow_network(4000);
    Step step = run_step(shallow_loss_network);

    check_step(&step, "exact.");
    pst_floats_free(step.gradient);
}

int main(int count, char **arguments)
{
    g_autoptr(GError) error = NULL;

    g_test_init(&count, &arguments, NULL);
    fixture = pst_tensors_read(arguments[1], NULL, &error);
    g_assert_no_error(error);
    g_test_add_func("/parity/training/loss-network", test_loss_network);
    g_test_add_func("/parity/training/shallow-loss-network", test_shallow_loss_network);
    return g_test_run();
}
