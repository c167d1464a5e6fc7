/* Pictures that come and go by rows, so that their size is bounded by no one's memory. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** Where a photograph's rows come from, from top to bottom, and once more after rewind(). Values are as in PstPicture. */
typedef struct {
    int width, height;
    gboolean alpha; /* whether read() is asked for it */
    /** Reads the next `rows` rows: rgb is [rows][width][3], alpha [rows][width] or NULL. FALSE on error. */
    gboolean (*read)(gpointer data, int rows, float *rgb, float *alpha, GError **error);
    /** Goes back to the first row. FALSE on error. */
    gboolean (*rewind)(gpointer data, GError **error);
    gpointer data;
} PstRowSource;

/** Where a painting's rows go, from top to bottom. */
typedef struct {
    /** Takes the next `rows` rows, laid out as above; alpha is NULL where the photograph has none. FALSE on error. */
    gboolean (*write)(gpointer data, int rows, const float *rgb, const float *alpha, GError **error);
    gpointer data;
} PstRowSink;

G_END_DECLS
