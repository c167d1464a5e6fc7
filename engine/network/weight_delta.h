/* A weight delta: numbers to be added to the generator's weights, what fine-tuning on one style comes to.
 *
 * Adding is linear, so deltas can be scaled (by the strength of a painting) and mixed like the styles they belong to,
 * and they are folded into the weights with the rest of the style (generator.h): painting costs no more per pixel.
 *
 * In a file the arrays with more than one side, "change.<name>", are bytes q with a step for each of their first sides,
 * "change.<name>.step": value = (q - 128) step. A delta is small beside the weights that it is added to, so that 8 bits
 * of it are more than 12 bits of the sum. Others are floats.
 */
#pragma once

#include "architecture.h"
#include "layout.h"
#include "safetensors.h"
#include "safetensors_writer.h"

/** Parts of every layer: PST_WEIGHT_DELTA_PART(layer, part). Names are those of the generator's tensors. */
enum {
    PST_WEIGHT_DELTA_WEIGHT,     /* [out][in][3][3], before modulation */
    PST_WEIGHT_DELTA_BIAS,       /* [out] */
    PST_WEIGHT_DELTA_MODULATION, /* [2 out]: added to the scales, then the shifts */
    PST_WEIGHT_DELTA_LAYER_PARTS
};
#define PST_WEIGHT_DELTA_PART(layer, part) ((layer)*PST_WEIGHT_DELTA_LAYER_PARTS + (part))

/** The other parts. */
enum {
    PST_WEIGHT_DELTA_SKIP3_WEIGHT = PST_GENERATOR_LAYERS * PST_WEIGHT_DELTA_LAYER_PARTS,
    PST_WEIGHT_DELTA_SKIP3_BIAS,
    PST_WEIGHT_DELTA_SKIP2_WEIGHT,
    PST_WEIGHT_DELTA_SKIP2_BIAS,
    PST_WEIGHT_DELTA_MIXTURE, /* [PST_KERNELS] each: added to the linear map that mixes the kernels of a mixed layer */
    PST_WEIGHT_DELTA_PARTS = PST_WEIGHT_DELTA_MIXTURE + PST_MIXED_LAYERS
};
#define PST_WEIGHT_DELTA_MIXTURE_PART(layer) (PST_WEIGHT_DELTA_MIXTURE + (layer)-PST_FIRST_MIXED)

/** The table of all parts, PST_WEIGHT_DELTA_PARTS entries, and the floats of a delta in all. Parts stand one after the
 *  other without gaps. */
const PstSlot *pst_weight_delta_parts(void);
gsize pst_weight_delta_size(void);

/** A delta never changes once made, so any number of styles and threads may share one. */
typedef struct PstWeightDelta PstWeightDelta;

/** A delta of pst_weight_delta_size() values, which are copied. */
PstWeightDelta *pst_weight_delta_new(const float *values);
PstWeightDelta *pst_weight_delta_ref(PstWeightDelta *delta);
void pst_weight_delta_unref(PstWeightDelta *delta);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstWeightDelta, pst_weight_delta_unref)

/** What a delta is known by: the SHA-256 of its values (little-endian floats) in small hexadecimal. Owned by the
 *  delta, which works it out once. */
const char *pst_weight_delta_hash(PstWeightDelta *delta);

/** TRUE for the same values, and for NULL twice. */
gboolean pst_weight_delta_equal(const PstWeightDelta *a, const PstWeightDelta *b);

/** The values of a part. */
const float *pst_weight_delta_get(const PstWeightDelta *delta, int part);

/** The weighted sum of n deltas; NULL ones count as zero. NULL if all are. */
PstWeightDelta *pst_weight_delta_mix(PstWeightDelta *const *deltas, const double *weights, int n);

/** What a delta becomes by being written and read again. */
PstWeightDelta *pst_weight_delta_round(const PstWeightDelta *delta);

/** Adds a delta to a file. */
void pst_weight_delta_write(const PstWeightDelta *delta, PstTensorsWriter *writer);

/** TRUE if a file holds a delta, or a part of one. */
gboolean pst_weight_delta_present(const PstTensors *tensors);

/** Appends the names of a delta's tensors to `names` (which frees them): for pst_tensors_check_names(). */
void pst_weight_delta_list_names(GPtrArray *names);

/** Reads a delta. NULL and PST_TENSORS_ERROR_MISMATCH if a part is missing, of another shape, or has values that no
 *  fine-tuning makes: above PST_WEIGHT_DELTA_LARGEST. */
#define PST_WEIGHT_DELTA_LARGEST 16.0f
PstWeightDelta *pst_weight_delta_read(const PstTensors *tensors, const char *file, GError **error);
