/* A bank of styles: what the encoder and the loss network see in many paintings, worked out once.
 *
 * A safetensors file with "train.style" [n][PST_STYLE_SIZE], "train.target" [n][PST_TARGET_SIZE],
 * "train.exact" [n][PST_SHALLOW_SIZE] if there was an shallow loss network, and the same for "valid", the
 * held-out paintings. The generator is thus trained on whole
 * paintings, as it will be used, and a step need not look at them again.
 */
#pragma once

#include "engine/finetune/corpus.h"
#include "engine/gradient/shallow_loss_network.h"
#include "engine/gradient/loss_network.h"
#include "engine/gradient/losses.h"

G_BEGIN_DECLS

typedef struct {
    int count;
    float *style;  /* [count][PST_STYLE_SIZE] */
    float *target; /* [count][PST_TARGET_SIZE] */
    float *exact;  /* [count][PST_SHALLOW_SIZE], or NULL */
} PstStyleSet;

typedef struct {
    PstStyleSet train, valid;
    float mean[PST_STYLE_SIZE]; /* over train.style */
    float std[PST_STYLE_SIZE];  /* sqrt(variance, not of a sample) + 0.02 */
} PstStyleBank;

/** Reads a bank; of what an shallow loss network saw only if `exact`, and then it must be there. */
PstStyleBank *pst_style_bank_read(const char *path, gboolean exact, GError **error);
void pst_style_bank_free(PstStyleBank *bank);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStyleBank, pst_style_bank_free)

/** Looks at every painting of a corpus: `windows` times at those for training, each time at another
 *  window (pst_corpus_share()) at another scale (short side 224 .. 512), and once at those held
 * out. shallow loss network may be NULL. Depends on `seed`, not on the number of threads. */
PstStyleBank *pst_style_bank_new(const PstCorpus *paintings, const PstLossNetwork *encoder,
                                 const PstLossNetwork *loss_network, const PstLossNetwork *shallow, int windows,
                                 guint64 seed, PstThreadPool *pool);

/** Writes a bank atomically. */
gboolean pst_style_bank_write(const PstStyleBank *bank, const char *path, GError **error);

G_END_DECLS
