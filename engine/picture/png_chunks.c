#include "png_chunks.h"

#include <string.h>

enum { SIGNATURE = 8, CHECKSUM = 4 };

static void take_frame(PstPngChunks *chunks)
{
    const guint8 *frame = chunks->frame;
    chunks->size = (guint32)frame[0] << 24 | (guint32)frame[1] << 16 | (guint32)frame[2] << 8 | frame[3];
    chunks->left = (guint64)chunks->size + CHECKSUM;
    chunks->framed = 0;
    memcpy(chunks->name, frame + 4, 4);
}

gboolean pst_png_chunks_follow(PstPngChunks *chunks, const guint8 *data, gsize size)
{
    gboolean begins = FALSE;
    if (!chunks->begun) {
        chunks->begun = TRUE;
        chunks->left = SIGNATURE;
    }
    while (size > 0) {
        gsize step = chunks->left > 0 ? MIN(size, chunks->left) : MIN(size, sizeof chunks->frame - chunks->framed);
        begins = FALSE;
        if (chunks->left > 0) {
            chunks->left -= step;
        } else {
            memcpy(chunks->frame + chunks->framed, data, step);
            chunks->framed += step;
            begins = chunks->framed == sizeof chunks->frame;
            if (begins)
                take_frame(chunks);
        }
        data += step;
        size -= step;
    }
    return begins;
}

gboolean pst_png_chunks_are_beyond(const PstPngChunks *chunks, const char *name)
{
    return strcmp(chunks->name, name) != 0 || chunks->left == 0;
}
