/* A contact sheet: held-out photographs painted in held-out styles. */
#pragma once

#include "style_bank.h"

#include "engine/gradient/generator_gradient.h"

/** Writes a JPEG, with prepared weights: up to six photographs of the corpus as rows, each first as
 * it is and then in every fifth of the bank's first thirty held-out styles, 320 x 240 pixels each.
 * Replaces a file of that name. */
gboolean pst_sheet_write(const char *path, const PstCorpus *photos, const PstStyleBank *bank,
                         const PstLossNetwork *encoder, const PstGeneratorWeights *weights, PstThreadPool *pool,
                         GError **error);
