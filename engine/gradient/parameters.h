/* The generator's weights as one row of floats: what is trained, averaged and saved.
 *
 * A set of parameters has PST_PARAMETERS tensors. Tensors stand one after the other, each begins at
 * a multiple of 16 floats, and the gaps are zero. Gradients, running averages and Adam's moments
 * have the same layout, so they can all be worked on without knowing what they are.
 */
#pragma once

#include "engine/network/architecture.h"
#include "engine/network/layout.h"

/** Tensors of convolution `layer` (PST_CONV4_1 ..) of the generator. */
enum {
    PST_WEIGHT,            /* [out][in][3][3] */
    PST_BIAS,              /* [out] */
    PST_MODULATION_WEIGHT, /* [2 out][PST_STYLE_CODE]: first the scales, then the shifts */
    PST_MODULATION_BIAS,   /* [2 out] */
    PST_LAYER_TENSORS
};
#define PST_LAYER_PARAMETER(layer, tensor) ((layer)*PST_LAYER_TENSORS + (tensor))

/** The other tensors. */
enum {
    PST_SKIP3_WEIGHT = PST_GENERATOR_LAYERS * PST_LAYER_TENSORS, /* [64][64][1][1] */
    PST_SKIP3_BIAS,                                              /* [64] */
    PST_SKIP2_WEIGHT,                                            /* [32][32][1][1] */
    PST_SKIP2_BIAS,                                              /* [32] */
    PST_CODE_WEIGHT,                                             /* [PST_STYLE_CODE][PST_STYLE_SIZE] */
    PST_CODE_BIAS,                                               /* [PST_STYLE_CODE] */
    PST_MIXED_PARAMETERS,
    PST_PARAMETERS = PST_MIXED_PARAMETERS + PST_MIXED_LAYERS * 3 /* PST_MIXED_TENSORS each */
};

/** What a mixed layer (PST_FIRST_MIXED ..) has beside its tensors above; see mixture.h. */
enum {
    PST_KERNELS_WEIGHT, /* [PST_KERNELS out][in][3][3] */
    PST_MIXTURE_WEIGHT, /* [PST_KERNELS][PST_STYLE_CODE]: the shares */
    PST_MIXTURE_BIAS,   /* [PST_KERNELS] */
    PST_MIXED_TENSORS
};
#define PST_MIXED_PARAMETER(layer, tensor)                                                                             \
    (PST_MIXED_PARAMETERS + ((layer)-PST_FIRST_MIXED) * PST_MIXED_TENSORS + (tensor))

/** The table of all tensors, PST_PARAMETERS entries. */
const PstSlot *pst_parameters(void);

/** Floats in a whole set, a multiple of 16. */
gsize pst_parameters_size(void);

/** Where a tensor begins in a set. */
float *pst_parameter(float *set, int index);
const float *pst_parameter_const(const float *set, int index);

/** A zeroed set, free with pst_floats_free(). */
float *pst_parameters_new(void);

/** Fills a set with random weights: normal with variance 2 / inputs for convolutions and the code
 *  (He et al., "Delving Deep into Rectifiers", ICCV 2015), 1 / inputs for the skips and 0.01 /
 * inputs for the last convolution, whose bias is 0.5 (grey); 0.5 / inputs for the kernels to mix; no
 * modulation and no shares; other biases zero. */
void pst_parameters_init(float *set, guint64 seed);
