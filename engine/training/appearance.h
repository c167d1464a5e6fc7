/* The appearance of a picture: its style as the judge and the examiner see it.
 *
 * A style's appearance is that of whole paintings. A window of a photograph, all sky or all leaves, need not have it by
 * itself; it is enough that windows have it together. With m the appearance of what became of a window, M the running mean
 * of those, and T the style's, a share `together` of the style loss looks at M, the rest at m:
 *
 *   gradient = (1 - together) (m - T) + together (M - T) = (1 - together) (m - aim)
 *   aim = T + together / (1 - together) (T - M)
 *
 * So windows aim beyond the style by as much as results fall short of it.
 */
#pragma once

#include "examiner.h"

G_BEGIN_DECLS

typedef struct {
    float target[PST_TARGET_SIZE]; /* as the judge sees it (losses.h), */
    float exact[PST_EXACT_SIZE];   /* and the examiner; without one not used */
} PstAppearance;

/** Above it, running means lag too far behind what they are to steer: it was seen to swing at 0.8. */
#define PST_MOST_TOGETHER 0.6

/** The running mean goes on by `count` appearances: to their mean where they are the first. */
void pst_appearance_follow(PstAppearance *mean, const PstAppearance *each, int count, gboolean first);

/** Where windows aim. target and exact are the style's; exact may be NULL. */
void pst_appearance_aim(const PstAppearance *mean, const float *target, const float *exact, double together,
                        PstAppearance *aim);

G_END_DECLS
