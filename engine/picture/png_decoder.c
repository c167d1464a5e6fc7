/* PNG by libpng. */
#include "picture_decoder.h"
#include "error.h"
#include "exif.h"
#include "metadata.h"
#include "png_chunks.h"
#include "scratch_file.h"

#include <glib/gi18n-lib.h>
#include <setjmp.h>
#include <string.h>

#include <png.h>

enum {
    MAX_CHUNK_SIZE = 4 << 20, /* unpacked, for profiles and text; MAX_CHUNKS of them are kept at most */
    MAX_CHUNKS = 64,          /* kept ancillary ones */
    MAX_EXIF_SIZE = 1 << 20,
    SIGNATURE_SIZE = 8,
};

typedef struct {
    PstPictureDecoder base;
    png_structp png;
    png_infop header;
    PstPngChunks chunks;
    char message[160];
    gboolean profile_refused; /* libpng found the iCCP chunk broken */
    gboolean says_colour;     /* in a chunk of its own */
    gboolean is_interlaced, started;
    int next_row, texts;
    gsize row_size;
    char passed_over[5];    /* name of the chunk that is, or "" */
    PstScratchFile *passes; /* interlaced only: the rows of the seven passes, one after the other */
    guint8 *pass_row;
    gboolean no_memory;
    GError *error; /* a failure outside libpng */
} PngDecoder;

static void png_failed(png_structp png, png_const_charp message)
{
    PngDecoder *self = png_get_error_ptr(png);
    g_strlcpy(self->message, message, sizeof self->message);
    png_longjmp(png, 1);
}

/* Whether what begins with the name of a chunk is about a text. */
static gboolean is_text(const char *name)
{
    return strncmp(name, "tEXt", 4) == 0 || strncmp(name, "zTXt", 4) == 0 || strncmp(name, "iTXt", 4) == 0;
}

static void png_warned(png_structp png, png_const_charp message)
{
    PngDecoder *self = png_get_error_ptr(png);
    if (g_str_has_prefix(message, "iCCP"))
        self->profile_refused = TRUE;
    else if (strstr(message, "CRC error"))
        pst_picture_info_warn(&self->base.info, "damaged side information was ignored");
    else if (is_text(message)) /* such as one that is larger unpacked than may be kept */
        self->base.info.lost |= PST_LOST_TEXTS;
}

/* A chunk is to begin. libpng takes the memory that one says it has before it reads it; what is larger than can be kept
 * is passed over instead. */
static void choose_handling(PngDecoder *self)
{
    const PstPngChunks *chunks = &self->chunks;
    gboolean ancillary = g_ascii_islower(chunks->name[0]), large = ancillary && chunks->size > MAX_CHUNK_SIZE;
    if (large && is_text(chunks->name))
        self->base.info.lost |= PST_LOST_TEXTS;
    if (large)
        png_set_keep_unknown_chunks(self->png, PNG_HANDLE_CHUNK_NEVER, (png_const_bytep)chunks->name, 1);
    else if (self->passed_over[0])
        png_set_keep_unknown_chunks(self->png, PNG_HANDLE_CHUNK_AS_DEFAULT, (png_const_bytep)self->passed_over, 1);
    g_strlcpy(self->passed_over, large ? chunks->name : "", sizeof self->passed_over);
}

static void png_fill(png_structp png, png_bytep data, size_t size)
{
    PngDecoder *self = png_get_io_ptr(png);
    gsize got = pst_source_read(self->base.source, data, size);
    if (got < size && !(self->base.salvage && got > 0 && strcmp(self->chunks.name, "IDAT") == 0))
        png_error(png, "the file ends too early");
    memset(data + got, 0, size - got); /* libpng asks for a good deal of pixels at once, and these are the last */
    if (pst_png_chunks_follow(&self->chunks, data, size))
        choose_handling(self);
}

static void set_error(PngDecoder *self, GError **error)
{
    if (self->error)
        g_propagate_error(error, g_steal_pointer(&self->error));
    else if (self->no_memory || strstr(self->message, "memory") != NULL)
        pst_picture_set_error(error, PST_PICTURE_ERROR_MEMORY, self->base.source->name, "not enough memory");
    else
        pst_picture_decoder_set_damaged(&self->base, error, self->base.source->ended ? NULL : self->message);
}

/* Where row `row` of a pass begins in the scratch file. */
static gsize pass_offset(const PngDecoder *self, int pass, gsize row)
{
    gsize pixel = pst_row_layout_pixel_size(&self->base.layout), offset = 0;
    for (int i = 0; i < pass; i++)
        offset += (gsize)PNG_PASS_ROWS((gint64)self->base.height, i) *
                  (gsize)PNG_PASS_COLS((gint64)self->base.width, i);
    return (offset + row * (gsize)PNG_PASS_COLS((gint64)self->base.width, pass)) * pixel;
}

/* Reads all seven passes, each a small picture of its own. */
static void read_passes(PngDecoder *self)
{
    gsize pixel = pst_row_layout_pixel_size(&self->base.layout);
    self->pass_row = g_try_malloc(self->row_size);
    self->no_memory = !self->pass_row;
    if (self->pass_row)
        self->passes = pst_scratch_file_new(self->base.scratch, self->base.source->name, &self->error);
    if (!self->passes)
        png_error(self->png, "no room");
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
        gsize columns = (gsize)PNG_PASS_COLS((gint64)self->base.width, pass);
        gsize rows = columns ? (gsize)PNG_PASS_ROWS((gint64)self->base.height, pass) : 0;
        for (gsize row = 0; row < rows; row++) {
            if (pst_source_stopped(self->base.source))
                png_error(self->png, "stopped");
            png_read_row(self->png, self->pass_row, NULL);
            memcpy(self->passes->data + pass_offset(self, pass, row), self->pass_row, columns * pixel);
            pst_scratch_file_touch(self->passes, columns * pixel);
        }
    }
}

static void weave_row(PngDecoder *self, int y, guint8 *row)
{
    gsize pixel = pst_row_layout_pixel_size(&self->base.layout);
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
        if (!PNG_ROW_IN_INTERLACE_PASS(y, pass))
            continue;
        gsize columns = (gsize)PNG_PASS_COLS((gint64)self->base.width, pass);
        gsize pass_row = (gsize)(y >> PNG_PASS_ROW_SHIFT(pass));
        const guint8 *from = self->passes->data + pass_offset(self, pass, pass_row);
        for (gsize column = 0; column < columns; column++)
            memcpy(row + PNG_COL_FROM_PASS_COL(column, pass) * pixel, from + column * pixel, pixel);
        pst_scratch_file_touch(self->passes, columns * pixel);
    }
}

/* Whether a failure within the passes of an interlaced picture leaves something to be shown. */
static gboolean salvage_passes(PngDecoder *self)
{
    if (!self->base.salvage || !self->passes || pst_source_stopped(self->base.source))
        return FALSE;
    pst_picture_decoder_warn_salvaged(&self->base);
    return TRUE;
}

static gboolean png_decoder_read_row(PstPictureDecoder *decoder, void *row, GError **error)
{
    PngDecoder *self = (PngDecoder *)decoder;
    if (setjmp(png_jmpbuf(self->png)) && !salvage_passes(self)) {
        set_error(self, error);
        return FALSE;
    }
    if (!self->started) {
        self->started = TRUE;
        if (self->is_interlaced)
            read_passes(self);
    }
    if (self->is_interlaced)
        weave_row(self, self->next_row, row);
    else
        png_read_row(self->png, row, NULL);
    self->next_row++;
    return TRUE;
}

/* Those before the place where reading stands; the others come after the pixels. */
static void read_texts(PngDecoder *self)
{
    png_textp texts;
    int count = png_get_text(self->png, self->header, &texts, NULL);
    for (; self->texts < count; self->texts++) {
        const png_text *text = &texts[self->texts];
        gsize size = text->compression >= PNG_ITXT_COMPRESSION_NONE ? text->itxt_length : text->text_length;
        pst_metadata_take_text(&self->base.info, text->key, text->text, size);
    }
}

/* After the last row: whether the damage lies behind the pixels. */
static gboolean is_whole(const PngDecoder *self)
{
    return pst_png_chunks_are_beyond(&self->chunks, "IDAT") && !strstr(self->message, "IDAT");
}

static gboolean png_decoder_finish(PstPictureDecoder *decoder, GError **error)
{
    PngDecoder *self = (PngDecoder *)decoder;
    g_clear_pointer(&self->passes, pst_scratch_file_free);
    if (setjmp(png_jmpbuf(self->png))) {
        if (!pst_source_stopped(self->base.source) && (self->base.salvage || is_whole(self))) {
            pst_picture_info_warn(&self->base.info, self->base.source->ended
                                                        ? "the end marker is missing, all rows are there"
                                                        : "what follows the pixels in the file is damaged");
            return TRUE;
        }
        set_error(self, error);
        return FALSE;
    }
    png_read_end(self->png, self->header);
    read_texts(self);
    return TRUE;
}

static void png_decoder_free(PstPictureDecoder *decoder)
{
    PngDecoder *self = (PngDecoder *)decoder;
    png_destroy_read_struct(&self->png, &self->header, NULL);
    pst_scratch_file_free(self->passes);
    g_free(self->pass_row);
    g_clear_error(&self->error);
    pst_picture_decoder_clear(decoder);
    g_free(self);
}

static guint32 big_endian32(const guint8 *p)
{
    return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

/* The EXIF chunk may come after the pixels (ExifTool puts it there), but the orientation must be known
 * before them. So this seeks from chunk to chunk, where the source allows it. */
static GBytes *find_late_exif(PstSource *source)
{
    guint64 at = SIGNATURE_SIZE;
    guint8 chunk[8];
    while (!g_cancellable_is_cancelled(source->cancellable) && pst_source_peek(source, at, chunk, sizeof chunk)) {
        guint32 size = big_endian32(chunk);
        if (size > PNG_UINT_31_MAX || memcmp(chunk + 4, "IEND", 4) == 0)
            return NULL;
        if (memcmp(chunk + 4, "eXIf", 4) == 0) {
            if (size > MAX_EXIF_SIZE)
                return NULL;
            g_autofree guint8 *data = g_malloc(MAX(size, 1));
            if (!pst_source_peek(source, at + sizeof chunk, data, size))
                return NULL;
            return g_bytes_new_take(g_steal_pointer(&data), size);
        }
        at += sizeof chunk + (guint64)size + 4;
    }
    return NULL;
}

static void read_exif(PngDecoder *self)
{
    PstPictureInfo *info = &self->base.info;
    png_bytep data = NULL;
    png_uint_32 size = 0;
    g_autoptr(GBytes) chunk = png_get_eXIf_1(self->png, self->header, &size, &data) && data && size > 0
                                  ? g_bytes_new(data, size)
                                  : find_late_exif(self->base.source);
    if (chunk) { /* goes before a raw profile */
        g_clear_pointer(&info->exif, g_bytes_unref);
        info->exif = g_steal_pointer(&chunk);
    }
    gsize length = 0;
    const guint8 *block = info->exif ? g_bytes_get_data(info->exif, &length) : NULL;
    PstExif exif = pst_exif_parse(block, length);
    pst_metadata_take_orientation(info, exif.orientation);
    info->dpi_x = exif.dpi_x;
    info->dpi_y = exif.dpi_y;
    if (exif.adobe_rgb && !self->says_colour && self->base.layout.colour == PST_COLOUR_RGB)
        self->base.colour = pst_colour_adobe_rgb;
}

static void read_density(PngDecoder *self)
{
    png_uint_32 x, y;
    int unit;
    if (png_get_pHYs(self->png, self->header, &x, &y, &unit) && unit == PNG_RESOLUTION_METER && x > 0 && y > 0) {
        self->base.info.dpi_x = x * 0.0254;
        self->base.info.dpi_y = y * 0.0254;
    }
}

/* Coding-independent code points (PNG third edition, 11.3.2.6), which go before all else that tells colours. libpng
 * hands them over as they are. */
static gboolean read_cicp(PngDecoder *self)
{
    png_unknown_chunkp chunks;
    int count = png_get_unknown_chunks(self->png, self->header, &chunks);
    for (int i = 0; i < count; i++)
        if (memcmp(chunks[i].name, "cICP", 4) == 0 && chunks[i].size == 4)
            return pst_colour_spec_set_cicp(&self->base.colour, chunks[i].data, &self->base.info);
    return FALSE;
}

static void read_colour(PngDecoder *self)
{
    PstColourSpec *colour = &self->base.colour;
    png_charp name;
    png_bytep data;
    png_uint_32 size;
    int compression, intent;
    self->says_colour = TRUE;
    if (read_cicp(self))
        return;
    if (png_get_iCCP(self->png, self->header, &name, &compression, &data, &size)) {
        colour->icc = g_bytes_new(data, size);
        return;
    }
    if (self->profile_refused)
        pst_picture_info_warn(&self->base.info, "the colour profile is broken and was ignored");
    if (png_get_sRGB(self->png, self->header, &intent)) {
        colour->by = PST_COLOUR_BY_SRGB;
        return;
    }
    /* Only what the file itself says: libpng makes up a cHRM from a profile, but there is none here. */
    colour->name = N_("PNG gamma and primaries");
    png_get_gAMA(self->png, self->header, &colour->gamma);
    double *c = colour->chromaticities;
    png_get_cHRM(self->png, self->header, &c[0], &c[1], &c[2], &c[3], &c[4], &c[5], &c[6], &c[7]);
    self->says_colour = colour->gamma > 0 || c[1] > 0;
    colour->by = self->says_colour ? PST_COLOUR_BY_NUMBERS : PST_COLOUR_BY_NOTHING;
}

/* Makes libpng unpack everything to 8 or 16 bits of grey or RGB, with or without alpha. */
static void read_layout(PngDecoder *self)
{
    PstPictureInfo *info = &self->base.info;
    PstRowLayout *layout = &self->base.layout;
    int type = png_get_color_type(self->png, self->header);
    info->depth = png_get_bit_depth(self->png, self->header);
    info->alpha = type & PNG_COLOR_MASK_ALPHA || png_get_valid(self->png, self->header, PNG_INFO_tRNS);
    info->colour = type == PNG_COLOR_TYPE_PALETTE ? PST_COLOUR_PALETTE
                   : type & PNG_COLOR_MASK_COLOR  ? PST_COLOUR_RGB
                                                  : PST_COLOUR_GREY;
    layout->colour = type & PNG_COLOR_MASK_COLOR ? PST_COLOUR_RGB : PST_COLOUR_GREY;
    layout->depth = info->depth == 16 ? 16 : 8;
    layout->alpha = info->alpha;
    png_set_expand(self->png);
    if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
        png_set_swap(self->png);
}

static void read_header(PngDecoder *self)
{
    png_structp png = self->png;
    PstPictureInfo *info = &self->base.info;
    png_set_read_fn(png, self, png_fill);
    /* The reader has its own limit. libpng's, a million a side, would refuse without saying what to do. */
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_cache_max(png, MAX_CHUNKS);
    png_set_chunk_malloc_max(png, MAX_CHUNK_SIZE);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_ALWAYS, (png_const_bytep) "cICP", 1);
    png_read_info(png, self->header);
    png_uint_32 width = png_get_image_width(png, self->header);
    png_uint_32 height = png_get_image_height(png, self->header);
    /* libpng holds both below 2^31 */
    info->width = info->full_width = self->base.width = (int)width;
    info->height = info->full_height = self->base.height = (int)height;
    info->progressive = self->is_interlaced = png_get_interlace_type(png, self->header) != PNG_INTERLACE_NONE;
    read_layout(self);
    read_colour(self);
    read_texts(self);
    read_exif(self);
    read_density(self);

    self->row_size = (gsize)width * pst_row_layout_pixel_size(&self->base.layout);
    self->base.memory = 3 * (guint64)self->row_size;
    /* Above a gigapixel this may not be exact; the pixel limit refuses such pictures first. */
    if (info->progressive && self->row_size <= G_MAXINT64 / height)
        self->base.scratch = (guint64)self->row_size * height;
}

static gboolean open_png(PngDecoder *self, GError **error)
{
    self->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, self, png_failed, png_warned);
    self->header = self->png ? png_create_info_struct(self->png) : NULL;
    if (!self->header) {
        self->no_memory = TRUE;
        set_error(self, error);
        return FALSE;
    }
    if (setjmp(png_jmpbuf(self->png))) {
        set_error(self, error);
        return FALSE;
    }
    read_header(self);
    return TRUE;
}

PstPictureDecoder *pst_png_decoder_new(PstSource *source, const PstDecoderOptions *options, GError **error)
{
    PngDecoder *self = g_new0(PngDecoder, 1);
    PstPictureDecoder *base = &self->base;
    base->source = source;
    base->salvage = options->salvage;
    base->info.format = PST_FORMAT_PNG;
    base->info.orientation = 1;
    base->read_row = png_decoder_read_row;
    base->finish = png_decoder_finish;
    base->free = png_decoder_free;
    if (!open_png(self, error)) {
        png_decoder_free(base);
        return NULL;
    }
    return base;
}
