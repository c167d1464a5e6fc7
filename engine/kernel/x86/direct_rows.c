#include "direct_rows.h"

#include <limits.h>

Rows PST_ISA(pst_rows)(const Input *input, bool transposed, float *scratch)
{
    Rows rows = { .input = input, .transposed = transposed, .pitch = rows_pitch(input->width) };
    for (int i = 0; i < 3; i++) {
        rows.rows[i] = scratch + i * rows_size(input->width, input->map->channels) / 3;
        rows.held[i] = INT_MIN;
    }
    return rows;
}

/* Columns first .. end-1 of a row, one by one. */
static void prepare_columns(const Input *input, const float *from, const float *other, int first, int end, float *to)
{
    int channels = input->map->channels;
    for (int i = first; i < end; i++) {
        gint32 at = input->columns[i];
        for (int c = 0; c < channels; c++) {
            float value = at < 0 ? 0 : from[at + c];
            if (other != NULL && input->reflect)
                value += other[input->other_columns[i] + c];
            else if (other != NULL && at >= 0)
                value = other[at + c] > 0 ? value : 0;
            to[i * channels + c] = value;
        }
    }
}

/* One row as it is, for few channels. */
static void prepare_plain(const Rows *rows, const float *from, const float *other, float *to)
{
    const Input *input = rows->input;
    int channels = input->map->channels, pad = input->pad, columns = input->width + 2 * pad;

    if (input->upsample) {
        prepare_columns(input, from, other, 0, columns, to);
    } else {
        int count = input->width * channels;
        float *inside = to + pad * channels;
        prepare_columns(input, from, other, 0, pad, to);
        prepare_columns(input, from, other, columns - pad, columns, to);
        if (other == NULL)
            memcpy(inside, from + input->columns[pad], sizeof(float) * count);
        else if (input->reflect)
            for (int i = 0; i < count; i++)
                inside[i] = from[input->columns[pad] + i] + other[input->other_columns[pad] + i];
        else
            for (int i = 0; i < count; i++)
                inside[i] = other[i] > 0 ? from[i] : 0;
    }
    memset(to + columns * channels, 0, sizeof(float) * (rows->pitch - columns) * channels);
}

/* `lanes` channels of one pixel. */
PST_INLINE vec pixel(const Input *input, const float *from, const float *other, int column, int channel, int lanes)
{
    gint32 at = input->columns[column];
    if (at < 0)
        return (vec){ 0 };
    vec value = load_part(from + at + channel, lanes);
    if (other == NULL)
        return value;
    vec more = load_part(other + input->other_columns[column] + channel, lanes);
    return input->reflect ? value + more : where_positive(more, value);
}

/* Whether LANES columns from `first` on are contiguous in the map. They are, but at its sides. */
PST_INLINE bool neighbours(const Input *input, int first, int columns)
{
    const gint32 *at = input->columns + first;
    return first + LANES <= columns && at[0] >= 0 && at[LANES - 1] - at[0] == (LANES - 1) * input->map->channels;
}

static void prepare_transposed(const Rows *rows, const float *from, const float *other, float *to)
{
    const Input *input = rows->input;
    int channels = input->map->channels, columns = input->width + 2 * input->pad;

    for (int first = 0; first < columns; first += LANES)
        for (int channel = 0; channel < channels; channel += LANES) {
            int lanes = MIN(LANES, channels - channel);
            vec square[LANES];
            if (other == NULL && lanes == LANES && neighbours(input, first, columns)) {
                const float *pixels = from + input->columns[first] + channel;
#pragma GCC unroll 16
                for (int i = 0; i < LANES; i++)
                    square[i] = load(pixels + (gsize)i * channels);
            } else {
                for (int i = 0; i < LANES; i++)
                    square[i] = first + i < columns ? pixel(input, from, other, first + i, channel, lanes) : (vec){ 0 };
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
    const Input *input = rows->input;

    for (int i = 0; i < 3; i++) {
        int wanted = row - 1 + i, slot = (wanted + 6) % 3;
        float *to = rows->rows[slot];
        around[i] = to;
        if (rows->held[slot] == wanted)
            continue;
        rows->held[slot] = wanted;
        const float *from = PST_ISA(pst_input_row)(input, wanted);
        const float *other = PST_ISA(pst_input_other_row)(input, wanted);
        if (from == NULL)
            memset(to, 0, sizeof(float) * rows->pitch * input->map->channels);
        else if (rows->transposed)
            prepare_transposed(rows, from, other, to);
        else
            prepare_plain(rows, from, other, to);
    }
}
