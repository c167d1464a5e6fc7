#include "drift.h"

#include "exemplars.h"
#include "fine_tuning.h"
#include "painted.h"

#include <string.h>

#define MOST_PAINTINGS 3

static PstFineTuningRecipe recipe(int most_steps, PstRandom *random)
{
    return (PstFineTuningRecipe){
        .scope = PST_SCOPE_ALL,
        .steps = most_steps / 3 + pst_random_below(random, most_steps - most_steps / 3 + 1),
        .batch = 2,
        .size = 256,
        .smallest_window = 256,
        .largest_window = 512,
        .rate = pst_random_log_uniform(random, 4e-4, 1e-3),
        .warm_up = 10,
        .average = 0.9,
        .loss = PST_FINE_TUNING_LOSSES,
        .trials = 1,
        .patience = 1,
        .content_kept = 1,
        .content_limit = 1,
        .share = 1,
        .second_opinion = TRUE,
        .vary_windows = TRUE,
        .vary_colours = TRUE,
        .seed = (gint64)(pst_random_bits(random) >> 1),
    };
}

void pst_drift_paint(const PstDrift *d, guint64 seed, guint64 step, guint64 item, PstExample *pictures, int count)
{
    PstRandom random = pst_random_at(seed, step, item);
    PstExemplar chosen[MOST_PAINTINGS] = { 0 };
    PstExemplars exemplars = { 1 + pst_random_below(&random, MOST_PAINTINGS), chosen, NULL };
    const int scale = PST_EXAMPLE_SIDE;
    const PstExemplarsView view = { d->encoder, d->examiner, &scale, 1, NULL };
    PstExemplarsStatistics s = { 0 };
    PstFineTuningRecipe numbers = recipe(d->steps, &random);
    int first = pst_random_below(&random, d->paintings->train - exemplars.count + 1);
    g_autoptr(PstExecutor) executor = pst_executor_new(d->pool, NULL, NULL, NULL);
    g_autoptr(PstFineTuning) tuning = NULL;
    g_autoptr(PstChange) change = NULL;

    for (int i = 0; i < exemplars.count; i++) { /* neighbours by name: often by the same painter */
        chosen[i].example = d->paintings->examples[first + i];
    }
    pst_exemplars_measure(&exemplars, &view, d->pool, &s);
    tuning = pst_fine_tuning_new(&(PstFineTuningMaterial){
                                     .recipe = &numbers,
                                     .encoder = d->encoder,
                                     .examiner = d->examiner,
                                     .base = d->base,
                                     .style = s.style,
                                     .target = s.target,
                                     .exact = s.exact,
                                     .photos = d->photos->examples,
                                     .photo_count = d->photos->train,
                                     .held_out = d->photos->examples,
                                     .held_out_count = 1,
                                 },
                                 d->pool);
    while (tuning->step < numbers.steps) {
        pst_fine_tuning_step(tuning);
    }
    change = pst_fine_tuning_present(tuning);
    for (int i = 0; i < count; i++) {
        const PstExample *photo = &d->photos->examples[pst_random_below(&random, d->photos->train)];

        pictures[i] = pst_painted_new(d->model, photo, s.style, change, executor);
    }
    pst_exemplars_statistics_clear(&s);
}
