/* libjpeg's arrays of coefficients, kept in a scratch file instead of memory. Private.
 *
 * libjpeg asks its memory manager for "virtual" arrays where it needs a whole picture's coefficients: to decode a
 * progressive JPEG, and to encode with optimised Huffman tables. The manager of Debian's library holds them in
 * memory; these functions replace its own in jpeg->mem. (libjpeg.txt, "Memory management".)
 */
#pragma once

#include "scratch_file.h"

#include <stdio.h>

#include <jpeglib.h>

/* jpeg->client_data has to point to one of these. Zero-filled but for `owner` and `name` to begin with. */
typedef struct {
    gpointer owner;   /* for the callbacks of whoever uses libjpeg */
    const char *name; /* the picture, for errors; borrowed */
    GError *error;    /* why there is no room; to be looked at when libjpeg fails */
    /* private */
    GPtrArray *arrays;
    PstScratchFile *scratch;
    void (*realise)(j_common_ptr jpeg);
} PstJpegArrays;

/* Call it after jpeg_create_(de)compress(). */
void pst_jpeg_arrays_install(PstJpegArrays *arrays, j_common_ptr jpeg);

/* Call it after jpeg_destroy_(de)compress(). */
void pst_jpeg_arrays_clear(PstJpegArrays *arrays);
