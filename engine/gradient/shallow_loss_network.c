#include "shallow_loss_network.h"

#include "engine/kernel/moments.h"
#include "engine/network/safetensors.h"

#include <string.h>

const PstLayer pst_shallow_teacher_layers[PST_SHALLOW_LAYERS] = {
    { "conv1_1", 3, 64, 1, FALSE },   { "conv1_2", 64, 64, 0, TRUE },    { "conv2_1", 64, 128, 2, FALSE },
    { "conv2_2", 128, 128, 0, TRUE }, { "conv3_1", 128, 256, 3, FALSE },
};

const PstLayer pst_shallow_student_layers[PST_SHALLOW_LAYERS] = {
    { "conv1_1", 3, 32, 0, FALSE }, { "conv1_2", 32, 32, 0, TRUE },   { "conv2_1", 32, 64, 0, FALSE },
    { "conv2_2", 64, 96, 0, TRUE }, { "conv3_1", 96, 256, 3, FALSE },
};

PstLossNetwork *pst_shallow_loss_network_read(const char *path, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);
    gboolean student;

    if (!tensors) {
        return NULL;
    }
    student = g_strcmp0(pst_tensors_metadata(tensors, "network"), "pastiche-examiner") == 0;
    return pst_loss_network_read_layers(student ? pst_shallow_student_layers : pst_shallow_teacher_layers,
                                        PST_SHALLOW_LAYERS, path, error);
}

guint pst_shallow_loss_network_taps(const PstLossNetwork *network)
{
    guint taps = 0;

    for (int i = 0; i < network->count; i++) {
        taps |= network->table[i].tap ? 1u << network->table[i].tap : 0;
    }
    return taps;
}

void pst_shallow_loss_network_style(const PstMap *taps, float *style)
{
    for (int tap = 1; tap <= PST_SHALLOW_TAPS; tap++) {
        int n = pst_teacher_channels[tap];

        if (taps[tap].data) {
            pst_map_moments(&taps[tap], PST_EPSILON, style, style + PST_SHALLOW_CHANNELS);
        } else {
            memset(style, 0, n * sizeof *style);
            memset(style + PST_SHALLOW_CHANNELS, 0, n * sizeof *style);
        }
        style += n;
    }
}

/* Sum of squared differences to the target, with the gradient of `factor` / 2 times it. */
static double squares(const float *a, const float *target, int n, float factor, float *d)
{
    double sum = 0;

    for (int i = 0; i < n; i++) {
        float difference = a[i] - target[i];

        d[i] = factor * difference;
        sum += (double)difference * difference;
    }
    return sum;
}

double pst_shallow_loss_network_loss(PstActivations *activations, const float *target, double weight)
{
    double loss = 0;
    int at = 0;

    for (int tap = 1; tap <= PST_SHALLOW_TAPS; tap++) {
        PstTapMoments *m = &activations->moments[tap];
        int n = pst_teacher_channels[tap];
        float factor = (float)(2 * weight / (PST_TAPS * n));

        if (activations->taps[tap].data) {
            pst_map_moments(&activations->taps[tap], PST_EPSILON, m->mean, m->deviation);
            loss += (squares(m->mean, target + at, n, factor, m->dmean) +
                     squares(m->deviation, target + PST_SHALLOW_CHANNELS + at, n, factor, m->ddeviation)) /
                    (PST_TAPS * n);
        }
        at += n;
    }
    return loss;
}
