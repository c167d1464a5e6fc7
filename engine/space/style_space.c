#include "style_space.h"

#include "engine/kernel/map.h"

#include <math.h>

#define FORMAT   "pastiche-space-1"
#define LARGEST  4096  /* of latent, hidden and rests: a larger one is no space of this program */
#define SMALLEST 1e-6f /* deviation whose logarithm is taken */

PstStyleSpace *pst_style_space_new(int latent, int hidden, int rests)
{
    PstStyleSpace *space = g_new0(PstStyleSpace, 1);

    space->shape = pst_vae_shape(PST_STYLE_SIZE, latent, hidden);
    space->parameters = pst_floats_new(space->shape.size);
    space->rests = rests;
    space->rest = pst_floats_new((gsize)rests * PST_STYLE_SIZE);
    space->colour = pst_floats_new((gsize)PST_STYLE_SIZE * PST_SPACE_COLOUR);
    space->to_colour = pst_floats_new((gsize)PST_SPACE_COLOUR * (PST_STYLE_SIZE + 1));
    return space;
}

void pst_style_space_free(PstStyleSpace *space)
{
    if (!space)
        return;
    pst_floats_free(space->parameters);
    pst_floats_free(space->rest);
    pst_floats_free(space->colour);
    pst_floats_free(space->to_colour);
    g_free(space);
}

/* ---- the file ------------------------------------------------------------------------------- */

/* Calls `visit` with the name and the place of each matrix and bias of the autoencoder. */
typedef gboolean (*VisitLayer)(const char *name, int rows, int columns, float *values, gpointer data, GError **error);

static gboolean visit_layers(const PstStyleSpace *space, VisitLayer visit, gpointer data, GError **error)
{
    for (int i = 0; i < PST_VAE_LAYERS; i++) {
        const PstDense *layer = &space->shape.layers[i];
        g_autofree char *weight = g_strconcat(pst_vae_layer_names[i], ".weight", NULL);
        g_autofree char *bias = g_strconcat(pst_vae_layer_names[i], ".bias", NULL);
        float *values = space->parameters + layer->offset;

        if (!visit(weight, layer->out, layer->in, values, data, error) ||
            (layer->bias && !visit(bias, layer->out, 0, values + (gsize)layer->out * layer->in, data, error)))
            return FALSE;
    }
    return TRUE;
}

static gboolean read_layer(const char *name, int rows, int columns, float *values, gpointer data, GError **error)
{
    return pst_tensors_copy(data, name, rows, columns, values, error);
}

static gboolean write_layer(const char *name, int rows, int columns, float *values, gpointer data, GError **error)
{
    pst_tensors_writer_add(data, name, PST_TENSOR_F16, values, (int[]){ rows, columns }, columns ? 2 : 1);
    return TRUE;
}

PstStyleSpace *pst_style_space_read(const char *path, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);
    g_autoptr(PstStyleSpace) space = NULL;
    const PstTensor *mean, *rest;

    if (!tensors)
        return NULL;
    mean = pst_tensors_find(tensors, "mean.weight");
    rest = pst_tensors_find(tensors, "rest");
    if (g_strcmp0(pst_tensors_metadata(tensors, "format"), FORMAT) != 0 || !mean || mean->dims != 2 || !rest ||
        rest->dims != 2 || mean->shape[0] < 1 || mean->shape[0] > LARGEST || mean->shape[1] < 1 ||
        mean->shape[1] > LARGEST || rest->shape[0] < 1 || rest->shape[0] > LARGEST) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, "%s: not a space of styles", path);
        return NULL;
    }
    space = pst_style_space_new(mean->shape[0], mean->shape[1], rest->shape[0]);
    if (!visit_layers(space, read_layer, tensors, error) ||
        !pst_tensors_copy(tensors, "mean", PST_STYLE_SIZE, 0, space->mean, error) ||
        !pst_tensors_copy(tensors, "deviation", PST_STYLE_SIZE, 0, space->deviation, error) ||
        !pst_tensors_copy(tensors, "rest", space->rests, PST_STYLE_SIZE, space->rest, error) ||
        !pst_tensors_copy(tensors, "rest_mean", PST_STYLE_SIZE, 0, space->rest_mean, error) ||
        !pst_tensors_copy(tensors, "colour", PST_STYLE_SIZE, PST_SPACE_COLOUR, space->colour, error) ||
        !pst_tensors_copy(tensors, "to_colour", PST_SPACE_COLOUR, PST_STYLE_SIZE + 1, space->to_colour, error))
        return NULL;
    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        if (!(space->deviation[i] > 0)) {
            g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, "%s: deviation: not above 0", path);
            return NULL;
        }
    }
    return g_steal_pointer(&space);
}

PstStyleSpace *pst_style_space_load_default(GError **error)
{
    g_autofree char *folder = pst_data_folder(error);
    g_autofree char *path = folder ? g_build_filename(folder, PST_SPACE_FILE, NULL) : NULL;

    return path ? pst_style_space_read(path, error) : NULL;
}

gboolean pst_style_space_write(const PstStyleSpace *space, const char *path, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();

    pst_tensors_writer_set_metadata(writer, "format", FORMAT);
    visit_layers(space, write_layer, writer, NULL);
    pst_tensors_writer_add(writer, "mean", PST_TENSOR_F32, space->mean, (int[]){ PST_STYLE_SIZE }, 1);
    pst_tensors_writer_add(writer, "deviation", PST_TENSOR_F32, space->deviation, (int[]){ PST_STYLE_SIZE }, 1);
    pst_tensors_writer_add(writer, "rest", PST_TENSOR_F16, space->rest, (int[]){ space->rests, PST_STYLE_SIZE }, 2);
    pst_tensors_writer_add(writer, "rest_mean", PST_TENSOR_F32, space->rest_mean, (int[]){ PST_STYLE_SIZE }, 1);
    pst_tensors_writer_add(writer, "colour", PST_TENSOR_F32, space->colour, (int[]){ PST_STYLE_SIZE, PST_SPACE_COLOUR },
                           2);
    pst_tensors_writer_add(writer, "to_colour", PST_TENSOR_F32, space->to_colour,
                           (int[]){ PST_SPACE_COLOUR, PST_STYLE_SIZE + 1 }, 2);
    return pst_tensors_writer_save(writer, path, error);
}

/* ---- styles and codes ----------------------------------------------------------------------- */

void pst_style_space_standardise(const PstStyleSpace *space, const float *statistics, float *x)
{
    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        float value = i < PST_STYLE_CHANNELS ? statistics[i] : logf(MAX(statistics[i], SMALLEST));

        x[i] = CLAMP((value - space->mean[i]) / space->deviation[i], -PST_SPACE_REACH, PST_SPACE_REACH);
    }
}

void pst_style_space_restore(const PstStyleSpace *space, const float *x, float *statistics)
{
    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        float value = CLAMP(x[i], -PST_SPACE_REACH, PST_SPACE_REACH) * space->deviation[i] + space->mean[i];

        /* Features are behind a ReLU: no mean is negative. */
        statistics[i] = i < PST_STYLE_CHANNELS ? MAX(0, value) : MIN(expf(value), PST_STYLE_LARGEST);
    }
}

void pst_style_space_encode(const PstStyleSpace *space, const float *x, float *code)
{
    pst_vae_encode(&space->shape, space->parameters, x, 1, code, NULL);
}

void pst_style_space_decode(const PstStyleSpace *space, const float *code, float *x)
{
    pst_vae_decode(&space->shape, space->parameters, code, 1, x);
    for (int i = 0; i < PST_STYLE_SIZE; i++)
        x[i] = CLAMP(x[i], -PST_SPACE_REACH, PST_SPACE_REACH);
}

void pst_style_space_draw(const PstStyleSpace *space, PstRandom *random, float *code)
{
    for (int i = 0; i < space->shape.latent; i++)
        code[i] = (float)pst_random_normal(random);
}

void pst_style_space_add_rest(const PstStyleSpace *space, PstRandom *random, float amount, float *x)
{
    for (int i = 0; i < PST_STYLE_SIZE; i++)
        x[i] += amount * space->rest_mean[i];
    for (int r = 0; r < space->rests; r++) {
        const float *axis = space->rest + (gsize)r * PST_STYLE_SIZE;
        float size = amount * (float)pst_random_normal(random);

        for (int i = 0; i < PST_STYLE_SIZE; i++)
            x[i] += size * axis[i];
    }
}

void pst_style_space_tame(const PstStyleSpace *space, float *x)
{
    g_autofree float *code = g_new(float, space->shape.latent);
    float y[PST_STYLE_SIZE];
    double usual = 0, size = 0;

    pst_style_space_encode(space, x, code);
    pst_style_space_decode(space, code, y);
    for (int i = 0; i < space->rests * PST_STYLE_SIZE; i++)
        usual += (double)space->rest[i] * space->rest[i];
    for (int i = 0; i < PST_STYLE_SIZE; i++)
        size += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
    for (int i = 0; i < PST_STYLE_SIZE; i++)
        x[i] = y[i] + (float)MIN(1, sqrt(usual / MAX(size, 1e-12))) * (x[i] - y[i]);
}
