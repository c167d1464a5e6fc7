/* The pictures of a folder, decoded once into memory, and windows cut out of them. */
#pragma once

#include "engine/base/random.h"

#include "engine/kernel/map.h"
#include "engine/base/thread_pool.h"
#include "engine/picture/picture.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define PST_CORPUS_ERROR pst_corpus_error_quark()
GQuark pst_corpus_error_quark(void);

typedef enum {
    PST_CORPUS_ERROR_EMPTY /* no such folder, or too few pictures in it */
} PstCorpusError;

/** A picture as bytes [height][width][3]. */
typedef struct {
    int width, height;
    guint8 *rgb;
} PstExample;

/** Makes an example of a picture: opaque, transparent parts on white. */
void pst_example_set(PstExample *example, const PstPicture *picture);
void pst_example_clear(PstExample *example);

/** Reads a picture file as an example, shrunk so that its short side is at most PST_EXAMPLE_SIDE. What it measures in
 *  the file goes to width and height, which may be NULL. FALSE with what reading pictures says, or
 *  PST_CORPUS_ERROR_EMPTY when its short side is less than `least`. */
#define PST_EXAMPLE_SIDE 512
gboolean pst_example_read(PstExample *example, const char *path, int least, int *width, int *height,
                          GCancellable *cancellable, GError **error);

/** The last pictures by name (32, or a quarter of a small folder) are held out for looking at
 * results; the others are for training. Read-only once made. */
typedef struct {
    int train;    /* examples 0 .. train-1 */
    int held_out; /* the rest */
    PstExample *examples;
} PstCorpus;

/** Reads all JPEG and PNG files of a folder, by name, shrunk so that the short side is at most 512.
 */
PstCorpus *pst_corpus_read(const char *folder, PstThreadPool *pool, GError **error);
void pst_corpus_free(PstCorpus *corpus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstCorpus, pst_corpus_free)

/** Part of an example: left, top, size in pixels. */
typedef struct {
    int x, y, width, height;
    gboolean mirrored; /* left and right exchanged */
} PstCrop;

/** A square window for training: its side uniform in the logarithm over smallest .. largest (no
 * more than the example's short side), any place, mirrored half of the time. */
PstCrop pst_corpus_square(const PstExample *example, PstRandom *random, int smallest,
                            int largest);

/** A window for styles: 70 to 100 % of each side, any place. */
PstCrop pst_corpus_share(const PstExample *example, PstRandom *random);

/** Mild changes of colour, in place: each channel's gain 0.92 .. 1.08, gamma 0.85 .. 1.18, saturation 0.8 .. 1.2. */
void pst_vary_colours(PstMap *rgb, PstRandom *random);

/** Resamples a window of an example to out [height][width][3], 0..1. Cubic convolution with a =
 * -0.5 (Keys, IEEE Transactions on Acoustics, Speech and Signal Processing 29, 1981), widened to
 * the window's pixels per pixel when shrinking so that nothing aliases; only the window is read. */
void pst_corpus_resample(const PstExample *example, PstCrop window, PstMap *out);

G_END_DECLS
