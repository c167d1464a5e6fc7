#include "encoder.h"

#define LAYERS PST_ENCODER_RUN_LAYERS

struct PstEncoder {
    PstConvolution *layers[LAYERS];
};

PstEncoder *pst_encoder_new(const PstTensors *weights, GError **error)
{
    g_autoptr(PstEncoder) encoder = g_new0(PstEncoder, 1);

    for (int i = 0; i < LAYERS; i++) {
        const PstLayer *layer = &pst_encoder_layers[i];
        g_autofree char *weight_name = g_strconcat(layer->name, ".weight", NULL);
        g_autofree char *bias_name = g_strconcat(layer->name, ".bias", NULL);
        const float *weight = pst_tensors_get(weights, weight_name, (int[]){ layer->out, layer->in, 3, 3 }, 4, error);
        const float *bias = weight ? pst_tensors_get(weights, bias_name, (int[]){ layer->out }, 1, error) : NULL;

        if (!bias) {
            return NULL;
        }
        encoder->layers[i] = pst_convolution_new(layer->in, layer->out);
        pst_convolution_set(encoder->layers[i], weight, bias);
    }
    return g_steal_pointer(&encoder);
}

void pst_encoder_free(PstEncoder *encoder)
{
    if (!encoder) {
        return;
    }
    for (int i = 0; i < LAYERS; i++) {
        g_clear_pointer(&encoder->layers[i], pst_convolution_free);
    }
    g_free(encoder);
}

void pst_encoder_taps_new(int height, int width, PstMap taps[PST_STYLE_TAPS + 1])
{
    taps[0] = (PstMap){ 0 };
    for (int i = 1; i <= PST_STYLE_TAPS; i++) {
        taps[i] = pst_map_new(height >> (i - 1), width >> (i - 1), pst_tap_channels[i]);
    }
}

void pst_encoder_run(const PstEncoder *encoder, PstExecutor *executor, const PstMap *rgb,
                     PstMap taps[PST_STYLE_TAPS + 1])
{
    PstMap x = *rgb; /* the input of the next layer; freed after it unless it is rgb or a tap */
    gboolean owned = FALSE;

    for (int i = 0; i < LAYERS; i++) {
        const PstLayer *layer = &pst_encoder_layers[i];
        PstMap y = { 0 };
        PstFusion fusion = { .relu = TRUE };

        if (layer->pool) {
            y = pst_map_new(x.height / 2, x.width / 2, layer->out);
            fusion.pooled = &y;
        } else {
            y = layer->tap ? taps[layer->tap] : pst_map_new(x.height, x.width, layer->out);
        }
        pst_executor_convolve(executor, encoder->layers[i], &x, layer->pool ? NULL : &y, &fusion);
        if (owned) {
            pst_map_clear(&x);
        }
        x = y;
        owned = !layer->tap;
    }
}

const PstConvolution *pst_encoder_layer(const PstEncoder *encoder, int layer)
{
    return encoder->layers[layer];
}

double pst_encoder_work(void)
{
    double work = 0, area = 1;

    for (int i = 0; i < LAYERS; i++) {
        work += 9 * area * pst_encoder_layers[i].in * pst_encoder_layers[i].out;
        area /= pst_encoder_layers[i].pool ? 4 : 1;
    }
    return work;
}
