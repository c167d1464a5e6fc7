#include "preview.h"

#include "blend.h"
#include "engine/network/model_private.h"
#include "engine/transfer/canvas.h"

struct PstPreview {
    const PstModel *model;
    PstThreadPool *pool;
    PstPicture *photo;
    PstMap taps[PST_STYLE_TAPS + 1]; /* relu2_1 .. relu4_1 */
    float content[PST_STYLE_SIZE];
    PstMap painted; /* reused from one painting to the next */
};

static void encode(PstPreview *preview, PstExecutor *executor)
{
    int height = pst_canvas_side(preview->photo->height), width = pst_canvas_side(preview->photo->width);
    PstMap rgb = pst_map_new(height, width, 3);

    pst_canvas_fill(preview->photo, 0, &rgb);
    pst_encoder_taps_new(height, width, preview->taps);
    pst_encoder_run(pst_model_encoder(preview->model), executor, &rgb, preview->taps);
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        g_autoptr(PstMoments) moments = pst_moments_new(preview->taps[tap].channels);
        float *means = preview->content + pst_style_offset(tap);

        pst_executor_gather(executor, &preview->taps[tap], 0, preview->taps[tap].height, moments);
        pst_moments_get(moments, PST_EPSILON, means, means + PST_STYLE_CHANNELS);
    }
    pst_map_clear(&preview->taps[1]);
    preview->painted = rgb;
}

PstPreview *pst_preview_new(const PstModel *model, PstThreadPool *pool, const PstPicture *photo,
                            GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPreview) preview = g_new0(PstPreview, 1);
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, cancellable, NULL, NULL);

    preview->model = model;
    preview->pool = pool;
    preview->photo = pst_blend_canvas(photo, error);
    if (!preview->photo) {
        return NULL;
    }
    encode(preview, executor);
    return g_cancellable_set_error_if_cancelled(cancellable, error) ? NULL : g_steal_pointer(&preview);
}

void pst_preview_free(PstPreview *preview)
{
    if (!preview) {
        return;
    }
    pst_picture_free(preview->photo);
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        pst_map_clear(&preview->taps[tap]);
    }
    pst_map_clear(&preview->painted);
    g_free(preview);
}

const PstPicture *pst_preview_photo(const PstPreview *preview)
{
    return preview->photo;
}

PstPicture *pst_preview_paint(PstPreview *preview, const PstStyle *style, const PstPaintSettings *settings,
                              PstPaintRows rows, gpointer data, GCancellable *cancellable, GError **error)
{
    PstPaintSettings chosen = settings ? *settings : PST_PAINT_SETTINGS_DEFAULT;
    g_autoptr(PstPicture) result = pst_blend_canvas(preview->photo, error);

    if (!result) {
        return NULL;
    }
    if (chosen.strength > 0) {
        g_autoptr(PstExecutor) executor = pst_executor_new(preview->pool, cancellable, NULL, NULL);
        float target[PST_STYLE_SIZE];

        pst_blend_statistics(preview->content, style->statistics, chosen.strength, target);
        g_autoptr(PstBrush) brush = pst_brush_new(pst_model_generator(preview->model), preview->content, target,
                                                  chosen.detail);
        pst_brush_run(brush, executor, preview->taps, &preview->painted);
        pst_blend_rows(preview->photo, &preview->painted, 0, &chosen, result, 0, result->height);
    }
    if (g_cancellable_set_error_if_cancelled(cancellable, error)) {
        return NULL;
    }
    if (rows) {
        rows(result, 0, result->height, data);
    }
    return g_steal_pointer(&result);
}
