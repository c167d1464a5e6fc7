/* The passes of a painting as stages of a pipeline: the encoder, the patch swap where the style has patches, then the
 * generator.
 *
 *   encoder     conv1_1 .. conv2_2, 32 channels at 1/4 | conv3_1 .. conv4_1
 *   swap        relu4_1 | relu3_1
 *   generator   conv4_1 .. conv4_4, 64 channels at 1/8 | conv3_1 .. conv3_3, 32 channels at 1/4
 *               | conv2_1 .. conv1_2, blend
 *
 * Where a chain is cut (|) rows go through memory; within one they never leave the cache. It is cut where there is
 * little to store: a tile of the whole chain would have to reach far beyond itself.
 */
#pragma once

#include "blend.h"
#include "engine/network/encoder.h"
#include "engine/network/generator.h"
#include "photo_features.h"
#include "pipeline.h"
#include "statistics.h"

/** What lies between the stages of a pass, and what they sum up; one per pipeline. */
typedef struct {
    PstFeatureStrip pooled2;                       /* of the encoder */
    PstFeatureStrip raised4, raised3;              /* of the generator */
    PstStatistics *statistics[PST_STYLE_TAPS + 1]; /* 1 .. 4, or all NULL */
    PstBlend blend;
    PstPipelineRows finished; /* called for bands that are blended; or NULL */
    gpointer finished_data;
} PstPass;

void pst_pass_init(PstPass *pass, int width, int height);
void pst_pass_clear(PstPass *pass);

/** Adds the encoder's stages. `keep` (or NULL) receives its features. Where `gather`, their statistics are gathered,
 *  for pst_pass_statistics(). Without an encoder the pipeline can only be measured. The photograph gets that grain
 *  (copied). */
void pst_pass_encode(PstPass *pass, PstPipeline *pipeline, const PstEncoder *encoder, const PstFrame *photo,
                     const PstGrain *grain, PstFeatures *keep, gboolean gather, int width, int height, int band);

/** Adds the stages that swap patches into `features`, whose taps they read, to their swapped ones where `keep`, and
 *  gather these's statistics where `gather`. Before pst_features_prepare_swap() the pipeline can only be measured. */
void pst_pass_swap(PstPass *pass, PstPipeline *pipeline, PstFeatures *features, gboolean keep, gboolean gather,
                   int width, int height, int band);

/** The statistics of the taps that were gathered; the others stay as they are. */
void pst_pass_statistics(const PstPass *pass, float content[PST_STYLE_SIZE]);

/** Multiply-accumulates per pixel of the picture that swapping costs, as the executor counts them. */
double pst_pass_swap_work(void);

/** Adds the generator's stages, which read `features` and blend as `pass->blend` says, which the caller sets
 *  together with `pass->finished`. Without a generator the pipeline can only be measured. */
void pst_pass_generate(PstPass *pass, PstPipeline *pipeline, const PstConditionedGenerator *generator,
                       const PstFeatures *features);
