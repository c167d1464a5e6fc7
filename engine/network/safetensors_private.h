/* What the reader and the writer of safetensors files share. */
#pragma once

#include "safetensors.h"

#define PST_TENSORS_METADATA "__metadata__"

/** Name in a file and bytes per value of a PstTensorType, PST_TENSOR_F32 .. PST_TENSOR_U8. */
typedef struct {
    const char *name;
    gsize width;
} PstTensorTypeInfo;

extern const PstTensorTypeInfo pst_tensor_types[PST_TENSOR_U8 + 1];

/** Sets "FILE: REASON" as one line of valid UTF-8. Returns FALSE. */
gboolean pst_tensors_refuse(GError **error, const char *file, PstTensorsError code, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* The same, with a code named without its prefix. */
#define refuse(error, file, code, ...) pst_tensors_refuse(error, file, PST_TENSORS_ERROR_##code, __VA_ARGS__)

/** What is wrong with the name of a tensor, as in "the name of a tensor ..."; NULL if nothing. */
const char *pst_tensors_name_fault(const char *name);

/** Product of a shape in elements and bytes. FALSE if a side is negative, there are too many, or a
 *  product does not fit. */
gboolean pst_tensors_measure(const int *shape, int dims, PstTensorType type, gsize *count, gsize *bytes);
