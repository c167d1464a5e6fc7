#include "plan.h"

#include "engine/network/padding.h"
#include "passes.h"

#define SCRATCH (1 << 20) /* bytes that kernels take on each thread beside the rings, at most */

static gboolean no_rows(int first, int rows, gpointer data, GError **error)
{
    return TRUE;
}

/* Bytes that the second pass takes, the larger one. */
static gsize measure(const PstPlan *plan, const PstPlanTask *task)
{
    g_autoptr(PstPipeline)
        pipeline = pst_pipeline_new(NULL, task->threads, plan->width, plan->height, plan->band, NULL, NULL, NULL);
    PstFrame photo = { .width = task->width, .height = task->height };
    g_autofree PstFeatures *features = g_new(PstFeatures, task->encodings);
    g_autofree PstPass *encoders = g_new(PstPass, task->encodings), *generators = g_new(PstPass, task->layers);
    gsize row = (gsize)task->width * sizeof(float), bytes = 0;

    pst_pipeline_set_photo(pipeline, &photo, task->alpha, 0, task->read ? no_rows : NULL, NULL);
    for (int i = 0; i < task->encodings; i++) {
        pst_features_init(&features[i], plan->width, plan->height, task->swapped);
        pst_pass_init(&encoders[i], plan->width, plan->height);
        if (plan->keep_features) {
            bytes += pst_features_bytes(plan->width, plan->height, task->swapped);
        } else {
            pst_pass_encode(&encoders[i], pipeline, NULL, &photo, &(PstGrain){ 0 }, &features[i], FALSE, plan->width,
                            plan->height, plan->band);
            if (task->swapped) {
                pst_pass_swap(&encoders[i], pipeline, &features[i], TRUE, FALSE, plan->width, plan->height, plan->band);
            }
        }
    }
    for (int i = 0; i < task->layers; i++) {
        pst_pass_init(&generators[i], plan->width, plan->height);
        generators[i].blend.photo = &photo;
        pst_pass_generate(&generators[i], pipeline, NULL, &features[i % task->encodings]);
    }
    bytes += pst_pipeline_memory(pipeline) + pst_flow_bytes(task->width, task->height);
    bytes += task->written ? 3 * plan->band * row : 0;
    bytes += (task->layers - 1) * plan->band * row;
    for (int i = 0; i < task->encodings; i++) {
        pst_pass_clear(&encoders[i]);
    }
    for (int i = 0; i < task->layers; i++) {
        pst_pass_clear(&generators[i]);
    }
    return bytes + (gsize)SCRATCH * task->threads;
}

static int whole_steps(int rows)
{
    return MAX(1, rows / PST_BAND_STEP) * PST_BAND_STEP;
}

PstPlan pst_plan(const PstPlanTask *task, gsize budget)
{
    PstPlan plan = { .width = pst_padded_side(task->width), .height = pst_padded_side(task->height) };

    gsize features = task->encodings * pst_features_bytes(plan.width, plan.height, task->swapped);

    for (int keep = !task->once && features <= budget; keep >= 0; keep--) {
        plan.keep_features = keep;
        /* Layers keep strips of their own, so they share the rows that one alone would have. */
        for (plan.band = whole_steps(pst_pipeline_band(plan.width, plan.height, task->threads) / task->layers);;
             plan.band = whole_steps(plan.band / 2)) {
            plan.memory = measure(&plan, task);
            if (plan.memory <= budget) {
                return plan;
            }
            if (plan.band == PST_BAND_STEP) {
                break;
            }
        }
    }
    return plan;
}
