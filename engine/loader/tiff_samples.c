#include "tiff_samples.h"

#include "loader_decoder.h"

#include <string.h>

static gsize colours(const PstTiffSamples *samples)
{
    return samples->colour == PST_COLOUR_GREY ? 1 : samples->colour == PST_COLOUR_CMYK ? 4 : 3;
}

gboolean pst_tiff_samples_are_read(const PstTiffSamples *samples)
{
    gboolean bits = samples->is_float ? samples->bits == 32 || samples->bits == 64
                                      : samples->bits == 8 || samples->bits == 16 || samples->bits == 32;
    gsize needed = colours(samples) + (samples->alpha ? 1 : 0);
    return samples->is_known && bits && samples->per_pixel >= needed && samples->per_pixel <= PST_TIFF_MAX_SAMPLES;
}

static guint16 from_float(double value)
{
    return value > 0 ? (guint16)((value < 1 ? value : 1) * 65535 + 0.5) : 0; /* not-a-number is 0 */
}

static guint16 sample16(const PstTiffSamples *samples, const guint8 *at)
{
    guint16 value16;
    guint32 value32;
    float single;
    double value;
    switch (samples->bits) {
    case 16:
        memcpy(&value16, at, sizeof value16);
        return value16;
    case 32:
        memcpy(&single, at, sizeof single);
        memcpy(&value32, at, sizeof value32);
        return samples->is_float ? from_float(single) : (guint16)(value32 >> 16);
    default:
        memcpy(&value, at, sizeof value);
        return from_float(value);
    }
}

/* Where sample `k` of pixel `x` is. */
static const guint8 *place(const PstTiffSamples *samples, const guint8 *const *planes, gsize x, gsize k)
{
    gsize size = (gsize)samples->bits / 8;
    return samples->planar ? planes[k] + x * size : planes[0] + (x * samples->per_pixel + k) * size;
}

void pst_tiff_samples_take(const PstTiffSamples *samples, const guint8 *const *planes, gsize width, void *row)
{
    gsize channels = colours(samples), all = channels + (samples->alpha ? 1 : 0);
    guint8 *row8 = row;
    guint16 *row16 = row;
    if (samples->bits == 8 && !samples->planar && !samples->inverted && samples->per_pixel == all)
        memcpy(row, planes[0], width * all);
    else
        for (gsize x = 0; x < width; x++)
            for (gsize k = 0; k < all; k++) {
                gboolean inverted = samples->inverted && k < channels;
                const guint8 *at = place(samples, planes, x, k);
                if (samples->bits == 8)
                    *row8++ = inverted ? 255 - *at : *at;
                else
                    *row16++ = inverted ? 65535 - sample16(samples, at) : sample16(samples, at);
            }
    if (samples->alpha && samples->associated)
        pst_loader_divide_by_alpha(row, (int)width, (int)channels, samples->bits == 8 ? 8 : 16);
}
