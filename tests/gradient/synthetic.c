#include "synthetic.h"

#include "engine/base/random.h"

#include <glib/gstdio.h>
#include <math.h>

void synthetic_fill(guint64 seed, float *values, gsize n, double amplitude, double middle)
{
    PstRandom random = { seed };

    for (gsize i = 0; i < n; i++) {
        values[i] = (float)(middle + amplitude * (2 * pst_random_unit(&random) - 1));
    }
}

static void add(PstTensorsWriter *writer, guint64 seed, const char *layer, const char *suffix, int dims,
                const int *shape, double amplitude)
{
    g_autofree char *name = g_strconcat(layer, suffix, NULL);
    g_autofree float *values = NULL;
    gsize n = 1;

    for (int i = 0; i < dims; i++) {
        n *= shape[i];
    }
    values = g_new(float, n);
    synthetic_fill(seed, values, n, amplitude, 0);
    pst_tensors_writer_add(writer, name, PST_TENSOR_F32, values, shape, dims);
}

static void add_layers(PstTensorsWriter *writer, guint64 seed, const PstLayer *table, int count)
{
    for (int i = 0; i < count; i++) {
        const PstLayer *l = &table[i];

        add(writer, seed + 2 * i, l->name, ".weight", 4, (int[]){ l->out, l->in, 3, 3 }, sqrt(6.0 / (9 * l->in)));
        add(writer, seed + 2 * i + 1, l->name, ".bias", 1, &l->out, 0.1);
    }
}

static void add_maps(PstTensorsWriter *writer, guint64 seed)
{
    for (int i = 0; i < PST_ENCODER_LAYERS; i++) {
        const PstLayer *l = &pst_encoder_layers[i];

        if (l->tap) {
            guint64 at = seed + 100 + 2 * (l->tap - 1);
            int out = pst_teacher_channels[l->tap];

            add(writer, at, l->name, "_up.weight", 4, (int[]){ out, l->out, 1, 1 }, sqrt(27.0 / l->out));
            add(writer, at + 1, l->name, "_up.bias", 1, &out, 0.5);
        }
    }
}

void synthetic_network_write(guint64 seed, const char *path)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autoptr(GError) error = NULL;

    add_layers(writer, seed, pst_encoder_layers, PST_ENCODER_LAYERS);
    add_maps(writer, seed);
    pst_tensors_writer_set_metadata(writer, "network", "pastiche-encoder");
    pst_tensors_writer_save(writer, path, &error);
    g_assert_no_error(error);
}

void synthetic_shallow_network_write(guint64 seed, const char *path)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autoptr(GError) error = NULL;

    add_layers(writer, seed, pst_shallow_teacher_layers, PST_SHALLOW_LAYERS);
    pst_tensors_writer_save(writer, path, &error);
    g_assert_no_error(error);
}

static PstLossNetwork *written_and_read(guint64 seed, void (*write)(guint64 seed, const char *path),
                                        PstLossNetwork *(*read)(const char *path, GError **error))
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("pastiche-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "network.safetensors", NULL);
    PstLossNetwork *loss_network;

    write(seed, path);
    loss_network = read(path, &error);
    g_assert_no_error(error);
    g_unlink(path);
    g_rmdir(folder);
    return loss_network;
}

PstLossNetwork *synthetic_network(guint64 seed)
{
    return written_and_read(seed, synthetic_network_write, pst_loss_network_read);
}

PstLossNetwork *synthetic_shallow_network(guint64 seed)
{
    return written_and_read(seed, synthetic_shallow_network_write, pst_shallow_loss_network_read);
}

PstGeneratorWeights *synthetic_generator(guint64 seed)
{
    PstGeneratorWeights *w = pst_generator_weights_new(pst_parameters_new());

    for (int i = 0; i < PST_PARAMETERS; i++) {
        const PstSlot *p = &pst_parameters()[i];
        double amplitude = strstr(p->name, "modulation") || strstr(p->name, "mixture") ? 0.05
                           : p->dims == 1                                              ? 0.1
                                          : sqrt(6.0 * p->shape[0] / p->count);

        synthetic_fill(seed + i, w->parameters + p->offset, p->count, amplitude,
                       g_str_equal(p->name, "conv1_2.bias") ? 0.5 : 0);
    }
    synthetic_fill(seed + 100, w->style_mean, PST_STYLE_SIZE, 0.5, 0);
    synthetic_fill(seed + 101, w->style_std, PST_STYLE_SIZE, 0.5, 1);
    pst_generator_weights_prepare(w, NULL);
    return w;
}

void synthetic_generator_free(PstGeneratorWeights *w)
{
    pst_floats_free(w->parameters);
    pst_generator_weights_free(w);
}

PstMap synthetic_picture(guint64 seed, int height, int width)
{
    PstMap map = pst_map_new(height, width, 3);
    float noise[3][4];

    synthetic_fill(seed, noise[0], 12, 1, 0);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            PstRandom random = { seed + 1000003u * (guint64)(y * width + x) };

            for (int c = 0; c < 3; c++) {
                const float *n = noise[c];

                pst_map_at(&map, y, x)[c] = 0.5f + 0.2f * sinf(0.8f * n[0] * x + 0.8f * n[1] * y + 6 * n[2]) +
                                            0.15f * sinf(0.3f * n[3] * x - 0.4f * n[1] * y) +
                                            0.05f * (float)pst_random_unit(&random);
            }
        }
    }
    return map;
}
