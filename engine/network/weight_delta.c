#include "weight_delta.h"

#include "engine/base/memory.h"
#include "engine/base/memory_guard.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define PREFIX "change."
#define MIDDLE 128
#define LEVELS 127 /* each way */

typedef struct {
    PstSlot all[PST_WEIGHT_DELTA_PARTS];
    gsize size;
} Table;

static Table table;

struct PstWeightDelta {
    gatomicrefcount references;
    GOnce hash; /* char *, once it was asked for */
    float values[];
};

static void add_part(int index, const char *layer, const char *tensor, int dims, const int *shape)
{
    table.all[index] = pst_slot(layer, tensor, dims, shape, table.size);
    table.size += table.all[index].count;
}

static gpointer make_table(gpointer unused)
{
    const int kernels = PST_KERNELS;

    for (int i = 0; i < PST_GENERATOR_LAYERS; i++) {
        const PstLayer *l = &pst_generator_layers[i];
        int twice = 2 * l->out, at = PST_WEIGHT_DELTA_PART(i, 0);

        add_part(at + PST_WEIGHT_DELTA_WEIGHT, l->name, "weight", 4, (int[]){ l->out, l->in, 3, 3 });
        add_part(at + PST_WEIGHT_DELTA_BIAS, l->name, "bias", 1, &l->out);
        add_part(at + PST_WEIGHT_DELTA_MODULATION, l->name, "modulation.bias", 1, &twice);
    }
    for (int i = 0; i < 2; i++) {
        int n = pst_tap_channels[3 - i];

        add_part(PST_WEIGHT_DELTA_SKIP3_WEIGHT + 2 * i, i ? "skip2" : "skip3", "weight", 4, (int[]){ n, n, 1, 1 });
        add_part(PST_WEIGHT_DELTA_SKIP3_BIAS + 2 * i, i ? "skip2" : "skip3", "bias", 1, &n);
    }
    for (int i = PST_FIRST_MIXED; i < PST_GENERATOR_LAYERS; i++) {
        add_part(PST_WEIGHT_DELTA_MIXTURE_PART(i), pst_generator_layers[i].name, "mixture.bias", 1, &kernels);
    }
    return &table;
}

static const Table *get_table(void)
{
    static GOnce once = G_ONCE_INIT;

    return g_once(&once, make_table, NULL);
}

const PstSlot *pst_weight_delta_parts(void)
{
    return get_table()->all;
}

gsize pst_weight_delta_size(void)
{
    return get_table()->size;
}

/* NULL where there is no memory. */
static PstWeightDelta *delta_try_alloc(void)
{
    PstWeightDelta *delta = g_try_malloc0(sizeof *delta + pst_weight_delta_size() * sizeof(float));

    if (delta) {
        g_atomic_ref_count_init(&delta->references);
        delta->hash = (GOnce)G_ONCE_INIT;
    }
    return delta;
}

static PstWeightDelta *delta_alloc(void)
{
    gsize size = sizeof(PstWeightDelta) + pst_weight_delta_size() * sizeof(float);
    PstWeightDelta *delta = pst_memory_new(size, G_MEM_ALIGN);

    memset(delta, 0, size);
    g_atomic_ref_count_init(&delta->references);
    delta->hash = (GOnce)G_ONCE_INIT;
    return delta;
}

PstWeightDelta *pst_weight_delta_new(const float *values)
{
    PstWeightDelta *delta = delta_alloc();

    memcpy(delta->values, values, pst_weight_delta_size() * sizeof *values);
    return delta;
}

PstWeightDelta *pst_weight_delta_ref(PstWeightDelta *delta)
{
    g_atomic_ref_count_inc(&delta->references);
    return delta;
}

void pst_weight_delta_unref(PstWeightDelta *delta)
{
    if (delta && g_atomic_ref_count_dec(&delta->references)) {
        g_free(delta->hash.retval);
        pst_memory_free(delta);
    }
}

static gpointer work_out_hash(gpointer data)
{
    const PstWeightDelta *delta = data;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint32 words[256];

    for (gsize first = 0; first < pst_weight_delta_size(); first += G_N_ELEMENTS(words)) {
        gsize n = MIN(G_N_ELEMENTS(words), pst_weight_delta_size() - first);

        memcpy(words, delta->values + first, n * sizeof *words);
        for (gsize i = 0; i < n; i++) {
            words[i] = GUINT32_TO_LE(words[i]);
        }
        g_checksum_update(sum, (const guchar *)words, (gssize)(n * sizeof *words));
    }
    return g_strdup(g_checksum_get_string(sum));
}

const char *pst_weight_delta_hash(PstWeightDelta *delta)
{
    return g_once(&delta->hash, work_out_hash, delta);
}

gboolean pst_weight_delta_equal(const PstWeightDelta *a, const PstWeightDelta *b)
{
    return a == b || (a && b && memcmp(a->values, b->values, pst_weight_delta_size() * sizeof *a->values) == 0);
}

const float *pst_weight_delta_get(const PstWeightDelta *delta, int part)
{
    return delta->values + pst_weight_delta_parts()[part].offset;
}

PstWeightDelta *pst_weight_delta_mix(PstWeightDelta *const *deltas, const double *weights, int n)
{
    PstWeightDelta *sum = NULL;

    for (int i = 0; i < n; i++) {
        if (!deltas[i]) {
            continue;
        }
        sum = sum ? sum : delta_alloc();
        for (gsize k = 0; k < pst_weight_delta_size(); k++) {
            sum->values[k] += (float)weights[i] * deltas[i]->values[k];
        }
    }
    return sum;
}

/* ---- the file ------------------------------------------------------------------------------- */

/* A row of values as bytes; returns its step. */
static float quantise(const float *values, gsize n, guint8 *bytes)
{
    float largest = 0, step;

    for (gsize i = 0; i < n; i++) {
        largest = MAX(largest, fabsf(values[i]));
    }
    step = largest / LEVELS;
    for (gsize i = 0; i < n; i++) {
        bytes[i] = (guint8)(MIDDLE + (step > 0 ? lrintf(values[i] / step) : 0));
    }
    return step;
}

static void dequantise(const guint8 *bytes, gsize n, float step, float *values)
{
    for (gsize i = 0; i < n; i++) {
        values[i] = (bytes[i] - MIDDLE) * step;
    }
}

static char *file_name(const PstSlot *part, const char *suffix)
{
    return g_strconcat(PREFIX, part->name, suffix, NULL);
}

PstWeightDelta *pst_weight_delta_round(const PstWeightDelta *delta)
{
    PstWeightDelta *rounded = pst_weight_delta_new(delta->values);
    g_autofree guint8 *bytes = g_malloc(pst_weight_delta_size());

    for (int i = 0; i < PST_WEIGHT_DELTA_PARTS; i++) {
        const PstSlot *p = &pst_weight_delta_parts()[i];
        gsize row = p->count / p->shape[0];

        for (int o = 0; p->dims > 1 && o < p->shape[0]; o++) {
            float *values = rounded->values + p->offset + o * row;

            dequantise(bytes, row, quantise(values, row, bytes), values);
        }
    }
    return rounded;
}

void pst_weight_delta_write(const PstWeightDelta *delta, PstTensorsWriter *writer)
{
    for (int i = 0; i < PST_WEIGHT_DELTA_PARTS; i++) {
        const PstSlot *p = &pst_weight_delta_parts()[i];
        const float *values = delta->values + p->offset;
        g_autofree char *name = file_name(p, "");
        g_autofree char *step_name = file_name(p, ".step");
        g_autofree guint8 *bytes = g_malloc(p->count);
        g_autofree float *steps = g_new(float, p->shape[0]);
        gsize row = p->count / p->shape[0];

        if (p->dims == 1) {
            pst_tensors_writer_add(writer, name, PST_TENSOR_F32, values, p->shape, 1);
            continue;
        }
        for (int o = 0; o < p->shape[0]; o++) {
            steps[o] = quantise(values + o * row, row, bytes + o * row);
        }
        pst_tensors_writer_add_bytes(writer, name, bytes, p->shape, p->dims);
        pst_tensors_writer_add(writer, step_name, PST_TENSOR_F32, steps, p->shape, 1);
    }
}

gboolean pst_weight_delta_present(const PstTensors *tensors)
{
    for (guint i = 0; i < pst_tensors_count(tensors); i++) {
        if (g_str_has_prefix(pst_tensors_at(tensors, i)->name, PREFIX)) {
            return TRUE;
        }
    }
    return FALSE;
}

void pst_weight_delta_list_names(GPtrArray *names)
{
    for (int i = 0; i < PST_WEIGHT_DELTA_PARTS; i++) {
        const PstSlot *p = &pst_weight_delta_parts()[i];

        g_ptr_array_add(names, file_name(p, ""));
        if (p->dims > 1) {
            g_ptr_array_add(names, file_name(p, ".step"));
        }
    }
}

static gboolean within_measure(const float *values, gsize n, const char *file, GError **error)
{
    for (gsize i = 0; i < n; i++) {
        if (!(fabsf(values[i]) <= PST_WEIGHT_DELTA_LARGEST)) {
            g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH,
                        "%s: changes the generator beyond all measure", file);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean read_part(const PstTensors *tensors, int index, const char *file, float *values, GError **error)
{
    const PstSlot *p = &pst_weight_delta_parts()[index];
    g_autofree char *name = file_name(p, "");
    g_autofree char *step_name = file_name(p, ".step");
    gsize row = p->count / p->shape[0];
    const float *floats;
    const guint8 *bytes;

    if (p->dims == 1) {
        if (!(floats = pst_tensors_get(tensors, name, p->shape, 1, error))) {
            return FALSE;
        }
        memcpy(values, floats, p->count * sizeof *floats);
        return within_measure(values, p->count, file, error);
    }
    if (!(bytes = pst_tensors_get_bytes(tensors, name, p->shape, p->dims, error)) ||
        !(floats = pst_tensors_get(tensors, step_name, p->shape, 1, error)) ||
        !within_measure(floats, p->shape[0], file, error)) {
        return FALSE;
    }
    for (int o = 0; o < p->shape[0]; o++) {
        dequantise(bytes + o * row, row, floats[o], values + o * row);
    }
    return within_measure(values, p->count, file, error);
}

PstWeightDelta *pst_weight_delta_read(const PstTensors *tensors, const char *file, GError **error)
{
    g_autoptr(PstWeightDelta) delta = delta_try_alloc();

    if (!delta) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_LIMIT, "%s: %s", file,
                    _("there is not enough memory for its tensors"));
        return NULL;
    }
    for (int i = 0; i < PST_WEIGHT_DELTA_PARTS; i++) {
        if (!read_part(tensors, i, file, delta->values + pst_weight_delta_parts()[i].offset, error)) {
            return NULL;
        }
    }
    return g_steal_pointer(&delta);
}
