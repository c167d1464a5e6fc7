#include "regions.h"

#include <string.h>

#define ROWS 32 /* evaluated at once */

gboolean pst_paint_region_blend(PstPicture *picture, const PstPicture *painting, const PstMask *mask,
                          GCancellable *cancellable, GError **error)
{
    g_return_val_if_fail(picture->width == painting->width && picture->height == painting->height, FALSE);
    int width = picture->width;
    g_autofree float *weights = g_new(float, (gsize)ROWS * width);

    for (int y = 0; y < picture->height; y += ROWS) {
        int rows = MIN(ROWS, picture->height - y);
        gsize count = (gsize)rows * width;
        float *under = picture->rgb + (gsize)3 * y * width;
        const float *over = painting->rgb + (gsize)3 * y * width;

        if (g_cancellable_set_error_if_cancelled(cancellable, error)) {
            return FALSE;
        }
        if (!mask) {
            memcpy(under, over, 3 * count * sizeof(float));
            continue;
        }
        pst_mask_fill(mask, width, picture->height, y, rows, weights);
        for (gsize i = 0; i < count; i++) {
            for (int c = 0; c < 3; c++) {
                under[3 * i + c] += weights[i] * (over[3 * i + c] - under[3 * i + c]);
            }
        }
    }
    return TRUE;
}

/* Regions under a later one that covers everything need not be painted. */
static int first_visible(const PstPaintRegion *regions, int count)
{
    for (int i = count - 1; i > 0; i--) {
        if (!regions[i].mask) {
            return i;
        }
    }
    return 0;
}

static gboolean is_nowhere(const PstMask *mask)
{
    return mask && mask->strokes->len == 0 && !mask->invert;
}

static PstPicture *copy_picture(const PstPicture *photo, GError **error)
{
    PstPicture *copy = pst_picture_new(photo->width, photo->height, photo->alpha != NULL, error);
    gsize pixels = (gsize)photo->width * photo->height;

    if (!copy) {
        return NULL;
    }
    memcpy(copy->rgb, photo->rgb, 3 * pixels * sizeof(float));
    if (photo->alpha) {
        memcpy(copy->alpha, photo->alpha, pixels * sizeof(float));
    }
    pst_picture_info_copy(&photo->info, &copy->info);
    return copy;
}

int pst_regions_visible(const PstPaintRegion *regions, int count)
{
    int visible = 0;

    for (int i = first_visible(regions, count); i < count; i++) {
        visible += !is_nowhere(regions[i].mask);
    }
    return visible;
}

PstPicture *pst_regions_paint(const PstPicture *photo, const PstPaintRegion *regions, int count, PstRegionPaint paint,
                              gpointer data, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) result = NULL;

    for (int i = first_visible(regions, count); i < count; i++) {
        if (is_nowhere(regions[i].mask)) {
            continue;
        }
        g_autoptr(PstPicture) painting = paint(regions[i].style, data, error);
        if (!painting) {
            return NULL;
        }
        if (!regions[i].mask) {
            result = g_steal_pointer(&painting);
            continue;
        }
        if (!result && !(result = copy_picture(photo, error))) {
            return NULL;
        }
        if (!pst_paint_region_blend(result, painting, regions[i].mask, cancellable, error)) {
            return NULL;
        }
    }
    return result ? g_steal_pointer(&result) : copy_picture(photo, error);
}
