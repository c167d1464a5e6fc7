/* The appearance of a picture: its style as the loss network and the shallow loss network see it.
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

#include "shallow_loss_network.h"

G_BEGIN_DECLS

typedef struct {
    float target[PST_TARGET_SIZE]; /* as the loss network sees it (losses.h), */
    float exact[PST_SHALLOW_SIZE];   /* and the shallow loss network; without one not used */
} PstStyleAppearance;

/** Above it, running means lag too far behind what they are to steer: it was seen to swing at 0.8. */
#define PST_MOST_TOGETHER 0.6

/** The running mean goes on by `count` appearances: to their mean where they are the first. */
void pst_style_appearance_follow(PstStyleAppearance *mean, const PstStyleAppearance *each, int count, gboolean first);

/** Where windows aim. target and exact are the style's; exact may be NULL. */
void pst_style_appearance_aim(const PstStyleAppearance *mean, const float *target, const float *exact, double together,
                        PstStyleAppearance *aim);

G_END_DECLS
