#include "layout.h"

#include <string.h>

PstSlot pst_slot(const char *layer, const char *tensor, int dims, const int *shape, gsize offset)
{
    PstSlot slot = { .dims = dims, .offset = offset, .count = 1 };

    g_snprintf(slot.name, sizeof slot.name, "%s.%s", layer, tensor);
    for (int i = 0; i < dims; i++) {
        slot.shape[i] = shape[i];
        slot.count *= shape[i];
    }
    return slot;
}

gboolean pst_slots_read(const PstSlot *slots, int count, float *floats, const PstTensors *tensors, const char *prefix,
                        GError **error)
{
    for (int i = 0; i < count; i++) {
        const PstSlot *s = &slots[i];
        g_autofree char *name = g_strconcat(prefix, s->name, NULL);
        const float *values = pst_tensors_get(tensors, name, s->shape, s->dims, error);

        if (!values) {
            return FALSE;
        }
        memcpy(floats + s->offset, values, s->count * sizeof *floats);
    }
    return TRUE;
}

void pst_slots_write(const PstSlot *slots, int count, const float *floats, PstTensorsWriter *writer, const char *prefix,
                     PstTensorType type)
{
    for (int i = 0; i < count; i++) {
        const PstSlot *s = &slots[i];
        g_autofree char *name = g_strconcat(prefix, s->name, NULL);

        pst_tensors_writer_add(writer, name, type, floats + s->offset, s->shape, s->dims);
    }
}
