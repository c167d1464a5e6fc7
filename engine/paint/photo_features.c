#include "photo_features.h"

void pst_features_init(PstFeatures *features, int width, int height, gboolean swaps_patches)
{
    *features = (PstFeatures){ .swaps_patches = swaps_patches };
    for (int tap = 2; tap <= PST_STYLE_TAPS; tap++) {
        features->taps[tap] = pst_feature_strip(width, height, tap - 1, pst_tap_channels[tap], TRUE);
        features->swapped[tap] = features->taps[tap];
    }
}

void pst_features_clear(PstFeatures *features)
{
    for (int tap = 2; tap <= PST_STYLE_TAPS; tap++) {
        pst_feature_strip_clear(&features->taps[tap]);
        pst_feature_strip_clear(&features->swapped[tap]);
        g_clear_pointer(&features->swaps[tap], pst_patch_swap_free);
    }
    g_clear_pointer(&features->patches, pst_style_patches_unref);
}

gboolean pst_features_suit(const PstFeatures *features, float grain, const PstStylePatches *patches)
{
    return features->grain == grain && pst_style_patches_equal(features->patches, patches);
}

void pst_features_hold(PstFeatures *features)
{
    for (int tap = 2; tap <= PST_STYLE_TAPS; tap++) {
        pst_feature_strip_hold(&features->taps[tap], features->taps[tap].height);
    }
}

void pst_features_hold_swapped(PstFeatures *features)
{
    for (int tap = PST_SWAP_FIRST_TAP; tap <= PST_STYLE_TAPS; tap++) {
        pst_feature_strip_hold(&features->swapped[tap], features->swapped[tap].height);
    }
}

void pst_features_let_go(PstFeatures *features, int first)
{
    for (int tap = first; tap <= PST_STYLE_TAPS; tap++) {
        pst_feature_strip_clear(&features->taps[tap]);
    }
}

gsize pst_features_bytes(int width, int height, gboolean swaps_patches)
{
    PstFeatures features;
    gsize bytes = 0;

    pst_features_init(&features, width, height, swaps_patches);
    for (int tap = 2; tap <= PST_STYLE_TAPS; tap++) {
        gsize rows = pst_feature_strip_bytes(&features.taps[tap], features.taps[tap].height);

        bytes += swaps_patches && tap >= PST_SWAP_FIRST_TAP ? 2 * rows : rows;
    }
    return bytes;
}

void pst_features_prepare_swap(PstFeatures *features)
{
    for (int tap = PST_SWAP_FIRST_TAP; tap <= PST_STYLE_TAPS; tap++) {
        g_clear_pointer(&features->swaps[tap], pst_patch_swap_free);
    }
    if (features->patches) {
        pst_style_patches_swap(features->patches, features->encoded, features->swaps);
    }
}

const PstFeatureStrip *pst_features_tap(const PstFeatures *features, int tap)
{
    return features->swaps_patches && tap >= PST_SWAP_FIRST_TAP ? &features->swapped[tap] : &features->taps[tap];
}
