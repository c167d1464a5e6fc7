/* The features of a photograph that the generator reads, relu2_1 .. relu4_1 in 16 bits (unsigned_half.h), and their
 * statistics; those of relu3_1 and relu4_1 with a painting's patches where the style has some.
 */
#pragma once

#include "engine/style/style_patches.h"
#include "feature_strip.h"

typedef struct {
    float grain; /* deviation of the grain that the photograph is given (grain.h) */
    gboolean swaps_patches;
    PstStylePatches *patches;                    /* that are swapped in, owned; or NULL */
    PstFeatureStrip taps[PST_STYLE_TAPS + 1];    /* 2 .. 4, as they are encoded */
    PstFeatureStrip swapped[PST_STYLE_TAPS + 1]; /* 3 and 4, with patches */
    PstPatchSwap *swaps[PST_STYLE_TAPS + 1];     /* 3 and 4, once the statistics are known */
    float encoded[PST_STYLE_SIZE];               /* statistics of the taps as they are encoded, */
    float content[PST_STYLE_SIZE];               /* and as the generator reads them */
    gboolean encoded_known, known;               /* these are there, and where rows have room, they are */
} PstFeatures;

/** Features of a padded picture of these sides, without grain and patches, not known yet and without room for rows.
 *  Those that swap patches can be measured without any. */
void pst_features_init(PstFeatures *features, int width, int height, gboolean swaps_patches);
void pst_features_clear(PstFeatures *features);

/** Whether they are those of a photograph with such grain and patches. */
gboolean pst_features_suit(const PstFeatures *features, float grain, const PstStylePatches *patches);

/** Makes room for all rows that are encoded, or swapped. */
void pst_features_hold(PstFeatures *features);
void pst_features_hold_swapped(PstFeatures *features);

/** Frees the encoded rows of taps `first` .. 4. */
void pst_features_let_go(PstFeatures *features, int first);

/** Bytes that all rows take. */
gsize pst_features_bytes(int width, int height, gboolean swaps_patches);

/** Makes the swaps for the statistics `encoded`, where there are patches. */
void pst_features_prepare_swap(PstFeatures *features);

/** What the generator reads of a tap, 2 .. 4. */
const PstFeatureStrip *pst_features_tap(const PstFeatures *features, int tap);
