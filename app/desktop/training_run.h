/* One training in a thread of its own, which gives way to everything else that the processors are asked for.
 *
 * Properties, all read-only, changed in the main thread: "state" (int, PstTrainingRunState), "texture" (GdkTexture or
 * NULL): the photograph, painted anew every few seconds.
 * Signals: "progress" (): step, time left or curves are others now.
 *
 * There is at most one that runs; windows share it.
 */
#pragma once

#include <gdk/gdk.h>

#include "engine/service/photo.h"
#include "training_curve.h"
#include "training_request.h"

typedef enum {
    PST_TRAINING_RUN_STOPPED, /* not begun yet, or to go on later */
    PST_TRAINING_RUN_RUNNING,
    PST_TRAINING_RUN_STOPPING,
    PST_TRAINING_RUN_DONE, /* the style is among the user's own */
    PST_TRAINING_RUN_FAILED
} PstTrainingRunState;

#define PST_TYPE_TRAINING_RUN pst_training_run_get_type()
G_DECLARE_FINAL_TYPE(PstTrainingRun, pst_training_run, PST, TRAINING_RUN, GObject)

/** Takes the request over. `photo` is what is painted meanwhile, or NULL: a sample. */
PstTrainingRun *pst_training_run_new(PstTrainingRequest *request, PstPhoto *photo);

/** Paints another photograph from the next start on; NULL: a sample. */
void pst_training_run_set_photo(PstTrainingRun *run, PstPhoto *photo);

/** Begins, or goes on where it was stopped. FALSE while another one runs. */
gboolean pst_training_run_go(PstTrainingRun *run);

/** Stops after the step of the moment, to go on later. */
void pst_training_run_stop(PstTrainingRun *run);

/** Ends with the best there is; a stopped one goes on for that. */
void pst_training_run_keep(PstTrainingRun *run);

/** Forgets what was learnt, for good; a running one is stopped and waited for. */
void pst_training_run_discard(PstTrainingRun *run);

/** Stops and waits until the checkpoint is written: the program ends. */
void pst_training_run_wait(PstTrainingRun *run);

/** The one that runs, or NULL. */
PstTrainingRun *pst_training_run_current(void);

const PstTrainingRequest *pst_training_run_request(PstTrainingRun *run);
PstTrainingRunState pst_training_run_state(PstTrainingRun *run);
gboolean pst_training_run_is_fitting(PstTrainingRun *run); /* else it still looks at the pictures */
int pst_training_run_step(PstTrainingRun *run);
int pst_training_run_steps(PstTrainingRun *run);           /* 0 before the first step */
double pst_training_run_seconds_left(PstTrainingRun *run); /* below 0: not known */
GdkTexture *pst_training_run_texture(PstTrainingRun *run);
GdkTexture *pst_training_run_first_texture(PstTrainingRun *run); /* as it was painted at the start; or NULL */

/** PstTrainingPoint of every step, and of the validations, that of the untrained style first. Owned by the run. */
const GArray *pst_training_run_curve(PstTrainingRun *run);
const GArray *pst_training_run_validations(PstTrainingRun *run);

/** How much closer to the pictures it has come in the best validation, 0 .. 1. */
double pst_training_run_gain(PstTrainingRun *run);

/** The identifier of the finished style, or NULL. */
const char *pst_training_run_style_id(PstTrainingRun *run);

/** TRUE if training made nothing better than the style of the pictures untrained. */
gboolean pst_training_run_was_vain(PstTrainingRun *run);

/** Why it failed; one sentence, or NULL. */
const char *pst_training_run_message(PstTrainingRun *run);
