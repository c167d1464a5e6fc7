/* The pictures that a style is learnt from. */
#pragma once

#include "corpus.h"
#include "engine/gradient/shallow_loss_network.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define PST_STYLE_IMAGES_MOST 64
#define PST_STYLE_IMAGE_LEAST 32 /* pixels of the short side; smaller pictures are refused */

typedef struct {
    char *file;          /* its name without folders, valid UTF-8 */
    char sha256[65];     /* of the file, in hexadecimal */
    int width, height;   /* upright, in pixels */
    PstExample example;  /* shrunk so that its short side is at most 512 */
} PstStyleImage;

typedef struct {
    int count;
    PstStyleImage *items;
    GPtrArray *refused; /* char *: one line for each picture that couldn't be read */
} PstStyleImages;

/** Reads the pictures of the NULL-terminated list; those that can't be read are told of in `refused`. NULL when
 *  cancelled, when none is left (the first one's error), or when there are more than PST_STYLE_IMAGES_MOST. */
PstStyleImages *pst_style_images_read(const char *const *paths, PstThreadPool *pool, GCancellable *cancellable,
                                 GError **error);
void pst_style_images_free(PstStyleImages *style_images);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStyleImages, pst_style_images_free)

/** Makes picture `i` smaller: only the window of its example is left. */
void pst_style_images_crop(PstStyleImages *style_images, int i, PstCrop window);

typedef struct {
    const PstLossNetwork *encoder, *shallow; /* shallow loss network may be NULL */
    const int *scales;
    int scale_count;
    GCancellable *cancellable; /* or NULL */
} PstStyleImagesView;

/** What the networks see in the pictures. */
typedef struct {
    float *styles;                 /* [count][PST_STYLE_SIZE]: each picture's by the encoder, at a short side of 512 */
    float style[PST_STYLE_SIZE];   /* of all together, as pst_style_mix() has it */
    float target[PST_TARGET_SIZE]; /* mean over pictures and scales of what the encoder as a loss network sees, */
    float exact[PST_SHALLOW_SIZE];   /* and the shallow loss network; zeros without one */
} PstStyleImagesStatistics;

/** Gathers statistics; pictures are enlarged at most twice. Undefined once cancelled. */
void pst_style_images_measure(const PstStyleImages *style_images, const PstStyleImagesView *view, PstThreadPool *pool,
                           PstStyleImagesStatistics *statistics);
void pst_style_images_statistics_clear(PstStyleImagesStatistics *statistics);

G_END_DECLS
