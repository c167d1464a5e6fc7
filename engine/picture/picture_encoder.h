/* What writing all formats has in common. Private. */
#pragma once

#include "metadata.h"
#include "row_writer.h"

/* Where the bytes go: a file or an array. */
typedef struct {
    const char *name;  /* for messages; borrowed */
    PstOutput *output; /* or */
    GByteArray *array;
    guint64 size;              /* bytes so far */
    GCancellable *cancellable; /* borrowed, may be NULL */
    GError *error;             /* the first failure, at which the encoder gives up */
} PstSink;

/* FALSE with sink->error set, also when cancelled. */
gboolean pst_sink_write(PstSink *sink, const void *data, gsize size);

/* The same in the middle of what was written, and reading there. */
gboolean pst_sink_write_at(PstSink *sink, guint64 at, const void *data, gsize size);
gboolean pst_sink_read_at(PstSink *sink, guint64 at, void *data, gsize size);

/* Its functions return FALSE with sink->error set; then it can only be freed. */
typedef struct _PstPictureEncoder PstPictureEncoder;

struct _PstPictureEncoder {
    PstSink *sink; /* borrowed */
    /* Call it exactly height times; `alpha` is looked at only where the picture has it. */
    gboolean (*write_row)(PstPictureEncoder *encoder, const float *rgb, const float *alpha);
    /* Begins the next layer, after the last row of the one before. NULL where the format has no layers. */
    gboolean (*begin_layer)(PstPictureEncoder *encoder, const PstPictureLayer *layer);
    gboolean (*finish)(PstPictureEncoder *encoder);
    void (*free)(PstPictureEncoder *encoder);
    /* The next rows are those of a part; `last`: there are no more. NULL where the format has no parts. */
    gboolean (*take_part)(PstPictureEncoder *encoder, const char *path, gboolean last);
};

/* Write the header. `options` is complete: only a `compression` of zero stands for a default. NULL with
 * sink->error set. */
PstPictureEncoder *pst_jpeg_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                        const PstWriteOptions *options, PstSink *sink);
PstPictureEncoder *pst_png_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                       const PstWriteOptions *options, PstSink *sink);
#if PST_HAVE_TIFF
PstPictureEncoder *pst_tiff_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                        const PstWriteOptions *options, PstSink *sink);
#endif
#if PST_HAVE_WEBP
PstPictureEncoder *pst_webp_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                        const PstWriteOptions *options, PstSink *sink);
#endif
#if PST_HAVE_OPENRASTER
PstPictureEncoder *pst_open_raster_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                               const PstWriteOptions *options, PstSink *sink);
#endif

/* Bytes that encoding a JPEG of that size keeps in a scratch file. */
guint64 pst_jpeg_encoder_spill(int width, int height);

/* The nearest of the levels 0..largest (at most 65535); out of range is clamped, not-a-number is 0. */
static inline int pst_quantise(float value, float largest)
{
    return value > 0 ? (int)((value < 1 ? value : 1) * largest + 0.5f) : 0;
}
