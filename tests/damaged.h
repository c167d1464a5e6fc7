/* Tensors of a file with one value changed. */
#pragma once

#include <string.h>

#include "engine/network/safetensors_writer.h"

typedef struct {
    const char *name;
    float value;
    int at;
} Fault;

static inline PstTensors *damaged_tensors(const PstTensors *sound, const Fault *fault)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) file = NULL;
    PstTensors *damaged;

    for (guint k = 0; k < pst_tensors_count(sound); k++) {
        const PstTensor *t = pst_tensors_at(sound, k);
        g_autofree float *values = t->floats ? g_memdup2(t->floats, t->count * sizeof(float)) : NULL;

        if (!values) {
            pst_tensors_writer_add_bytes(writer, t->name, t->bytes, t->shape, t->dims);
            continue;
        }
        if (strcmp(t->name, fault->name) == 0) {
            values[fault->at] = fault->value;
        }
        pst_tensors_writer_add(writer, t->name, PST_TENSOR_F32, values, t->shape, t->dims);
    }
    file = pst_tensors_writer_to_bytes(writer, "a style", &error);
    damaged = pst_tensors_from_bytes(file, "a style", NULL, &error);
    g_assert_no_error(error);
    return damaged;
}
