/* How far two domains are apart, measured on the style statistics of their pictures (480 each, deviations as
 * logarithms, as style_space.h has them), standardised over both.
 *
 *   frechet  distance of Frechet between normal distributions, squared and divided by the number of statistics:
 *            (|m - m'|^2 + tr(C + C' - 2 (C C')^1/2)) / 480; Heusel et al., "GANs Trained by a Two Time-Scale Update
 *            Rule", 2017. Few pictures make it larger, so what two halves of one domain have is told as well
 *   error    share of pictures that logistic regression puts into the wrong domain, in five-fold cross-validation: 0.5
 *            where nothing tells them apart, 0 where everything does; proxy A-distance is 2 - 4 error (Ben-David et
 *            al., "Analysis of Representations for Domain Adaptation", 2007)
 */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/network/model.h"
#include "engine/picture/picture.h"

#define PST_GAP_LEAST 5   /* pictures of a domain */
#define PST_GAP_MOST  256 /* that count; of more, every so many */

typedef struct {
    int first, second; /* pictures that counted */
    double frechet;
    double within; /* the larger of those between the halves of each domain */
    double error;
} PstGap;

/** Statistics [PST_STYLE_SIZE] of a small copy (domain.h), at a short side of 256 at most. FALSE when cancelled. */
gboolean pst_gap_measure(const PstModel *model, PstThreadPool *pool, const PstPicture *small, float *statistics,
                         GCancellable *cancellable, GError **error);

/** The gap between domains of PST_GAP_LEAST .. PST_GAP_MOST pictures, rows of statistics. FALSE when cancelled. */
gboolean pst_gap_find(const float *first, int first_count, const float *second, int second_count, PstGap *gap,
                      GCancellable *cancellable, GError **error);
