#include "whole_decoder.h"

#include <string.h>

static gsize row_size(const PstWholeDecoder *whole)
{
    return (gsize)whole->base.width * pst_row_layout_pixel_size(&whole->base.layout);
}

static gboolean read_row(PstPictureDecoder *decoder, void *row, GError **error)
{
    PstWholeDecoder *whole = (PstWholeDecoder *)decoder;
    if (!whole->rows && !whole->decode(whole, error))
        return FALSE;
    memcpy(row, whole->rows + (gsize)whole->next++ * whole->stride, row_size(whole));
    return TRUE;
}

static gboolean finish(PstPictureDecoder *decoder, GError **error)
{
    return TRUE;
}

void pst_whole_decoder_init(PstWholeDecoder *whole, PstFormat format, int width, int height, PstRowLayout layout,
                            int copies, void (*free)(PstPictureDecoder *decoder))
{
    PstPictureDecoder *base = &whole->base;
    PstPictureInfo *info = &base->info;
    base->width = info->width = info->full_width = width;
    base->height = info->height = info->full_height = height;
    base->layout = layout;
    base->read_row = read_row;
    base->finish = finish;
    base->free = free;
    base->memory = (guint64)copies * row_size(whole) * (guint64)height;
    info->format = format;
    info->colour = layout.colour;
    info->depth = layout.depth;
    info->alpha = layout.alpha;
    info->orientation = 1;
}

gboolean pst_whole_decoder_check_size(guint64 width, guint64 height, GError **error)
{
    if (width > 0 && height > 0 && width <= G_MAXINT && height <= G_MAXINT)
        return TRUE;
    return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, "it has no pixels");
}

guint8 *pst_whole_decoder_allocate(const PstWholeDecoder *whole, GError **error)
{
    guint8 *rows = g_try_malloc0_n((gsize)whole->base.height, row_size(whole));
    if (!rows)
        pst_loader_fail(error, PST_PICTURE_ERROR_MEMORY, NULL);
    return rows;
}
