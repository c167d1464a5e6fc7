#include "preview.h"

#include "judge.h"

#include "engine/network/model_private.h"
#include "engine/picture/reader.h"
#include "engine/transfer/canvas.h"

#include <string.h>

struct PstPreview {
    PstPicture *photo;
    gboolean encoded;
    PstMap taps[PST_STYLE_TAPS + 1];
    float content[PST_STYLE_SIZE];
};

PstPreview *pst_preview_new(const char *path, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) photo = pst_picture_read(path, NULL, cancellable, error);
    PstPreview *preview;

    if (photo && MAX(photo->width, photo->height) > PST_PREVIEW_SIDE) {
        PstPicture *smaller = pst_picture_fit_long_side(photo, PST_PREVIEW_SIDE, cancellable, error);

        pst_picture_free(photo);
        photo = smaller;
    }
    if (!photo) {
        return NULL;
    }
    preview = g_new0(PstPreview, 1);
    preview->photo = g_steal_pointer(&photo);
    return preview;
}

void pst_preview_free(PstPreview *preview)
{
    if (!preview) {
        return;
    }
    for (int tap = 1; preview->encoded && tap <= PST_STYLE_TAPS; tap++) {
        pst_map_clear(&preview->taps[tap]);
    }
    pst_picture_free(preview->photo);
    g_free(preview);
}

PstPicture *pst_preview_paint(PstPreview *preview, const PstModel *model, const float *style, const PstChange *change,
                              PstThreadPool *pool)
{
    int width = preview->photo->width, height = preview->photo->height;
    PstMap rgb = pst_map_new(pst_canvas_side(height), pst_canvas_side(width), 3);
    PstManner manner = { preview->content, style, change, 1, 1 };
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, NULL, NULL, NULL);
    g_autoptr(PstBrush) brush = NULL;
    PstPicture *painted = pst_picture_new(width, height, FALSE, NULL);

    if (!preview->encoded) {
        pst_canvas_fill(preview->photo, 0, &rgb);
        pst_encoder_taps_new(rgb.height, rgb.width, preview->taps);
        pst_encoder_run(pst_model_encoder(model), executor, &rgb, preview->taps);
        pst_taps_statistics(preview->taps, preview->content);
        preview->encoded = TRUE;
    }
    brush = pst_brush_new(pst_model_generator(model), &manner);
    pst_brush_run(brush, executor, preview->taps, &rgb);
    for (int y = 0; painted && y < height; y++) {
        const float *row = pst_map_at(&rgb, y, 0);

        for (int x = 0; x < 3 * width; x++) {
            painted->rgb[(gsize)3 * y * width + x] = row[x] > 0 ? MIN(row[x], 1) : 0;
        }
    }
    pst_map_clear(&rgb);
    return painted;
}
