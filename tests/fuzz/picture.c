/* Reading JPEG and PNG by rows, and writing what goes with them: EXIF, XMP, IPTC, texts. The first byte chooses
 * options; the picture follows. */
#include "fuzz.h"

#include "engine/picture/row_reader.h"
#include "engine/picture/row_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const PstReadLimits limits = { .max_pixels = 1 << 16,
                                   .max_memory = 64 << 20,
                                   .max_scans = 20,
                                   .salvage = data[0] & 1,
                                   .own_profile = (data[0] & 2) != 0 };
    const PstProvenanceStyle style = { "Style", "Licence" };
    const PstProvenance provenance = { "Program", &style, 1, FALSE };
    const PstWriteOptions options = { .format = data[0] & 4 ? PST_FORMAT_JPEG : PST_FORMAT_PNG,
                                      .metadata = data[0] & 8 ? PST_METADATA_ALL : PST_METADATA_PRIVATE,
                                      .provenance = &provenance };
    g_autoptr(GBytes) bytes = g_bytes_new(data + 1, size - 1);
    g_autoptr(PstRowReader) reader = pst_row_reader_open_bytes(bytes, "fuzz", &limits, NULL, NULL);
    if (!reader)
        return 0;
    const PstPictureInfo *info = pst_row_reader_info(reader);
    g_autofree float *rgb = g_new(float, (gsize)info->width * 3), *alpha = g_new(float, (gsize)info->width);
    for (int y = 0; y < info->height; y++)
        if (!pst_row_reader_read(reader, 1, rgb, alpha, NULL))
            break;
    PstPictureInfo small = *info; /* borrows; one row suffices */
    small.height = 1;
    g_autoptr(PstRowWriter) writer = pst_row_writer_open_bytes(&small, &options, NULL, NULL);
    g_autofree char *lost = writer ? pst_row_writer_lost(writer) : NULL;
    if (writer && pst_row_writer_write(writer, 1, rgb, alpha, NULL))
        g_bytes_unref(pst_row_writer_commit_bytes(writer, NULL));
    return 0;
}
