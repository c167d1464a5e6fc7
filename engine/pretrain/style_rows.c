#include "style_rows.h"

#include "engine/finetune/example.h"
#include "engine/kernel/colour_transfer.h"
#include "engine/network/safetensors_writer.h"

#include <math.h>
#include <string.h>

#define SMALLEST_SIDE 224
#define LARGEST_SIDE  512
#define LEAST_SIDE    16 /* of a very long painting's short side: relu4_1 still has two pixels */

int pst_style_rows_each(const PstStyleRows *rows)
{
    return 1 + rows->parts + rows->recoloured;
}

static int count_rows(const PstStyleRows *rows)
{
    return rows->artworks * pst_style_rows_each(rows);
}

static PstStyleRows *rows_room(int artworks, int parts, int recoloured)
{
    PstStyleRows *rows = g_new0(PstStyleRows, 1);
    gsize count;

    rows->artworks = artworks;
    rows->parts = parts;
    rows->recoloured = recoloured;
    count = (gsize)count_rows(rows);
    rows->style = pst_floats_new(count * PST_STYLE_SIZE);
    rows->colour = pst_floats_new(count * PST_ROW_COLOURS);
    return rows;
}

void pst_style_rows_free(PstStyleRows *rows)
{
    if (!rows)
        return;
    pst_floats_free(rows->style);
    pst_floats_free(rows->colour);
    g_free(rows);
}

/* ---- measuring ------------------------------------------------------------------------------ */

typedef struct {
    const char *const *paths;
    const PstLossNetwork *encoder;
    guint64 seed;
    PstStyleRows *rows;
    GError **errors; /* one for each path */
} Measuring;

/* Other colours: the hue turned about the grey axis, another saturation, gains and gamma. */
static void recolour(PstMap *rgb, PstRandom *random)
{
    double angle = pst_random_uniform(random, 0, 2 * G_PI), saturation = pst_random_log_uniform(random, 0.3, 2.5);
    double along = saturation * cos(angle), across = saturation * sin(angle) / sqrt(3);
    float gamma = (float)pst_random_log_uniform(random, 0.6, 1.6), gain[3];

    for (int c = 0; c < 3; c++)
        gain[c] = (float)pst_random_log_uniform(random, 0.75, 1.3);
    for (gsize i = 0; i < pst_map_size(rgb); i += 3) {
        float *v = rgb->data + i;
        double grey = (v[0] + v[1] + v[2]) / 3.0, d[3] = { v[0] - grey, v[1] - grey, v[2] - grey };

        for (int c = 0; c < 3; c++) {
            double turned = grey + along * d[c] + across * (d[(c + 2) % 3] - d[(c + 1) % 3]);

            v[c] = powf(CLAMP(gain[c] * (float)turned, 0, 1), gamma);
        }
    }
}

static void measure(const Measuring *m, const PstMap *rgb, int row)
{
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstActivations)
        activations = pst_activations_new(m->encoder, arena, rgb->height, rgb->width, PST_STYLE_TAPS, FALSE);
    PstColourMoments colours = pst_colour_moments(rgb);
    float *colour = m->rows->colour + (gsize)row * PST_ROW_COLOURS;

    pst_loss_network_forward(m->encoder, rgb, activations);
    pst_taps_statistics(activations->taps, m->rows->style + (gsize)row * PST_STYLE_SIZE);
    for (int i = 0; i < 3; i++)
        *colour++ = (float)colours.mean[i];
    for (int i = 0; i < 3; i++) {
        for (int k = i; k < 3; k++)
            *colour++ = (float)colours.covariance[i][k];
    }
}

static void measure_artwork(int task, int worker, gpointer data)
{
    const Measuring *m = data;
    int each = pst_style_rows_each(m->rows);
    PstExample example;

    if (!pst_example_read(&example, m->paths[task], LEAST_SIDE, NULL, NULL, NULL, &m->errors[task]))
        return;
    for (int i = 0; i < each; i++) {
        PstRandom random = pst_random_at(m->seed, (guint64)task, (guint64)i);
        PstCrop crop = pst_example_whole(&example);
        double zoom = MIN(2, LARGEST_SIDE / (double)MIN(crop.width, crop.height));
        PstMap rgb;

        if (i > 0) {
            crop = pst_example_random_part(&example, &random);
            crop.mirrored = pst_random_below(&random, 2);
            zoom = pst_random_log_uniform(&random, SMALLEST_SIDE, LARGEST_SIDE) / MIN(crop.width, crop.height);
        }
        rgb = pst_map_new(MAX(LEAST_SIDE, (int)lrint(crop.height * zoom)),
                          MAX(LEAST_SIDE, (int)lrint(crop.width * zoom)), 3);
        pst_example_resample(&example, crop, &rgb);
        if (i > m->rows->parts)
            recolour(&rgb, &random);
        measure(m, &rgb, task * each + i);
        pst_map_clear(&rgb);
    }
    pst_example_clear(&example);
}

PstStyleRows *pst_style_rows_new(const char *const *paths, int count, const PstLossNetwork *encoder, int parts,
                                 int recoloured, guint64 seed, PstThreadPool *pool, GError **error)
{
    g_autoptr(PstStyleRows) rows = rows_room(count, parts, recoloured);
    g_autofree GError **errors = g_new0(GError *, count + 1);
    GError *first = NULL;

    pst_thread_pool_run(pool, count, measure_artwork, &(Measuring){ paths, encoder, seed, rows, errors });
    for (int i = 0; i < count; i++) {
        if (errors[i] && !first)
            first = g_steal_pointer(&errors[i]);
        g_clear_error(&errors[i]);
    }
    if (first) {
        g_propagate_error(error, first);
        return NULL;
    }
    return g_steal_pointer(&rows);
}

/* ---- the file ------------------------------------------------------------------------------- */

PstStyleRows *pst_style_rows_read(const char *path, GError **error)
{
    static const PstTensorsLimits limits = { .file_bytes = (gsize)1 << 30 };
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, &limits, error);
    const float *shape = tensors ? pst_tensors_get(tensors, "shape", (int[]){ 3 }, 1, error) : NULL;
    g_autoptr(PstStyleRows) rows = NULL;
    const float *style, *colour;
    int count;

    if (!shape)
        return NULL;
    for (int i = 0; i < 3; i++) {
        if (!(shape[i] >= (i == 0) && shape[i] <= 65536 && shape[i] == floorf(shape[i]))) {
            g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, "%s: shape: no such rows", path);
            return NULL;
        }
    }
    if ((double)shape[0] * (1 + shape[1] + shape[2]) > G_MAXINT / PST_STYLE_SIZE) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, "%s: shape: too many rows", path);
        return NULL;
    }
    count = (int)shape[0] * (1 + (int)shape[1] + (int)shape[2]);
    style = pst_tensors_get(tensors, "style", (int[]){ count, PST_STYLE_SIZE }, 2, error);
    colour = style ? pst_tensors_get(tensors, "colour", (int[]){ count, PST_ROW_COLOURS }, 2, error) : NULL;
    if (!colour)
        return NULL;
    rows = rows_room((int)shape[0], (int)shape[1], (int)shape[2]);
    memcpy(rows->style, style, (gsize)count * PST_STYLE_SIZE * sizeof *style);
    memcpy(rows->colour, colour, (gsize)count * PST_ROW_COLOURS * sizeof *colour);
    return g_steal_pointer(&rows);
}

gboolean pst_style_rows_write(const PstStyleRows *rows, const char *path, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    int count = count_rows(rows);

    pst_tensors_writer_add(writer, "shape", PST_TENSOR_F32,
                           (float[]){ (float)rows->artworks, (float)rows->parts, (float)rows->recoloured },
                           (int[]){ 3 }, 1);
    pst_tensors_writer_add(writer, "style", PST_TENSOR_F32, rows->style, (int[]){ count, PST_STYLE_SIZE }, 2);
    pst_tensors_writer_add(writer, "colour", PST_TENSOR_F32, rows->colour, (int[]){ count, PST_ROW_COLOURS }, 2);
    return pst_tensors_writer_save(writer, path, error);
}
