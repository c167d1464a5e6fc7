/* What writing JPEG and PNG have in common. Private. */
#pragma once

#include "metadata.h"
#include "row_writer.h"

G_BEGIN_DECLS

/* Where the bytes go: a file or an array. */
typedef struct {
    const char *name;  /* for messages; borrowed */
    PstOutput *output; /* or */
    GByteArray *array;
    GCancellable *cancellable; /* borrowed, may be NULL */
    GError *error;             /* the first failure, at which the encoder gives up */
} PstSink;

/* FALSE with sink->error set, also when cancelled. */
gboolean pst_sink_write(PstSink *sink, const void *data, gsize size);

/* Its functions return FALSE with sink->error set; then it can only be freed. */
typedef struct _PstPictureEncoder PstPictureEncoder;

struct _PstPictureEncoder {
    PstSink *sink; /* borrowed */
    /* Call it exactly height times; `alpha` is looked at only where the picture has it. */
    gboolean (*write_row)(PstPictureEncoder *encoder, const float *rgb, const float *alpha);
    gboolean (*finish)(PstPictureEncoder *encoder);
    void (*free)(PstPictureEncoder *encoder);
};

/* Write the header. `options` is complete: only a `compression` of zero stands for a default. NULL with
 * sink->error set. */
PstPictureEncoder *pst_jpeg_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                        const PstWriteOptions *options, PstSink *sink);
PstPictureEncoder *pst_png_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                       const PstWriteOptions *options, PstSink *sink);

/* Bytes that encoding a JPEG of that size keeps in a scratch file. */
guint64 pst_jpeg_encoder_spill(int width, int height);

/* The nearest of the levels 0..largest (at most 65535); out of range is clamped, not-a-number is 0. */
static inline int pst_quantise(float value, float largest)
{
    return value > 0 ? (int)((value < 1 ? value : 1) * largest + 0.5f) : 0;
}

G_END_DECLS
