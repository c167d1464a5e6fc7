/* The patch swap: features of a photograph become, in part, the nearest patches of a painting's.
 *
 * Features and patches of 3x3 places are standardised by their own means and deviations. Around each place of the
 * photograph's the patch most alike by cosine similarity is looked for, and where found patches overlap, they are
 * averaged. After Chen and Schmidt, "Fast Patch-based Style Transfer of Arbitrary Style", arXiv:1612.04337. Moments say
 * nothing of what lies beside what; patches do.
 *
 * Nothing is ever negative, as behind a ReLU.
 */
#pragma once

#include "architecture.h"

#include "engine/base/random.h"
#include "engine/kernel/map.h"

#define PST_SWAP_FIRST_TAP 3
#define PST_SWAP_TAPS      2 /* relu3_1 and relu4_1 */
#define PST_SWAP_PLACES    9 /* of a patch */
#define PST_SWAP_PATCHES   256
#define PST_SWAP_WIDEST    128 /* channels of a tap, at most */

/** How much of a tap's features the patches are, 0 .. 1. */
extern const float pst_swap_share[PST_STYLE_TAPS + 1];

/** Takes at most `most` patches out of a painting's features, spread evenly, standardised by mean and deviation
 *  [channels]: patches [most][PST_SWAP_PLACES][channels]. Returns how many; none where the features are smaller than a
 *  patch. */
int pst_swap_patches_take(const PstMap *features, const float *mean, const float *deviation, int most,
                          PstRandom *random, float *patches);

/** Standardised patches of a style: tap PST_SWAP_FIRST_TAP + i has values[i], [count[i]][PST_SWAP_PLACES][channels]. */
typedef struct {
    int count[PST_SWAP_TAPS];
    float *values[PST_SWAP_TAPS];
} PstSwapPatches;

void pst_swap_patches_free(PstSwapPatches *patches);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstSwapPatches, pst_swap_patches_free)

/** The patches of one tap and the moments of one photograph. Immutable; any number of threads may share it. */
typedef struct PstPatchSwap PstPatchSwap;

/** Of `count` (1 .. PST_SWAP_PATCHES) standardised patches [count][PST_SWAP_PLACES][channels], for a photograph's
 *  features of these means and deviations [channels]; `share` (0 .. 1) of them is swapped. */
PstPatchSwap *pst_patch_swap_new(const float *patches, int count, int channels, const float *mean,
                                 const float *deviation, float share);
void pst_patch_swap_free(PstPatchSwap *swap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPatchSwap, pst_patch_swap_free)

/** The row or column, of n, that number i (-1 .. n) is: beyond the edge it is mirrored. */
static inline int pst_swap_mirror(int i, int n)
{
    return i < 0 ? MIN(1, n - 1) : i < n ? i : MAX(0, n - 2);
}

/** Floats of scratch that finding takes. */
gsize pst_patch_swap_scratch(int channels);

/** Finds the patches around places first .. first + count - 1 of a row of a map `width` places wide. rows are the row
 *  above, it and the row below, beyond the map mirrored ones, each from column `left` on. index[count] receives their
 *  numbers. */
void pst_patch_swap_find(const PstPatchSwap *swap, const float *const rows[3], int left, int width, int first,
                         int count, float *index, float *scratch);

/** Swaps places first .. first + count - 1 of a row of a map `width` places wide; content [count][channels] are the
 *  photograph's. found[i] is what was found around the places of the row above, this row and the one below, from column
 *  `left` on, NULL beyond the map. */
void pst_patch_swap_paste(const PstPatchSwap *swap, const float *content, const float *const found[3], int left,
                          int width, int first, int count, float *swapped);

/** Swaps a whole map [height][width][channels] into another one. */
void pst_patch_swap_map(const PstPatchSwap *swap, const PstMap *content, PstMap *swapped);
