/* The generator's way back to every tensor of its weights, against central differences. */
#include "synthetic.h"

#include "engine/gradient/generator_gradient.h"

#include <math.h>
#include <string.h>

#define HEIGHT 32
#define WIDTH  40
#define DETAIL 0.7f
#define CHANGE 0.3 /* of <form, picture>, which is in the hundreds */

typedef struct {
    PstArena *arena;
    PstLossNetwork *encoder;
    PstActivations *activations;
    PstGeneratorWeights *weights;
    PstGeneratorGradient *generator;
    float style[PST_STYLE_SIZE];
    PstMap form; /* <form, picture> is what is differentiated */
} Bench;

static void set_up(Bench *b, gconstpointer unused)
{
    PstMap photo = synthetic_picture(5, HEIGHT, WIDTH), painting = synthetic_picture(7, HEIGHT, WIDTH);

    b->arena = pst_arena_new();
    b->encoder = synthetic_network(1000);
    b->activations = pst_activations_new(b->encoder, b->arena, HEIGHT, WIDTH, PST_STYLE_TAPS, FALSE);
    b->weights = synthetic_generator(3000);
    b->generator = pst_generator_gradient_new(b->weights, b->arena, HEIGHT, WIDTH);
    b->form = pst_map_new(HEIGHT, WIDTH, 3);
    synthetic_fill(9, b->form.data, pst_map_size(&b->form), 1, 0.3);
    pst_loss_network_forward(b->encoder, &painting, b->activations);
    pst_taps_statistics(b->activations->taps, b->style);
    pst_loss_network_forward(b->encoder, &photo, b->activations);
    pst_map_clear(&photo);
    pst_map_clear(&painting);
}

static void tear_down(Bench *b, gconstpointer unused)
{
    pst_arena_free(b->arena);
    pst_loss_network_free(b->encoder);
    pst_activations_free(b->activations);
    pst_generator_gradient_free(b->generator);
    synthetic_generator_free(b->weights);
    pst_map_clear(&b->form);
}

static double value(Bench *b)
{
    const PstMap *rgb;
    double sum = 0;

    pst_generator_weights_prepare(b->weights, NULL);
    pst_generator_gradient_set(b->generator, b->activations->taps, b->style, DETAIL);
    pst_generator_gradient_forward(&b->generator, 1);
    rgb = pst_generator_gradient_rgb(b->generator);
    for (gsize i = 0; i < pst_map_size(rgb); i++) {
        sum += (double)rgb->data[i] * b->form.data[i];
    }
    return sum;
}

static void backward(Bench *b, float *gradient)
{
    const PstMap *form = &b->form;

    pst_generator_gradient_backward(&b->generator, &form, &gradient, 1);
}

/* One tensor, along its own gradient (so that the slope is as steep as can be) and a random part.
 */
static void compare(Bench *b, const PstSlot *p, const float *gradient)
{
    g_autofree float *u = g_new(float, p->count);
    float *w = b->weights->parameters + p->offset;
    g_autofree float *kept = g_memdup2(w, p->count * sizeof(float));
    double slope = 0, difference, length = 0, h;

    synthetic_fill(p->offset, u, p->count, 1, 0);
    for (gsize i = 0; i < p->count; i++) {
        length += (double)gradient[i] * gradient[i];
    }
    g_assert_cmpfloat(length, >, 0);
    for (gsize i = 0; i < p->count; i++) {
        u[i] = 0.5f * u[i] / sqrtf(p->count / 3.0f) + gradient[i] / (float)sqrt(length);
        slope += (double)gradient[i] * u[i];
    }
    /* far enough for single precision, near enough for ReLU */
    h = CHANGE / slope;
    for (gsize i = 0; i < p->count; i++) {
        w[i] = kept[i] + (float)(h * u[i]);
    }
    difference = value(b);
    for (gsize i = 0; i < p->count; i++) {
        w[i] = kept[i] - (float)(h * u[i]);
    }
    difference = (difference - value(b)) / (2 * h);
    memcpy(w, kept, p->count * sizeof(float));
    g_test_message("%s: slope %.6g, difference %.6g", p->name, slope, difference);
    g_assert_cmpfloat(fabs(slope - difference), <, 0.01 * fabs(slope));
}

static void test_tensors(Bench *b, gconstpointer unused)
{
    float *gradient = pst_parameters_new();

    value(b);
    backward(b, gradient);
    for (int i = 0; i < PST_PARAMETERS; i++) {
        compare(b, &pst_parameters()[i], gradient + pst_parameters()[i].offset);
    }
    pst_floats_free(gradient);
}

/* What was painted before must not matter. */
static void test_fresh(Bench *b, gconstpointer unused)
{
    float *first = pst_parameters_new(), *second = pst_parameters_new();

    value(b);
    backward(b, first);
    value(b);
    backward(b, second);
    g_assert_cmpmem(first, pst_parameters_size() * sizeof(float), second, pst_parameters_size() * sizeof(float));
    pst_floats_free(first);
    pst_floats_free(second);
}

int main(int count, char **arguments)
{
    g_test_init(&count, &arguments, NULL);
    g_test_add("/gradient/generator/tensors", Bench, NULL, set_up, test_tensors, tear_down);
    g_test_add("/gradient/generator/fresh", Bench, NULL, set_up, test_fresh, tear_down);
    return g_test_run();
}
