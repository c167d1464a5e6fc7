/* Teacher-feature patches: small crops of pictures with the teacher's features of each. */
#pragma once

#include "engine/finetune/example.h"
#include "engine/base/thread_pool.h"
#include "engine/gradient/loss_network.h"

/** All of one size, kept as halves. */
typedef struct {
    int count, size;   /* patches, their side in pixels */
    guint16 *rgb;      /* [count][size][size][3] */
    guint16 *features; /* [count][size/4][size/4][PST_TEACHER_PATCH_CHANNELS]: the teacher's relu3_1 */
} PstTeacherPatches;

#define PST_TEACHER_PATCH_TAP      3
#define PST_TEACHER_PATCH_CHANNELS 256

/** Empty ones; `size` is a multiple of 4. */
PstTeacherPatches *pst_teacher_patches_new(int count, int size);
void pst_teacher_patches_free(PstTeacherPatches *patches);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstTeacherPatches, pst_teacher_patches_free)

/** Pictures to take patches of; borrowed. */
typedef struct {
    const PstExample *pictures;
    int count;
    double share; /* of the patches */
} PstTeacherPatchSource;

/** Fills patches first .. first+count-1 from the sources, patch i from the stream (seed, 0, i): of random place, side
 *  and colours, a quarter of them with a little noise. They have no features yet. */
void pst_teacher_patches_fill(PstTeacherPatches *patches, int first, int count, const PstTeacherPatchSource *sources,
                              int source_count, guint64 seed, PstThreadPool *pool);

/** Computes the teacher's features of patches first .. first+count-1. */
void pst_teacher_patches_encode(PstTeacherPatches *patches, int first, int count, const PstLossNetwork *teacher,
                                PstThreadPool *pool);

/** The pixels, or the features, of patch i as floats. */
void pst_teacher_patch_rgb(const PstTeacherPatches *patches, int i, PstMap *rgb);
void pst_teacher_patch_features(const PstTeacherPatches *patches, int i, PstMap *features);

/** Sets the pixels of patch i. */
void pst_teacher_patch_set_rgb(PstTeacherPatches *patches, int i, const PstMap *rgb);
