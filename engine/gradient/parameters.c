#include "parameters.h"

#include "engine/kernel/map.h"
#include "engine/base/random.h"

#include <math.h>
#include <string.h>

#define ALIGNED(n) (((n) + 15) & ~(gsize)15)

typedef struct {
    PstSlot all[PST_PARAMETERS];
    gsize size;
} Table;

static Table table;

static void add(int index, const char *layer, const char *tensor, int dims, const int *shape)
{
    table.all[index] = pst_slot(layer, tensor, dims, shape, table.size);
    table.size += ALIGNED(table.all[index].count);
}

static gpointer make_table(gpointer unused)
{
    for (int i = 0; i < PST_GENERATOR_LAYERS; i++) {
        const PstLayer *l = &pst_generator_layers[i];
        int at = PST_LAYER_PARAMETER(i, 0);

        add(at + PST_WEIGHT, l->name, "weight", 4, (int[]){ l->out, l->in, 3, 3 });
        add(at + PST_BIAS, l->name, "bias", 1, &l->out);
        add(at + PST_MODULATION_WEIGHT, l->name, "modulation.weight", 2, (int[]){ 2 * l->out, PST_STYLE_CODE });
        add(at + PST_MODULATION_BIAS, l->name, "modulation.bias", 1, (int[]){ 2 * l->out });
    }
    for (int i = 0; i < 2; i++) {
        int width = pst_tap_channels[3 - i];

        add(PST_SKIP3_WEIGHT + 2 * i, i ? "skip2" : "skip3", "weight", 4, (int[]){ width, width, 1, 1 });
        add(PST_SKIP3_BIAS + 2 * i, i ? "skip2" : "skip3", "bias", 1, &width);
    }
    add(PST_CODE_WEIGHT, "code", "weight", 2, (int[]){ PST_STYLE_CODE, PST_STYLE_SIZE });
    add(PST_CODE_BIAS, "code", "bias", 1, (int[]){ PST_STYLE_CODE });
    for (int i = PST_FIRST_MIXED; i < PST_GENERATOR_LAYERS; i++) {
        const PstLayer *l = &pst_generator_layers[i];
        int at = PST_MIXED_PARAMETER(i, 0);

        add(at + PST_KERNELS_WEIGHT, l->name, "kernels", 4, (int[]){ PST_KERNELS * l->out, l->in, 3, 3 });
        add(at + PST_MIXTURE_WEIGHT, l->name, "mixture.weight", 2, (int[]){ PST_KERNELS, PST_STYLE_CODE });
        add(at + PST_MIXTURE_BIAS, l->name, "mixture.bias", 1, (int[]){ PST_KERNELS });
    }
    return &table;
}

static const Table *get_table(void)
{
    static GOnce once = G_ONCE_INIT;

    return g_once(&once, make_table, NULL);
}

const PstSlot *pst_parameters(void)
{
    return get_table()->all;
}

gsize pst_parameters_size(void)
{
    return get_table()->size;
}

float *pst_parameter(float *set, int index)
{
    return set + pst_parameters()[index].offset;
}

const float *pst_parameter_const(const float *set, int index)
{
    return set + pst_parameters()[index].offset;
}

float *pst_parameters_new(void)
{
    float *set = pst_floats_new(pst_parameters_size());

    memset(set, 0, pst_parameters_size() * sizeof *set);
    return set;
}

static void fill_normal(float *set, int index, guint64 seed, double gain)
{
    const PstSlot *p = &pst_parameters()[index];
    PstRandom random = pst_random_at(seed, G_MAXUINT64, index);
    double deviation = sqrt(gain * p->shape[0] / p->count);

    for (gsize i = 0; i < p->count; i++) {
        set[p->offset + i] = (float)(deviation * pst_random_normal(&random));
    }
}

void pst_parameters_init(float *set, guint64 seed)
{
    memset(set, 0, pst_parameters_size() * sizeof *set);
    for (int i = 0; i < PST_GENERATOR_LAYERS; i++) {
        gboolean last = i == PST_CONV1_2;

        fill_normal(set, PST_LAYER_PARAMETER(i, PST_WEIGHT), seed, last ? 0.01 : 2);
        for (int o = 0; last && o < pst_generator_layers[i].out; o++) {
            pst_parameter(set, PST_LAYER_PARAMETER(i, PST_BIAS))[o] = 0.5f;
        }
    }
    fill_normal(set, PST_SKIP3_WEIGHT, seed, 1);
    fill_normal(set, PST_SKIP2_WEIGHT, seed, 1);
    fill_normal(set, PST_CODE_WEIGHT, seed, 2);
    for (int i = PST_FIRST_MIXED; i < PST_GENERATOR_LAYERS; i++) {
        fill_normal(set, PST_MIXED_PARAMETER(i, PST_KERNELS_WEIGHT), seed, 0.5);
    }
}
