/* Half floats: IEEE 754 binary16, sign 1 bit, exponent 5 bits (bias 15), fraction 10 bits. */
#pragma once

#include <glib.h>
#include <math.h>
#include <string.h>

/** The float of a bit pattern, and the reverse. */
static inline float pst_float_from_bits(guint32 bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline guint32 pst_float_to_bits(float value)
{
    guint32 bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline gboolean pst_float16_is_finite(guint16 half)
{
    return (half & 0x7c00) != 0x7c00;
}

/** The exact value of a finite half. Of others, some number: see pst_float16_is_finite(). */
static inline float pst_float16_to_float(guint16 half)
{
    guint32 magnitude = half & 0x7fff;
    /* Below 2^-14 the fraction counts units of 2^-24; above, only the bias (127 - 15) differs. */
    float value = magnitude < 0x0400 ? (float)magnitude * 0x1p-24f
                                     : pst_float_from_bits((magnitude << 13) + (112u << 23));
    return half & 0x8000 ? -value : value;
}

/** Rounds to nearest, ties to even. FALSE if not finite or if it would round beyond 65504. */
static inline gboolean pst_float16_from_float(float value, guint16 *half)
{
    guint32 sign = pst_float_to_bits(value) >> 16 & 0x8000;
    guint32 magnitude = pst_float_to_bits(value) & 0x7fffffff;
    if (magnitude >= pst_float_to_bits(65520.0f)) {
        return FALSE;
    }
    if (magnitude < pst_float_to_bits(0x1p-14f)) {
        /* Just above 0.5 floats are 2^-24 apart, like these halves: the addition rounds. */
        magnitude = pst_float_to_bits(fabsf(value) + 0.5f) - pst_float_to_bits(0.5f);
    } else {
        magnitude += 0x0fff + (magnitude >> 13 & 1);
        magnitude = (magnitude - (112u << 23)) >> 13;
    }
    *half = (guint16)(sign | magnitude);
    return TRUE;
}
