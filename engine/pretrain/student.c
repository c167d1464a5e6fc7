#include "student.h"

#include "engine/base/random.h"

#include <math.h>
#include <string.h>

#define ROWS 4

static const char *const row_names[ROWS] = { "weights.", "average.", "mean.", "square." };

static void list_rows(const PstOptimiser *o, float *rows[ROWS])
{
    memcpy(rows, (float *[]){ o->weights, o->average, o->mean, o->square }, ROWS * sizeof *rows);
}

PstStudent *pst_student_new(void)
{
    PstStudent *student = g_new0(PstStudent, 1);

    student->network = pst_loss_network_new_layers(pst_shallow_student_layers, PST_SHALLOW_LAYERS);
    student->optimiser = pst_optimiser_new(pst_loss_network_offset(student->network, PST_SHALLOW_LAYERS));
    return student;
}

void pst_student_free(PstStudent *student)
{
    if (!student) {
        return;
    }
    pst_loss_network_free(student->network);
    pst_optimiser_free(student->optimiser);
    g_free(student);
}

/* The average begins where the weights do. */
static void begin_average(PstStudent *student)
{
    memcpy(student->optimiser->average, student->optimiser->weights, student->optimiser->size * sizeof(float));
}

/* He et al., "Delving Deep into Rectifiers", ICCV 2015. */
void pst_student_randomise(PstStudent *student, guint64 seed)
{
    const PstLossNetwork *network = student->network;

    for (int layer = 0; layer < network->count; layer++) {
        int inputs = 9 * network->table[layer].in;
        PstRandom random = pst_random_at(seed, 2, layer);
        float *weight = student->optimiser->weights + pst_loss_network_offset(network, layer);

        for (int i = 0; i < inputs * network->table[layer].out; i++) {
            weight[i] = (float)(sqrt(2.0 / inputs) * pst_random_normal(&random));
        }
    }
    begin_average(student);
}

/* Calls run(name, values, shape, dims) for every tensor of a row. */
typedef gboolean (*Tensor)(const char *name, float *values, const int *shape, int dims, gpointer data, GError **error);

static gboolean for_each_tensor(const PstLossNetwork *network, const char *prefix, float *row, Tensor run,
                                gpointer data, GError **error)
{
    for (int layer = 0; layer < network->count; layer++) {
        const PstLayer *l = &network->table[layer];
        float *weight = row + pst_loss_network_offset(network, layer), *bias = weight + 9 * l->in * l->out;
        g_autofree char *weight_name = g_strdup_printf("%s%s.weight", prefix, l->name);
        g_autofree char *bias_name = g_strdup_printf("%s%s.bias", prefix, l->name);

        if (!run(weight_name, weight, (int[]){ l->out, l->in, 3, 3 }, 4, data, error) ||
            !run(bias_name, bias, &l->out, 1, data, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean add_half(const char *name, float *values, const int *shape, int dims, gpointer writer, GError **error)
{
    pst_tensors_writer_add(writer, name, PST_TENSOR_F16, values, shape, dims);
    return TRUE;
}

static gboolean add_whole(const char *name, float *values, const int *shape, int dims, gpointer writer, GError **error)
{
    pst_tensors_writer_add(writer, name, PST_TENSOR_F32, values, shape, dims);
    return TRUE;
}

static gboolean get(const char *name, float *values, const int *shape, int dims, gpointer tensors, GError **error)
{
    const float *found = pst_tensors_get(tensors, name, shape, dims, error);
    gsize n = 1;

    for (int i = 0; i < dims; i++) {
        n *= shape[i];
    }
    if (found) {
        memcpy(values, found, n * sizeof *values);
    }
    return found != NULL;
}

gboolean pst_student_read(PstStudent *student, const char *path, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);

    if (!tensors || !for_each_tensor(student->network, "", student->optimiser->weights, get, tensors, error)) {
        return FALSE;
    }
    begin_average(student);
    return TRUE;
}

gboolean pst_student_write(const PstStudent *student, const char *path, int steps, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autofree char *number = g_strdup_printf("%d", steps);

    for_each_tensor(student->network, "", student->optimiser->average, add_half, writer, NULL);
    pst_tensors_writer_set_metadata(writer, "network", "pastiche-examiner");
    pst_tensors_writer_set_metadata(writer, "steps", number);
    return pst_tensors_writer_save(writer, path, error);
}

void pst_student_add_state(const PstStudent *student, PstTensorsWriter *writer)
{
    float *rows[ROWS];

    list_rows(student->optimiser, rows);
    for (int i = 0; i < ROWS; i++) {
        for_each_tensor(student->network, row_names[i], rows[i], add_whole, writer, NULL);
    }
}

gboolean pst_student_get_state(PstStudent *student, const PstTensors *tensors, GError **error)
{
    float *rows[ROWS];

    list_rows(student->optimiser, rows);
    for (int i = 0; i < ROWS; i++) {
        if (!for_each_tensor(student->network, row_names[i], rows[i], get, (gpointer)tensors, error)) {
            return FALSE;
        }
    }
    return TRUE;
}
