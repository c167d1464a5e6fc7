/* What a loader process (loader_process.h) says of a picture, through a pipe: what is known of it, then its rows. Both
 * ends are of the same build on the same machine, so numbers are in its byte order. Private.
 *
 * The loader may have been taken over by a hostile file. So the reading end checks everything, and takes memory for
 * nothing that it has not checked. */
#pragma once

#include "picture_decoder.h"

/* The reading end. */
typedef struct {
    int fd;                    /* non-blocking or not */
    GCancellable *cancellable; /* borrowed, may be NULL */
    int patience;              /* milliseconds without a byte, after which it is given up */
} PstPictureStream;

typedef enum {
    PST_STREAM_OK,
    PST_STREAM_FAILED,    /* the loader says why: see PstStreamFailure */
    PST_STREAM_ENDED,     /* in the middle, or before the beginning */
    PST_STREAM_SENSELESS, /* what came is not what a loader says */
    PST_STREAM_SILENT,    /* out of patience */
    PST_STREAM_CANCELLED,
} PstStreamStatus;

/* Why a loader gave up. */
typedef struct {
    PstPictureError code;
    char *detail; /* one printable line; owned by who reads */
} PstStreamFailure;

/* Reads what is known of the picture into `decoder`: width, height, info, layout, colour, memory. */
PstStreamStatus pst_picture_stream_read_header(const PstPictureStream *stream, PstPictureDecoder *decoder,
                                               PstStreamFailure *failure);

/* Reads the next row, `size` bytes. */
PstStreamStatus pst_picture_stream_read_row(const PstPictureStream *stream, void *row, gsize size,
                                            PstStreamFailure *failure);

/* What follows the last row: `*warning`, which may be NULL, is owned by the caller. */
PstStreamStatus pst_picture_stream_read_end(const PstPictureStream *stream, char **warning, PstStreamFailure *failure);

/* The writing end, used by the loader. FALSE where nobody reads any more. */
gboolean pst_picture_stream_write_header(int fd, const PstPictureDecoder *decoder);
gboolean pst_picture_stream_write_row(int fd, const void *row, gsize size);
gboolean pst_picture_stream_write_end(int fd, const char *warning);
gboolean pst_picture_stream_write_failure(int fd, PstPictureError code, const char *detail);
