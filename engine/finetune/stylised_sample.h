/* Stylised samples: photographs painted by the base generator, to learn from. */
#pragma once

#include "example.h"

#include "engine/network/weight_delta.h"
#include "engine/network/executor.h"
#include "engine/network/model.h"

/** The photograph, painted at a short side of 384 in the style of given statistics [PST_STYLE_SIZE], by the generator
 *  as it is or with a weight delta (NULL: none); clear it with pst_example_clear(). */
PstExample pst_stylised_sample_new(const PstModel *model, const PstExample *photo, const float *style,
                                   const PstWeightDelta *delta, PstExecutor *executor);
