/* A bank of styles: the statistics of many paintings in the encoder and the loss networks, worked out once.
 *
 * A safetensors file with "train.style" [n][PST_STYLE_SIZE], "train.target" [n][PST_TARGET_SIZE], "train.exact"
 * [n][PST_SHALLOW_TARGET_SIZE] if there was a shallow loss network, and the same for "valid", the held-out paintings.
 * So the generator is trained on whole paintings, as it will be used, and a step need not encode them again.
 */
#pragma once

#include "corpus.h"

#include "engine/gradient/losses.h"
#include "engine/gradient/shallow_loss_network.h"

typedef struct {
    int count;
    float *style;          /* [count][PST_STYLE_SIZE] */
    float *target;         /* [count][PST_TARGET_SIZE] */
    float *shallow_target; /* [count][PST_SHALLOW_TARGET_SIZE], or NULL */
} PstStyleSet;

typedef struct {
    PstStyleSet train, valid;
    float mean[PST_STYLE_SIZE]; /* over train.style */
    float std[PST_STYLE_SIZE];  /* sqrt(variance, not of a sample) + 0.02 */
} PstStyleBank;

/** Reads a bank; targets of a shallow loss network only if `shallow`, and then they must be there. NULL and
 *  PST_TENSORS_ERROR. */
PstStyleBank *pst_style_bank_read(const char *path, gboolean shallow, GError **error);
void pst_style_bank_free(PstStyleBank *bank);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStyleBank, pst_style_bank_free)

/** Measures every painting of a corpus: `parts` times those for training, each time another part
 *  (pst_example_random_part()) at another scale (short side 224 .. 512), and once those held out. shallow_loss_network
 *  may be NULL. Depends on `seed`, not on the number of threads. */
PstStyleBank *pst_style_bank_new(const PstCorpus *paintings, const PstLossNetwork *encoder,
                                 const PstLossNetwork *loss_network, const PstLossNetwork *shallow_loss_network,
                                 int parts, guint64 seed, PstThreadPool *pool);

/** Writes a bank atomically. */
gboolean pst_style_bank_write(const PstStyleBank *bank, const char *path, GError **error);
