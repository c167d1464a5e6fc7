/* The encoder: a thin VGG-shaped network, pretrained and frozen. Its features describe content and style. */
#pragma once

#include "architecture.h"
#include "executor.h"
#include "safetensors.h"

typedef struct PstEncoder PstEncoder;

/** Takes the layers up to relu4_1 out of a weights file; names and shapes are those of architecture.h. NULL and
 *  PST_TENSORS_ERROR_MISMATCH where one is missing or has another shape. */
PstEncoder *pst_encoder_new(const PstTensors *weights, GError **error);
void pst_encoder_free(PstEncoder *encoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstEncoder, pst_encoder_free)

/** Makes maps for relu1_1 .. relu4_1 (taps[1] .. taps[4]; taps[0] is not used) of a picture whose sides are multiples
 *  of 8. Clear each with pst_map_clear(). */
void pst_encoder_taps_new(int height, int width, PstMap taps[PST_STYLE_TAPS + 1]);

/** Encodes rgb (3 channels, 0..1, sides multiples of 8) into taps made by pst_encoder_taps_new(). */
void pst_encoder_run(const PstEncoder *encoder, PstExecutor *executor, const PstMap *rgb,
                     PstMap taps[PST_STYLE_TAPS + 1]);

/** Layer 0 .. 8 of pst_encoder_layers, owned by the encoder. */
#define PST_ENCODER_RUN_LAYERS 9 /* conv1_1 .. conv4_1 */
const PstConvolution *pst_encoder_layer(const PstEncoder *encoder, int layer);

/** Multiply-accumulates per pixel of the picture, as the executor counts them. */
double pst_encoder_work(void);
