/* Glimpses: small windows of pictures, and what a teacher sees in each. */
#pragma once

#include "corpus.h"
#include "judge.h"

G_BEGIN_DECLS

/** All of one size, kept as halves. */
typedef struct {
    int count, size;   /* windows, their side in pixels */
    guint16 *rgb;      /* [count][size][size][3] */
    guint16 *features; /* [count][size/4][size/4][PST_GLIMPSE_CHANNELS]: the teacher's relu3_1 */
} PstGlimpses;

#define PST_GLIMPSE_TAP      3
#define PST_GLIMPSE_CHANNELS 256

/** Empty ones; `size` is a multiple of 4. */
PstGlimpses *pst_glimpses_new(int count, int size);
void pst_glimpses_free(PstGlimpses *glimpses);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstGlimpses, pst_glimpses_free)

/** Pictures to take windows of; borrowed. */
typedef struct {
    const PstExample *pictures;
    int count;
    double share; /* of the windows */
} PstGlimpseSource;

/** Fills windows first .. first+count-1 from the sources, glimpse i from the stream (seed, 0, i): of random place,
 *  side and colours, a quarter of them with a little noise. The teacher has not looked at them yet. */
void pst_glimpses_take(PstGlimpses *glimpses, int first, int count, const PstGlimpseSource *sources, int source_count,
                       guint64 seed, PstThreadPool *pool);

/** Lets the teacher look at windows first .. first+count-1. */
void pst_glimpses_look(PstGlimpses *glimpses, int first, int count, const PstJudge *teacher, PstThreadPool *pool);

/** Glimpse i as floats: the window, or the features. */
void pst_glimpse_rgb(const PstGlimpses *glimpses, int i, PstMap *rgb);
void pst_glimpse_features(const PstGlimpses *glimpses, int i, PstMap *features);

/** Puts a window in place i. */
void pst_glimpse_set_rgb(PstGlimpses *glimpses, int i, const PstMap *rgb);

G_END_DECLS
