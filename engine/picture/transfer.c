#include "transfer.h"

#include <math.h>

enum {
    BT709 = 1,
    GAMMA22 = 4,
    GAMMA28 = 5,
    BT601 = 6,
    LINEAR = 8,
    SRGB = 13,
    BT2020_10 = 14,
    BT2020_12 = 15,
    PQ = 16,
    HLG = 18
};

enum { STEPS = 4096 };

static const double WHITE = 203; /* cd/m2: ITU-R BT.2408, of graphics and diffuse white */

gboolean pst_transfer_is_srgb(int transfer)
{
    return transfer == SRGB;
}

gboolean pst_transfer_is_hdr(int transfer)
{
    return transfer == PQ || transfer == HLG;
}

static gboolean is_bt709(int transfer)
{
    return transfer == BT709 || transfer == BT601 || transfer == BT2020_10 || transfer == BT2020_12;
}

gboolean pst_transfer_is_known(int transfer)
{
    return is_bt709(transfer) || transfer == GAMMA22 || transfer == GAMMA28 || transfer == LINEAR ||
           pst_transfer_is_srgb(transfer) || pst_transfer_is_hdr(transfer);
}

/* cd/m2 (SMPTE ST 2084). */
static double pq_light(double sample)
{
    const double m1 = 2610.0 / 16384, m2 = 2523.0 / 32, c1 = 3424.0 / 4096, c2 = 2413.0 / 128, c3 = 2392.0 / 128;
    double power = pow(sample, 1 / m2);
    return 10000 * pow(fmax(power - c1, 0) / (c2 - c3 * power), 1 / m1);
}

/* cd/m2 on a display of 1000, each channel by itself. */
static double hlg_light(double sample)
{
    const double a = 0.17883277, b = 1 - 4 * a, c = 0.5 - a * log(4 * a);
    double scene = sample <= 0.5 ? sample * sample / 3 : (exp((sample - c) / a) + b) / 12;
    return 1000 * pow(scene, 1.2);
}

cmsToneCurve *pst_transfer_curve(cmsContext context, int transfer)
{
    static const double bt709[5] = { 1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081 };
    static const double srgb[5] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };
    if (!pst_transfer_is_hdr(transfer)) {
        double gamma = transfer == GAMMA22 ? 2.2 : transfer == GAMMA28 ? 2.8 : 1;
        return is_bt709(transfer) || transfer == SRGB
                   ? cmsBuildParametricToneCurve(context, 4, transfer == SRGB ? srgb : bt709)
                   : cmsBuildGamma(context, gamma);
    }
    g_autofree float *table = g_new(float, STEPS);
    for (int i = 0; i < STEPS; i++) {
        double sample = (double)i / (STEPS - 1);
        table[i] = (float)fmin(1, (transfer == PQ ? pq_light(sample) : hlg_light(sample)) / WHITE);
    }
    return cmsBuildTabulatedToneCurveFloat(context, STEPS, table);
}
