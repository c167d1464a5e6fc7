#include "generator_weights.h"

#include <string.h>

static const int style_shape[] = { PST_STYLE_SIZE };

PstGeneratorWeights *pst_generator_weights_new(float *parameters)
{
    PstGeneratorWeights *w = g_new0(PstGeneratorWeights, 1);

    w->parameters = parameters;
    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        w->style_std[i] = 1;
    }
    for (int i = 0; i < PST_FIRST_MIXED; i++) {
        w->layers[i] = pst_convolution_new(pst_generator_layers[i].in, pst_generator_layers[i].out);
    }
    return w;
}

void pst_generator_weights_free(PstGeneratorWeights *w)
{
    if (!w) {
        return;
    }
    for (int i = 0; i < PST_FIRST_MIXED; i++) {
        pst_convolution_free(w->layers[i]);
    }
    g_free(w);
}

static void prepare_layer(int layer, int worker, gpointer data)
{
    PstGeneratorWeights *w = data;

    pst_convolution_set_with_gradient(w->layers[layer],
                                      pst_parameter_const(w->parameters, PST_LAYER_PARAMETER(layer, PST_WEIGHT)), NULL);
}

void pst_generator_weights_prepare(PstGeneratorWeights *w, PstThreadPool *pool)
{
    if (pool) {
        pst_thread_pool_run(pool, PST_FIRST_MIXED, prepare_layer, w);
        return;
    }
    for (int layer = 0; layer < PST_FIRST_MIXED; layer++) {
        prepare_layer(layer, 0, w);
    }
}

void pst_generator_weights_add_frozen(const PstGeneratorWeights *w, PstTensorsWriter *writer)
{
    pst_tensors_writer_add(writer, "style.mean", PST_TENSOR_F32, w->style_mean, style_shape, 1);
    pst_tensors_writer_add(writer, "style.std", PST_TENSOR_F32, w->style_std, style_shape, 1);
}

gboolean pst_generator_weights_get_frozen(PstGeneratorWeights *w, const PstTensors *tensors, GError **error)
{
    const float *mean = pst_tensors_get(tensors, "style.mean", style_shape, 1, error);
    const float *std = mean ? pst_tensors_get(tensors, "style.std", style_shape, 1, error) : NULL;

    if (!std) {
        return FALSE;
    }
    memcpy(w->style_mean, mean, sizeof w->style_mean);
    memcpy(w->style_std, std, sizeof w->style_std);
    return TRUE;
}

gboolean pst_generator_weights_write(const PstGeneratorWeights *w, const char *path, int steps, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autofree char *number = g_strdup_printf("%d", steps);

    pst_slots_write(pst_parameters(), PST_PARAMETERS, w->parameters, writer, "", PST_TENSOR_F32);
    pst_generator_weights_add_frozen(w, writer);
    pst_tensors_writer_set_metadata(writer, "network", "pastiche-generator");
    pst_tensors_writer_set_metadata(writer, "steps", number);
    return pst_tensors_writer_save(writer, path, error);
}

gboolean pst_generator_weights_read(PstGeneratorWeights *w, const char *path, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);

    return tensors && pst_slots_read(pst_parameters(), PST_PARAMETERS, w->parameters, tensors, "", error) &&
           pst_generator_weights_get_frozen(w, tensors, error);
}
