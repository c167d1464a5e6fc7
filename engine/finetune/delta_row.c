#include "delta_row.h"

#include <string.h>

/* The tensor of parameters.h that a part of a delta is added to. */
static int parameter_of(int part)
{
    static const int tensors[PST_WEIGHT_DELTA_LAYER_PARTS] = { PST_WEIGHT, PST_BIAS, PST_MODULATION_BIAS };

    if (part < PST_WEIGHT_DELTA_SKIP3_WEIGHT) {
        return PST_LAYER_PARAMETER(part / PST_WEIGHT_DELTA_LAYER_PARTS, tensors[part % PST_WEIGHT_DELTA_LAYER_PARTS]);
    }
    if (part < PST_WEIGHT_DELTA_MIXTURE) {
        return PST_SKIP3_WEIGHT + part - PST_WEIGHT_DELTA_SKIP3_WEIGHT;
    }
    return PST_MIXED_PARAMETER(PST_FIRST_MIXED + part - PST_WEIGHT_DELTA_MIXTURE, PST_MIXTURE_BIAS);
}

static float gain_of(int part)
{
    gboolean modulation = part < PST_WEIGHT_DELTA_SKIP3_WEIGHT &&
                          part % PST_WEIGHT_DELTA_LAYER_PARTS == PST_WEIGHT_DELTA_MODULATION;

    return modulation || part >= PST_WEIGHT_DELTA_MIXTURE ? PST_DELTA_ROW_GAIN : 1;
}

static void scale(const float *from, gsize n, float gain, float *to)
{
    for (gsize i = 0; i < n; i++) {
        to[i] = gain * from[i];
    }
}

gsize pst_delta_row_size(void)
{
    return (pst_weight_delta_size() + 15) & ~(gsize)15;
}

void pst_delta_row_expand(const float *row, float *delta)
{
    for (int part = 0; part < PST_WEIGHT_DELTA_PARTS; part++) {
        const PstSlot *p = &pst_weight_delta_parts()[part];

        scale(row + p->offset, p->count, gain_of(part), delta + p->offset);
    }
}

void pst_delta_row_gradient(const float *dparameters, float *drow)
{
    memset(drow, 0, pst_delta_row_size() * sizeof *drow);
    for (int part = 0; part < PST_WEIGHT_DELTA_PARTS; part++) {
        const PstSlot *p = &pst_weight_delta_parts()[part];

        scale(pst_parameter_const(dparameters, parameter_of(part)), p->count, gain_of(part), drow + p->offset);
    }
}

void pst_delta_apply(const float *base, const float *delta, float *parameters)
{
    for (int part = 0; part < PST_WEIGHT_DELTA_PARTS; part++) {
        const PstSlot *p = &pst_weight_delta_parts()[part];
        const float *from = pst_parameter_const(base, parameter_of(part));
        float *to = pst_parameter(parameters, parameter_of(part));

        for (gsize i = 0; i < p->count; i++) {
            to[i] = from[i] + delta[p->offset + i];
        }
    }
}
