#include "picture_stream.h"

#include "metadata.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum {
    MAGIC = 0x50535402, /* its last byte counts up with each change */
    MAX_LINE = 200,     /* bytes of a text */
    MAX_PART = 16 << 20,
};

enum Mark { HEADER = 'h', ROW = 'r', END = 'e', FAILURE = 'f' };

enum Part { ICC, EXIF, XMP, IPTC, RECIPE, WARNING, COLOUR_NAME, PARTS };

/* Its parts follow, one after the other. */
typedef struct {
    guint32 magic;
    gint32 width, height, full_width, full_height;
    gint32 format, colour, depth, alpha, progressive, orientation;
    gint32 layout_colour, layout_depth, layout_alpha;
    guint32 lost;
    gint32 transfer, colour_by;
    double dpi_x, dpi_y, gamma, chromaticities[8];
    guint64 memory;
    guint32 sizes[PARTS];
} Header;

/* ---- the reading end ---------------------------------------------------------------------------- */

static PstStreamStatus wait_for_bytes(const PstPictureStream *stream)
{
    GPollFD polled[2] = { { .fd = stream->fd, .events = G_IO_IN } };
    gboolean cancellable = g_cancellable_make_pollfd(stream->cancellable, &polled[1]);
    int ready = g_poll(polled, cancellable ? 2 : 1, stream->patience);
    if (cancellable)
        g_cancellable_release_fd(stream->cancellable);
    if (g_cancellable_is_cancelled(stream->cancellable))
        return PST_STREAM_CANCELLED;
    return ready == 0 ? PST_STREAM_SILENT : PST_STREAM_OK;
}

static PstStreamStatus read_bytes(const PstPictureStream *stream, void *buffer, gsize size)
{
    guint8 *next = buffer;
    while (size > 0) {
        PstStreamStatus status = wait_for_bytes(stream);
        if (status != PST_STREAM_OK)
            return status;
        gssize got = read(stream->fd, next, size);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got <= 0)
            return PST_STREAM_ENDED;
        next += got;
        size -= (gsize)got;
    }
    return PST_STREAM_OK;
}

/* One line that can be shown, whatever was sent. */
static char *read_line(const PstPictureStream *stream, guint32 size, PstStreamStatus *status)
{
    char text[MAX_LINE + 1] = { 0 };
    *status = size > MAX_LINE ? PST_STREAM_SENSELESS : read_bytes(stream, text, size);
    if (*status != PST_STREAM_OK)
        return NULL;
    char *line = g_utf8_make_valid(text, -1);
    for (char *p = line; *p; p = g_utf8_next_char(p))
        if (g_unichar_iscntrl(g_utf8_get_char(p)) || g_unichar_type(g_utf8_get_char(p)) == G_UNICODE_FORMAT)
            memset(p, '?', (gsize)(g_utf8_next_char(p) - p));
    return line;
}

static GBytes *read_part(const PstPictureStream *stream, guint32 size, PstStreamStatus *status)
{
    g_autofree guint8 *data = size <= MAX_PART ? g_try_malloc(MAX(size, 1)) : NULL;
    *status = data ? read_bytes(stream, data, size) : PST_STREAM_SENSELESS;
    return *status == PST_STREAM_OK && size > 0 ? g_bytes_new_take(g_steal_pointer(&data), size) : NULL;
}

static PstStreamStatus read_failure(const PstPictureStream *stream, PstStreamFailure *failure)
{
    guint32 said[2];
    PstStreamStatus status = read_bytes(stream, said, sizeof said);
    if (status != PST_STREAM_OK)
        return status;
    failure->code = said[0] <= PST_PICTURE_ERROR_IO ? (PstPictureError)said[0] : PST_PICTURE_ERROR_DAMAGED;
    failure->detail = read_line(stream, said[1], &status);
    return status == PST_STREAM_OK ? PST_STREAM_FAILED : status;
}

/* The next mark, which has to be `expected`. */
static PstStreamStatus read_mark(const PstPictureStream *stream, enum Mark expected, PstStreamFailure *failure)
{
    guint8 mark;
    PstStreamStatus status = read_bytes(stream, &mark, 1);
    if (status != PST_STREAM_OK)
        return status;
    if (mark == FAILURE)
        return read_failure(stream, failure);
    return mark == expected ? PST_STREAM_OK : PST_STREAM_SENSELESS;
}

static gboolean is_flag(gint32 value)
{
    return value == TRUE || value == FALSE;
}

static gboolean is_between(double value, double least, double most)
{
    return value >= least && value <= most; /* not-a-number is not */
}

static gboolean is_sane(const Header *h)
{
    gboolean sane = h->magic == MAGIC && h->width > 0 && h->height > 0 && h->full_width >= h->width &&
                    h->full_height >= h->height;
    sane = sane && h->format > PST_FORMAT_PNG && h->format <= PST_FORMAT_RAW && h->depth >= 1 && h->depth <= 64;
    sane = sane && h->colour >= PST_COLOUR_GREY && h->colour <= PST_COLOUR_CMYK && is_flag(h->alpha) &&
           is_flag(h->progressive) && h->orientation >= 1 && h->orientation <= 8;
    sane = sane && (h->layout_colour == PST_COLOUR_GREY || h->layout_colour == PST_COLOUR_RGB ||
                    h->layout_colour == PST_COLOUR_CMYK);
    sane = sane && (h->layout_depth == 8 || h->layout_depth == 16) && is_flag(h->layout_alpha) &&
           !(h->layout_alpha && h->layout_colour == PST_COLOUR_CMYK) && h->layout_alpha == h->alpha;
    sane = sane && is_between(h->dpi_x, 0, 1e6) && is_between(h->dpi_y, 0, 1e6) && is_between(h->gamma, 0, 100) &&
           h->transfer >= 0 && h->transfer <= 255 && h->colour_by >= PST_COLOUR_BY_NOTHING &&
           h->colour_by <= PST_COLOUR_BY_SAMPLES;
    for (gsize i = 0; i < G_N_ELEMENTS(h->chromaticities); i++)
        sane = sane && isfinite(h->chromaticities[i]);
    return sane;
}

static void take_header(const Header *h, PstPictureDecoder *decoder)
{
    PstPictureInfo *info = &decoder->info;
    decoder->width = info->width = h->width;
    decoder->height = info->height = h->height;
    info->full_width = h->full_width;
    info->full_height = h->full_height;
    info->format = (PstFormat)h->format;
    info->colour = (PstColour)h->colour;
    info->depth = h->depth;
    info->alpha = h->alpha;
    info->progressive = h->progressive;
    info->orientation = h->orientation;
    info->dpi_x = h->dpi_x;
    info->dpi_y = h->dpi_y;
    info->lost = h->lost;
    decoder->layout = (PstRowLayout){ (PstColour)h->layout_colour, h->layout_depth, h->layout_alpha };
    decoder->colour.gamma = h->gamma;
    decoder->colour.transfer = h->transfer;
    decoder->colour.by = (PstColourBy)h->colour_by;
    memcpy(decoder->colour.chromaticities, h->chromaticities, sizeof h->chromaticities);
    decoder->memory = h->memory;
}

static PstStreamStatus read_parts(const PstPictureStream *stream, const Header *h, PstPictureDecoder *decoder)
{
    PstPictureInfo *info = &decoder->info;
    GBytes **parts[] = {
        [ICC] = &decoder->colour.icc, [EXIF] = &info->exif, [XMP] = NULL, [IPTC] = &info->iptc, [RECIPE] = NULL
    };
    PstStreamStatus status = PST_STREAM_OK;
    for (int i = ICC; i <= RECIPE && status == PST_STREAM_OK; i++) {
        g_autoptr(GBytes) part = read_part(stream, h->sizes[i], &status);
        if (part && parts[i])
            *parts[i] = g_steal_pointer(&part);
        else if (part && i == RECIPE)
            pst_metadata_take_recipe(info, g_bytes_get_data(part, NULL), g_bytes_get_size(part));
        else if (part)
            pst_metadata_take_xmp(info, g_bytes_get_data(part, NULL), g_bytes_get_size(part));
    }
    if (status == PST_STREAM_OK && h->sizes[WARNING] > 0)
        info->warning = read_line(stream, h->sizes[WARNING], &status);
    if (status == PST_STREAM_OK && h->sizes[COLOUR_NAME] > 0) {
        g_autofree char *name = read_line(stream, h->sizes[COLOUR_NAME], &status);
        decoder->colour.name = name ? pst_colour_spec_name(name) : NULL;
    }
    return status;
}

PstStreamStatus pst_picture_stream_read_header(const PstPictureStream *stream, PstPictureDecoder *decoder,
                                               PstStreamFailure *failure)
{
    Header header;
    PstStreamStatus status = read_mark(stream, HEADER, failure);
    if (status == PST_STREAM_OK)
        status = read_bytes(stream, &header, sizeof header);
    if (status == PST_STREAM_OK && !is_sane(&header))
        status = PST_STREAM_SENSELESS;
    if (status != PST_STREAM_OK)
        return status;
    take_header(&header, decoder);
    return read_parts(stream, &header, decoder);
}

PstStreamStatus pst_picture_stream_read_row(const PstPictureStream *stream, void *row, gsize size,
                                            PstStreamFailure *failure)
{
    PstStreamStatus status = read_mark(stream, ROW, failure);
    return status == PST_STREAM_OK ? read_bytes(stream, row, size) : status;
}

PstStreamStatus pst_picture_stream_read_end(const PstPictureStream *stream, char **warning, PstStreamFailure *failure)
{
    guint32 size;
    *warning = NULL;
    PstStreamStatus status = read_mark(stream, END, failure);
    if (status == PST_STREAM_OK)
        status = read_bytes(stream, &size, sizeof size);
    if (status == PST_STREAM_OK && size > 0)
        *warning = read_line(stream, size, &status);
    return status;
}

/* ---- the writing end ---------------------------------------------------------------------------- */

static gboolean write_bytes(int fd, const void *data, gsize size)
{
    const guint8 *next = data;
    while (size > 0) {
        gssize written = write(fd, next, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return FALSE;
        next += written;
        size -= (gsize)written;
    }
    return TRUE;
}

static gboolean write_mark(int fd, enum Mark mark)
{
    guint8 byte = (guint8)mark;
    return write_bytes(fd, &byte, 1);
}

static guint32 line_size(const char *line)
{
    return line ? (guint32)MIN(strlen(line), MAX_LINE) : 0;
}

gboolean pst_picture_stream_write_header(int fd, const PstPictureDecoder *decoder)
{
    const PstPictureInfo *info = &decoder->info;
    const PstColourSpec *colour = &decoder->colour;
    g_autoptr(GBytes) recipe = info->recipe ? g_bytes_new_static(info->recipe, strlen(info->recipe)) : NULL;
    GBytes *const parts[] = {
        [ICC] = colour->icc, [EXIF] = info->exif, [XMP] = info->xmp, [IPTC] = info->iptc, [RECIPE] = recipe
    };
    Header header;
    memset(&header, 0, sizeof header); /* between its members, too */
    header.magic = MAGIC;
    header.width = decoder->width;
    header.height = decoder->height;
    header.full_width = info->full_width;
    header.full_height = info->full_height;
    header.format = (gint32)info->format;
    header.colour = (gint32)info->colour;
    header.depth = info->depth;
    header.alpha = info->alpha;
    header.progressive = info->progressive;
    header.orientation = info->orientation;
    header.layout_colour = (gint32)decoder->layout.colour;
    header.layout_depth = decoder->layout.depth;
    header.layout_alpha = decoder->layout.alpha;
    header.lost = info->lost;
    header.transfer = colour->transfer;
    header.colour_by = colour->by;
    header.dpi_x = info->dpi_x;
    header.dpi_y = info->dpi_y;
    header.gamma = colour->gamma;
    memcpy(header.chromaticities, colour->chromaticities, sizeof header.chromaticities);
    header.memory = decoder->memory;
    for (int i = ICC; i <= RECIPE; i++) {
        gsize size = parts[i] ? g_bytes_get_size(parts[i]) : 0;
        header.sizes[i] = size <= MAX_PART ? (guint32)size : 0;
    }
    header.sizes[WARNING] = line_size(info->warning);
    header.sizes[COLOUR_NAME] = line_size(colour->name);
    gboolean written = write_mark(fd, HEADER) && write_bytes(fd, &header, sizeof header);
    for (int i = ICC; i <= RECIPE; i++)
        written = written &&
                  (header.sizes[i] == 0 || write_bytes(fd, g_bytes_get_data(parts[i], NULL), header.sizes[i]));
    return written && write_bytes(fd, info->warning, header.sizes[WARNING]) &&
           write_bytes(fd, colour->name, header.sizes[COLOUR_NAME]);
}

gboolean pst_picture_stream_write_row(int fd, const void *row, gsize size)
{
    return write_mark(fd, ROW) && write_bytes(fd, row, size);
}

gboolean pst_picture_stream_write_end(int fd, const char *warning)
{
    guint32 size = line_size(warning);
    return write_mark(fd, END) && write_bytes(fd, &size, sizeof size) && write_bytes(fd, warning, size);
}

gboolean pst_picture_stream_write_failure(int fd, PstPictureError code, const char *detail)
{
    guint32 said[2] = { (guint32)code, line_size(detail) };
    return write_mark(fd, FAILURE) && write_bytes(fd, said, sizeof said) && write_bytes(fd, detail, said[1]);
}
