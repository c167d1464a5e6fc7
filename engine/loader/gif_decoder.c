/* GIF (GIF89a) by giflib: its first frame on its screen. */
#include "whole_decoder.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include <gif_lib.h>

typedef struct {
    PstWholeDecoder whole;
    const guint8 *data;
    gsize size, at;
    GifFileType *gif;
    int transparent; /* index of the first frame's colour, or -1 */
    guint8 *pixels;
} GifDecoder;

static int read_file(GifFileType *gif, GifByteType *buffer, int size)
{
    GifDecoder *self = gif->UserData;
    gsize got = MIN((gsize)MAX(size, 0), self->size - self->at);
    memcpy(buffer, self->data + self->at, got);
    self->at += got;
    return (int)got;
}

static void put_row(GifDecoder *self, const ColorMapObject *colours, const GifPixelType *line, int y)
{
    const GifImageDesc *frame = &self->gif->Image;
    gsize size = pst_row_layout_pixel_size(&self->whole.base.layout);
    for (int x = 0; x < frame->Width && frame->Left + x < self->whole.base.width; x++) {
        guint8 *to = self->pixels + (gsize)y * self->whole.stride + (gsize)(frame->Left + x) * size;
        if (line[x] == self->transparent || line[x] >= colours->ColorCount)
            continue;
        to[0] = colours->Colors[line[x]].Red;
        to[1] = colours->Colors[line[x]].Green;
        to[2] = colours->Colors[line[x]].Blue;
        if (size == 4)
            to[3] = 255;
    }
}

/* Interlaced rows come in four passes (GIF89a, appendix E). */
static gboolean read_frame(GifDecoder *self, const ColorMapObject *colours)
{
    static const int first[] = { 0, 4, 2, 1 }, step[] = { 8, 8, 4, 2 };
    const GifImageDesc *frame = &self->gif->Image;
    g_autofree GifPixelType *line = g_malloc0((gsize)frame->Width);
    for (int pass = 0; pass < (frame->Interlace ? 4 : 1); pass++)
        for (int y = frame->Interlace ? first[pass] : 0; y < frame->Height; y += frame->Interlace ? step[pass] : 1) {
            if (DGifGetLine(self->gif, line, frame->Width) != GIF_OK)
                return FALSE;
            if (frame->Top + y < self->whole.base.height)
                put_row(self, colours, line, frame->Top + y);
        }
    return TRUE;
}

static gboolean decode(PstWholeDecoder *whole, GError **error)
{
    GifDecoder *self = (GifDecoder *)whole;
    const ColorMapObject *colours = self->gif->Image.ColorMap ? self->gif->Image.ColorMap : self->gif->SColorMap;
    whole->stride = (gsize)whole->base.width * pst_row_layout_pixel_size(&whole->base.layout);
    if (!colours)
        return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("it has no colours"));
    whole->rows = self->pixels = pst_whole_decoder_allocate(whole, error);
    if (!self->pixels)
        return FALSE;
    return read_frame(self, colours) ||
           pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("its pixels can't be decoded"));
}

static void gif_decoder_free(PstPictureDecoder *decoder)
{
    GifDecoder *self = (GifDecoder *)decoder;
    if (self->gif)
        DGifCloseFile(self->gif, NULL);
    g_free(self->pixels);
    pst_picture_decoder_clear(decoder);
    g_free(self);
}

static gboolean read_extension(GifDecoder *self)
{
    GifByteType *block;
    GraphicsControlBlock control;
    int code;
    if (DGifGetExtension(self->gif, &code, &block) != GIF_OK)
        return FALSE;
    if (code == GRAPHICS_EXT_FUNC_CODE && block && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
        self->transparent = control.TransparentColor;
    while (block)
        if (DGifGetExtensionNext(self->gif, &block) != GIF_OK)
            return FALSE;
    return TRUE;
}

/* Up to the pixels of the first frame. */
static gboolean find_frame(GifDecoder *self)
{
    GifRecordType record;
    while (DGifGetRecordType(self->gif, &record) == GIF_OK) {
        if (record == IMAGE_DESC_RECORD_TYPE)
            return DGifGetImageDesc(self->gif) == GIF_OK;
        if (record != EXTENSION_RECORD_TYPE || !read_extension(self))
            return FALSE;
    }
    return FALSE;
}

static gboolean open_gif(GifDecoder *self, GError **error)
{
    self->gif = DGifOpen(self, read_file, NULL);
    if (!self->gif || !find_frame(self))
        return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("its header can't be read"));
    const GifImageDesc *frame = &self->gif->Image;
    int width = self->gif->SWidth, height = self->gif->SHeight;
    if (!pst_whole_decoder_check_size((guint64)MAX(width, 0), (guint64)MAX(height, 0), error))
        return FALSE;
    gboolean covers = frame->Left == 0 && frame->Top == 0 && frame->Width >= width && frame->Height >= height;
    gboolean alpha = self->transparent >= 0 || !covers;
    pst_whole_decoder_init(&self->whole, PST_FORMAT_GIF, width, height, (PstRowLayout){ PST_COLOUR_RGB, 8, alpha }, 1,
                           self->whole.base.free);
    PstPictureInfo *info = &self->whole.base.info;
    info->colour = PST_COLOUR_PALETTE;
    info->progressive = frame->Interlace;
    return TRUE;
}

PstPictureDecoder *pst_gif_decoder_new(const PstLoaderInput *input, GError **error)
{
    GifDecoder *self = g_new0(GifDecoder, 1);
    self->data = g_bytes_get_data(input->file, &self->size);
    self->transparent = -1;
    self->whole.base.free = gif_decoder_free;
    self->whole.decode = decode;
    if (open_gif(self, error))
        return &self->whole.base;
    gif_decoder_free(&self->whole.base);
    return NULL;
}
