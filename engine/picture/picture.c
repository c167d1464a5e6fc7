#include "picture.h"

#include "engine/base/memory.h"
#include "error.h"
#include "xmp.h"
#include "xmp_names.h"

#include <glib/gi18n-lib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ALIGNMENT = 64, HUGE_PAGE = 2 << 20 };

/* The blocks as the allocator gave them; the public pointers are aligned inside. calloc(), not an
 * aligned allocation and memset(): fresh pages of a big picture are zero already. */
typedef struct {
    PstPicture picture;
    void *rgb_block;
    void *alpha_block;
} Allocation;

const char *pst_colour_name(PstColour colour)
{
    switch (colour) {
    case PST_COLOUR_GREY:
        return N_("grey");
    case PST_COLOUR_PALETTE:
        return N_("palette");
    case PST_COLOUR_CMYK:
        return "CMYK";
    default:
        return "RGB";
    }
}

void pst_picture_info_clear(PstPictureInfo *info)
{
    g_free(info->profile);
    g_free(info->warning);
    g_clear_pointer(&info->exif, g_bytes_unref);
    g_clear_pointer(&info->xmp, g_bytes_unref);
    g_clear_pointer(&info->iptc, g_bytes_unref);
    g_clear_pointer(&info->icc, g_bytes_unref);
    g_clear_pointer(&info->texts, g_ptr_array_unref);
    g_free(info->recipe);
    *info = (PstPictureInfo){ 0 };
}

void pst_picture_info_copy(const PstPictureInfo *info, PstPictureInfo *copy)
{
    *copy = *info;
    copy->profile = g_strdup(info->profile);
    copy->warning = g_strdup(info->warning);
    copy->exif = info->exif ? g_bytes_ref(info->exif) : NULL;
    copy->xmp = info->xmp ? g_bytes_ref(info->xmp) : NULL;
    copy->iptc = info->iptc ? g_bytes_ref(info->iptc) : NULL;
    copy->icc = info->icc ? g_bytes_ref(info->icc) : NULL;
    copy->texts = info->texts ? g_ptr_array_ref(info->texts) : NULL;
    copy->recipe = g_strdup(info->recipe);
}

gboolean pst_picture_info_is_painting(const PstPictureInfo *info)
{
    return info->recipe || (info->xmp && pst_xmp_is_ours(info->xmp));
}

char *pst_picture_info_source_type(const PstPictureInfo *info)
{
    g_autofree char *code = info->xmp ? pst_xmp_text(info->xmp, PST_XMP_IPTC_EXT, "DigitalSourceType") : NULL;
    const char *slash = code ? strrchr(code, '/') : NULL;

    return g_strdup(slash ? slash + 1 : code);
}

char *pst_picture_info_creator_tool(const PstPictureInfo *info)
{
    return info->xmp ? pst_xmp_text(info->xmp, PST_XMP_BASIC, "CreatorTool") : NULL;
}

static float *aligned(void *block)
{
    return (float *)(((uintptr_t)block + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1));
}

static float *new_plane(guint64 floats, gboolean zero, void **block)
{
    if (floats > (SIZE_MAX - ALIGNMENT) / sizeof(float))
        return NULL;
    gsize size = (gsize)floats * sizeof(float) + ALIGNMENT;
    *block = pst_memory_take(size, 1);
    if (*block) {
        if (zero)
            memset(*block, 0, size);
        return aligned(*block);
    }
    *block = calloc(1, size);
    if (!*block)
        return NULL;
    /* With small pages, allocating and freeing gigabytes takes so long that a cancel would wait for it. */
    uintptr_t begin = ((uintptr_t)*block + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
    uintptr_t end = ((uintptr_t)*block + size) & ~(uintptr_t)(HUGE_PAGE - 1);
    if (begin < end)
        madvise((void *)begin, end - begin, MADV_HUGEPAGE);
    return aligned(*block);
}

static PstPicture *new_picture(int width, int height, gboolean alpha, gboolean zero, GError **error)
{
    g_return_val_if_fail(width >= 1 && height >= 1, NULL);
    guint64 pixels = (guint64)width * (guint64)height; /* below 2^62 */
    Allocation *allocation = g_new0(Allocation, 1);
    PstPicture *picture = &allocation->picture;
    if (pixels <= G_MAXINT64 / 4) {
        picture->rgb = new_plane(pixels * 3, zero, &allocation->rgb_block);
        if (alpha && picture->rgb)
            picture->alpha = new_plane(pixels, zero, &allocation->alpha_block);
    }
    if (!picture->rgb || (alpha && !picture->alpha)) {
        pst_picture_free(picture);
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MEMORY,
                    _("a picture of %d x %d pixels: not enough memory"), width, height);
        return NULL;
    }
    picture->width = picture->info.width = picture->info.full_width = width;
    picture->height = picture->info.height = picture->info.full_height = height;
    picture->info.alpha = alpha;
    picture->info.orientation = 1;
    picture->info.colour = PST_COLOUR_RGB;
    picture->info.depth = 8;
    return picture;
}

PstPicture *pst_picture_new(int width, int height, gboolean alpha, GError **error)
{
    return new_picture(width, height, alpha, TRUE, error);
}

PstPicture *pst_picture_new_unset(int width, int height, gboolean alpha, GError **error)
{
    return new_picture(width, height, alpha, FALSE, error);
}

void pst_picture_free(PstPicture *picture)
{
    if (!picture)
        return;
    Allocation *allocation = (Allocation *)picture;
    pst_picture_info_clear(&picture->info);
    pst_memory_free(allocation->rgb_block);
    pst_memory_free(allocation->alpha_block);
    g_free(allocation);
}
