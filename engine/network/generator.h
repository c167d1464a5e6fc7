/* The generator: paints from a photograph's features and the statistics of a style.
 *
 * The style enters twice: AdaIN (Huang and Belongie, "Arbitrary Style Transfer in Real-time with Adaptive Instance
 * Normalization", ICCV 2017) gives relu4_1, relu3_1 and relu2_1 its channel means and deviations, and every convolution
 * is scaled and shifted per output channel by a linear map of a style code (a modulated convolution, as in StyleGAN2;
 * Karras et al., CVPR 2020). Both are linear, so both are folded into the weights once per picture: painting with a
 * style costs no more per pixel than painting without one.
 */
#pragma once

#include "architecture.h"
#include "change.h"
#include "executor.h"
#include "safetensors.h"

G_BEGIN_DECLS

typedef struct PstGenerator PstGenerator;

/** Takes a generator out of a weights file that holds exactly its tensors. NULL and PST_TENSORS_ERROR_MISMATCH
 *  otherwise. */
PstGenerator *pst_generator_new(const PstTensors *weights, GError **error);
void pst_generator_free(PstGenerator *generator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstGenerator, pst_generator_free)

/** The generator's layers with the statistics of one photograph and one style folded in. */
typedef struct PstBrush PstBrush;

/** What a brush paints: it moves features with the statistics `content` to those of `style` (both [PST_STYLE_SIZE],
 *  deviations positive); `share` of `change` (NULL: none) is added to the weights; `detail` in 0..1 is the gain of the
 *  relu2_1 skip. */
typedef struct {
    const float *content, *style;
    const PstChange *change;
    double share;
    double detail;
} PstManner;

/** Folds on the threads of a pool, or on the calling one where it is NULL. */
PstBrush *pst_brush_new(const PstGenerator *generator, const PstManner *manner, PstThreadPool *pool);
void pst_brush_free(PstBrush *brush);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstBrush, pst_brush_free)

/** Layer 0 .. PST_GENERATOR_LAYERS-1 of the brush, owned by it. */
const PstConvolution *pst_brush_layer(const PstBrush *brush, int layer);

/** The 1x1 convolution of relu<tap>_1 (tap 2 or 3) that is added where the generator comes to its size: weight
 *  [channels][channels] and bias [channels], owned by the brush. */
void pst_brush_skip(const PstBrush *brush, int tap, const float **weight, const float **bias);

/** Paints taps[2] .. taps[4] (see pst_encoder_run()) into rgb (3 channels, 8 times the size of taps[4]); values are
 *  not clamped. */
void pst_brush_run(const PstBrush *brush, PstExecutor *executor, const PstMap taps[PST_STYLE_TAPS + 1], PstMap *rgb);

/** Multiply-accumulates per pixel of the picture, as the executor counts them. */
double pst_brush_work(void);

G_END_DECLS
