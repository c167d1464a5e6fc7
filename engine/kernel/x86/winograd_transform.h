/* The one-dimensional transforms of F(4,3) at the points 0, 1, -1, 2, -2 and infinity. Applied to
 * columns, then to rows. */
#pragma once

#include "winograd.h"

/** B': 6 inputs to transformed inputs 0 .. 2, or 3 .. 5. By halves, so that a patch's columns stay in registers until
 *  its rows are transformed. */
PST_INLINE void transform_input_half(const bool upper, const vec d[6], vec v[3])
{
    if (!upper) {
        vec even = d[4] - 4 * d[2], odd = d[3] - 4 * d[1];
        v[0] = 4 * d[0] + (d[4] - 5 * d[2]);
        v[1] = even + odd;
        v[2] = even - odd;
    } else {
        vec even = d[4] - d[2], odd = d[3] - d[1];
        v[0] = even + 2 * odd;
        v[1] = even - 2 * odd;
        v[2] = 4 * d[1] + (d[5] - 5 * d[3]);
    }
}

PST_INLINE void transform_input(const vec d[6], vec v[6])
{
    transform_input_half(false, d, v);
    transform_input_half(true, d, v + 3);
}

/** A': 4 outputs. */
PST_INLINE void transform_output(const vec m[6], vec y[4])
{
    vec sum = m[1] + m[2], difference = m[1] - m[2];
    vec sum2 = m[3] + m[4], difference2 = m[3] - m[4];
    y[0] = m[0] + sum + sum2;
    y[1] = difference + 2 * difference2;
    y[2] = sum + 4 * sum2;
    y[3] = difference + 8 * difference2 + m[5];
}

/** Stores 6 vectors `step` floats apart. */
PST_INLINE void store_six(float *to, gsize step, const vec d[PATCH])
{
    float *near = keep_address(to), *far = near + 3 * step;
#pragma GCC unroll 3
    for (int i = 0; i < 3; i++)
        store(near + i * step, d[i]);
#pragma GCC unroll 3
    for (int i = 0; i < 3; i++)
        store(far + i * step, d[i + 3]);
}

/** A' M A + bias of one tile, of which the planes of M are `plane` floats apart. */
PST_INLINE void transform_output_tile(const float *m, gsize plane, vec bias, vec y[TILE][TILE])
{
    vec half[PATCH][TILE];

    for (int j = 0; j < PATCH; j++) {
        vec down[PATCH];
#pragma GCC unroll 6
        for (int i = 0; i < PATCH; i++)
            down[i] = load(m + (i * PATCH + j) * plane);
        /* Column 1 of A' is all ones: what is added to plane (1,1) reaches every output once. */
        if (j == 1)
            down[1] += bias;
        transform_output(down, half[j]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < TILE; i++) {
        vec across[PATCH];
#pragma GCC unroll 6
        for (int j = 0; j < PATCH; j++)
            across[j] = half[j][i];
        transform_output(across, y[i]);
    }
}

/** A: the adjoint of transform_output(). */
PST_INLINE void transform_output_adjoint(const vec y[4], vec m[6])
{
    vec even = y[0] + y[2], odd = y[1] + y[3];
    vec even2 = y[0] + 4 * y[2], odd2 = 2 * y[1] + 8 * y[3];
    m[0] = y[0];
    m[1] = even + odd;
    m[2] = even - odd;
    m[3] = even2 + odd2;
    m[4] = even2 - odd2;
    m[5] = y[3];
}

/** G: 3 weights. */
PST_INLINE void transform_weight(const vec g[3], vec u[6])
{
    vec ends = g[0] + g[2], ends2 = g[0] + 4 * g[2];
    u[0] = g[0] * 0.25f;
    u[1] = (ends + g[1]) * (-1 / 6.0f);
    u[2] = (ends - g[1]) * (-1 / 6.0f);
    u[3] = (ends2 + 2 * g[1]) * (1 / 24.0f);
    u[4] = (ends2 - 2 * g[1]) * (1 / 24.0f);
    u[5] = g[2];
}

/** G': the adjoint of transform_weight(). */
PST_INLINE void transform_weight_adjoint(const vec u[6], vec g[3])
{
    vec sum = (u[1] + u[2]) * (-1 / 6.0f), difference = (u[1] - u[2]) * (-1 / 6.0f);
    vec sum2 = (u[3] + u[4]) * (1 / 24.0f), difference2 = (u[3] - u[4]) * (1 / 24.0f);
    g[0] = 0.25f * u[0] + sum + sum2;
    g[1] = difference + 2 * difference2;
    g[2] = sum + 4 * sum2 + u[5];
}
