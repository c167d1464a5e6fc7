/* The patches of a style: what the patch swap (engine/network/patch_swap.h) puts into a photograph's features, in 8
 * bits. 450 KB in all.
 *
 * In a file (style.h) they are four tensors:
 *   patches.values  [bytes] U8   tap by tap, relu3_1 and relu4_1, [count][9][channels]; 128 is 0
 *   patches.scales  [patches] F32  in the same order: what a step of the values stands for, in standard deviations
 *   patches.counts  [2] F32      whole numbers, 0 .. 256
 *   patches.weight  [1] F32      above 0 and at most 1: how much of a mix the styles are that they come from
 */
#pragma once

#include "engine/network/patch_swap.h"
#include "engine/network/safetensors_writer.h"

/** Immutable; any number of threads may share them. */
typedef struct PstStylePatches PstStylePatches;

/** Of a painting's taps[1 .. 4] (see pst_encoder_run()) and its statistics [PST_STYLE_SIZE]; the same painting gives
 *  the same patches. NULL where it is too small to have any. */
PstStylePatches *pst_style_patches_new(const PstMap *taps, const float *statistics);

/** Of n styles' patches (NULL: it has none) in shares that add up to 1: so many of each. NULL where nobody has any. */
PstStylePatches *pst_style_patches_mix(const PstStylePatches *const *patches, const double *shares, int n);
PstStylePatches *pst_style_patches_ref(const PstStylePatches *patches);
void pst_style_patches_unref(PstStylePatches *patches);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStylePatches, pst_style_patches_unref)

/** Both may be NULL. */
gboolean pst_style_patches_equal(const PstStylePatches *a, const PstStylePatches *b);

/** The patches as floats, owned by the caller. */
PstSwapPatches *pst_style_patches_unpack(const PstStylePatches *patches);

/** Sets swaps[PST_SWAP_FIRST_TAP] .. [PST_STYLE_TAPS] for a photograph with the statistics `content` [PST_STYLE_SIZE];
 *  owned by the caller. */
void pst_style_patches_swap(const PstStylePatches *patches, const float *content,
                            PstPatchSwap *swaps[PST_STYLE_TAPS + 1]);

/** Adds the patches to a file, and the names of their tensors to a list. */
void pst_style_patches_write(const PstStylePatches *patches, PstTensorsWriter *writer);
void pst_style_patches_list_names(GPtrArray *names);

/** Whether a file has some. */
gboolean pst_style_patches_present(const PstTensors *tensors);

/** Takes them out of a file, strictly. NULL with PST_TENSORS_ERROR_MISMATCH, which names the file as `file`, where
 *  they can't be any. */
PstStylePatches *pst_style_patches_read(const PstTensors *tensors, const char *file, GError **error);
