/* Weights files: named arrays and a little text in the safetensors format.
 *
 * A file is an 8-byte little-endian header length, a JSON header of that length, and the raw
 * arrays, little-endian and row-major. The header maps each name to {"dtype", "shape",
 * "data_offsets": [begin, end]}, offsets counted from the end of the header; "__metadata__" maps
 * strings to strings. Spaces may pad the header.
 * Format: https://github.com/huggingface/safetensors#format
 *
 * The reader trusts nothing. It refuses a file
 *  - larger than its limit (before taking memory), or that is not a regular file;
 *  - whose header is over 1 MiB, is not one JSON object in valid UTF-8, or repeats a key;
 *  - with an entry that is not exactly dtype (F32, F16, U8), shape (at most 8 sides) and offsets;
 *  - with a name that is empty, over 255 bytes or unprintable, or metadata that is not text;
 *  - whose arrays leave a hole, overlap, disagree with their shape or stop short of the end;
 *  - that holds a NaN or an infinity.
 * Arrays with a side of 0 and arrays without sides (one value) are allowed, as in the format.
 *
 * Errors are in PST_TENSORS_ERROR; a message is always one line, "FILE: REASON".
 */
#pragma once

#include <glib.h>

#define PST_TENSORS_MAX_DIMS   8
#define PST_TENSORS_MAX_NAME   255                /* bytes */
#define PST_TENSORS_MAX_HEADER ((gsize)1 << 20)   /* bytes */
#define PST_TENSORS_MAX_FILE   ((gsize)256 << 20) /* bytes, unless the caller says otherwise */
#define PST_TENSORS_MAX_COUNT  4096u              /* tensors, unless the caller says otherwise */
#define PST_TENSORS_ANY        (-1)               /* in a wanted shape: any length will do */

#define PST_TENSORS_ERROR pst_tensors_error_quark()
GQuark pst_tensors_error_quark(void);

typedef enum {
    PST_TENSORS_ERROR_READ,     /* the file cannot be opened or read */
    PST_TENSORS_ERROR_LIMIT,    /* larger than the limits allow */
    PST_TENSORS_ERROR_DAMAGED,  /* not a sound safetensors file */
    PST_TENSORS_ERROR_MISMATCH, /* sound, but not the tensors that were asked for */
    PST_TENSORS_ERROR_VALUE,    /* what is to be written cannot be */
    PST_TENSORS_ERROR_WRITE     /* the file cannot be written */
} PstTensorsError;

typedef enum { PST_TENSOR_F32, PST_TENSOR_F16, PST_TENSOR_U8 } PstTensorType;

/** One array. Pointers live as long as the PstTensors it came from. */
typedef struct {
    const char *name;
    PstTensorType type; /* in the file; F16 is float32 in memory */
    int dims;           /* 0 .. PST_TENSORS_MAX_DIMS */
    int shape[PST_TENSORS_MAX_DIMS];
    gsize count;         /* product of the shape */
    const float *floats; /* F32 and F16: `count` finite values, 64-byte aligned; else NULL */
    const guint8 *bytes; /* U8: `count` bytes, 64-byte aligned; else NULL */
} PstTensor;

/** What a reader accepts; 0 is the default. Reading takes at most about three times `file_bytes`, and twice
 *  that afterwards (if all is F16), and up to about 100 MB for the JSON of a hostile header. */
typedef struct {
    gsize file_bytes; /* PST_TENSORS_MAX_FILE */
    guint count;      /* PST_TENSORS_MAX_COUNT */
} PstTensorsLimits;

/** The tensors of one file. Never changes once read, so any number of threads may share it. */
typedef struct PstTensors PstTensors;

/** Reads a file. `limits` may be NULL. Returns NULL with READ, LIMIT or DAMAGED.
 *  Free with pst_tensors_free(). */
PstTensors *pst_tensors_read(const char *path, const PstTensorsLimits *limits, GError **error);

/** Reads from memory, a resource for instance; `file` is what errors call it.
 *  The bytes are not kept. */
PstTensors *pst_tensors_from_bytes(GBytes *bytes, const char *file, const PstTensorsLimits *limits, GError **error);

void pst_tensors_free(PstTensors *tensors);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstTensors, pst_tensors_free)

/** Number of tensors, and the one at `index`, in the byte order of their names. */
guint pst_tensors_count(const PstTensors *tensors);
const PstTensor *pst_tensors_at(const PstTensors *tensors, guint index);

/** The tensor of that name, or NULL. */
const PstTensor *pst_tensors_find(const PstTensors *tensors, const char *name);

/** The floats of an F32 or F16 tensor that must be there with exactly that shape; a side may be
 *  PST_TENSORS_ANY. NULL with MISMATCH if it is missing, U8, or of another shape.
 *  Owned by `tensors`. */
const float *pst_tensors_get(const PstTensors *tensors, const char *name, const int *shape, int dims, GError **error);

/** Copies such floats, [rows][columns], to `to`; where columns is 0, [rows]. */
gboolean pst_tensors_copy(const PstTensors *tensors, const char *name, int rows, int columns, float *to,
                          GError **error);

/** The same as pst_tensors_get() for a U8 tensor. */
const guint8 *pst_tensors_get_bytes(const PstTensors *tensors, const char *name, const int *shape, int dims,
                                    GError **error);

/** FALSE with MISMATCH if the file holds a tensor that the NULL-terminated list `known` does not
 *  name. Together with pst_tensors_get() for each of them, this asks for an exact set. */
gboolean pst_tensors_check_names(const PstTensors *tensors, const char *const *known, GError **error);

/** The text under `key` in the metadata, or NULL; valid UTF-8, owned by `tensors`. */
const char *pst_tensors_metadata(const PstTensors *tensors, const char *key);
