#include "layout.h"

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
