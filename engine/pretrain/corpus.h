/* The pictures of a folder, decoded once into memory. */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/finetune/example.h"

/** The last pictures by name (32, or a quarter of a small folder) are held out for evaluation; the others are for
 *  training. Read-only once made. */
typedef struct {
    int train;    /* examples 0 .. train-1 */
    int held_out; /* the rest */
    PstExample *examples;
} PstCorpus;

/** Reads all JPEG and PNG files of a folder, by name. NULL with PST_EXAMPLE_ERROR_FEW for fewer than two, or with the
 *  errors of reading pictures. */
PstCorpus *pst_corpus_read(const char *folder, PstThreadPool *pool, GError **error);
void pst_corpus_free(PstCorpus *corpus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstCorpus, pst_corpus_free)
