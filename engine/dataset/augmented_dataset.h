/* A dataset with copies: every file of the old one as it is, and beside each picture of the train split its copies,
 * with labels and masks of their own. Other splits get none: what is tested has to be as it was taken.
 *
 * MANIFEST (manifest.jsonl) has a line of JSON for each copy: {"file", "from", "copy", "style", "licence", "strength",
 * "relit", "adapted", "edges", "ssim"}, and for one that was dropped {"dropped", "from", "copy", "edges"}.
 */
#pragma once

#include "augmentation.h"
#include "dataset.h"

#define PST_AUGMENTED_MANIFEST "manifest.jsonl"

typedef struct {
    const char *output; /* a folder that is not there yet, or is empty, and not within the dataset */
    int copies;         /* of each picture, 1 .. */
    int quality;        /* JPEG: 1..100; 0: the default */
    /* Of each picture and file, before it is worked on; may be NULL. */
    void (*progress)(const char *file, double share, gpointer data);
    /* A picture that can't be read: it is kept as it is, without copies. */
    void (*failed)(const GError *error, gpointer data);
    gpointer data;
} PstAugmentedSettings;

typedef struct {
    int originals, made, dropped, failed;
} PstAugmentedCount;

/** Writes the dataset. FALSE when cancelled, or when the folder can't be made or written: PST_DATASET_ERROR,
 *  PST_PICTURE_ERROR; what was written before stays, without a manifest. */
gboolean pst_augmented_dataset_write(const PstDataset *dataset, const PstAugmentation *augmentation,
                                     const PstAugmentedSettings *settings, const PstModel *model, PstThreadPool *pool,
                                     PstAugmentedCount *count, GCancellable *cancellable, GError **error);
