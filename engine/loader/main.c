/* pastiche-loader: decodes one picture for another process (engine/picture/loader_process.h).
 *   pastiche-loader SUFFIX MEMORY SIDE
 * SUFFIX tells the format, MEMORY the bytes that it may take, SIDE is PstReadLimits.max_side. Descriptor 3 is the file.
 * What is known of the picture goes to standard output (engine/picture/picture_stream.h) at once, its rows when
 * standard input ends. */
#include "confinement.h"
#include "loader_decoder.h"

#include "engine/picture/picture_stream.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if PST_HAVE_HEIF
#include <libheif/heif.h>
#endif

enum { PICTURE = 3 };

static GBytes *map_file(int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || status.st_size <= 0)
        return NULL;
    void *data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    return data == MAP_FAILED ? NULL : g_bytes_new_static(data, (gsize)status.st_size);
}

static gboolean decode_rows(PstPictureDecoder *decoder, GError **error)
{
    gsize size = (gsize)decoder->width * pst_row_layout_pixel_size(&decoder->layout);
    g_autofree guint8 *row = g_try_malloc(size);
    g_autofree char *told = g_strdup(decoder->info.warning);
    if (!row)
        return pst_loader_fail(error, PST_PICTURE_ERROR_MEMORY, NULL);
    for (int y = 0; y < decoder->height; y++) {
        if (!decoder->read_row(decoder, row, error))
            return FALSE;
        if (!pst_picture_stream_write_row(STDOUT_FILENO, row, size))
            exit(EXIT_FAILURE); /* nobody listens any more */
    }
    if (!decoder->finish(decoder, error))
        return FALSE;
    pst_picture_stream_write_end(STDOUT_FILENO, told ? NULL : decoder->info.warning);
    return TRUE;
}

static void wait_for_request(void)
{
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return EXIT_FAILURE;
    g_autofree char *name = g_strconcat("picture.", argv[1], NULL);
    PstLoaderInput input = { map_file(PICTURE), g_ascii_strtoull(argv[2], NULL, 10), atoi(argv[3]) };
    GError *error = NULL;
#if PST_HAVE_HEIF
    heif_init(NULL); /* may load parts of itself */
#endif
    gsize mapped = input.file ? g_bytes_get_size(input.file) : 0;
    close(PICTURE);
    if (!pst_confine(input.memory + mapped))
        return EXIT_FAILURE;
    PstPictureDecoder *decoder = NULL;
    if (input.file)
        decoder = pst_loader_open(pst_format_from_suffix(name), &input, &error);
    else
        pst_loader_fail(&error, PST_PICTURE_ERROR_IO, N_("it can't be mapped into memory"));
    if (decoder) {
        pst_picture_stream_write_header(STDOUT_FILENO, decoder);
        wait_for_request();
        if (decode_rows(decoder, &error))
            decoder->free(decoder);
    }
    if (error)
        pst_picture_stream_write_failure(STDOUT_FILENO, (PstPictureError)error->code, error->message);
    return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
