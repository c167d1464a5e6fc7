/* Trials: what a fine-tuning had come to, every so many steps, on photographs held out of practice.
 *
 * A list of trials is a GArray of PstTrial, the base's first. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** What a trial said: means over the photographs. */
typedef struct {
    int step; /* steps done */
    double style, content;
} PstTrial;

/** How a trial's content stands to the base's: 1 is the same. */
double pst_trials_content(const GArray *trials, const PstTrial *trial);

/** The last of those trials that have the least style loss, or as good as that, among those whose content stands to the base's
 *  as `content_limit` or better; the base's while no other has less style loss than it. Owned by the list. */
const PstTrial *pst_trials_best(const GArray *trials, double content_limit);

G_END_DECLS
