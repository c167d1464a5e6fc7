/* How a training went, step by step. */
#pragma once

#include <glib.h>

/** Losses of a step, or of a validation on held-out photographs. */
typedef struct {
    int step;
    float style, content;
} PstTrainingPoint;

/** Reads what a style file keeps of its training (PstStyle.curve, JSON or NULL): PstTrainingPoint of its steps, and
 *  of its validations. The arrays are the caller's; empty where nothing is known. */
void pst_training_curve_read(const char *json, GArray **steps, GArray **validations);
