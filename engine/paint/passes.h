/* The two passes of a painting as stages of a pipeline: the encoder, then the generator.
 *
 *   encoder     conv1_1 .. conv2_2, 32 channels at 1/4 | conv3_1 .. conv4_1
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
#include "pipeline.h"
#include "statistics.h"

/** The features of a photograph that the generator reads, relu2_1 .. relu4_1 in 16 bits (unsigned_half.h), and their
 *  statistics. */
typedef struct {
    PstFeatureStrip taps[PST_STYLE_TAPS + 1]; /* 2 .. 4 */
    float content[PST_STYLE_SIZE];
    float grain;    /* deviation of the grain that the photograph is given (grain.h) */
    gboolean known; /* content is there, and where rows have room, they are */
} PstFeatures;

/** Features of a padded picture without grain, not known yet and without room for rows. */
void pst_features_init(PstFeatures *features, int width, int height);
/** Makes room for all rows. */
void pst_features_hold(PstFeatures *features);
void pst_features_clear(PstFeatures *features);
/** Bytes that all rows take. */
gsize pst_features_bytes(int width, int height);

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
void pst_pass_statistics(const PstPass *pass, float content[PST_STYLE_SIZE]);

/** Adds the generator's stages, which read `features` and blend as `pass->blend` says, which the caller sets
 *  together with `pass->finished`. Without a generator the pipeline can only be measured. */
void pst_pass_generate(PstPass *pass, PstPipeline *pipeline, const PstConditionedGenerator *generator,
                       const PstFeatures *features);
