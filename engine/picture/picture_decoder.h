/* A file's pixels row by row: what the decoders of all formats have in common. Private.
 *
 * Rows come in the file's order, top first, before orientation and colour conversion. */
#pragma once

#include "colour.h"
#include "format.h"
#include "picture.h"
#include "source.h"

typedef struct _PstPictureDecoder PstPictureDecoder;

/* What PstReadLimits says to decoders; `max_scans` is not 0. */
typedef struct {
    int max_scans, max_side;
    guint64 max_memory;
    gboolean salvage;
} PstDecoderOptions;

struct _PstPictureDecoder {
    PstSource *source;   /* borrowed */
    int width, height;   /* of the rows that it gives */
    PstPictureInfo info; /* width, height and dpi as stored, not yet upright; may be taken away after opening */
    PstRowLayout layout;
    PstColourSpec colour;
    gboolean salvage; /* damaged pixels are no error */
    guint64 memory;   /* bytes that decoding will need on top of the rows handed over, less */
    guint64 scratch;  /* bytes that it will keep in a scratch file (see scratch_file.h) */

    /* `row` has room for width * pst_row_layout_pixel_size(). Call exactly height times. */
    gboolean (*read_row)(PstPictureDecoder *decoder, void *row, GError **error);
    /* After the last row: checks the rest of the file. */
    gboolean (*finish)(PstPictureDecoder *decoder, GError **error);
    void (*free)(PstPictureDecoder *decoder);
};

/* Read the header, up to where the pixels begin. They take no memory that grows with the picture's
 * size before the first read_row(). NULL on error. */
PstPictureDecoder *pst_jpeg_decoder_new(PstSource *source, const PstDecoderOptions *options, GError **error);
PstPictureDecoder *pst_png_decoder_new(PstSource *source, const PstDecoderOptions *options, GError **error);
/* All other formats. Errors also: UNSUPPORTED. */
PstPictureDecoder *pst_loaded_decoder_new(PstSource *source, PstFormat format, const PstDecoderOptions *options,
                                          GError **error);

/* One of these by the file's first bytes. Errors also: FORMAT. */
PstPictureDecoder *pst_picture_decoder_open(PstSource *source, const PstDecoderOptions *options, GError **error);

/* For implementations: clears the common part. */
void pst_picture_decoder_clear(PstPictureDecoder *decoder);

/* For implementations: the error for a failure in a library, unless reading failed or was cancelled.
 * `detail` is the library's message, or NULL: the file ends too early. */
void pst_picture_decoder_set_damaged(PstPictureDecoder *decoder, GError **error, const char *detail);

/* For implementations: warns that pixels are missing. */
void pst_picture_decoder_warn_salvaged(PstPictureDecoder *decoder);
