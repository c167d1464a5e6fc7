/* What a loader that a hostile file took over may say through the pipe: header, rows, end. */
#define _GNU_SOURCE /* memfd_create() */
#include "fuzz.h"

#include "engine/picture/picture_stream.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST = 1 << 20 };
    static int file = -1;
    if (file < 0)
        file = memfd_create("stream", 0);
    g_assert(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size && lseek(file, 0, SEEK_SET) == 0);
    const PstPictureStream stream = { file, NULL, 1000 };
    PstPictureDecoder decoder = { 0 };
    PstStreamFailure failure = { 0 };
    char *warning = NULL;
    PstStreamStatus status = pst_picture_stream_read_header(&stream, &decoder, &failure);
    gsize row_size = status == PST_STREAM_OK ? (gsize)decoder.width * pst_row_layout_pixel_size(&decoder.layout) : 0;
    if (status == PST_STREAM_OK && row_size <= MOST) {
        g_autofree guint8 *row = g_malloc(row_size);
        for (int y = 0; status == PST_STREAM_OK && y < decoder.height; y++)
            status = pst_picture_stream_read_row(&stream, row, row_size, &failure);
        if (status == PST_STREAM_OK)
            status = pst_picture_stream_read_end(&stream, &warning, &failure);
    }
    g_assert(status != PST_STREAM_FAILED || failure.detail);
    g_assert(!warning || (g_utf8_validate(warning, -1, NULL) && !strchr(warning, '\n')));
    g_assert(!failure.detail || (g_utf8_validate(failure.detail, -1, NULL) && !strchr(failure.detail, '\n')));
    g_free(warning);
    g_free(failure.detail);
    pst_picture_decoder_clear(&decoder);
    return 0;
}
