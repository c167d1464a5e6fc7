/* A picture with alpha that comes and goes by rows. */
#pragma once

#include "engine/paint/rows.h"

#include <string.h>

typedef struct {
    const PstPicture *photo;
    int read, written;
    PstPicture *result;
} PhotoRows;

static inline gboolean read_rows(gpointer data, int rows, float *rgb, float *alpha, GError **error)
{
    PhotoRows *r = data;
    gsize width = r->photo->width;

    memcpy(rgb, r->photo->rgb + 3 * width * r->read, 3 * width * rows * sizeof(float));
    memcpy(alpha, r->photo->alpha + width * r->read, width * rows * sizeof(float));
    r->read += rows;
    return TRUE;
}

static inline gboolean rewind_rows(gpointer data, GError **error)
{
    ((PhotoRows *)data)->read = 0;
    return TRUE;
}

static inline gboolean write_rows(gpointer data, int rows, const float *rgb, const float *alpha, GError **error)
{
    PhotoRows *r = data;
    gsize width = r->photo->width;

    memcpy(r->result->rgb + 3 * width * r->written, rgb, 3 * width * rows * sizeof(float));
    memcpy(r->result->alpha + width * r->written, alpha, width * rows * sizeof(float));
    r->written += rows;
    return TRUE;
}
