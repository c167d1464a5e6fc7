/* Which photographs to paint, and where each result goes. */
#pragma once

#include "shard.h"

#include "engine/picture/inputs.h"
#include "engine/picture/writer.h"

/** How results are named and kept apart. */
typedef struct {
    const char *output; /* -o: a file, a folder, or NULL for the current folder */
    const char *label;  /* the style's short name: photographs become NAME-LABEL.jpg */
    PstFormat format;   /* of all results; PST_FORMAT_UNKNOWN: each as its photograph */
    PstConflict conflict;
    gboolean recursive; /* folders within folders too; results keep their places */
} PstBatchSettings;

/** One photograph. */
typedef struct {
    char *input;
    char *name;       /* its path within the folder that was given, or the path that was given */
    char *output;     /* where the result is meant to go; its folder may not exist yet */
    char *place;      /* `output` within the folder of results */
    PstFormat format; /* of the result */
    double pixels;    /* of the photograph, or 0 while unknown */
} PstBatchItem;

typedef struct {
    GPtrArray *items;    /* of PstBatchItem, in the order in which to paint them */
    GPtrArray *problems; /* of GError: folders that can't be listed */
    guint others;        /* files in folders that are no pictures */
    guint unreadable;    /* pictures in folders whose format isn't read */
    guint results;       /* paintings of this program in folders */
    PstInputs *inputs;   /* the photographs */
} PstBatch;

/** Leaves out the photographs whose name does not belong to the shard. Results keep the names that they have in the
 *  whole batch. */
void pst_batch_keep_shard(PstBatch *batch, const PstShard *shard);

/** Plans a batch. `inputs` is a NULL-terminated list of files and folders; of a folder, files that are
 *  pictures by their content or claim to be by their name are taken, in the order of their
 *  names, hidden ones and this program's own paintings not. Only headers are read, and nothing is
 *  written. The same path given twice is painted once. NULL and G_OPTION_ERROR if `settings` and
 *  `inputs` don't suit each other. */
PstBatch *pst_batch_new(const char *const *inputs, const PstBatchSettings *settings, GError **error);
void pst_batch_free(PstBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstBatch, pst_batch_free)
