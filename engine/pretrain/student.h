/* The student of a distillation: a shallow loss network in training. */
#pragma once

#include "engine/gradient/optimiser.h"
#include "engine/gradient/shallow_loss_network.h"
#include "engine/network/safetensors.h"
#include "engine/network/safetensors_writer.h"

typedef struct {
    PstLossNetwork *network; /* with the weights that were set last (pst_loss_network_set()) */
    PstOptimiser *optimiser; /* of its rows */
} PstStudent;

/** A student without weights. */
PstStudent *pst_student_new(void);
void pst_student_free(PstStudent *student);

/** Begins with random weights, or with those of a file. FALSE and PST_TENSORS_ERROR. */
void pst_student_randomise(PstStudent *student, guint64 seed);
gboolean pst_student_read(PstStudent *student, const char *path, GError **error);

/** Writes the running average as a shallow loss network that pst_shallow_loss_network_read() takes, atomically. */
gboolean pst_student_write(const PstStudent *student, const char *path, int steps, GError **error);

/** Adds the rows of the optimiser to a checkpoint, and reads them. */
void pst_student_add_state(const PstStudent *student, PstTensorsWriter *writer);
gboolean pst_student_get_state(PstStudent *student, const PstTensors *tensors, GError **error);
