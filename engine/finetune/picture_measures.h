/* Simple measures of a picture, before a style is learnt from it. */
#pragma once

#include "example.h"

#define PST_IMPRESSION 16 /* side of the small grey copy that near-duplicates are found by */

typedef struct {
    double sharpness; /* finest detail (pixels against their neighbours) over detail four times as coarse; about
                       * 0.25 .. 0.7, below PST_BLURRED: blurred or enlarged */
    double light;     /* mean luminance, 0 .. 1 */
    double colour;    /* mean chroma, 0 grey .. about 0.5 */
    double hue_focus; /* 0: hues all around, 1: one hue only; weighted by chroma */
    double middle;    /* detail in the middle ninth over that everywhere */
    gboolean framed;  /* straight edges along at least three sides: */
    PstCrop inside;   /* what they enclose, in pixels of the example */
    float impression[PST_IMPRESSION * PST_IMPRESSION]; /* mean 0, length 1 */
} PstPictureMeasures;

#define PST_BLURRED 0.22

void pst_picture_measure(const PstExample *example, PstPictureMeasures *measures);

/** How alike two pictures are, -1 .. 1; above 0.97 it is the same picture. */
double pst_picture_likeness(const PstPictureMeasures *a, const PstPictureMeasures *b);
