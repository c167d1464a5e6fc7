/* Reflection padding: a picture as the networks take it, three channels and sides of multiples of 8. */
#pragma once

#include "engine/kernel/map.h"
#include "engine/picture/picture.h"

/* The coarsest features are at 1/8 of the picture. */
#define PST_PADDING_STEP 8

/** A side rounded up to a multiple of 8. */
int pst_padded_side(int side);

/** The row or column, of n, of a picture that row or column i (0 or more) of the padded one shows: reflected beyond
 *  the edge. */
int pst_padding_reflect(int i, int n);

/** One row of the padded picture: `count` pixels from column `left` on, made from a picture's row of `width` pixels;
 *  alpha may be NULL. */
void pst_padded_row(const float *rgb, const float *alpha, int width, int left, int count, float *padded);

/** Fills padded (3 channels) with the picture's rows from `first` on. Beyond the right and lower edge the picture
 *  is reflected without repeating the edge. Transparent parts are composited on white. */
void pst_padded_fill(const PstPicture *picture, int first, PstMap *padded);
