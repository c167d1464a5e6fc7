/* Rows of a convolution's input, prepared for the kernels of direct.h and kept while in use. */
#pragma once

#include "convolution_input.h"

typedef struct {
    const Input *input;
    bool transposed; /* rows are [channels][pitch], else [pitch][channels] */
    int pitch;       /* columns, from -pad on */
    float *rows[3];
    int held[3]; /* which row of the input each one is */
} Rows;

/** Columns of a prepared row for an input of this width, with the padding and what the last vectors reach. */
PST_INLINE int rows_pitch(int width)
{
    enum { REACH = 6 * LANES };
    return (width + REACH + LANES - 1) / LANES * LANES;
}

PST_INLINE gsize rows_size(int width, int channels)
{
    return 3 * (((gsize)rows_pitch(width) * channels + 15) & ~(gsize)15);
}

/** Rows in `scratch` (borrowed). */
Rows PST_ISA(pst_rows)(const Input *input, bool transposed, float *scratch);

/** The three rows from row - 1 to row + 1. */
void PST_ISA(pst_rows_around)(Rows *rows, int row, const float *around[3]);
