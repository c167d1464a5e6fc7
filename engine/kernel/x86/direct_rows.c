#include "direct_rows.h"

#include <limits.h>

Rows PST_ISA(pst_rows)(const Source *source, bool transposed, float *scratch)
{
    Rows rows = {.source = source, .transposed = transposed, .pitch = rows_pitch(source->width)};
    for (int i = 0; i < 3; i++) {
        rows.rows[i] = scratch + i * rows_size(source->width, source->map->channels) / 3;
        rows.held[i] = INT_MIN;
    }
    return rows;
}

/* Columns first .. end-1 of a row, one by one. */
static void prepare_columns(const Source *source, const float *from, const float *other, int first,
                            int end, float *to)
{
    int channels = source->map->channels;
    for (int i = first; i < end; i++) {
        gint32 at = source->columns[i];
        for (int c = 0; c < channels; c++) {
            float value = at < 0 ? 0 : from[at + c];
            if (other != NULL && source->reflect)
                value += other[source->other_columns[i] + c];
            else if (other != NULL && at >= 0)
                value = other[at + c] > 0 ? value : 0;
            to[i * channels + c] = value;
        }
    }
}

/* One row as it is, for few channels. */
static void prepare_plain(const Rows *rows, const float *from, const float *other, float *to)
{
    const Source *source = rows->source;
    int channels = source->map->channels, pad = source->pad, columns = source->width + 2 * pad;

    if (source->upsample) {
        prepare_columns(source, from, other, 0, columns, to);
    } else {
        int count = source->width * channels;
        float *inside = to + pad * channels;
        prepare_columns(source, from, other, 0, pad, to);
        prepare_columns(source, from, other, columns - pad, columns, to);
        if (other == NULL)
            memcpy(inside, from + source->columns[pad], sizeof(float) * count);
        else if (source->reflect)
            for (int i = 0; i < count; i++)
                inside[i] = from[source->columns[pad] + i] + other[source->other_columns[pad] + i];
        else
            for (int i = 0; i < count; i++)
                inside[i] = other[i] > 0 ? from[i] : 0;
    }
    memset(to + columns * channels, 0, sizeof(float) * (rows->pitch - columns) * channels);
}

/* `lanes` channels of one pixel. */
PST_INLINE vec pixel(const Source *source, const float *from, const float *other, int column,
                     int channel, int lanes)
{
    gint32 at = source->columns[column];
    if (at < 0)
        return (vec){0};
    vec value = load_part(from + at + channel, lanes);
    if (other == NULL)
        return value;
    vec more = load_part(other + source->other_columns[column] + channel, lanes);
    return source->reflect ? value + more : where_positive(more, value);
}

/* Whether LANES columns from `first` on are contiguous in the map. They are, but at its sides. */
PST_INLINE bool neighbours(const Source *source, int first, int columns)
{
    const gint32 *at = source->columns + first;
    return first + LANES <= columns && at[0] >= 0 && at[LANES - 1] - at[0] == (LANES - 1) * source->map->channels;
}

static void prepare_transposed(const Rows *rows, const float *from, const float *other, float *to)
{
    const Source *source = rows->source;
    int channels = source->map->channels, columns = source->width + 2 * source->pad;

    for (int first = 0; first < columns; first += LANES)
        for (int channel = 0; channel < channels; channel += LANES) {
            int lanes = MIN(LANES, channels - channel);
            vec square[LANES];
            if (other == NULL && lanes == LANES && neighbours(source, first, columns)) {
                const float *pixels = from + source->columns[first] + channel;
#pragma GCC unroll 16
                for (int i = 0; i < LANES; i++)
                    square[i] = load(pixels + (gsize)i * channels);
            } else {
                for (int i = 0; i < LANES; i++)
                    square[i] = first + i < columns
                                    ? pixel(source, from, other, first + i, channel, lanes)
                                    : (vec){0};
            }
            transpose(square);
            for (int c = 0; c < lanes; c++)
                store(to + (gsize)(channel + c) * rows->pitch + first, square[c]);
        }
    int done = (columns + LANES - 1) / LANES * LANES;
    for (int c = 0; c < channels; c++)
        memset(to + (gsize)c * rows->pitch + done, 0, sizeof(float) * (rows->pitch - done));
}

void PST_ISA(pst_rows_around)(Rows *rows, int row, const float *around[3])
{
    const Source *source = rows->source;

    for (int i = 0; i < 3; i++) {
        int wanted = row - 1 + i, slot = (wanted + 6) % 3;
        float *to = rows->rows[slot];
        around[i] = to;
        if (rows->held[slot] == wanted)
            continue;
        rows->held[slot] = wanted;
        const float *from = PST_ISA(pst_source_row)(source, wanted);
        const float *other = PST_ISA(pst_source_other_row)(source, wanted);
        if (from == NULL)
            memset(to, 0, sizeof(float) * rows->pitch * source->map->channels);
        else if (rows->transposed)
            prepare_transposed(rows, from, other, to);
        else
            prepare_plain(rows, from, other, to);
    }
}
