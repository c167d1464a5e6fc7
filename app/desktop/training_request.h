/* What a training in the window is asked for, kept in a small file until the style is done: with the checkpoint beside
 * it a training that was stopped, or killed, goes on at any later start.
 */
#pragma once

#include <glib.h>

typedef struct {
    char *path;                      /* of its file, once it was kept */
    GStrv pictures;                  /* paths, never NULL */
    char *photos;                    /* folder of photographs to train on, or NULL: the program's samples */
    char *name;                      /* of the style, never NULL */
    char *artist, *author, *licence; /* or NULL */
    gboolean fine;                   /* takes longer and comes closer */
    gboolean crop;                   /* take frames off */
    GStrv settings; /* numbers of the plan (engine/finetune/style_plan.h) that are otherwise, "NAME=NUMBER"; or NULL */
} PstTrainingRequest;

/** One without pictures. */
PstTrainingRequest *pst_training_request_new(const char *name);
void pst_training_request_free(PstTrainingRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstTrainingRequest, pst_training_request_free)

/** Writes its file, under a name of its own if it has none yet. FALSE and G_FILE_ERROR. */
gboolean pst_training_request_keep(PstTrainingRequest *request, GError **error);

/** Removes file and checkpoint, if they are there. */
void pst_training_request_forget(const PstTrainingRequest *request);

/** The path of its checkpoint, or NULL while it isn't kept; owned by the caller. */
char *pst_training_request_checkpoint(const PstTrainingRequest *request);

/** TRUE if there is a checkpoint to go on from. */
gboolean pst_training_request_has_begun(const PstTrainingRequest *request);

/** The trainings (PstTrainingRequest) that were kept and that no process has in hand, the latest first. */
GPtrArray *pst_training_request_list(void);
