#include "optimiser.h"

#include "vector.h"

#include "engine/kernel/adam.h"
#include "engine/kernel/map.h"

#include <string.h>

#define BLOCK 4096 /* floats; five rows of it fit the first cache */
#define RANGE (16 * BLOCK)

static float *zeroed(gsize n)
{
    float *floats = pst_floats_new(n);

    memset(floats, 0, n * sizeof *floats);
    return floats;
}

PstOptimiser *pst_optimiser_new(gsize size)
{
    PstOptimiser *o = g_new0(PstOptimiser, 1);

    o->size = size;
    o->weights = zeroed(size);
    o->average = zeroed(size);
    o->mean = zeroed(size);
    o->square = zeroed(size);
    return o;
}

void pst_optimiser_free(PstOptimiser *o)
{
    if (!o) {
        return;
    }
    pst_floats_free(o->weights);
    pst_floats_free(o->average);
    pst_floats_free(o->mean);
    pst_floats_free(o->square);
    g_free(o);
}

typedef struct {
    PstOptimiser *optimiser;
    const PstTrainingRecipe *recipe;
    int step;
    float *const *gradients;
    int pictures;
} Step;

PST_VECTOR static void add(float *restrict sum, const float *restrict x, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        sum[i] += x[i];
    }
}

PST_VECTOR static void approach(float *restrict average, const float *restrict x, float share, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        average[i] += share * (x[i] - average[i]);
    }
}

static void step_range(int task, int worker, gpointer data)
{
    const Step *s = data;
    const PstTrainingRecipe *r = s->recipe;
    PstOptimiser *o = s->optimiser;
    gsize first = (gsize)task * RANGE, last = MIN(o->size, first + RANGE);
    int t = s->step + 1;
    double keep = MIN(r->average, t / (9.0 + t));
    float sum[BLOCK];

    for (gsize at = first; at < last; at += BLOCK) {
        gsize n = MIN(BLOCK, last - at);

        memcpy(sum, s->gradients[0] + at, n * sizeof *sum);
        for (int i = 1; i < s->pictures; i++) {
            add(sum, s->gradients[i] + at, n);
        }
        pst_adam_step(o->weights + at, sum, o->mean + at, o->square + at, n, t,
                      (float)pst_training_recipe_rate(r, s->step), (float)r->beta1, (float)r->beta2, 1e-8f);
        approach(o->average + at, o->weights + at, (float)(1 - keep), n);
    }
}

void pst_optimiser_step(PstOptimiser *optimiser, const PstTrainingRecipe *recipe, int step, float *const *gradients,
                        int pictures, PstThreadPool *pool)
{
    Step s = { optimiser, recipe, step, gradients, pictures };

    pst_thread_pool_run(pool, (int)((optimiser->size + RANGE - 1) / RANGE), step_range, &s);
}

/* ---- checkpoints ---------------------------------------------------------------------------- */

static const char *const row_names[] = { "weights.", "average.", "mean.", "square." };

void pst_optimiser_write(const PstOptimiser *o, const PstSlot *slots, int count, PstTensorsWriter *writer)
{
    const float *rows[] = { o->weights, o->average, o->mean, o->square };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        pst_slots_write(slots, count, rows[i], writer, row_names[i], PST_TENSOR_F32);
    }
}

gboolean pst_optimiser_read(PstOptimiser *o, const PstSlot *slots, int count, const PstTensors *tensors, GError **error)
{
    float *rows[] = { o->weights, o->average, o->mean, o->square };
    gboolean good = TRUE;

    for (gsize i = 0; good && i < G_N_ELEMENTS(rows); i++) {
        good = pst_slots_read(slots, count, rows[i], tensors, row_names[i], error);
    }
    return good;
}
