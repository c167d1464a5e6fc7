#include "painting_activations.h"

#include "losses.h"

struct PstPaintingActivations {
    const PstLossNetwork *encoder, *loss_network, *shallow_loss_network;
    PstActivations *encoded, *activations; /* the encoder's and the loss network's; the same where the networks are */
    PstActivations *shallow_activations;   /* or NULL */
    PstLosses *losses;
};

PstPaintingActivations *pst_painting_activations_new(const PstLossNetwork *encoder, const PstLossNetwork *loss_network,
                                                     const PstLossNetwork *shallow_loss_network, PstArena *arena,
                                                     int size)
{
    PstPaintingActivations *a = g_new0(PstPaintingActivations, 1);

    a->encoder = encoder;
    a->loss_network = loss_network;
    a->shallow_loss_network = shallow_loss_network;
    a->activations = pst_activations_new_of_layers(loss_network, arena, size, size);
    a->encoded = a->activations;
    if (encoder != loss_network) {
        a->encoded = pst_activations_new(encoder, arena, size, size, PST_STYLE_TAPS, FALSE);
    }
    if (shallow_loss_network) {
        a->shallow_activations = pst_activations_new(shallow_loss_network, arena, size, size, PST_SHALLOW_TAPS, FALSE);
    }
    a->losses = pst_losses_new(arena, size, size);
    return a;
}

void pst_painting_activations_free(PstPaintingActivations *a)
{
    if (!a) {
        return;
    }
    if (a->encoded != a->activations) {
        pst_activations_free(a->encoded);
    }
    pst_activations_free(a->activations);
    pst_activations_free(a->shallow_activations);
    g_free(a);
}

void pst_painting_activations_run(PstPaintingActivations *a, const PstMap *painting, float *style, float *target,
                                  float *shallow_target)
{
    pst_loss_network_forward(a->loss_network, painting, a->activations);
    if (a->encoded != a->activations) {
        pst_loss_network_forward(a->encoder, painting, a->encoded);
    }
    pst_taps_statistics(a->encoded->taps, style);
    pst_loss_network_style(a->loss_network, a->losses, a->activations->taps, target);
    if (a->shallow_loss_network) {
        pst_loss_network_forward(a->shallow_loss_network, painting, a->shallow_activations);
        pst_shallow_loss_network_style(a->shallow_activations->taps, shallow_target);
    }
}

const PstMap *pst_painting_activations_taps(const PstPaintingActivations *a)
{
    return a->encoded->taps;
}

void pst_painting_activations_vectors(PstPaintingActivations *a, PstRandom *random, PstStyleVectors *vectors)
{
    pst_style_vectors_clear(vectors);
    pst_style_vectors_add(vectors, a->activations, G_MAXINT, random);
    pst_style_vectors_finish(vectors);
}
