/* Pictures that come and go by rows, so that their size is bounded by no one's memory. A picture in memory is a
 * source, too, and a sink. */
#pragma once

#include "engine/picture/picture.h"

/** Where a photograph's rows come from: a picture in memory, or what reads them from top to bottom, and once more after
 *  rewind(). Values are as in PstPicture. */
typedef struct {
    int width, height;
    gboolean alpha;
    const PstPicture *picture; /* borrowed; then the functions below are not called. Or NULL */

    /** Reads the next `rows` rows: rgb is [rows][width][3], alpha [rows][width] or NULL. FALSE on error. */
    gboolean (*read)(gpointer data, int rows, float *rgb, float *alpha, GError **error);

    /** Goes back to the first row. FALSE on error. */
    gboolean (*rewind)(gpointer data, GError **error);

    gpointer data;
} PstRowSource;

/** The source that a picture in memory is. */
PstRowSource pst_row_source(const PstPicture *picture);

/** Where a painting's rows go: to a picture in memory, or from top to bottom to what writes them. */
typedef struct {
    /** Gets a new picture of the source's size, alpha and, where that is a picture, info. It is the caller's. Left
     *  alone where painting fails. NULL: rows go to write(). */
    PstPicture **picture;

    /** Called on the painting thread when rows first .. first+rows-1 of the picture are final: ranges follow one
     *  another from the top to the last row. It may be read up to there until the call returns. May be NULL. */
    void (*finished)(const PstPicture *picture, int first, int rows, gpointer data);

    /** Takes the next `rows` rows, laid out as above; alpha is NULL where the photograph has none. FALSE on error. */
    gboolean (*write)(gpointer data, int rows, const float *rgb, const float *alpha, GError **error);

    gpointer data; /* of both */
} PstRowSink;

/** Lets rows go from source to sink as they are; `picture` has the size of the source and is what the sink will get, or
 *  NULL where it writes rows. FALSE where reading or writing fails, or cancelled. */
gboolean pst_rows_copy(const PstRowSource *source, const PstRowSink *sink, PstPicture *picture,
                       GCancellable *cancellable, GError **error);

/** Makes room for `rows` rows in planes of g_malloc() that hold fewer; alpha may be NULL. FALSE and
 *  PST_PICTURE_ERROR_MEMORY where there is none: the planes are as they were. */
gboolean pst_rows_grow(float **rgb, float **alpha, int width, int rows, GError **error);
