/* A patch discriminator on encoder features: are these the painter's strokes, or the generator's?
 *
 * It looks at relu2_1 (PST_PATCH_CHANNELS) through two 3x3 convolutions with ReLU and a 1x1 convolution to one number
 * for each place, 1 for patches of the paintings and 0 for patches of results. Least squares:
 *
 *   D: 1/2 mean (D(real) - 1)^2 + 1/2 mean D(fake)^2          G: 1/2 mean (D(fake) - 1)^2
 *
 * Goodfellow et al., "Generative Adversarial Nets", NIPS 2014; patches: Isola et al., "Image-to-Image Translation with
 * Conditional Adversarial Networks", CVPR 2017; least squares: Mao et al., "Least Squares Generative Adversarial
 * Networks", ICCV 2017. Features are standardised by means and deviations over the paintings' patches.
 */
#pragma once

#include "engine/gradient/arena.h"
#include "corpus.h"
#include "engine/gradient/loss_network.h"
#include "engine/gradient/training_recipe.h"

#include "engine/network/safetensors.h"
#include "engine/network/safetensors_writer.h"

G_BEGIN_DECLS

#define PST_PATCH_TAP      2
#define PST_PATCH_CHANNELS 32

/** Features of windows of the paintings. */
typedef struct {
    int count, side; /* maps [side][side][PST_PATCH_CHANNELS] */
    PstMap *maps;
    float scale[PST_PATCH_CHANNELS], shift[PST_PATCH_CHANNELS]; /* standardise: f * scale + shift */
} PstPatches;

typedef struct {
    int count; /* windows */
    int size;  /* pixels */
    gboolean vary; /* random scale, flip and mild changes of colour; else crops alone */
    guint64 seed;
} PstPatchesPlan;

/** Looks at random windows of paintings (at least one, of a short side of at least 16). */
PstPatches *pst_patches_new(const PstLossNetwork *encoder, const PstExample *paintings, int painting_count,
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

/** Workspace for one look; one thread at a time may use it. */
typedef struct PstDiscriminatorWorkspace PstDiscriminatorWorkspace;
PstDiscriminatorWorkspace *pst_discriminator_workspace_new(const PstDiscriminator *discriminator, PstArena *arena, int side);
void pst_discriminator_workspace_free(PstDiscriminatorWorkspace *workspace);

/** Looks at features, standardised as `patches` say, and returns 1/2 mean (D - wanted)^2. Where dweights is not NULL,
 *  ADDS `weight` times the gradient with respect to the weights; where dfeatures is not NULL, ADDS that with respect to
 *  the features. */
double pst_discriminator_look(const PstDiscriminator *discriminator, PstDiscriminatorWorkspace *workspace,
                              const PstPatches *patches, const PstMap *features, double wanted, double weight,
                              float *dweights, PstMap *dfeatures);

G_END_DECLS
