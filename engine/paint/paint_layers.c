#include "paint_layers.h"

static gboolean is_nowhere(const PstMask *mask)
{
    return mask && mask->strokes->len == 0 && !mask->invert;
}

PstPaintLayer *pst_paint_layers_showing(const PstPaintLayers *layers, int *count)
{
    PstPaintLayer *showing = g_new(PstPaintLayer, MAX(1, layers->count));
    int first = 0;

    for (int i = 1; i < layers->count; i++) {
        if (!layers->layers[i].mask) {
            first = i;
        }
    }
    *count = 0;
    for (int i = first; i < layers->count; i++) {
        if (!is_nowhere(layers->layers[i].mask)) {
            showing[(*count)++] = layers->layers[i];
        }
    }
    return showing;
}

double pst_paint_layer_strength(const PstPaintLayers *layers, const PstPaintLayer *layer)
{
    return layer->manner ? layer->manner->strength : layers->strength;
}

double pst_paint_layer_detail(const PstPaintLayers *layers, const PstPaintLayer *layer)
{
    return layer->manner ? layer->manner->detail : layers->detail;
}

gboolean pst_paint_layer_keeps_colours(const PstPaintLayers *layers, const PstPaintLayer *layer)
{
    return layer->manner ? layer->manner->keep_colours : layers->keep_colours;
}
