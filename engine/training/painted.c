#include "painted.h"

#include "judge.h"

#include "engine/network/model_private.h"
#include "engine/transfer/canvas.h"

#include <math.h>

#define SHORT_SIDE 384

static int step_down(double side)
{
    return MAX(PST_CANVAS_STEP, (int)lrint(side / PST_CANVAS_STEP) * PST_CANVAS_STEP);
}

PstExample pst_painted_new(const PstModel *model, const PstExample *photo, const float *style, const PstChange *change,
                           PstExecutor *executor)
{
    double zoom = SHORT_SIDE / (double)MIN(photo->width, photo->height);
    PstMap rgb = pst_map_new(step_down(photo->height * zoom), step_down(photo->width * zoom), 3);
    PstMap taps[PST_STYLE_TAPS + 1];
    PstExample painted = { rgb.width, rgb.height, g_malloc(pst_map_size(&rgb)) };
    float content[PST_STYLE_SIZE];
    const PstManner manner = { content, style, change, 1, 1 };
    g_autoptr(PstBrush) brush = NULL;

    pst_corpus_resample(photo, (PstWindow){ 0, 0, photo->width, photo->height, FALSE }, &rgb);
    pst_encoder_taps_new(rgb.height, rgb.width, taps);
    pst_encoder_run(pst_model_encoder(model), executor, &rgb, taps);
    pst_taps_statistics(taps, content);
    brush = pst_brush_new(pst_model_generator(model), &manner, NULL);
    pst_brush_run(brush, executor, taps, &rgb);
    for (gsize i = 0; i < pst_map_size(&rgb); i++) {
        painted.rgb[i] = (guint8)lrintf(CLAMP(rgb.data[i], 0, 1) * 255);
    }
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        pst_map_clear(&taps[tap]);
    }
    pst_map_clear(&rgb);
    return painted;
}
