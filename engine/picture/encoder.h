/* What writing JPEG and PNG have in common. Private. */
#pragma once

#include "picture.h"
#include "writer.h"

G_BEGIN_DECLS

enum { PST_ENCODER_ROWS_PER_CHECK = 16 };

/* Where the bytes go: a file or an array. */
typedef struct {
    const char *name;  /* for messages; borrowed */
    PstOutput *output; /* or */
    GByteArray *array;
    GCancellable *cancellable; /* borrowed, may be NULL */
    GError *error;             /* the first failure, which the encoder leaves by */
} PstSink;

/* FALSE with sink->error set. */
gboolean pst_sink_write(PstSink *sink, const void *data, gsize size);

/* `options` is complete: no zero stands for a default any more. FALSE with sink->error set. */
gboolean pst_jpeg_encode(const PstPicture *picture, const PstWriteOptions *options, PstSink *sink);
gboolean pst_png_encode(const PstPicture *picture, const PstWriteOptions *options, PstSink *sink);

/* The nearest of the levels 0..largest; out of range is clamped, not-a-number is 0. */
static inline unsigned pst_quantise(float value, float largest)
{
    return value > 0 ? (unsigned)((value < 1 ? value : 1) * largest + 0.5f) : 0;
}

G_END_DECLS
