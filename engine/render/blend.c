#include "blend.h"

#include <math.h>
#include <string.h>

/* The network alone gives back the photograph only nearly at strength 0. */
static float share_of_painting(double strength)
{
    return 1 - pow(1 - strength, 4);
}

void pst_blend_rows(const PstPicture *photo, const PstMap *painted, int canvas_first,
                    const PstPaintSettings *settings, PstPicture *result, int first, int rows)
{
    float share = share_of_painting(settings->strength);
    int values = 3 * result->width;

    for (int y = first; y < first + rows; y++) {
        const float *paint = pst_map_at(painted, y - canvas_first, 0);
        const float *under = photo->rgb + (gsize)y * values;
        float *out = result->rgb + (gsize)y * values;

        for (int x = 0; x < values; x += 3) {
            float change[3] = { paint[x] - under[x], paint[x + 1] - under[x + 1], paint[x + 2] - under[x + 2] };

            if (settings->keep_colours) {
                /* Rec. 601 luma moves, chroma stays. */
                change[0] = change[1] = change[2] = 0.299f * change[0] + 0.587f * change[1] + 0.114f * change[2];
            }
            for (int c = 0; c < 3; c++) {
                out[x + c] = CLAMP(under[x + c] + share * change[c], 0, 1);
            }
        }
    }
}

void pst_blend_statistics(const float *content, const float *style, double strength, float *target)
{
    for (int k = 0; k < PST_STYLE_SIZE; k++) {
        target[k] = content[k] + strength * (style[k] - content[k]);
    }
}

PstPicture *pst_blend_canvas(const PstPicture *photo, GError **error)
{
    gsize pixels = (gsize)photo->width * photo->height;
    PstPicture *result = pst_picture_new(photo->width, photo->height, photo->alpha != NULL, error);

    if (!result) {
        return NULL;
    }
    memcpy(result->rgb, photo->rgb, 3 * pixels * sizeof(float));
    if (photo->alpha) {
        memcpy(result->alpha, photo->alpha, pixels * sizeof(float));
    }
    pst_picture_info_clear(&result->info);
    pst_picture_info_copy(&photo->info, &result->info);
    return result;
}
