#include "trials.h"

#define AS_GOOD 1.01 /* times the least style loss: trials on a few photographs don't tell such changes apart */

static const PstTrial *trial_at(const GArray *trials, guint i)
{
    return &g_array_index(trials, PstTrial, i);
}

double pst_trials_content(const GArray *trials, const PstTrial *trial)
{
    return trial->content / MAX(trial_at(trials, 0)->content, 1e-9);
}

const PstTrial *pst_trials_best(const GArray *trials, double content_limit)
{
    const PstTrial *base = trial_at(trials, 0), *best = base;
    double least = base->style;

    for (guint i = 1; i < trials->len; i++) {
        const PstTrial *trial = trial_at(trials, i);

        if (pst_trials_content(trials, trial) <= content_limit) {
            least = MIN(least, trial->style);
        }
    }
    for (guint i = 1; i < trials->len; i++) {
        const PstTrial *trial = trial_at(trials, i);

        if (pst_trials_content(trials, trial) <= content_limit && trial->style < base->style &&
            trial->style <= AS_GOOD * least) {
            best = trial;
        }
    }
    return best;
}
