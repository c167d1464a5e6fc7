/* The decoders of pastiche-loader, without their process. The first byte chooses the format, the picture follows. */
#include "fuzz.h"

#include "engine/loader/loader_decoder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST_PIXELS = 1 << 16, MOST_MEMORY = 64 << 20 };
    if (size < 2)
        return 0;
    g_autoptr(GBytes) file = g_bytes_new(data + 1, size - 1);
    const PstLoaderInput input = { file, MOST_MEMORY, data[0] & 0x80 ? 16 : 0 };
    PstFormat format = PST_FORMAT_TIFF + (data[0] & 0x7f) % (PST_FORMAT_RAW - PST_FORMAT_TIFF + 1);
    GError *error = NULL;
    PstPictureDecoder *decoder = pst_loader_open(format, &input, &error);
    g_assert(decoder || error);
    g_clear_error(&error);
    if (!decoder)
        return 0;
    /* Who asks for the rows has looked at this before. */
    if ((gint64)decoder->width * decoder->height <= MOST_PIXELS && decoder->memory <= MOST_MEMORY) {
        g_autofree guint8 *row = g_malloc((gsize)decoder->width * pst_row_layout_pixel_size(&decoder->layout));
        gboolean done = TRUE;
        for (int y = 0; done && y < decoder->height; y++)
            done = decoder->read_row(decoder, row, NULL);
        if (done)
            decoder->finish(decoder, NULL);
    }
    decoder->free(decoder);
    return 0;
}
