/* A style from a few pictures: all of it, from the pictures to the finished style.
 *
 *   pictures -> statistics of all of them at several scales
 *   photographs (the user's or the program's samples, and synthetic ones) -> fine-tuning of the base generator
 *
 * pst_style_train() does its work on the calling thread, which need not be the main one, and a pool of its own. It tells
 * of its progress after every step, and is told by the answer whether to go on, to pause or to keep what there is.
 */
#pragma once

#include "data_check.h"
#include "fine_tuning.h"
#include "content_set.h"
#include "style_plan.h"

#include "engine/style/style.h"

G_BEGIN_DECLS

#define PST_STYLE_TRAINING_ERROR pst_style_training_error_quark()
GQuark pst_style_training_error_quark(void);

typedef enum {
    PST_STYLE_TRAINING_ERROR_PAUSED,     /* as asked for: pst_style_train() with `resume` goes on */
    PST_STYLE_TRAINING_ERROR_CHECKPOINT, /* there is none to go on from, or it belongs to another training */
    PST_STYLE_TRAINING_ERROR_NOTHING     /* nothing usable among the pictures */
} PstStyleTrainingError;

/** What is asked for; borrowed. */
typedef struct {
    const char *const *pictures; /* paths, NULL-terminated */
    const char *photos;          /* folder of photographs to practise on, or NULL: the program's samples */
    const char *preview;         /* photograph to be painted again and again, or NULL: the program's sample, */
    const PstPicture *preview_picture; /* or, before all, this one, or NULL */
    const char *name;            /* of the style */
    const char *artist, *author, *licence; /* or NULL */
    PstStylePlan plan;
    const char *checkpoint;      /* file, or NULL: a killed training is lost */
    gboolean resume;             /* go on from the checkpoint, which must be there */
    int threads;                 /* 0: one per processor */
} PstStyleTraining;

typedef enum {
    PST_TRAINING_READING,  /* pictures and photographs */
    PST_TRAINING_MEASURING,  /* statistics, and how fast a step is */
    PST_TRAINING_FITTING
} PstTrainingStage;

/** How far it has come; valid during the call only. */
typedef struct {
    PstTrainingStage stage;
    int step, steps;             /* 0 before PST_TRAINING_FITTING */
    double seconds_left;         /* negative while unknown */
    const PstFineTuning *tuning; /* its curve and its validations, or NULL before PST_TRAINING_FITTING */
    const char *report;          /* JSON: what was found in the pictures (data_check.h), or NULL */
    const PstPicture *preview;   /* painted anew, or NULL: nothing new */
} PstTrainingProgress;

typedef enum {
    PST_TRAINING_GO_ON,
    PST_TRAINING_PAUSE, /* leave a checkpoint and return */
    PST_TRAINING_KEEP   /* finish with the best there is */
} PstTrainingAnswer;

typedef PstTrainingAnswer (*PstTrainingProgressFunction)(const PstTrainingProgress *progress, gpointer data);

/** Looks at the pictures only: what data_check.h says of them, as JSON; the caller's. NULL with what reading pictures and
 *  networks says. */
char *pst_style_check(const PstStyleTraining *training, GCancellable *cancellable, GError **error);

/** Trains a style. It has no thumbnail yet, and no change where nothing turned out better than the base generator. Its checkpoint, if any, is left for the caller to remove once the style is
 *  safe. NULL with PST_STYLE_TRAINING_ERROR, G_IO_ERROR_CANCELLED (nothing is kept but the last checkpoint), or what
 *  reading pictures and networks says. `progress` and `cancellable` may be NULL. */
PstStyle *pst_style_train(const PstStyleTraining *training, PstTrainingProgressFunction progress, gpointer data,
                          GCancellable *cancellable, GError **error);

G_END_DECLS
