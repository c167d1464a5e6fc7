/* A variational autoencoder of rows of numbers (Kingma and Welling, "Auto-Encoding Variational Bayes", ICLR 2014), and
 * the discriminator of an adversarial prior (Makhzani et al., "Adversarial Autoencoders", 2015).
 *
 *   h = silu(E x)      mean = M h + S x      spread = V h      z = mean + exp(spread / 2) e,   e normal
 *   y = O silu(D z) + T z                                      d(z) = C silu(B silu(A z))
 *
 * All but S and T have a bias. S and T begin as the principal components, so that the network begins as PCA and learns
 * what PCA cannot.
 */
#pragma once

#include "dense.h"

enum {
    PST_VAE_ENCODE,
    PST_VAE_MEAN,
    PST_VAE_MEAN_SKIP,
    PST_VAE_SPREAD,
    PST_VAE_DECODE,
    PST_VAE_OUT,
    PST_VAE_OUT_SKIP,
    PST_VAE_LAYERS
};

enum { PST_CRITIC_FIRST, PST_CRITIC_SECOND, PST_CRITIC_LAST, PST_CRITIC_LAYERS };

typedef struct {
    int width, latent, hidden; /* floats of a row, of its code, and of the hidden layers */
    PstDense layers[PST_VAE_LAYERS];
    gsize size; /* parameters */
} PstVaeShape;

typedef struct {
    PstDense layers[PST_CRITIC_LAYERS];
    gsize size;
} PstCriticShape;

/** Names of the layers, in their order, as in files: "encode", "mean" .. */
extern const char *const pst_vae_layer_names[PST_VAE_LAYERS];

PstVaeShape pst_vae_shape(int width, int latent, int hidden);
PstCriticShape pst_critic_shape(int latent, int hidden);

/** mean [n][latent] of x [n][width], and spread, the logarithm of the code's variances, unless NULL. */
void pst_vae_encode(const PstVaeShape *shape, const float *parameters, const float *x, int n, float *mean,
                    float *spread);

/** y [n][width] of z [n][latent]. */
void pst_vae_decode(const PstVaeShape *shape, const float *parameters, const float *z, int n, float *y);

/** One batch on its way forward and back: workspace. One thread at a time may use it. */
typedef struct {
    int n;
    float *x, *noise;                 /* [n][width], [n][latent]: set before pst_vae_forward() */
    float *a, *h, *mean, *spread, *z; /* what it leaves */
    float *b, *g, *y;
    float *dy, *dz, *dmean, *dspread, *dh; /* and the way back */
} PstVaePass;

PstVaePass *pst_vae_pass_new(const PstVaeShape *shape, int n);
void pst_vae_pass_free(PstVaePass *pass);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstVaePass, pst_vae_pass_free)

/** Encodes x, draws z by `noise`, decodes. */
void pst_vae_forward(const PstVaeShape *shape, const float *parameters, PstVaePass *pass);

/** ADDS to dparameters the gradient of
 *
 *    mean((y - x)^2) + kl / width * mean over rows of KL(N(mean, exp(spread)) | N(0, 1)) + sum(mean dmean)
 *
 *  after pst_vae_forward(); pass->dmean [n][latent], what else wants the means to move, is read and overwritten. The
 *  first two terms, unweighted, go to losses[2]. */
void pst_vae_backward(const PstVaeShape *shape, const float *parameters, PstVaePass *pass, float kl, float *dparameters,
                      double losses[2]);

/** The adversary's loss, mean of softplus(-d) over rows that are from the prior (`real`) or softplus(d) over others,
 *  times `weight`; ADDS its gradients to dparameters and dz, either may be NULL. Returns the loss, unweighted. */
double pst_critic_loss(const PstCriticShape *shape, const float *parameters, const float *z, int n, gboolean real,
                       float weight, float *dparameters, float *dz);
