#include "vae.h"

#include "engine/kernel/map.h"

#include <math.h>
#include <string.h>

const char *const pst_vae_layer_names[PST_VAE_LAYERS] = { "encode", "mean", "mean_skip", "spread",
                                                          "decode", "out",  "out_skip" };

static PstDense dense(int in, int out, gboolean bias)
{
    return (PstDense){ .in = in, .out = out, .bias = bias };
}

PstVaeShape pst_vae_shape(int width, int latent, int hidden)
{
    PstVaeShape shape = { .width = width, .latent = latent, .hidden = hidden };

    shape.layers[PST_VAE_ENCODE] = dense(width, hidden, TRUE);
    shape.layers[PST_VAE_MEAN] = dense(hidden, latent, TRUE);
    shape.layers[PST_VAE_MEAN_SKIP] = dense(width, latent, FALSE);
    shape.layers[PST_VAE_SPREAD] = dense(hidden, latent, TRUE);
    shape.layers[PST_VAE_DECODE] = dense(latent, hidden, TRUE);
    shape.layers[PST_VAE_OUT] = dense(hidden, width, TRUE);
    shape.layers[PST_VAE_OUT_SKIP] = dense(latent, width, FALSE);
    shape.size = pst_dense_place(shape.layers, PST_VAE_LAYERS);
    return shape;
}

PstCriticShape pst_critic_shape(int latent, int hidden)
{
    PstCriticShape shape = { .size = 0 };

    shape.layers[PST_CRITIC_FIRST] = dense(latent, hidden, TRUE);
    shape.layers[PST_CRITIC_SECOND] = dense(hidden, hidden, TRUE);
    shape.layers[PST_CRITIC_LAST] = dense(hidden, 1, TRUE);
    shape.size = pst_dense_place(shape.layers, PST_CRITIC_LAYERS);
    return shape;
}

/* a and h have room for [n][hidden]. */
static void encode(const PstVaeShape *s, const float *p, const float *x, int n, float *a, float *h, float *mean,
                   float *spread)
{
    pst_dense_forward(&s->layers[PST_VAE_ENCODE], p, x, n, FALSE, a);
    pst_silu_forward(a, (gsize)n * s->hidden, h);
    pst_dense_forward(&s->layers[PST_VAE_MEAN], p, h, n, FALSE, mean);
    pst_dense_forward(&s->layers[PST_VAE_MEAN_SKIP], p, x, n, TRUE, mean);
    if (spread)
        pst_dense_forward(&s->layers[PST_VAE_SPREAD], p, h, n, FALSE, spread);
}

static void decode(const PstVaeShape *s, const float *p, const float *z, int n, float *b, float *g, float *y)
{
    pst_dense_forward(&s->layers[PST_VAE_DECODE], p, z, n, FALSE, b);
    pst_silu_forward(b, (gsize)n * s->hidden, g);
    pst_dense_forward(&s->layers[PST_VAE_OUT], p, g, n, FALSE, y);
    pst_dense_forward(&s->layers[PST_VAE_OUT_SKIP], p, z, n, TRUE, y);
}

void pst_vae_encode(const PstVaeShape *s, const float *p, const float *x, int n, float *mean, float *spread)
{
    float *a = pst_floats_new((gsize)n * s->hidden), *h = pst_floats_new((gsize)n * s->hidden);

    encode(s, p, x, n, a, h, mean, spread);
    pst_floats_free(a);
    pst_floats_free(h);
}

void pst_vae_decode(const PstVaeShape *s, const float *p, const float *z, int n, float *y)
{
    float *b = pst_floats_new((gsize)n * s->hidden), *g = pst_floats_new((gsize)n * s->hidden);

    decode(s, p, z, n, b, g, y);
    pst_floats_free(b);
    pst_floats_free(g);
}

/* ---- a batch -------------------------------------------------------------------------------- */

PstVaePass *pst_vae_pass_new(const PstVaeShape *s, int n)
{
    PstVaePass *pass = g_new0(PstVaePass, 1);
    float **wide[] = { &pass->x, &pass->y, &pass->dy };
    float **hidden[] = { &pass->a, &pass->h, &pass->b, &pass->g, &pass->dh };
    float **narrow[] = { &pass->noise, &pass->mean, &pass->spread, &pass->z, &pass->dz, &pass->dmean, &pass->dspread };

    pass->n = n;
    for (gsize i = 0; i < G_N_ELEMENTS(wide); i++)
        *wide[i] = pst_floats_new((gsize)n * s->width);
    for (gsize i = 0; i < G_N_ELEMENTS(hidden); i++)
        *hidden[i] = pst_floats_new((gsize)n * s->hidden);
    for (gsize i = 0; i < G_N_ELEMENTS(narrow); i++)
        *narrow[i] = pst_floats_new((gsize)n * s->latent);
    return pass;
}

void pst_vae_pass_free(PstVaePass *pass)
{
    if (!pass)
        return;
    float *all[] = { pass->x,     pass->y,    pass->dy,     pass->a, pass->h,  pass->b,     pass->g,      pass->dh,
                     pass->noise, pass->mean, pass->spread, pass->z, pass->dz, pass->dmean, pass->dspread };

    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        pst_floats_free(all[i]);
    g_free(pass);
}

void pst_vae_forward(const PstVaeShape *s, const float *p, PstVaePass *pass)
{
    encode(s, p, pass->x, pass->n, pass->a, pass->h, pass->mean, pass->spread);
    for (gsize i = 0; i < (gsize)pass->n * s->latent; i++)
        pass->z[i] = pass->mean[i] + expf(pass->spread[i] / 2) * pass->noise[i];
    decode(s, p, pass->z, pass->n, pass->b, pass->g, pass->y);
}

void pst_vae_backward(const PstVaeShape *s, const float *p, PstVaePass *pass, float kl, float *dparameters,
                      double losses[2])
{
    gsize wide = (gsize)pass->n * s->width, narrow = (gsize)pass->n * s->latent, hidden = (gsize)pass->n * s->hidden;
    float per_row = kl / ((float)s->width * pass->n);
    double squares = 0, divergence = 0;

    for (gsize i = 0; i < wide; i++) {
        float d = pass->y[i] - pass->x[i];

        squares += (double)d * d;
        pass->dy[i] = 2 * d / (float)wide;
    }
    memset(pass->dh, 0, hidden * sizeof *pass->dh);
    memset(pass->dz, 0, narrow * sizeof *pass->dz);
    pst_dense_backward(&s->layers[PST_VAE_OUT], p, pass->g, pass->dy, pass->n, dparameters, pass->dh);
    pst_dense_backward(&s->layers[PST_VAE_OUT_SKIP], p, pass->z, pass->dy, pass->n, dparameters, pass->dz);
    pst_silu_backward(pass->b, hidden, pass->dh);
    pst_dense_backward(&s->layers[PST_VAE_DECODE], p, pass->z, pass->dh, pass->n, dparameters, pass->dz);
    for (gsize i = 0; i < narrow; i++) {
        float variance = expf(pass->spread[i]);

        divergence += 0.5 * (pass->mean[i] * pass->mean[i] + variance - pass->spread[i] - 1);
        pass->dmean[i] += pass->dz[i] + per_row * pass->mean[i];
        pass->dspread[i] = pass->dz[i] * 0.5f * sqrtf(variance) * pass->noise[i] + per_row * 0.5f * (variance - 1);
    }
    memset(pass->dh, 0, hidden * sizeof *pass->dh);
    pst_dense_backward(&s->layers[PST_VAE_MEAN], p, pass->h, pass->dmean, pass->n, dparameters, pass->dh);
    pst_dense_backward(&s->layers[PST_VAE_MEAN_SKIP], p, pass->x, pass->dmean, pass->n, dparameters, NULL);
    pst_dense_backward(&s->layers[PST_VAE_SPREAD], p, pass->h, pass->dspread, pass->n, dparameters, pass->dh);
    pst_silu_backward(pass->a, hidden, pass->dh);
    pst_dense_backward(&s->layers[PST_VAE_ENCODE], p, pass->x, pass->dh, pass->n, dparameters, NULL);
    losses[0] = squares / wide;
    losses[1] = divergence / ((double)s->width * pass->n);
}

/* ---- the adversary -------------------------------------------------------------------------- */

static double softplus(double x)
{
    return x > 30 ? x : log1p(exp(x));
}

double pst_critic_loss(const PstCriticShape *s, const float *p, const float *z, int n, gboolean real, float weight,
                       float *dparameters, float *dz)
{
    int hidden = s->layers[PST_CRITIC_FIRST].out;
    gsize size = (gsize)n * hidden;
    float *work = pst_floats_new(size * 6 + 2 * (gsize)n), *a = work, *h = a + size, *b = h + size, *g = b + size;
    float *dh = g + size, *dg = dh + size, *d = dg + size, *dd = d + n, sign = real ? -1 : 1;
    double loss = 0;

    pst_dense_forward(&s->layers[PST_CRITIC_FIRST], p, z, n, FALSE, a);
    pst_silu_forward(a, size, h);
    pst_dense_forward(&s->layers[PST_CRITIC_SECOND], p, h, n, FALSE, b);
    pst_silu_forward(b, size, g);
    pst_dense_forward(&s->layers[PST_CRITIC_LAST], p, g, n, FALSE, d);
    for (int i = 0; i < n; i++) {
        loss += softplus(sign * d[i]) / n;
        dd[i] = weight * sign / (float)(n * (1 + exp(-sign * (double)d[i])));
    }
    memset(dh, 0, 2 * size * sizeof *dh);
    pst_dense_backward(&s->layers[PST_CRITIC_LAST], p, g, dd, n, dparameters, dg);
    pst_silu_backward(b, size, dg);
    pst_dense_backward(&s->layers[PST_CRITIC_SECOND], p, h, dg, n, dparameters, dh);
    pst_silu_backward(a, size, dh);
    pst_dense_backward(&s->layers[PST_CRITIC_FIRST], p, z, dh, n, dparameters, dz);
    pst_floats_free(work);
    return loss;
}
