/* Times training steps of the base recipe: training_step THREADS STEPS RECIPE prints seconds a
 * step, the median of STEPS after one to warm up, and the processor seconds a step that all threads
 * spent together; with a fourth argument, of steps with a shallow loss network. Networks and pictures are made
 * up: speed doesn't depend on what they hold. */
#include "tests/gradient/synthetic.h"

#include "engine/pretrain/trainer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PICTURES 8
#define STYLES   8
#define SIDE     512

static PstCorpus *made_up_photos(void)
{
    PstCorpus *corpus = g_new0(PstCorpus, 1);

    corpus->train = PICTURES;
    corpus->examples = g_new0(PstExample, PICTURES);
    for (int i = 0; i < PICTURES; i++) {
        PstMap map = synthetic_picture(50 + i, SIDE, SIDE);
        PstExample *e = &corpus->examples[i];

        *e = (PstExample){ SIDE, SIDE, g_malloc(pst_map_size(&map)) };
        for (gsize k = 0; k < pst_map_size(&map); k++) {
            e->rgb[k] = (guint8)(255 * CLAMP(map.data[k], 0, 1));
        }
        pst_map_clear(&map);
    }
    return corpus;
}

static PstStyleBank *made_up_bank(void)
{
    PstStyleBank *bank = g_new0(PstStyleBank, 1);

    bank->train = (PstStyleSet){ STYLES, pst_floats_new((gsize)STYLES * PST_STYLE_SIZE),
                                 pst_floats_new((gsize)STYLES * PST_TARGET_SIZE),
                                 pst_floats_new((gsize)STYLES * PST_SHALLOW_TARGET_SIZE) };
    synthetic_fill(1, bank->train.style, (gsize)STYLES * PST_STYLE_SIZE, 0.4, 0.5);
    synthetic_fill(2, bank->train.target, (gsize)STYLES * PST_TARGET_SIZE, 0.4, 0.5);
    synthetic_fill(5, bank->train.shallow_target, (gsize)STYLES * PST_SHALLOW_TARGET_SIZE, 0.4, 0.5);
    synthetic_fill(3, bank->mean, PST_STYLE_SIZE, 0.1, 0.5);
    synthetic_fill(4, bank->std, PST_STYLE_SIZE, 0.1, 0.5);
    return bank;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double processor_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int count, char **arguments)
{
    g_autoptr(GError) error = NULL;
    int threads = count >= 4 ? atoi(arguments[1]) : 0, steps = count >= 4 ? atoi(arguments[2]) : 0;
    g_autoptr(PstLossNetwork) encoder = synthetic_network(1000);
    g_autoptr(PstLossNetwork) loss_network = synthetic_network(2000);
    g_autoptr(PstLossNetwork) shallow = count > 4 ? synthetic_shallow_network(4000) : NULL;
    g_autoptr(PstCorpus) photos = made_up_photos();
    g_autoptr(PstStyleBank) bank = made_up_bank();
    g_autoptr(PstThreadPool) pool = NULL;
    g_autoptr(PstTrainer) trainer = NULL;
    g_autofree double *seconds = NULL;
    PstTrainingRecipe recipe;
    double terms[PST_LOSSES] = { 0 }, processor;

    if (threads < 1 || steps < 1 || !pst_training_recipe_read(&recipe, arguments[3], &error)) {
        fprintf(stderr, "%s\n", error ? error->message : "usage: training_step THREADS STEPS RECIPE [exact]");
        return 2;
    }
    pool = pst_thread_pool_new(threads);
    trainer = pst_trainer_new(&(PstTrainerData){ &recipe, photos, NULL, bank, encoder, loss_network, shallow }, pool);
    pst_trainer_step(trainer, terms);
    seconds = g_new(double, steps);
    processor = processor_seconds();
    for (int i = 0; i < steps; i++) {
        gint64 start = g_get_monotonic_time();

        pst_trainer_step(trainer, terms);
        seconds[i] = (double)(g_get_monotonic_time() - start) * 1e-6;
    }
    processor = (processor_seconds() - processor) / steps;
    qsort(seconds, steps, sizeof *seconds, compare);
    printf("%d threads: %.3f s a step, %.3f s of processor, best step %.3f s\n", threads, seconds[steps / 2], processor,
           seconds[0]);
    return 0;
}
