/* The gradients of the autoencoder and of its adversary against finite differences. */
#include "engine/base/random.h"
#include "engine/kernel/map.h"
#include "engine/space/vae.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 7, LATENT = 3, HIDDEN = 5, ROWS = 4 };

#define STEP 2e-3f
#define KL   3.0f

static void fill(float *values, gsize n, double size, guint64 stream)
{
    PstRandom random = pst_random_at(1, 0, stream);

    for (gsize i = 0; i < n; i++)
        values[i] = (float)(size * pst_random_normal(&random));
}

/* What pst_vae_backward() says it is the gradient of, in double precision at the end. */
static double loss(const PstVaeShape *shape, const float *parameters, PstVaePass *pass, const float *dmean)
{
    double squares = 0, divergence = 0, along = 0;

    pst_vae_forward(shape, parameters, pass);
    for (int i = 0; i < ROWS * WIDTH; i++)
        squares += pow((double)pass->y[i] - pass->x[i], 2);
    for (int i = 0; i < ROWS * LATENT; i++) {
        divergence += 0.5 * (pow(pass->mean[i], 2) + exp(pass->spread[i]) - pass->spread[i] - 1);
        along += (double)pass->mean[i] * dmean[i];
    }
    return squares / (ROWS * WIDTH) + KL * divergence / (ROWS * WIDTH) + along;
}

static void test_autoencoder(void)
{
    PstVaeShape shape = pst_vae_shape(WIDTH, LATENT, HIDDEN);
    g_autoptr(PstVaePass) pass = pst_vae_pass_new(&shape, ROWS);
    g_autofree float *parameters = g_new(float, shape.size), *gradient = g_new0(float, shape.size);
    float dmean[ROWS * LATENT];
    double losses[2];

    fill(parameters, shape.size, 0.4, 1);
    fill(pass->x, ROWS * WIDTH, 1, 2);
    fill(pass->noise, ROWS * LATENT, 1, 3);
    fill(dmean, ROWS * LATENT, 0.1, 4);
    pst_vae_forward(&shape, parameters, pass);
    memcpy(pass->dmean, dmean, sizeof dmean);
    pst_vae_backward(&shape, parameters, pass, KL, gradient, losses);
    g_assert_cmpfloat(losses[0], >, 0);
    g_assert_cmpfloat(losses[1], >, 0);
    for (gsize i = 0; i < shape.size; i++) {
        float value = parameters[i];
        double sides[2];

        for (int side = 0; side < 2; side++) {
            parameters[i] = side ? value + STEP : value - STEP;
            sides[side] = loss(&shape, parameters, pass, dmean);
        }
        parameters[i] = value;
        g_assert_cmpfloat_with_epsilon(gradient[i], (sides[1] - sides[0]) / (2 * STEP),
                                       2e-3 * MAX(0.1, fabs(gradient[i])));
    }
}

static void test_critic(void)
{
    PstCriticShape shape = pst_critic_shape(LATENT, HIDDEN);
    g_autofree float *parameters = g_new(float, shape.size), *gradient = g_new0(float, shape.size);
    float z[ROWS * LATENT], dz[ROWS * LATENT] = { 0 };

    fill(parameters, shape.size, 0.6, 5);
    fill(z, ROWS * LATENT, 1, 6);
    for (int real = 0; real < 2; real++) {
        memset(gradient, 0, shape.size * sizeof *gradient);
        memset(dz, 0, sizeof dz);
        pst_critic_loss(&shape, parameters, z, ROWS, real, 2, gradient, dz);
        for (gsize i = 0; i < shape.size + ROWS * LATENT; i++) {
            float *place = i < shape.size ? &parameters[i] : &z[i - shape.size], value = *place;
            float expected = i < shape.size ? gradient[i] : dz[i - shape.size];
            double sides[2];

            for (int side = 0; side < 2; side++) {
                *place = side ? value + STEP : value - STEP;
                sides[side] = 2 * pst_critic_loss(&shape, parameters, z, ROWS, real, 0, NULL, NULL);
            }
            *place = value;
            g_assert_cmpfloat_with_epsilon(expected, (sides[1] - sides[0]) / (2 * STEP),
                                           2e-3 * MAX(0.1, fabsf(expected)));
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vae/autoencoder", test_autoencoder);
    g_test_add_func("/vae/critic", test_critic);
    return g_test_run();
}
