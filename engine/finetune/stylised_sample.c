#include "stylised_sample.h"

#include "engine/base/memory_guard.h"
#include "engine/gradient/loss_network.h"

#include "engine/network/model_private.h"
#include "engine/network/padding.h"

#include <math.h>

#define SHORT_SIDE 384

static int rounded(double side)
{
    return MAX(PST_PADDING_STEP, (int)lrint(side / PST_PADDING_STEP) * PST_PADDING_STEP);
}

PstExample pst_stylised_sample_new(const PstModel *model, const PstExample *photo, const float *style,
                                   const PstWeightDelta *delta, PstExecutor *executor)
{
    double zoom = SHORT_SIDE / (double)MIN(photo->width, photo->height);
    PstMap rgb = pst_map_new(rounded(photo->height * zoom), rounded(photo->width * zoom), 3);
    PstMap taps[PST_STYLE_TAPS + 1];
    PstExample sample = { rgb.width, rgb.height, pst_memory_new(pst_map_size(&rgb), G_MEM_ALIGN) };
    float content[PST_STYLE_SIZE];
    const PstConditioning conditioning = { content, style, NULL, delta, 1, 1 };
    g_autoptr(PstConditionedGenerator) generator = NULL;

    pst_example_resample(photo, pst_example_whole(photo), &rgb);
    pst_encoder_taps_new(rgb.height, rgb.width, taps);
    pst_encoder_run(pst_model_encoder(model), executor, &rgb, taps);
    pst_taps_statistics(taps, content);
    generator = pst_conditioned_generator_new(pst_model_generator(model), &conditioning, NULL);
    pst_conditioned_generator_run(generator, executor, taps, &rgb);
    for (gsize i = 0; i < pst_map_size(&rgb); i++) {
        sample.rgb[i] = (guint8)lrintf(CLAMP(rgb.data[i], 0, 1) * 255);
    }
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        pst_map_clear(&taps[tap]);
    }
    pst_map_clear(&rgb);
    return sample;
}
