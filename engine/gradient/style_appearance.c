#include "style_appearance.h"

#define DECAY 0.9 /* of the running mean, a step: some 40 windows */

/* Both rows of an appearance are worked on alike, number by number. */
static void follow(float *mean, const float *each, gsize stride, int count, gboolean first, int n)
{
    for (int i = 0; i < n; i++) {
        float sum = 0;

        for (int k = 0; k < count; k++) {
            sum += each[k * stride + i] / count;
        }
        mean[i] = first ? sum : (float)(DECAY * mean[i] + (1 - DECAY) * sum);
    }
}

void pst_style_appearance_follow(PstStyleAppearance *mean, const PstStyleAppearance *each, int count, gboolean first)
{
    const gsize stride = sizeof *each / sizeof(float);

    follow(mean->target, each->target, stride, count, first, PST_TARGET_SIZE);
    follow(mean->exact, each->exact, stride, count, first, PST_SHALLOW_SIZE);
}

static void aim_beyond(const float *mean, const float *style, double gain, int n, float *aim)
{
    for (int i = 0; i < n; i++) {
        aim[i] = style[i] + (float)gain * (style[i] - mean[i]);
    }
}

void pst_style_appearance_aim(const PstStyleAppearance *mean, const float *target, const float *exact, double together,
                        PstStyleAppearance *aim)
{
    double gain = together / (1 - together);

    aim_beyond(mean->target, target, gain, PST_TARGET_SIZE, aim->target);
    if (exact) {
        aim_beyond(mean->exact, exact, gain, PST_SHALLOW_SIZE, aim->exact);
    }
}
