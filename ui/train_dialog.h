/* Trains a style: asks what from, then shows how it goes. A training goes on when the dialog is closed.
 *
 * Property "settings" (GStrv, write-only): numbers of the plan ("NAME=NUMBER") that trainings begun here have beside
 * the chosen quality. Signal "started" (PstTrainingRun *run): this one is under way, or shown.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"
#include "app/desktop/training_run.h"
#include "training_setup.h"

#define PST_TYPE_TRAIN_DIALOG pst_train_dialog_get_type()
G_DECLARE_FINAL_TYPE(PstTrainDialog, pst_train_dialog, PST, TRAIN_DIALOG, GtkWindow)

/** The document's photograph (of the moment of starting) is what is painted meanwhile. */
GtkWidget *pst_train_dialog_new(GtkWindow *parent, PstDocument *document);

/** Shows a training, and begins it or goes on with it if it is stopped. */
void pst_train_dialog_show_run(PstTrainDialog *dialog, PstTrainingRun *run);

/** The training that is shown, or NULL. */
PstTrainingRun *pst_train_dialog_run(PstTrainDialog *dialog);
