/* Teacher patches: small windows of pictures, and what a teacher sees in each. */
#pragma once

#include "engine/finetune/corpus.h"
#include "engine/gradient/loss_network.h"

G_BEGIN_DECLS

/** All of one size, kept as halves. */
typedef struct {
    int count, size;   /* windows, their side in pixels */
    guint16 *rgb;      /* [count][size][size][3] */
    guint16 *features; /* [count][size/4][size/4][PST_TEACHER_PATCH_CHANNELS]: the teacher's relu3_1 */
} PstTeacherPatches;

#define PST_TEACHER_PATCH_TAP      3
#define PST_TEACHER_PATCH_CHANNELS 256

/** Empty ones; `size` is a multiple of 4. */
PstTeacherPatches *pst_teacher_patches_new(int count, int size);
void pst_teacher_patches_free(PstTeacherPatches *teacher_patches);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstTeacherPatches, pst_teacher_patches_free)

/** Pictures to take windows of; borrowed. */
typedef struct {
    const PstExample *pictures;
    int count;
    double share; /* of the windows */
} PstTeacherPatchSource;

/** Fills windows first .. first+count-1 from the sources, teacher patch i from the stream (seed, 0, i): of random place,
 *  side and colours, a quarter of them with a little noise. The teacher has not looked at them yet. */
void pst_teacher_patches_take(PstTeacherPatches *teacher_patches, int first, int count, const PstTeacherPatchSource *sources, int source_count,
                       guint64 seed, PstThreadPool *pool);

/** Lets the teacher look at windows first .. first+count-1. */
void pst_teacher_patches_look(PstTeacherPatches *teacher_patches, int first, int count, const PstLossNetwork *teacher, PstThreadPool *pool);

/** Teacher patch i as floats: the window, or the features. */
void pst_teacher_patch_rgb(const PstTeacherPatches *teacher_patches, int i, PstMap *rgb);
void pst_teacher_patch_features(const PstTeacherPatches *teacher_patches, int i, PstMap *features);

/** Puts a window in place i. */
void pst_teacher_patch_set_rgb(PstTeacherPatches *teacher_patches, int i, const PstMap *rgb);

G_END_DECLS
