#include "style_bank.h"

#include "engine/network/safetensors.h"
#include "engine/network/safetensors_writer.h"

#include <math.h>
#include <string.h>

#define SMALLEST_SIDE 224
#define LARGEST_SIDE  512
#define LEAST_SIDE    16 /* of a very long painting's short side: relu5_1 still has a pixel */
#define LEAST_SPREAD  2e-2f

static PstStyleSet set_new(int count, gboolean shallow)
{
    return (PstStyleSet){ count, pst_floats_new((gsize)count * PST_STYLE_SIZE),
                          pst_floats_new((gsize)count * PST_TARGET_SIZE),
                          shallow ? pst_floats_new((gsize)count * PST_SHALLOW_TARGET_SIZE) : NULL };
}

/* Means and deviations to standardise styles with. */
static void standardise(PstStyleBank *bank)
{
    const PstStyleSet *set = &bank->train;

    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        double sum = 0, squares = 0;

        for (int n = 0; n < set->count; n++) {
            sum += set->style[(gsize)n * PST_STYLE_SIZE + i];
        }
        sum /= set->count;
        for (int n = 0; n < set->count; n++) {
            double d = set->style[(gsize)n * PST_STYLE_SIZE + i] - sum;

            squares += d * d;
        }
        bank->mean[i] = (float)sum;
        bank->std[i] = (float)sqrt(squares / set->count) + LEAST_SPREAD;
    }
}

/* ---- the file ------------------------------------------------------------------------------- */

static float *read_rows(const PstTensors *tensors, const char *name, int width, int *count, GError **error)
{
    const float *values = pst_tensors_get(tensors, name, (int[]){ *count ? *count : PST_TENSORS_ANY, width }, 2, error);
    float *rows;

    if (!values) {
        return NULL;
    }
    *count = pst_tensors_find(tensors, name)->shape[0];
    if (*count < 1) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, "%s: has no rows", name);
        return NULL;
    }
    rows = pst_floats_new((gsize)*count * width);
    memcpy(rows, values, (gsize)*count * width * sizeof *rows);
    return rows;
}

static gboolean read_set(PstStyleSet *set, const PstTensors *tensors, const char *kind, gboolean shallow,
                         GError **error)
{
    g_autofree char *shallow_target = g_strconcat(kind, ".exact", NULL);
    g_autofree char *style = g_strconcat(kind, ".style", NULL);
    g_autofree char *target = g_strconcat(kind, ".target", NULL);

    set->style = read_rows(tensors, style, PST_STYLE_SIZE, &set->count, error);
    if (!set->style) {
        return FALSE;
    }
    set->target = read_rows(tensors, target, PST_TARGET_SIZE, &set->count, error);
    if (set->target && shallow) {
        set->shallow_target = read_rows(tensors, shallow_target, PST_SHALLOW_TARGET_SIZE, &set->count, error);
    }
    return set->target && (set->shallow_target || !shallow);
}

PstStyleBank *pst_style_bank_read(const char *path, gboolean shallow, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);
    g_autoptr(PstStyleBank) bank = g_new0(PstStyleBank, 1);

    if (!tensors || !read_set(&bank->train, tensors, "train", shallow, error) ||
        !read_set(&bank->valid, tensors, "valid", shallow, error)) {
        return NULL;
    }
    standardise(bank);
    return g_steal_pointer(&bank);
}

void pst_style_bank_free(PstStyleBank *bank)
{
    if (!bank) {
        return;
    }
    pst_floats_free(bank->train.style);
    pst_floats_free(bank->train.target);
    pst_floats_free(bank->train.shallow_target);
    pst_floats_free(bank->valid.style);
    pst_floats_free(bank->valid.target);
    pst_floats_free(bank->valid.shallow_target);
    g_free(bank);
}

static void add_set(PstTensorsWriter *writer, const PstStyleSet *set, const char *kind)
{
    g_autofree char *style = g_strconcat(kind, ".style", NULL);
    g_autofree char *target = g_strconcat(kind, ".target", NULL);
    g_autofree char *shallow_target = g_strconcat(kind, ".exact", NULL);

    pst_tensors_writer_add(writer, style, PST_TENSOR_F32, set->style, (int[]){ set->count, PST_STYLE_SIZE }, 2);
    pst_tensors_writer_add(writer, target, PST_TENSOR_F32, set->target, (int[]){ set->count, PST_TARGET_SIZE }, 2);
    if (set->shallow_target) {
        pst_tensors_writer_add(writer, shallow_target, PST_TENSOR_F32, set->shallow_target,
                               (int[]){ set->count, PST_SHALLOW_TARGET_SIZE }, 2);
    }
}

gboolean pst_style_bank_write(const PstStyleBank *bank, const char *path, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();

    add_set(writer, &bank->train, "train");
    add_set(writer, &bank->valid, "valid");
    return pst_tensors_writer_save(writer, path, error);
}

/* ---- making one ----------------------------------------------------------------------------- */

typedef struct {
    const PstCorpus *paintings;
    const PstLossNetwork *encoder, *loss_network, *shallow_loss_network;
    guint64 seed;
    PstStyleBank *bank;
} Making;

/* A part at a random scale. */
static PstMap part(const PstExample *e, PstRandom *random)
{
    PstCrop crop = pst_example_random_part(e, random);
    double zoom = pst_random_log_uniform(random, SMALLEST_SIDE, LARGEST_SIDE) / MIN(crop.width, crop.height);
    PstMap map = pst_map_new(MAX(LEAST_SIDE, (int)lrint(crop.height * zoom)),
                             MAX(LEAST_SIDE, (int)lrint(crop.width * zoom)), 3);

    pst_example_resample(e, crop, &map);
    return map;
}

static void measure_one(int task, int worker, gpointer data)
{
    const Making *m = data;
    gboolean training = task < m->bank->train.count;
    PstStyleSet *set = training ? &m->bank->train : &m->bank->valid;
    int row = training ? task : task - m->bank->train.count;
    int example = training ? row % m->paintings->train : m->paintings->train + row;
    PstRandom random = pst_random_at(m->seed, task, 0);
    PstMap rgb = part(&m->paintings->examples[example], &random);
    g_autoptr(PstArena) arena = pst_arena_new();
    PstLosses *losses = pst_losses_new(arena, rgb.height, rgb.width);
    g_autoptr(PstActivations)
        activations = pst_activations_new(m->encoder, arena, rgb.height, rgb.width, PST_TAPS, FALSE);

    pst_loss_network_forward(m->encoder, &rgb, activations);
    pst_taps_statistics(activations->taps, set->style + (gsize)row * PST_STYLE_SIZE);
    if (m->loss_network != m->encoder) {
        pst_loss_network_forward(m->loss_network, &rgb, activations);
    }
    pst_loss_network_style(m->loss_network, losses, activations->taps, set->target + (gsize)row * PST_TARGET_SIZE);
    if (m->shallow_loss_network) {
        g_autoptr(PstActivations) shallow = pst_activations_new(m->shallow_loss_network, arena, rgb.height, rgb.width,
                                                                PST_SHALLOW_TAPS, FALSE);

        pst_loss_network_forward(m->shallow_loss_network, &rgb, shallow);
        pst_shallow_loss_network_style(shallow->taps, set->shallow_target + (gsize)row * PST_SHALLOW_TARGET_SIZE);
    }
    pst_map_clear(&rgb);
}

PstStyleBank *pst_style_bank_new(const PstCorpus *paintings, const PstLossNetwork *encoder,
                                 const PstLossNetwork *loss_network, const PstLossNetwork *shallow_loss_network,
                                 int parts, guint64 seed, PstThreadPool *pool)
{
    PstStyleBank *bank = g_new0(PstStyleBank, 1);
    Making making = { paintings, encoder, loss_network, shallow_loss_network, seed, bank };

    bank->train = set_new(paintings->train * parts, shallow_loss_network != NULL);
    bank->valid = set_new(paintings->held_out, shallow_loss_network != NULL);
    pst_thread_pool_run(pool, bank->train.count + bank->valid.count, measure_one, &making);
    standardise(bank);
    return bank;
}
