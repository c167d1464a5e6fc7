/* What a picture looks like, in a few numbers that can be said in words. */
#pragma once

#include "engine/picture/picture.h"

#define PST_APPEARANCE_COLOURS 3

typedef enum {
    PST_MEASURE_LIGHT,     /* mean OKLab lightness, 0..1 */
    PST_MEASURE_CONTRAST,  /* its standard deviation */
    PST_MEASURE_CHROMA,    /* mean OKLab chroma, 0..about 0.3 */
    PST_MEASURE_FINENESS,  /* variance of light within 2 pixels over that within 16, at a short side of 256 */
    PST_MEASURE_DIRECTION, /* coherence of the structure tensor over the whole picture, 0..1: all strokes go one way */
    PST_MEASURE_STROKES, /* the same over squares of 16 pixels, weighted by their gradients: strokes have directions */
    PST_MEASURES
} PstMeasure;

typedef struct {
    guint8 palette[PST_APPEARANCE_COLOURS][3]; /* main colours, sRGB, the most frequent first */
    float measures[PST_MEASURES];
} PstAppearance;

/** Measures a picture, shrunk to a short side of 256. FALSE with the errors of pst_picture_resize(). */
gboolean pst_appearance_measure(const PstPicture *picture, PstAppearance *appearance, GCancellable *cancellable,
                                GError **error);
