/* A patch discriminator on encoder features: are these strokes of the style images, or of the generator?
 *
 * Two 3x3 convolutions with ReLU and a 1x1 convolution take relu2_1 (PST_PATCH_CHANNELS) to one score for each place, 1
 * for patches of style images and 0 for patches of generated paintings. Least squares:
 *
 *   D: 1/2 mean (D(real) - 1)^2 + 1/2 mean D(fake)^2          G: 1/2 mean (D(fake) - 1)^2
 *
 * Goodfellow et al., "Generative Adversarial Nets", NIPS 2014; patches: Isola et al., "Image-to-Image Translation with
 * Conditional Adversarial Networks", CVPR 2017; least squares: Mao et al., "Least Squares Generative Adversarial
 * Networks", ICCV 2017. Features are standardised by means and deviations over the style images' patches.
 */
#pragma once

#include "example.h"

#include "engine/base/thread_pool.h"
#include "engine/gradient/arena.h"
#include "engine/gradient/loss_network.h"

G_BEGIN_DECLS

#define PST_PATCH_TAP      2
#define PST_PATCH_CHANNELS 32

/** Features of patches of the style images. */
typedef struct {
    int count, side; /* maps [side][side][PST_PATCH_CHANNELS] */
    PstMap *maps;
    float scale[PST_PATCH_CHANNELS], shift[PST_PATCH_CHANNELS]; /* standardise: f * scale + shift */
} PstPatches;

typedef struct {
    int count; /* patches */
    int size;  /* their side in pixels */
    guint64 seed;
} PstPatchesPlan;

/** Encodes random crops of style images (at least one, of a short side of at least 16), varied in scale and colour. */
PstPatches *pst_patches_new(const PstLossNetwork *encoder, const PstExample *images, int image_count,
                            const PstPatchesPlan *plan, PstThreadPool *pool);
void pst_patches_free(PstPatches *patches);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPatches, pst_patches_free)

/** Floats of the discriminator's weights, a multiple of 16. */
gsize pst_discriminator_size(void);

/** The weights of a moment, ready to be used by any number of threads. */
typedef struct PstDiscriminator PstDiscriminator;
PstDiscriminator *pst_discriminator_new(void);
void pst_discriminator_free(PstDiscriminator *discriminator);

/** Random weights, in a row. */
void pst_discriminator_init(float *weights, guint64 seed);

/** Takes a row of weights. */
void pst_discriminator_set(PstDiscriminator *discriminator, const float *weights);

/** Workspace for one pass, forward and backward; one thread at a time may use it. */
typedef struct PstDiscriminatorWorkspace PstDiscriminatorWorkspace;
PstDiscriminatorWorkspace *pst_discriminator_workspace_new(const PstDiscriminator *discriminator, PstArena *arena,
                                                           int side);
void pst_discriminator_workspace_free(PstDiscriminatorWorkspace *workspace);

/** Scores features, standardised as `patches` say, and returns 1/2 mean (D - wanted)^2. Where dweights is not NULL,
 *  ADDS `weight` times the gradient with respect to the weights; where dfeatures is not NULL, ADDS that with respect to
 *  the features. */
double pst_discriminator_loss(const PstDiscriminator *discriminator, PstDiscriminatorWorkspace *workspace,
                              const PstPatches *patches, const PstMap *features, double wanted, double weight,
                              float *dweights, PstMap *dfeatures);

G_END_DECLS
