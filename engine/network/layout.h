/* Layout: where the tensors of a network lie in one array of floats, one after the other. */
#pragma once

#include "safetensors.h"
#include "safetensors_writer.h"

/** The place of a tensor. */
typedef struct {
    char name[32]; /* "<layer>.<tensor>", as in a file */
    int dims;
    int shape[4];
    gsize offset, count; /* in floats */
} PstSlot;

/** Makes the slot of a tensor that begins at `offset`. */
PstSlot pst_slot(const char *layer, const char *tensor, int dims, const int *shape, gsize offset);

/** Reads the floats of `count` slots from tensors of their names with `prefix` before each. FALSE and
 *  PST_TENSORS_ERROR. */
gboolean pst_slots_read(const PstSlot *slots, int count, float *floats, const PstTensors *tensors, const char *prefix,
                        GError **error);

/** Adds them to a file, as values of `type`. */
void pst_slots_write(const PstSlot *slots, int count, const float *floats, PstTensorsWriter *writer, const char *prefix,
                     PstTensorType type);
