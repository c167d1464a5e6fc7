#include "strip.h"

#include <string.h>

#include "engine/kernel/halves.h"
#include "engine/kernel/map.h"

PstStrip pst_strip(int canvas_width, int canvas_height, int level, int channels, gboolean half)
{
    return (PstStrip){ .level = level, .channels = channels, .half = half, .height = canvas_height >> level,
                       .width = canvas_width >> level };
}

static gsize bytes_per_value(const PstStrip *strip)
{
    return strip->half ? sizeof(guint16) : sizeof(float);
}

gsize pst_strip_bytes(const PstStrip *strip, int rows)
{
    return (gsize)rows * strip->width * strip->channels * bytes_per_value(strip);
}

void pst_strip_hold(PstStrip *strip, int rows)
{
    pst_strip_clear(strip);
    strip->held = rows;
    strip->data = pst_floats_new((pst_strip_bytes(strip, rows) + sizeof(float) - 1) / sizeof(float));
}

void pst_strip_clear(PstStrip *strip)
{
    pst_floats_free(strip->data);
    strip->data = NULL;
    strip->held = 0;
}

static gsize place(const PstStrip *strip, int row, int column)
{
    return ((gsize)(row % strip->held) * strip->width + column) * strip->channels;
}

void pst_strip_write(PstStrip *strip, int row, int column, int count, const float *values)
{
    gsize at = place(strip, row, column), n = (gsize)count * strip->channels;

    if (strip->half) {
        pst_halves_from_floats(values, n, (guint16 *)strip->data + at);
    } else {
        memcpy((float *)strip->data + at, values, n * sizeof(float));
    }
}

void pst_strip_read(const PstStrip *strip, int row, int column, int count, float *values)
{
    gsize at = place(strip, row, column), n = (gsize)count * strip->channels;

    if (strip->half) {
        pst_halves_to_floats((const guint16 *)strip->data + at, n, values);
    } else {
        memcpy(values, (const float *)strip->data + at, n * sizeof(float));
    }
}
