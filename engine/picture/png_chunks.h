/* Where in a PNG reading stands: the chunks, followed in the bytes as they go by. Private. */
#pragma once

#include <glib.h>

/* Zero-filled before the first byte of the file. */
typedef struct {
    char name[5]; /* of the chunk that reading is in, or "" */
    guint32 size; /* bytes that it says it has, without its frame */
    guint64 left; /* bytes up to the next chunk's frame, checksum included */
    /* private */
    gboolean begun;
    guint8 frame[8];
    gsize framed;
} PstPngChunks;

/* The next `size` bytes of the file. TRUE where they end with the frame (size and name) of a chunk. */
gboolean pst_png_chunks_follow(PstPngChunks *chunks, const guint8 *data, gsize size);

/* Whether the last chunk of that name was read to its end, seeing that reading has come to one. */
gboolean pst_png_chunks_are_beyond(const PstPngChunks *chunks, const char *name);
