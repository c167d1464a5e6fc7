/* What a style is to be learnt from and how: pictures, what the data check says of them, whose they are, name,
 * photographs, quality; and trainings that were left unfinished.
 *
 * Properties, read-only: "ready" (boolean): nothing is missing. "pictures" (PstTrainingPictures).
 * Signal "unfinished" (PstTrainingRun *run): this one is to go on.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/training_request.h"
#include "picture_well.h"

#define PST_TYPE_TRAINING_SETUP pst_training_setup_get_type()
G_DECLARE_FINAL_TYPE(PstTrainingSetup, pst_training_setup, PST, TRAINING_SETUP, GtkWidget)

/** What is missing before a training can begin, one sentence; NULL: nothing. */
const char *pst_training_setup_lack(PstTrainingSetup *setup);

/** What is asked for; owned by the caller. */
PstTrainingRequest *pst_training_setup_request(PstTrainingSetup *setup);

/** Looks again for trainings that were left unfinished. */
void pst_training_setup_list_unfinished(PstTrainingSetup *setup);
