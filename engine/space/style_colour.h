/* The colours of a style: what means and covariances of RGB its statistics tell of, and how they change with these.
 *
 * Both are linear and learnt from parts of artworks in other colours (engine/pretrain/style_rows.h). Colours are mean
 * of RGB and the covariance's upper triangle, RR, RG, RB, GG, GB, BB.
 */
#pragma once

#include "style_space.h"

/** Colours [PST_SPACE_COLOUR] of standardised statistics. */
void pst_style_colour(const PstStyleSpace *space, const float *x, float *colour);

/** Moves standardised statistics, in place, to where colours have changed from `from` to `to`. */
void pst_style_colour_move(const PstStyleSpace *space, const float *from, const float *to, float *x);

/** What is asked of colours. */
typedef struct {
    float target[3];                      /* sRGB that they are drawn to, */
    double pull;                          /* 0: not at all .. 1: most of them; negative: away from it */
    double light, chroma, warm, contrast; /* as the effects of words, see lexicon.h */
} PstColourWish;

/** Applies a wish to colours, in place; they stay colours of a picture. */
void pst_colour_wish_apply(const PstColourWish *wish, float *colour);
