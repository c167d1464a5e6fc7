#include "scope.h"

#include "random.h"

#include "engine/kernel/blas.h"

#include <math.h>
#include <string.h>

#define ALIGNED(n)  (((n) + 15) & ~(gsize)15)
#define LAST_LOW    PST_CONV4_4 /* layers up to it have changes of low rank */

const char *const pst_scope_names[] = { "all", "low-rank", "modulation", NULL };

/* The tensor of parameters.h that a part of a change is added to. */
static int parameter_of(int part)
{
    static const int tensors[PST_CHANGE_LAYER_PARTS] = { PST_WEIGHT, PST_BIAS, PST_MODULATION_BIAS };

    if (part < PST_CHANGE_SKIP3_WEIGHT) {
        return PST_LAYER_PARAMETER(part / PST_CHANGE_LAYER_PARTS, tensors[part % PST_CHANGE_LAYER_PARTS]);
    }
    if (part < PST_CHANGE_MIXTURE) {
        return PST_SKIP3_WEIGHT + part - PST_CHANGE_SKIP3_WEIGHT;
    }
    return PST_MIXED_PARAMETER(PST_FIRST_MIXED + part - PST_CHANGE_MIXTURE, PST_MIXTURE_BIAS);
}

static gboolean low_rank(PstScope scope, int part)
{
    return scope == PST_SCOPE_LOW_RANK && part < PST_CHANGE_PART(LAST_LOW + 1, 0) &&
           part % PST_CHANGE_LAYER_PARTS == PST_CHANGE_WEIGHT;
}

static gboolean of_modulation(int part)
{
    return part >= PST_CHANGE_MIXTURE ||
           (part < PST_CHANGE_SKIP3_WEIGHT && part % PST_CHANGE_LAYER_PARTS == PST_CHANGE_MODULATION);
}

/* Whether the part stands in a row, times or divided by its gain. */
static gboolean in_full(PstScope scope, int part)
{
    return scope == PST_SCOPE_MODULATION ? of_modulation(part) : !low_rank(scope, part);
}

static float gain_of(int part)
{
    return of_modulation(part) ? PST_SCOPE_GAIN : 1;
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
    gsize at = ALIGNED(pst_change_size());

    for (int i = 0; i < layer; i++) {
        at += PST_SCOPE_RANK * (pst_generator_layers[i].out + 9 * pst_generator_layers[i].in);
    }
    return at;
}

gsize pst_scope_row(PstScope scope)
{
    return ALIGNED(scope == PST_SCOPE_LOW_RANK ? factors_at(LAST_LOW + 1) : pst_change_size());
}

gsize pst_scope_numbers(PstScope scope)
{
    gsize n = scope == PST_SCOPE_LOW_RANK ? factors_at(LAST_LOW + 1) - factors_at(0) : 0;

    for (int part = 0; part < PST_CHANGE_PARTS; part++) {
        n += in_full(scope, part) ? pst_change_parts()[part].count : 0;
    }
    return n;
}

void pst_scope_begin(PstScope scope, float *row, guint64 seed)
{
    memset(row, 0, pst_scope_row(scope) * sizeof *row);
    for (int layer = 0; scope == PST_SCOPE_LOW_RANK && layer <= LAST_LOW; layer++) {
        const PstLayer *l = &pst_generator_layers[layer];
        float *b = row + factors_at(layer) + PST_SCOPE_RANK * l->out; /* A begins as zero, B at random */
        PstRandom random = pst_random_at(seed, G_MAXUINT64, layer);

        for (int i = 0; i < PST_SCOPE_RANK * 9 * l->in; i++) {
            b[i] = (float)(pst_random_normal(&random) / sqrt(9.0 * l->in));
        }
    }
}

void pst_scope_expand(PstScope scope, const float *row, float *change)
{
    for (int part = 0; part < PST_CHANGE_PARTS; part++) {
        const PstSlot *p = &pst_change_parts()[part];
        float *to = change + p->offset;

        if (in_full(scope, part)) {
            scale(row + p->offset, p->count, gain_of(part), to);
        } else if (low_rank(scope, part)) {
            const PstLayer *l = &pst_generator_layers[part / PST_CHANGE_LAYER_PARTS];
            const float *a = row + factors_at(part / PST_CHANGE_LAYER_PARTS);

            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, l->out, 9 * l->in, PST_SCOPE_RANK, 1, a,
                        PST_SCOPE_RANK, a + PST_SCOPE_RANK * l->out, 9 * l->in, 0, to, 9 * l->in);
        } else {
            memset(to, 0, p->count * sizeof *to);
        }
    }
}

void pst_scope_gradient(PstScope scope, const float *row, const float *dparameters, float *drow)
{
    memset(drow, 0, pst_scope_row(scope) * sizeof *drow);
    for (int part = 0; part < PST_CHANGE_PARTS; part++) {
        const PstSlot *p = &pst_change_parts()[part];
        const float *d = pst_parameter_const(dparameters, parameter_of(part));

        if (in_full(scope, part)) {
            scale(d, p->count, gain_of(part), drow + p->offset);
        } else if (low_rank(scope, part)) {
            const PstLayer *l = &pst_generator_layers[part / PST_CHANGE_LAYER_PARTS];
            gsize at = factors_at(part / PST_CHANGE_LAYER_PARTS), b = at + PST_SCOPE_RANK * l->out;
            int in = 9 * l->in;

            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, l->out, PST_SCOPE_RANK, in, 1, d, in, row + b, in, 0,
                        drow + at, PST_SCOPE_RANK);
            cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, PST_SCOPE_RANK, in, l->out, 1, row + at,
                        PST_SCOPE_RANK, d, in, 0, drow + b, in);
        }
    }
}

void pst_scope_apply(const float *base, const float *change, float *parameters)
{
    for (int part = 0; part < PST_CHANGE_PARTS; part++) {
        const PstSlot *p = &pst_change_parts()[part];
        const float *from = pst_parameter_const(base, parameter_of(part));
        float *to = pst_parameter(parameters, parameter_of(part));

        for (gsize i = 0; i < p->count; i++) {
            to[i] = from[i] + change[p->offset + i];
        }
    }
}
