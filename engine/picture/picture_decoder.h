/* A file's pixels row by row: what JPEG and PNG have in common. Private.
 *
 * Rows come in the file's order, top first, before orientation and colour conversion. */
#pragma once

#include "colour.h"
#include "picture.h"
#include "source.h"

G_BEGIN_DECLS

typedef struct _PstPictureDecoder PstPictureDecoder;

struct _PstPictureDecoder {
    PstSource *source;   /* borrowed */
    int width, height;   /* of the rows that it gives */
    PstPictureInfo info; /* width, height and dpi as stored, not yet upright; may be taken away after opening */
    PstRowLayout layout;
    PstColourSpec colour;
    guint64 memory;  /* bytes that decoding will need on top of the rows handed over, less */
    guint64 scratch; /* bytes that it will keep in a scratch file (see scratch_file.h) */

    /* `row` has room for width * pst_row_layout_pixel_size(). Call exactly height times. */
    gboolean (*read_row)(PstPictureDecoder *decoder, void *row, GError **error);
    /* After the last row: checks the rest of the file. */
    gboolean (*finish)(PstPictureDecoder *decoder, GError **error);
    void (*free)(PstPictureDecoder *decoder);
};

/* Read the header, up to where the pixels begin. They take no memory that grows with the picture's
 * size before the first read_row(). NULL on error. `max_scans` as in PstReadLimits, not 0;
 * `max_side` too. */
PstPictureDecoder *pst_jpeg_decoder_new(PstSource *source, int max_scans, int max_side, GError **error);
PstPictureDecoder *pst_png_decoder_new(PstSource *source, GError **error);

/* One of these by the file's first bytes. Errors also: FORMAT. */
PstPictureDecoder *pst_picture_decoder_open(PstSource *source, int max_scans, int max_side, GError **error);

/* For implementations: clears the common part. */
void pst_picture_decoder_clear(PstPictureDecoder *decoder);

/* For implementations: the error for a failure in a library, unless reading failed or was cancelled.
 * `detail` is the library's message, or NULL. */
void pst_picture_decoder_set_damaged(PstPictureDecoder *decoder, GError **error, const char *detail);

G_END_DECLS
