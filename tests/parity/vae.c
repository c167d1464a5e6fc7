/* Some steps of the style space's training give what PyTorch gives (fixture by vae.py). */
#include "engine/kernel/adam.h"
#include "engine/network/safetensors.h"
#include "engine/kernel/map.h"
#include "engine/space/vae.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 40, LATENT = 6, HIDDEN = 24, ROWS = 16, STEPS = 5 };

#define KL        0.3f
#define ADVERSARY 0.05f
#define RATE      1e-2f

static const char *fixture_path;

typedef struct {
    gsize size;
    float *weights, *gradient, *m, *v;
} Learner;

static Learner learner(gsize size, const float *start)
{
    return (Learner){ size, g_memdup2(start, size * sizeof *start), g_new0(float, size), g_new0(float, size),
                      g_new0(float, size) };
}

static void move(Learner *l, int step, float beta1)
{
    pst_adam_step(l->weights, l->gradient, l->m, l->v, l->size, step + 1, RATE, beta1, 0.999f, 1e-8f);
    memset(l->gradient, 0, l->size * sizeof *l->gradient);
}

static void finish(Learner *l, const float *expected)
{
    double worst = 0;

    for (gsize i = 0; i < l->size; i++)
        worst = MAX(worst, fabs((double)l->weights[i] - expected[i]));
    g_test_message("largest difference of weights %g", worst);
    g_assert_cmpfloat(worst, <, 1e-4);
    g_free(l->weights);
    g_free(l->gradient);
    g_free(l->m);
    g_free(l->v);
}

static void test_steps(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstTensors) fixture = pst_tensors_read(fixture_path, NULL, &error);
    PstVaeShape shape = pst_vae_shape(WIDTH, LATENT, HIDDEN);
    PstCriticShape critic = pst_critic_shape(LATENT, HIDDEN);
    g_autoptr(PstVaePass) pass = pst_vae_pass_new(&shape, ROWS);
    const PstTensor *x, *noise, *prior, *losses;
    Learner vae, judge;

    g_assert_no_error(error);
    x = pst_tensors_find(fixture, "x");
    noise = pst_tensors_find(fixture, "noise");
    prior = pst_tensors_find(fixture, "prior");
    losses = pst_tensors_find(fixture, "losses");
    g_assert_cmpint(pst_tensors_find(fixture, "start")->count, ==, shape.size);
    g_assert_cmpint(pst_tensors_find(fixture, "critic")->count, ==, critic.size);
    vae = learner(shape.size, pst_tensors_find(fixture, "start")->floats);
    judge = learner(critic.size, pst_tensors_find(fixture, "critic")->floats);
    for (int step = 0; step < STEPS; step++) {
        const float *expected = losses->floats + 4 * step;
        double found[4];

        memcpy(pass->x, x->floats + (gsize)step * ROWS * WIDTH, ROWS * WIDTH * sizeof(float));
        memcpy(pass->noise, noise->floats + (gsize)step * ROWS * LATENT, ROWS * LATENT * sizeof(float));
        memset(pass->dmean, 0, ROWS * LATENT * sizeof(float));
        pst_vae_forward(&shape, vae.weights, pass);
        found[2] = pst_critic_loss(&critic, judge.weights, prior->floats + (gsize)step * ROWS * LATENT, ROWS, TRUE, 1,
                                   judge.gradient, NULL);
        found[3] = pst_critic_loss(&critic, judge.weights, pass->mean, ROWS, FALSE, 1, judge.gradient, NULL);
        pst_critic_loss(&critic, judge.weights, pass->mean, ROWS, TRUE, ADVERSARY, NULL, pass->dmean);
        move(&judge, step, 0.5f);
        pst_vae_backward(&shape, vae.weights, pass, KL, vae.gradient, found);
        move(&vae, step, 0.9f);
        for (int i = 0; i < 4; i++)
            g_assert_cmpfloat_with_epsilon(found[i], expected[i], 1e-4 * (1 + fabs(expected[i])));
    }
    finish(&vae, pst_tensors_find(fixture, "end")->floats);
    finish(&judge, pst_tensors_find(fixture, "critic_end")->floats);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fixture_path = argv[1];
    g_test_add_func("/vae/steps", test_steps);
    return g_test_run();
}
