#include "feature_strip.h"

#include <string.h>

#include "engine/kernel/unsigned_half.h"
#include "engine/kernel/map.h"

PstFeatureStrip pst_feature_strip(int padded_width, int padded_height, int level, int channels, gboolean half)
{
    return (PstFeatureStrip){ .level = level,
                              .channels = channels,
                              .half = half,
                              .height = padded_height >> level,
                              .width = padded_width >> level };
}

static gsize bytes_per_value(const PstFeatureStrip *strip)
{
    return strip->half ? sizeof(guint16) : sizeof(float);
}

gsize pst_feature_strip_bytes(const PstFeatureStrip *strip, int rows)
{
    return (gsize)rows * strip->width * strip->channels * bytes_per_value(strip);
}

void pst_feature_strip_hold(PstFeatureStrip *strip, int rows)
{
    pst_feature_strip_clear(strip);
    strip->held = rows;
    strip->data = pst_floats_new((pst_feature_strip_bytes(strip, rows) + sizeof(float) - 1) / sizeof(float));
}

void pst_feature_strip_clear(PstFeatureStrip *strip)
{
    pst_floats_free(strip->data);
    strip->data = NULL;
    strip->held = 0;
}

static gsize place(const PstFeatureStrip *strip, int row, int column)
{
    return ((gsize)(row % strip->held) * strip->width + column) * strip->channels;
}

void pst_feature_strip_write(PstFeatureStrip *strip, int row, int column, int count, const float *values)
{
    gsize at = place(strip, row, column), n = (gsize)count * strip->channels;

    if (strip->half) {
        pst_unsigned_halves_from_floats(values, n, (guint16 *)strip->data + at);
    } else {
        memcpy((float *)strip->data + at, values, n * sizeof(float));
    }
}

void pst_feature_strip_read(const PstFeatureStrip *strip, int row, int column, int count, float *values)
{
    gsize at = place(strip, row, column), n = (gsize)count * strip->channels;

    if (strip->half) {
        pst_unsigned_halves_to_floats((const guint16 *)strip->data + at, n, values);
    } else {
        memcpy(values, (const float *)strip->data + at, n * sizeof(float));
    }
}
