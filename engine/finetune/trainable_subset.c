#include "trainable_subset.h"

#include "engine/base/random.h"

#include "engine/kernel/blas.h"

#include <math.h>
#include <string.h>

#define ALIGNED(n)  (((n) + 15) & ~(gsize)15)
#define LAST_LOW    PST_CONV4_4 /* layers up to it have changes of low rank */

const char *const pst_trainable_subset_names[] = { "all", "low-rank", "modulation", NULL };

/* The tensor of parameters.h that a part of a change is added to. */
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

static gboolean low_rank(PstTrainableSubset subset, int part)
{
    return subset == PST_TRAINABLE_SUBSET_LOW_RANK && part < PST_WEIGHT_DELTA_PART(LAST_LOW + 1, 0) &&
           part % PST_WEIGHT_DELTA_LAYER_PARTS == PST_WEIGHT_DELTA_WEIGHT;
}

static gboolean of_modulation(int part)
{
    return part >= PST_WEIGHT_DELTA_MIXTURE ||
           (part < PST_WEIGHT_DELTA_SKIP3_WEIGHT && part % PST_WEIGHT_DELTA_LAYER_PARTS == PST_WEIGHT_DELTA_MODULATION);
}

/* Whether the part stands in a row, times or divided by its gain. */
static gboolean in_full(PstTrainableSubset subset, int part)
{
    return subset == PST_TRAINABLE_SUBSET_MODULATION ? of_modulation(part) : !low_rank(subset, part);
}

static float gain_of(int part)
{
    return of_modulation(part) ? PST_TRAINABLE_SUBSET_GAIN : 1;
}

static void scale(const float *from, gsize n, float gain, float *to)
{
    for (gsize i = 0; i < n; i++) {
        to[i] = gain * from[i];
    }
}

/* A of a layer stands at the result in a row, B behind it. */
static gsize factors_at(int layer)
{
    gsize at = ALIGNED(pst_weight_delta_size());

    for (int i = 0; i < layer; i++) {
        at += PST_TRAINABLE_SUBSET_RANK * (pst_generator_layers[i].out + 9 * pst_generator_layers[i].in);
    }
    return at;
}

gsize pst_trainable_subset_row(PstTrainableSubset subset)
{
    return ALIGNED(subset == PST_TRAINABLE_SUBSET_LOW_RANK ? factors_at(LAST_LOW + 1) : pst_weight_delta_size());
}

gsize pst_trainable_subset_numbers(PstTrainableSubset subset)
{
    gsize n = subset == PST_TRAINABLE_SUBSET_LOW_RANK ? factors_at(LAST_LOW + 1) - factors_at(0) : 0;

    for (int part = 0; part < PST_WEIGHT_DELTA_PARTS; part++) {
        n += in_full(subset, part) ? pst_weight_delta_parts()[part].count : 0;
    }
    return n;
}

void pst_trainable_subset_begin(PstTrainableSubset subset, float *row, guint64 seed)
{
    memset(row, 0, pst_trainable_subset_row(subset) * sizeof *row);
    for (int layer = 0; subset == PST_TRAINABLE_SUBSET_LOW_RANK && layer <= LAST_LOW; layer++) {
        const PstLayer *l = &pst_generator_layers[layer];
        float *b = row + factors_at(layer) + PST_TRAINABLE_SUBSET_RANK * l->out; /* A begins as zero, B at random */
        PstRandom random = pst_random_at(seed, G_MAXUINT64, layer);

        for (int i = 0; i < PST_TRAINABLE_SUBSET_RANK * 9 * l->in; i++) {
            b[i] = (float)(pst_random_normal(&random) / sqrt(9.0 * l->in));
        }
    }
}

void pst_trainable_subset_expand(PstTrainableSubset subset, const float *row, float *change)
{
    for (int part = 0; part < PST_WEIGHT_DELTA_PARTS; part++) {
        const PstSlot *p = &pst_weight_delta_parts()[part];
        float *to = change + p->offset;

        if (in_full(subset, part)) {
            scale(row + p->offset, p->count, gain_of(part), to);
        } else if (low_rank(subset, part)) {
            const PstLayer *l = &pst_generator_layers[part / PST_WEIGHT_DELTA_LAYER_PARTS];
            const float *a = row + factors_at(part / PST_WEIGHT_DELTA_LAYER_PARTS);

            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, l->out, 9 * l->in, PST_TRAINABLE_SUBSET_RANK, 1, a,
                        PST_TRAINABLE_SUBSET_RANK, a + PST_TRAINABLE_SUBSET_RANK * l->out, 9 * l->in, 0, to, 9 * l->in);
        } else {
            memset(to, 0, p->count * sizeof *to);
        }
    }
}

void pst_trainable_subset_gradient(PstTrainableSubset subset, const float *row, const float *dparameters, float *drow)
{
    memset(drow, 0, pst_trainable_subset_row(subset) * sizeof *drow);
    for (int part = 0; part < PST_WEIGHT_DELTA_PARTS; part++) {
        const PstSlot *p = &pst_weight_delta_parts()[part];
        const float *d = pst_parameter_const(dparameters, parameter_of(part));

        if (in_full(subset, part)) {
            scale(d, p->count, gain_of(part), drow + p->offset);
        } else if (low_rank(subset, part)) {
            const PstLayer *l = &pst_generator_layers[part / PST_WEIGHT_DELTA_LAYER_PARTS];
            gsize at = factors_at(part / PST_WEIGHT_DELTA_LAYER_PARTS), b = at + PST_TRAINABLE_SUBSET_RANK * l->out;
            int in = 9 * l->in;

            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, l->out, PST_TRAINABLE_SUBSET_RANK, in, 1, d, in, row + b, in, 0,
                        drow + at, PST_TRAINABLE_SUBSET_RANK);
            cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, PST_TRAINABLE_SUBSET_RANK, in, l->out, 1, row + at,
                        PST_TRAINABLE_SUBSET_RANK, d, in, 0, drow + b, in);
        }
    }
}

void pst_trainable_subset_apply(const float *base, const float *change, float *parameters)
{
    for (int part = 0; part < PST_WEIGHT_DELTA_PARTS; part++) {
        const PstSlot *p = &pst_weight_delta_parts()[part];
        const float *from = pst_parameter_const(base, parameter_of(part));
        float *to = pst_parameter(parameters, parameter_of(part));

        for (gsize i = 0; i < p->count; i++) {
            to[i] = from[i] + change[p->offset + i];
        }
    }
}
