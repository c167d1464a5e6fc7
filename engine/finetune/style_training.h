/* A style from a few pictures: all of it, from the pictures to the finished style.
 *
 *   style images -> their statistics
 *   content set (the user's photographs or the program's samples, stylised samples, style images) -> fine-tuning of the
 *   base generator
 *
 * pst_style_train() does its work on the calling thread, which need not be the main one, and a pool of its own. It
 * reports its progress after every step; the answer says whether to go on, to pause or to keep what there is.
 */
#pragma once

#include "data_check.h"
#include "style_checkpoint.h"
#include "style_plan.h"

#include "engine/style/style.h"

#define PST_STYLE_TRAINING_ERROR pst_style_training_error_quark()
GQuark pst_style_training_error_quark(void);

typedef enum {
    PST_STYLE_TRAINING_ERROR_PAUSED /* as asked for: pst_style_train() with `resume` goes on */
} PstStyleTrainingError;

/** What is asked for; borrowed. */
typedef struct {
    const char *const *pictures;       /* paths of the style images, NULL-terminated */
    const char *photos;                /* folder of photographs to train with, or NULL: the program's samples */
    const char *preview;               /* photograph to be painted again and again, or NULL: the program's sample, */
    const PstPicture *preview_picture; /* or, before all, this one, or NULL */
    const char *name;                  /* of the style */
    const char *artist, *year, *movement, *author, *licence; /* or NULL */
    PstStylePlan plan;
    const char *checkpoint; /* file, or NULL: a killed training is lost */
    gboolean resume;        /* go on from the checkpoint, which must be there */
    int threads;            /* 0: one per processor */
} PstStyleTraining;

typedef enum {
    PST_TRAINING_READING,   /* pictures and photographs */
    PST_TRAINING_MEASURING, /* statistics, and how fast a step is */
    PST_TRAINING_FITTING
} PstTrainingStage;

/** How far it has come; valid during the call only. */
typedef struct {
    PstTrainingStage stage;
    int step, steps;             /* 0 before PST_TRAINING_FITTING */
    double seconds_left;         /* negative while unknown */
    const PstFineTuning *tuning; /* its curve and its validations, or NULL before PST_TRAINING_FITTING */
    const char *report;          /* JSON: what the data check found (data_check.h), or NULL */
    const PstPicture *preview;   /* painted anew, or NULL: nothing new */
} PstTrainingProgress;

typedef enum {
    PST_TRAINING_GO_ON,
    PST_TRAINING_PAUSE, /* leave a checkpoint and return */
    PST_TRAINING_KEEP   /* finish with the best there is */
} PstTrainingAnswer;

typedef PstTrainingAnswer (*PstTrainingProgressFunction)(const PstTrainingProgress *progress, gpointer data);

/** Checks the style images only: the report of data_check.h; the caller's. NULL with the errors of reading pictures and
 *  networks. */
char *pst_style_check(const PstStyleTraining *training, GCancellable *cancellable, GError **error);

/** Trains a style. It has no thumbnail yet, and no weight delta where nothing turned out better than the base
 *  generator. Its checkpoint, if any, is left for the caller to remove once the style is safe. NULL with
 *  PST_STYLE_TRAINING_ERROR, PST_STYLE_CHECKPOINT_ERROR, G_IO_ERROR_CANCELLED (nothing is kept but the last
 *  checkpoint), or the errors of reading pictures and networks. `progress` and `cancellable` may be NULL. */
PstStyle *pst_style_train(const PstStyleTraining *training, PstTrainingProgressFunction progress, gpointer data,
                          GCancellable *cancellable, GError **error);
