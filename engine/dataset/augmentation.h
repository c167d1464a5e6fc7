/* One more picture of what is on a labelled one: in another style, in another light. Nothing moves: labels stay true.
 *
 * Networks that learn from stylised pictures rely on shape rather than texture and do better where pictures are taken
 * in another way, as long as they also see pictures as they are: Geirhos et al., "ImageNet-trained CNNs are biased
 * towards texture", ICLR 2019. So copies stand beside originals and differ in how far they go, and some are relit only.
 */
#pragma once

#include "engine/base/random.h"
#include "engine/domain/adapted_export.h"

/** A style for a copy; the caller's. NULL on error. */
typedef PstStyle *(*PstAugmentationStyle)(PstRandom *random, gpointer data, GError **error);

typedef struct {
    PstAugmentationStyle style; /* chooses, or NULL: no copy is painted */
    gpointer data;
    const PstAdaptationTask *adaptation; /* to the target's domain, after all else; or NULL */
    double least, most;                  /* strength of painting, 0..1 */
    double light;                        /* how far the light may change, 0..1 */
    double plain;                        /* share of copies that are not painted, 0..1 */
    double structure;                    /* least share of edges that a copy keeps; others are dropped */
    guint64 seed;
} PstAugmentation;

/** What was done to a copy. */
typedef struct {
    char *style;   /* its name, or NULL: not painted */
    char *licence; /* of the style, or NULL */
    double strength;
    gboolean relit, adapted;
    PstStructure structure;
} PstAugmented;

void pst_augmented_clear(PstAugmented *augmented);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PstAugmented, pst_augmented_clear)

/** Copy number `copy` of a photograph; it depends on the seed, `name` and `copy` only, not on what was made before. The
 *  caller's, and so is what `augmented` holds. NULL when cancelled, without memory, or with an error of choosing a
 *  style. */
PstPicture *pst_augmentation_copy(const PstAugmentation *augmentation, const PstPicture *photo, const char *name,
                                  int copy, const PstModel *model, PstThreadPool *pool, PstAugmented *augmented,
                                  GCancellable *cancellable, GError **error);
