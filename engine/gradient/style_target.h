/* A style target: the style of a picture as the loss networks tell it, which training brings paintings to.
 *
 * Of depths that the shallow loss network has, it tells better; the loss network tells the others.
 */
#pragma once

#include <gio/gio.h>

#include "shallow_loss_network.h"

typedef struct {
    float statistics[PST_STYLE_SIZE]; /* the style as the generator knows it (pst_taps_statistics()) */
    float deep[PST_TARGET_SIZE];      /* of the loss network */
    float shallow[PST_SHALLOW_TARGET_SIZE];
    double content; /* the content loss of a painting, 0 of another picture */
} PstStyleTarget;

/** Measures a picture, [height][width][3], 0..1, in the encoder, which is the loss network as well, and in the shallow
 *  loss network; photo_taps are the encoder's of the photograph that it is a painting of, or NULL. Undefined once
 *  cancelled. */
void pst_style_target_measure(const PstLossNetwork *encoder, const PstLossNetwork *shallow, const PstMap *rgb,
                              const PstMap *photo_taps, GCancellable *cancellable, PstStyleTarget *target);

/** The style loss: mean over the PST_TAPS depths of MSE(means) + MSE(standard deviations). */
double pst_style_target_distance(const PstLossNetwork *shallow, const PstStyleTarget *a, const PstStyleTarget *b);
