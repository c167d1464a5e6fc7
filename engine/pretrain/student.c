#include "student.h"

#include "engine/base/random.h"

#include <math.h>
#include <string.h>

#define SLOTS (2 * PST_SHALLOW_LAYERS)

/* Weight and bias of each layer. */
static void list_slots(const PstLossNetwork *network, PstSlot slots[SLOTS])
{
    for (int i = 0; i < network->count; i++) {
        const PstLayer *l = &network->table[i];
        gsize at = pst_loss_network_offset(network, i);

        slots[2 * i] = pst_slot(l->name, "weight", 4, (int[]){ l->out, l->in, 3, 3 }, at);
        slots[2 * i + 1] = pst_slot(l->name, "bias", 1, &l->out, at + slots[2 * i].count);
    }
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

gboolean pst_student_read(PstStudent *student, const char *path, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);
    PstSlot slots[SLOTS];

    list_slots(student->network, slots);
    if (!tensors || !pst_slots_read(slots, SLOTS, student->optimiser->weights, tensors, "", error)) {
        return FALSE;
    }
    begin_average(student);
    return TRUE;
}

gboolean pst_student_write(const PstStudent *student, const char *path, int steps, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autofree char *number = g_strdup_printf("%d", steps);
    PstSlot slots[SLOTS];

    list_slots(student->network, slots);
    pst_slots_write(slots, SLOTS, student->optimiser->average, writer, "", PST_TENSOR_F16);
    pst_tensors_writer_set_metadata(writer, "network", "pastiche-examiner");
    pst_tensors_writer_set_metadata(writer, "steps", number);
    return pst_tensors_writer_save(writer, path, error);
}

void pst_student_add_state(const PstStudent *student, PstTensorsWriter *writer)
{
    PstSlot slots[SLOTS];

    list_slots(student->network, slots);
    pst_optimiser_write(student->optimiser, slots, SLOTS, writer);
}

gboolean pst_student_get_state(PstStudent *student, const PstTensors *tensors, GError **error)
{
    PstSlot slots[SLOTS];

    list_slots(student->network, slots);
    return pst_optimiser_read(student->optimiser, slots, SLOTS, tensors, error);
}
