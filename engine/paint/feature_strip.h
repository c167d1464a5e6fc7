/* Rows of a feature map as wide as the picture, on their way from one stage of the pipeline to another. */
#pragma once

#include <glib.h>

#include "range.h"

typedef struct {
    int level; /* the map has 1/2^level of the padded picture's sides */
    int channels;
    gboolean half; /* stored in 16 bits (halves.h): never negative */
    int height;    /* of the map */
    int width;
    int held;   /* rows: row r lies at r % held */
    void *data; /* [held][width][channels], or NULL */
} PstFeatureStrip;

/** A strip without room for rows, for a padded picture of these sides. */
PstFeatureStrip pst_feature_strip(int padded_width, int padded_height, int level, int channels, gboolean half);

/** Bytes of `rows` rows. */
gsize pst_feature_strip_bytes(const PstFeatureStrip *strip, int rows);

/** Makes room for `rows` rows (at most the height), not cleared. */
void pst_feature_strip_hold(PstFeatureStrip *strip, int rows);
void pst_feature_strip_clear(PstFeatureStrip *strip);

/** Stores `count` pixels of a row from `column` on, or gives them back. Disjoint pixels may be stored by several
 *  threads at once. */
void pst_feature_strip_write(PstFeatureStrip *strip, int row, int column, int count, const float *values);
void pst_feature_strip_read(const PstFeatureStrip *strip, int row, int column, int count, float *values);
