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
