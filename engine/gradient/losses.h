/* The terms of the training loss, each with its gradient.
 *
 * Every function returns its term, unweighted, for one picture, and adds `weight` times the term's
 * gradient to what is named d... ; a term that is a mean over a batch is the mean of its pictures'.
 * MSE is the mean of squared differences over all elements.
 */
#pragma once

#include "loss_network.h"

/** Workspace for the losses of pictures of one size; owned by the arena, nothing to free. */
typedef struct PstLosses PstLosses;
PstLosses *pst_losses_new(PstArena *arena, int height, int width);

/** The style of a picture in the loss network: means of U f + b over all taps, then their standard deviations
 *  s = sqrt(diag(U cov(f) U') + PST_EPSILON); PST_TARGET_SIZE floats. */
void pst_loss_network_style(const PstLossNetwork *loss_network, PstLosses *losses, const PstMap *taps, float *style);

/** Style: mean over the taps of MSE(means) + MSE(standard deviations), between the taps' style and a target. SETS
 *  dtaps, unlike the others: it is the one that comes first. The share of the taps in `skipped` (bit 1 << tap; 0: none)
 *  is left out: the shallow loss network compares them (shallow_loss_network.h).
 *
 *  With gradients gm and gs, df(p) = U' gm / n + A (f(p) - mean(f)) for each of n pixels,
 *  where A = U' diag(gs / s) U / n. */
double pst_loss_style(const PstLossNetwork *loss_network, PstLosses *losses, const PstMap *taps, guint skipped,
                      const float *target, double weight, PstMap *dtaps);

/** Content: mean over relu4_1 and relu5_1 of the MSE between the mapped features of taps and of the
 *  photograph, which is the mean over pixels of d' (U'U) d / channels. Without dtaps (NULL) it is measured only. */
double pst_loss_content(const PstLossNetwork *loss_network, PstLosses *losses, const PstMap *taps,
                        const PstMap *photo_taps, double weight, PstMap *dtaps);

/** Structure: MSE between two maps, both instance-normalised: z = (f - mean) / sqrt(variance +
 *  PST_EPSILON) per channel (Ulyanov et al., "Improved Texture Networks", CVPR 2017).
 *  `shares` is what each place counts beside the others, [height][width] of mean 1; NULL: all alike.
 *
 *  With g the gradient at z, df = (g - mean(g) - z mean(g z)) / deviation. */
double pst_loss_structure(const PstMap *tap, const PstMap *photo_tap, const float *shares, double weight, PstMap *dtap);

/** Two maps of one size, the photograph's second, and of both each channel's mean and sqrt(variance + PST_EPSILON); all
 *  borrowed. */
typedef struct {
    const PstMap *map, *photo;
    const float *mean, *deviation;
    const float *photo_mean, *photo_deviation;
    const float *shares; /* or NULL */
    double weight;
} PstStructureMaps;

/** What `count` channels from `first` on, at most 128, add to the structure and to its gradient. Channels have nothing
 *  to do with each other, so that threads may share them. */
double pst_loss_structure_part(const PstStructureMaps *structure, int first, int count, PstMap *dtap);

/** Light: the same of the luminance's 8x8 means (0.299 R + 0.587 G + 0.114 B), with 1e-4 in place
 *  of PST_EPSILON. Keeps light and shade where they are in the photograph. */
double pst_loss_light(PstLosses *losses, const PstMap *rgb, const PstMap *photo, double weight, PstMap *drgb);

/** Calm: differences between 8x8 means of the picture where those of the photograph are alike, so that the sky beside a
 *  tree gets no blots, nor a halo. With D the squared distance of two squares' colours, the mean of
 *  D(rgb) / (1 + D(photo) / 0.02^2) over all pairs of neighbours in rows and columns, and the same of pairs that are
 *  two and four squares apart: a halo that fades slowly has no large differences between neighbours. An edge-stopping
 *  function as in Perona and Malik, "Scale-Space and Edge Detection Using Anisotropic Diffusion", PAMI 1990. */
double pst_loss_calm(const PstMap *rgb, const PstMap *photo, double weight, PstMap *drgb);

/** Grid: how unevenly the picture changes along the generator's own lattice, where doubling sizes leaves its mark
 *  (Odena, Dumoulin and Olah, "Deconvolution and Checkerboard Artifacts", Distill 2016). With E[p] the mean square of
 *  the differences between neighbours x, x + 1 where x mod 8 = p, plus 1e-6, and r[p] = E[p] / mean(E), it is
 *  mean((r - 1)^2), averaged over rows and columns. A photograph has about 0.005.
 *
 *  dgrid/dE[p] = 2 (r[p] - 1 - grid) / (8 mean(E)). */
double pst_loss_grid(const PstMap *rgb, double weight, PstMap *drgb);

/** Pixels: mean |rgb - photo|, for pictures that have themselves as style. */
double pst_loss_pixels(const PstMap *rgb, const PstMap *photo, double weight, PstMap *drgb);

/** Range: mean of max(0, -v)^2 + max(0, v - 1)^2. */
double pst_loss_range(const PstMap *rgb, double weight, PstMap *drgb);
