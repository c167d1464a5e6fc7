#include "pasted_picture.h"

#include <string.h>

PstPicture *pst_pasted_picture(GBytes *pixels, int width, int height, gsize stride, GError **error)
{
    PstPicture *picture = pst_picture_new(width, height, TRUE, error);
    const guint8 *data = g_bytes_get_data(pixels, NULL);
    gboolean opaque = TRUE;

    for (int y = 0; picture && y < height; y++) {
        const guint32 *row = (const guint32 *)(const void *)(data + (gsize)y * stride);
        gsize start = (gsize)y * width;

        for (int x = 0; x < width; x++) {
            float alpha = (float)(row[x] >> 24), *rgb = picture->rgb + 3 * (start + x);

            opaque = opaque && alpha == 255;
            picture->alpha[start + x] = alpha / 255;
            for (int c = 0; c < 3 && alpha > 0; c++) {
                rgb[c] = MIN(1, (float)(row[x] >> (16 - 8 * c) & 255) / alpha);
            }
        }
    }
    if (picture && opaque) {
        PstPicture *plain = pst_picture_new(width, height, FALSE, error);

        if (plain) {
            memcpy(plain->rgb, picture->rgb, (gsize)3 * width * height * sizeof(float));
        }
        pst_picture_free(picture);
        picture = plain;
    }
    return picture;
}
