/* What hypercolumns say of a picture: how far each is from one of the painting's that was found for it once.
 *
 * With h(p) the column of the picture and t(p) its target, the loss is the mean over all places of 1 - cos(h(p), t(p)).
 * A target is the painting's column nearest to the photograph's, both less their means. Kolkin et al.,
 * arXiv:2203.13215.
 */
#pragma once

#include "hypercolumns.h"
#include "style_palette.h"

G_BEGIN_DECLS

typedef struct PstColumnLoss PstColumnLoss;

/** Looks for the targets: of the octave, for what `features` have seen. */
PstColumnLoss *pst_column_loss_new(const PstPaletteOctave *octave, PstExecutor *executor,
                                   const PstFeatureMaps *features);
void pst_column_loss_free(PstColumnLoss *loss);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstColumnLoss, pst_column_loss_free)

/** Sees rgb, sets drgb to the gradient and returns the loss. Undefined once cancelled. */
double pst_column_loss(PstColumnLoss *loss, const PstFeatureNetwork *network, PstExecutor *executor, const PstMap *rgb,
                       PstFeatureMaps *features, PstMap *drgb);

G_END_DECLS
