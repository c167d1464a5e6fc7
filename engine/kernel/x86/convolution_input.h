/* The input of a convolution: a map, perhaps doubled, with another added to it or masking it, and its padding. */
#pragma once

#include "engine/kernel/kernels.h"
#include "engine/kernel/reference.h"
#include "simd.h"

typedef struct {
    const PstMap *map;
    const PstMap *other;         /* added to the map, or where it must be positive; or NULL */
    const gint32 *columns;       /* offset of each column of the map from column -pad on; -1: zeros */
    const gint32 *other_columns; /* the same for `other` */
    const float *scale;          /* of each channel of a gradient, or NULL */
    PstView view;                /* of the map, where it is part of a larger one */
    PstView other_view;
    int height; /* of the input */
    int whole;  /* its width */
    int left;   /* columns of it that are used, padding not counted */
    int width;
    int pad;       /* rows and columns of padding that are used */
    bool reflect;  /* the padding reflects and `other` is added; else the padding is zero and `other` is a mask */
    bool upsample; /* the map has half the input's height and width */
} Input;

/** Floats of the table of columns for an input of this width, with what the tiles of its last columns reach. */
gsize PST_ISA(pst_input_size)(int width);

/** The input of a forward convolution to those outputs. The table of columns is written to `scratch`. */
Input PST_ISA(pst_input_forward)(const PstMap *x, const PstFusion *fusion, const PstExtent *extent, float *scratch);

/** A gradient, padded by `pad` zeros. Where y is not NULL it counts only where y > 0. */
Input PST_ISA(pst_input_gradient)(const PstMap *dy, const PstMap *y, int pad, float *scratch);

/** A row of the map, or NULL where it is zeros; row is the input's, -pad and beyond included. */
const float *PST_ISA(pst_input_row)(const Input *input, int row);

/** The same for `other`. */
const float *PST_ISA(pst_input_other_row)(const Input *input, int row);
