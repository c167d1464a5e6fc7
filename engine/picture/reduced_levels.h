/* Smaller copies of a picture, each half as large as the one before, made row by row while it goes by: the pyramid of a
 * tiled TIFF. They lie in scratch files. Private. */
#pragma once

#include "scratch_file.h"

#define PST_PYRAMID_PIXELS 100000000 /* of a picture that is written as a pyramid, at least */

typedef struct {
    int width, height;
    PstScratchFile *rows; /* dense */
    int filled;           /* rows */
} PstReducedLevel;

typedef struct {
    int channels, depth; /* of samples of 8 or 16 bits; the last channel is alpha where `alpha` */
    gboolean alpha;
    int count;
    PstReducedLevel levels[32];
    gpointer waiting; /* the picture's last row of an odd number */
} PstReducedLevels;

/* How many levels there are down to `least` pixels of the longer side. */
int pst_reduced_levels_count(int width, int height, int least);

/* Makes so many levels. FALSE on error, those of pst_scratch_file_new(). */
gboolean pst_reduced_levels_init(PstReducedLevels *levels, int width, int height, int channels, int depth,
                                 gboolean alpha, int count, const char *name, GError **error);

/* The picture's next row, `width` pixels of it; `last`: there are no more. Means of 2x2 pixels, of colours by their
 * alpha; at an odd edge of those that are there. */
void pst_reduced_levels_put(PstReducedLevels *levels, const void *row, int width, gboolean last);

/* The next row of level `index`, which was made elsewhere, in place of all rows of the levels above. */
void pst_reduced_levels_put_at(PstReducedLevels *levels, int index, const void *row, gboolean last);

/* Bytes of scratch files for a picture of that size with alpha at 16 bits that is written as a pyramid, otherwise 0. */
guint64 pst_reduced_levels_spill(int width, int height);

void pst_reduced_levels_clear(PstReducedLevels *levels);
