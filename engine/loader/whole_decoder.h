/* A decoder of a format that has no rows to give before the whole picture is decoded. Private. */
#pragma once

#include "loader_decoder.h"

typedef struct _PstWholeDecoder PstWholeDecoder;

struct _PstWholeDecoder {
    PstPictureDecoder base;
    const guint8 *rows; /* after decode() */
    gsize stride;       /* bytes from row to row */
    int next;           /* row */
    /* Decodes all and sets rows and stride. Called once. */
    gboolean (*decode)(PstWholeDecoder *whole, GError **error);
};

/* Sets what all have in common: format, size, layout, `free`, and the functions that hand over rows. The memory that is
 * needed is told as `copies` whole pictures. */
void pst_whole_decoder_init(PstWholeDecoder *whole, PstFormat format, int width, int height, PstRowLayout layout,
                            int copies, void (*free)(PstPictureDecoder *decoder));

/* Whether a picture of this size can be told of at all: FALSE, with an error, for 0 or more than INT_MAX a side. */
gboolean pst_whole_decoder_check_size(guint64 width, guint64 height, GError **error);

/* A new block for all rows, densely; NULL with MEMORY. */
guint8 *pst_whole_decoder_allocate(const PstWholeDecoder *whole, GError **error);
