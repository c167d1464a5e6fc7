#include "style_target.h"

#include "losses.h"

void pst_style_target_measure(const PstLossNetwork *encoder, const PstLossNetwork *shallow, const PstMap *rgb,
                              const PstMap *photo_taps, GCancellable *cancellable, PstStyleTarget *target)
{
    g_autoptr(PstArena) arena = pst_arena_new();
    PstLosses *losses = pst_losses_new(arena, rgb->height, rgb->width);
    g_autoptr(PstActivations)
        activations = pst_activations_new(encoder, arena, rgb->height, rgb->width, PST_TAPS, FALSE);

    activations->cancellable = cancellable;
    pst_loss_network_forward(encoder, rgb, activations);
    if (g_cancellable_is_cancelled(cancellable)) {
        return;
    }
    pst_taps_statistics(activations->taps, target->statistics);
    pst_loss_network_style(encoder, losses, activations->taps, target->deep);
    target->content = photo_taps ? pst_loss_content(encoder, losses, activations->taps, photo_taps, 0, NULL) : 0;

    g_autoptr(PstActivations)
        shallow_activations = pst_activations_new(shallow, arena, rgb->height, rgb->width, PST_SHALLOW_TAPS, FALSE);
    shallow_activations->cancellable = cancellable;
    pst_loss_network_forward(shallow, rgb, shallow_activations);
    pst_shallow_loss_network_style(shallow_activations->taps, target->shallow);
}

static double mean_square(const float *a, const float *b, int n)
{
    double sum = 0;

    for (int i = 0; i < n; i++) {
        sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
    }
    return sum / n;
}

double pst_style_target_distance(const PstLossNetwork *shallow, const PstStyleTarget *a, const PstStyleTarget *b)
{
    guint known = pst_shallow_loss_network_taps(shallow);
    double sum = 0;

    for (int tap = 1, at = 0; tap <= PST_TAPS; tap++) {
        int channels = pst_teacher_channels[tap];

        if (known & 1u << tap) {
            sum += mean_square(a->shallow + at, b->shallow + at, channels) +
                   mean_square(a->shallow + PST_SHALLOW_CHANNELS + at, b->shallow + PST_SHALLOW_CHANNELS + at,
                               channels);
        } else {
            sum += mean_square(a->deep + at, b->deep + at, channels) +
                   mean_square(a->deep + PST_LOSS_NETWORK_CHANNELS + at, b->deep + PST_LOSS_NETWORK_CHANNELS + at,
                               channels);
        }
        at += channels;
    }
    return sum / PST_TAPS;
}
