/* A picture to learn from, as bytes, and crops of it. */
#pragma once

#include "engine/base/random.h"
#include "engine/kernel/map.h"
#include "engine/picture/picture.h"

#include <gio/gio.h>

#define PST_EXAMPLE_ERROR pst_example_error_quark()
GQuark pst_example_error_quark(void);

typedef enum {
    PST_EXAMPLE_ERROR_SMALL, /* the picture is too small */
    PST_EXAMPLE_ERROR_FEW,   /* no such folder, or too few pictures in it */
    PST_EXAMPLE_ERROR_MANY   /* too many pictures */
} PstExampleError;

/** A picture [height][width][3]. */
typedef struct {
    int width, height;
    guint8 *rgb;
} PstExample;

/** Makes an example of a picture: opaque, transparent parts on white. */
void pst_example_set(PstExample *example, const PstPicture *picture);
void pst_example_clear(PstExample *example);

/** The example as a picture, owned by the caller. NULL and PST_PICTURE_ERROR_MEMORY. */
PstPicture *pst_example_picture(const PstExample *example, GError **error);

/** Reads a picture file as an example, shrunk so that its short side is at most PST_EXAMPLE_SIDE. Its size in the file
 *  goes to width and height, which may be NULL. FALSE with the errors of reading pictures, or PST_EXAMPLE_ERROR_SMALL
 *  where its short side is less than `least`. */
#define PST_EXAMPLE_SIDE 512
gboolean pst_example_read(PstExample *example, const char *path, int least, int *width, int *height,
                          GCancellable *cancellable, GError **error);

/** The paths of a folder's picture files (char *), told by their suffixes, by name; none where the folder can't be
 *  listed. */
GPtrArray *pst_example_list(const char *folder);

/** Part of an example: left, top, size in pixels. */
typedef struct {
    int x, y, width, height;
    gboolean mirrored; /* left and right exchanged */
} PstCrop;

/** The whole example. */
PstCrop pst_example_whole(const PstExample *example);

/** A square for training: its side uniform in the logarithm over smallest .. largest (no more than the example's short
 *  side), any place, mirrored half of the time. */
PstCrop pst_example_random_square(const PstExample *example, PstRandom *random, int smallest, int largest);

/** A part for styles: 70 to 100 % of each side, any place. */
PstCrop pst_example_random_part(const PstExample *example, PstRandom *random);

/** The pixels of a crop as an example of its own. */
PstExample pst_example_cut(const PstExample *example, PstCrop crop);

/** Resamples a crop to out [height][width][3], 0..1. Cubic convolution with a = -0.5 (Keys, IEEE Transactions on
 *  Acoustics, Speech and Signal Processing 29, 1981), widened to the crop's pixels per pixel when shrinking, so that
 *  nothing aliases; nothing outside the crop is read. */
void pst_example_resample(const PstExample *example, PstCrop crop, PstMap *out);

/** Mild changes of colour, in place: each channel's gain 0.92 .. 1.08, gamma 0.85 .. 1.18, saturation 0.8 .. 1.2. */
void pst_vary_colours(PstMap *rgb, PstRandom *random);
