#include "feature_network.h"

#include "engine/kernel/pooling.h"

#include <string.h>

struct PstFeatureNetwork {
    PstConvolution *layers[PST_FEATURE_LAYERS];
};

static PstConvolution *read_layer(const PstLayer *l, const PstTensors *weights, GError **error)
{
    g_autofree char *weight_name = g_strconcat(l->name, ".weight", NULL);
    g_autofree char *bias_name = g_strconcat(l->name, ".bias", NULL);
    const float *weight = pst_tensors_get(weights, weight_name, (int[]){ l->out, l->in, 3, 3 }, 4, error);
    const float *bias = weight ? pst_tensors_get(weights, bias_name, (int[]){ l->out }, 1, error) : NULL;
    PstConvolution *convolution = NULL;

    if (bias) {
        convolution = pst_convolution_new(l->in, l->out);
        pst_convolution_set_with_gradient(convolution, weight, bias);
    }
    return convolution;
}

PstFeatureNetwork *pst_feature_network_new(const PstTensors *weights, GError **error)
{
    g_autoptr(PstFeatureNetwork) network = g_new0(PstFeatureNetwork, 1);

    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        network->layers[i] = read_layer(&pst_encoder_layers[i], weights, error);
        if (!network->layers[i]) {
            return NULL;
        }
    }
    return g_steal_pointer(&network);
}

void pst_feature_network_free(PstFeatureNetwork *network)
{
    for (int i = 0; network && i < PST_FEATURE_LAYERS; i++) {
        pst_convolution_free(network->layers[i]);
    }
    g_free(network);
}

static gboolean pools(const PstFeatureMaps *f, int layer)
{
    return pst_encoder_layers[layer].pool && layer < f->count - 1;
}

PstFeatureMaps *pst_feature_maps_new(int height, int width, int count, gboolean gradient)
{
    PstFeatureMaps *f = g_new0(PstFeatureMaps, 1);

    f->height = height;
    f->width = width;
    f->count = count;
    for (int i = 0; gradient && i < 2; i++) {
        f->spare[i] = pst_map_new(height, width, pst_encoder_layers[0].out);
    }
    for (int i = 0; i < count; i++) {
        f->layers[i] = pst_map_new(height, width, pst_encoder_layers[i].out);
        if (pools(f, i)) {
            height /= 2;
            width /= 2;
            f->pooled[i] = pst_map_new(height, width, pst_encoder_layers[i].out);
        }
    }
    return f;
}

void pst_feature_maps_free(PstFeatureMaps *f)
{
    if (!f) {
        return;
    }
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        pst_map_clear(&f->layers[i]);
        pst_map_clear(&f->pooled[i]);
    }
    for (int i = 0; i < 2; i++) {
        pst_map_clear(&f->spare[i]);
    }
    g_free(f);
}

void pst_feature_maps_see(PstFeatureMaps *f, const PstFeatureNetwork *network, PstExecutor *executor, const PstMap *rgb)
{
    const PstMap *x = rgb;

    for (int i = 0; i < f->count; i++) {
        PstFusion fusion = { .relu = TRUE, .pooled = pools(f, i) ? &f->pooled[i] : NULL };

        pst_executor_convolve(executor, network->layers[i], x, &f->layers[i], &fusion);
        x = pools(f, i) ? &f->pooled[i] : &f->layers[i];
    }
}

/* A map of the shape of `like` in a spare one. */
static PstMap shaped(const PstMap *like, const PstMap *spare)
{
    return (PstMap){ spare->data, like->height, like->width, like->channels };
}

/* Rows first .. of a map, as a map. */
static PstMap part(const PstMap *map, int first, int rows)
{
    return (PstMap){ pst_map_at(map, first, 0), rows, map->width, map->channels };
}

typedef struct {
    const PstMap *x, *y, *dy;
    PstMap *dx;
} Unpool;

/* The last share has the odd row that pooling leaves out. */
static void unpool_rows(int first, int rows, gpointer data)
{
    Unpool *u = data;
    int end = first + rows == u->y->height ? u->x->height : 2 * (first + rows);
    PstMap x = part(u->x, 2 * first, end - 2 * first), y = part(u->y, first, rows), dy = part(u->dy, first, rows);
    PstMap dx = part(u->dx, 2 * first, end - 2 * first);

    pst_max_pool_gradient(&x, &y, &dy, &dx);
}

void pst_feature_maps_gradient(PstFeatureMaps *f, const PstFeatureNetwork *network, PstExecutor *executor,
                               PstFeatureGradient add, gpointer data, PstMap *drgb)
{
    int turn = 1;
    PstMap dy = shaped(&f->layers[f->count - 1], &f->spare[0]);

    memset(dy.data, 0, pst_map_size(&dy) * sizeof(float));
    add(f->count - 1, &dy, data);
    for (int i = f->count - 1; i > 0; i--, turn ^= 1) {
        const PstMap *below = pools(f, i - 1) ? &f->pooled[i - 1] : &f->layers[i - 1];
        PstMap dx = shaped(below, &f->spare[turn]);

        pst_executor_backward_input(executor, network->layers[i], &dy, &f->layers[i], &dx);
        if (pools(f, i - 1)) {
            PstMap whole = shaped(&f->layers[i - 1], &f->spare[turn ^ 1]);
            Unpool u = { &f->layers[i - 1], below, &dx, &whole };

            pst_executor_rows(executor, below->height,
                              pst_executor_share(executor, below->height, whole.width, whole.channels), unpool_rows,
                              &u);
            dx = whole;
            turn ^= 1;
        }
        add(i - 1, &dx, data);
        dy = dx;
    }
    pst_executor_backward_input(executor, network->layers[0], &dy, &f->layers[0], drgb);
}
