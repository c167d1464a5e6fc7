/* The checkpoint of a style's training: the state of its fine-tuning, and what it depends on. */
#pragma once

#include "fine_tuning.h"

#define PST_STYLE_CHECKPOINT_ERROR pst_style_checkpoint_error_quark()
GQuark pst_style_checkpoint_error_quark(void);

typedef enum {
    PST_STYLE_CHECKPOINT_ERROR_MISSING, /* there is none */
    PST_STYLE_CHECKPOINT_ERROR_OTHER    /* it belongs to another training, or to another version of the program */
} PstStyleCheckpointError;

/** Saves a fine-tuning atomically. `inputs` is a checksum of all that it depends on. */
gboolean pst_style_checkpoint_write(const char *path, const char *inputs, const PstFineTuning *tuning, GError **error);

/** Opens a checkpoint for pst_fine_tuning_read(), and sets the steps of its training in all. NULL with
 *  PST_STYLE_CHECKPOINT_ERROR or PST_TENSORS_ERROR. */
PstTensors *pst_style_checkpoint_open(const char *path, const char *inputs, int *steps, GError **error);
