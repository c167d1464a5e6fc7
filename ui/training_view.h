/* A training as it goes on: a photograph painted anew every few seconds, the losses, the time left; to stop it, to go
 * on, to keep what there is.
 *
 * Signals: "again" (): another training is wanted. "discarded" (): the training was given up.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/training_run.h"

#define PST_TYPE_TRAINING_VIEW pst_training_view_get_type()
G_DECLARE_FINAL_TYPE(PstTrainingView, pst_training_view, PST, TRAINING_VIEW, GtkWidget)

/** The training to show, or NULL. */
void pst_training_view_set_run(PstTrainingView *view, PstTrainingRun *run);
