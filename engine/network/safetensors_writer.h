/* Writes weights files; safetensors.h describes the format and the errors. */
#pragma once

#include "safetensors.h"

/** Gathers tensors and metadata, then writes them in one go. The same calls give the same bytes:
 *  tensors sorted by name without gaps, metadata in the order it was first set, a compact header
 *  padded with spaces to a multiple of 8.
 *
 *  Adding never fails at once: the first thing that cannot be written (a NaN, a value beyond F16, a
 *  bad name or shape, text that is not UTF-8) is remembered and reported when writing, so callers
 *  check one error. */
typedef struct PstTensorsWriter PstTensorsWriter;

PstTensorsWriter *pst_tensors_writer_new(void);
void pst_tensors_writer_free(PstTensorsWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstTensorsWriter, pst_tensors_writer_free)

/** Adds a copy of finite floats, stored as F32 or, rounded to nearest even, as F16. `values` may be
 *  NULL if the shape has no elements; `shape` may be NULL if `dims` is 0. */
void pst_tensors_writer_add(PstTensorsWriter *writer, const char *name, PstTensorType type, const float *values,
                            const int *shape, int dims);

/** Adds a copy of bytes, stored as U8. */
void pst_tensors_writer_add_bytes(PstTensorsWriter *writer, const char *name, const guint8 *values, const int *shape,
                                  int dims);

/** Sets one text of the metadata, or replaces it. */
void pst_tensors_writer_set_metadata(PstTensorsWriter *writer, const char *key, const char *value);

/** The file as bytes; `file` is what errors call it. NULL with VALUE, or LIMIT if the default
 *  limits would refuse to read it again. The writer may go on being used. */
GBytes *pst_tensors_writer_to_bytes(PstTensorsWriter *writer, const char *file, GError **error);

/** Writes the file in one step: to a temporary file in the same folder, synced to disk, then
 *  renamed over `path`. On failure (VALUE, LIMIT or WRITE) a file that was there before is left as
 *  it was. */
gboolean pst_tensors_writer_save(PstTensorsWriter *writer, const char *path, GError **error);
