/* The encoder that ships, as a feature network. */
#pragma once

#include "engine/network/feature_network.h"

static inline PstFeatureNetwork *shipped_feature_network(void)
{
    g_autofree char *path = g_build_filename(g_getenv("PASTICHE_DATA"), "encoder.safetensors", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(PstTensors) weights = pst_tensors_read(path, NULL, &error);
    PstFeatureNetwork *network = weights ? pst_feature_network_new(weights, &error) : NULL;

    g_assert_no_error(error);
    return network;
}
