#include "drift.h"

#include "engine/finetune/fine_tuning.h"
#include "engine/finetune/style_images.h"
#include "engine/finetune/stylised_sample.h"

#include <string.h>

#define MOST_PAINTINGS 3

static PstFineTuningRecipe recipe(int most_steps, PstRandom *random)
{
    return (PstFineTuningRecipe){
        .steps = most_steps / 3 + pst_random_below(random, most_steps - most_steps / 3 + 1),
        .batch = 2,
        .size = 256,
        .smallest_window = 256,
        .largest_window = 512,
        .rate = pst_random_log_uniform(random, 4e-4, 1e-3),
        .warm_up = 10,
        .average = 0.9,
        .loss = PST_FINE_TUNING_LOSSES,
        .validations = 1,
        .patience = 1,
        .content_kept = 1,
        .content_limit = 1,
        .interpolation = 1,
        .seed = (gint64)(pst_random_bits(random) >> 1),
    };
}

void pst_drift_paint(const PstDrift *d, guint64 seed, guint64 step, guint64 item, PstExample *pictures, int count)
{
    PstRandom random = pst_random_at(seed, step, item);
    PstStyleImage chosen[MOST_PAINTINGS] = { 0 };
    PstStyleImages images = { 1 + pst_random_below(&random, MOST_PAINTINGS), chosen, NULL };
    const PstStyleImagesView view = { d->encoder, d->shallow_loss_network, PST_EXAMPLE_SIDE, NULL };
    PstStyleImagesStatistics s = { 0 };
    PstFineTuningRecipe numbers = recipe(d->steps, &random);
    int first = pst_random_below(&random, d->paintings->train - images.count + 1);
    const PstFineTuningData data = {
        .recipe = &numbers,
        .encoder = d->encoder,
        .shallow_loss_network = d->shallow_loss_network,
        .base = d->base,
        .style = s.style,
        .target = s.target,
        .shallow_target = s.shallow_target,
        .photos = d->photos->examples,
        .photo_count = d->photos->train,
        .held_out = d->photos->examples,
        .held_out_count = 1,
    };
    g_autoptr(PstExecutor) executor = pst_executor_new(d->pool, NULL, NULL, NULL);
    g_autoptr(PstFineTuning) tuning = NULL;
    g_autoptr(PstWeightDelta) delta = NULL;

    for (int i = 0; i < images.count; i++) { /* neighbours by name: often by the same painter */
        chosen[i].example = d->paintings->examples[first + i];
    }
    pst_style_images_measure(&images, &view, d->pool, &s);
    tuning = pst_fine_tuning_new(&data, d->pool);
    while (tuning->step < numbers.steps) {
        pst_fine_tuning_step(tuning);
    }
    delta = pst_fine_tuning_present(tuning);
    for (int i = 0; i < count; i++) {
        const PstExample *photo = &d->photos->examples[pst_random_below(&random, d->photos->train)];

        pictures[i] = pst_stylised_sample_new(d->model, photo, s.style, delta, executor);
    }
    pst_style_images_statistics_clear(&s);
}
