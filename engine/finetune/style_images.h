/* The style images: the pictures that a style is learnt from. */
#pragma once

#include "example.h"

#include "engine/base/thread_pool.h"
#include "engine/gradient/neighbour_loss.h"
#include "engine/gradient/style_target.h"
#include "engine/style/style_patches.h"

#define PST_STYLE_IMAGES_MOST 64
#define PST_STYLE_IMAGE_LEAST 32 /* pixels of the short side; smaller pictures are refused */

typedef struct {
    char *file;         /* its name without folders, valid UTF-8 */
    char sha256[65];    /* of the file, in hexadecimal */
    int width, height;  /* upright, in pixels */
    PstExample example; /* shrunk so that its short side is at most 512 */
} PstStyleImage;

typedef struct {
    int count;
    PstStyleImage *items;
    GPtrArray *refused; /* char *: one line for each picture that couldn't be read */
} PstStyleImages;

/** Reads the pictures of the NULL-terminated list; a line for each that can't be read goes to `refused`. NULL with
 *  G_IO_ERROR_CANCELLED, with the first one's error when none is left, or PST_EXAMPLE_ERROR_MANY when there are more
 *  than PST_STYLE_IMAGES_MOST. */
PstStyleImages *pst_style_images_read(const char *const *paths, PstThreadPool *pool, GCancellable *cancellable,
                                      GError **error);
void pst_style_images_free(PstStyleImages *images);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStyleImages, pst_style_images_free)

/** Leaves only a part of picture `i`. */
void pst_style_images_crop(PstStyleImages *images, int i, PstCrop crop);

/** How statistics are gathered. */
typedef struct {
    const PstLossNetwork *encoder;
    const PstLossNetwork *shallow_loss_network;
    int side;                  /* short side that pictures are brought to for the targets, enlarged at most twice */
    GCancellable *cancellable; /* or NULL */
} PstStyleImagesView;

typedef struct {
    float *styles;                                 /* [count][PST_STYLE_SIZE]: each picture's, at a short side of 512 */
    float style[PST_STYLE_SIZE];                   /* of all together, as pst_style_mix() has it, */
    PstStylePatches *patches;                      /* and their patches, or NULL where all are too small */
    float target[PST_TARGET_SIZE];                 /* mean over pictures, of the encoder as a loss network, */
    float shallow_target[PST_SHALLOW_TARGET_SIZE]; /* and of the shallow loss network */
} PstStyleImagesStatistics;

/** Gathers statistics. Undefined once cancelled. */
void pst_style_images_measure(const PstStyleImages *images, const PstStyleImagesView *view, PstThreadPool *pool,
                              PstStyleImagesStatistics *statistics);
void pst_style_images_statistics_clear(PstStyleImagesStatistics *statistics);

/** The style images' features in the encoder, place by place: at most `capacity` vectors a layer, as many of each
 *  picture, at a short side of 512. Of a picture more than three times as long as wide only the middle counts. Places
 *  are drawn from the streams of `seed`. Owned by the arena. Undefined once cancelled. */
PstStyleVectors *pst_style_images_vectors(const PstStyleImages *images, const PstLossNetwork *encoder, int capacity,
                                          guint64 seed, PstArena *arena, GCancellable *cancellable);
