#include "descriptor.h"

#include "engine/network/model_private.h"

#include <string.h>

#define LONGEST 4 /* short sides */
#define LAYERS  2

static const int layers[LAYERS] = { 7, 11 }; /* conv3_4, conv4_4 */

/* The middle of the picture, on white, mirrored where that is wanted. */
static PstMap take(const PstPicture *picture, gboolean mirrored)
{
    int w = MIN(picture->width, LONGEST * picture->height), h = MIN(picture->height, LONGEST * picture->width);
    int left = (picture->width - w) / 2, top = (picture->height - h) / 2;
    PstMap map = pst_map_new(h, w, 3);

    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
            gsize from = (gsize)(top + y) * picture->width + (gsize)(left + (mirrored ? w - 1 - x : x));
            float alpha = picture->alpha ? picture->alpha[from] : 1;

            for (int c = 0; c < 3; c++)
                pst_map_at(&map, y, x)[c] = alpha * picture->rgb[3 * from + c] + 1 - alpha;
        }
    }
    return map;
}

/* Rows and columns that the middle cuts count in both halves. */
static void mean_of_quarters(const PstMap *map, float *means)
{
    for (int q = 0; q < 4; q++, means += map->channels) {
        int top = q / 2 * map->height / 2, bottom = ((q / 2 + 1) * map->height + 1) / 2;
        int left = q % 2 * map->width / 2, right = ((q % 2 + 1) * map->width + 1) / 2;

        memset(means, 0, map->channels * sizeof *means);
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                for (int c = 0; c < map->channels; c++)
                    means[c] += pst_map_at(map, y, x)[c];
            }
        }
        for (int c = 0; c < map->channels; c++)
            means[c] /= (float)((bottom - top) * (right - left));
    }
}

gboolean pst_describe(const PstModel *model, PstThreadPool *pool, const PstPicture *picture, gboolean mirrored,
                      float descriptor[PST_DESCRIPTOR_SIZE], GCancellable *cancellable, GError **error)
{
    const PstFeatureNetwork *network = pst_model_feature_network(model, error);
    g_autoptr(PstPicture) small = NULL;
    g_autoptr(PstExecutor) executor = NULL;
    g_autoptr(PstFeatureMaps) features = NULL;
    int width, height;
    PstMap rgb;

    pst_size_fit_short_side(picture->width, picture->height, PST_DESCRIPTOR_SIDE, &width, &height);
    if (!network || !(small = pst_picture_resize(picture, MIN(width, LONGEST * PST_DESCRIPTOR_SIDE * 4),
                                                 MIN(height, LONGEST * PST_DESCRIPTOR_SIDE * 4), cancellable, error)))
        return FALSE;
    executor = pst_executor_new(pool, cancellable, NULL, NULL);
    rgb = take(small, mirrored);
    features = pst_feature_maps_new(rgb.height, rgb.width, PST_FEATURE_LAYERS, FALSE);
    pst_feature_maps_see(features, network, executor, &rgb);
    pst_map_clear(&rgb);
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
        return FALSE;
    for (int i = 0; i < LAYERS; i++) {
        mean_of_quarters(&features->layers[layers[i]], descriptor);
        descriptor += 4 * features->layers[layers[i]].channels;
    }
    return TRUE;
}
