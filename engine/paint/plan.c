#include "plan.h"

#include "engine/network/canvas.h"
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
        pst_features_init(&features[i], plan->width, plan->height);
        pst_pass_init(&encoders[i], plan->width, plan->height);
        if (plan->keep_features) {
            bytes += pst_features_bytes(plan->width, plan->height);
        } else {
            pst_pass_encode(&encoders[i], pipeline, NULL, &photo, &(PstGrain){ 0 }, &features[i], FALSE, plan->width,
                            plan->height, plan->band);
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

PstPlan pst_plan(const PstPlanTask *task, gsize budget)
{
    PstPlan plan = { .width = pst_canvas_side(task->width), .height = pst_canvas_side(task->height) };

    for (int keep = task->encodings * pst_features_bytes(plan.width, plan.height) <= budget; keep >= 0; keep--) {
        plan.keep_features = keep;
        for (plan.band = pst_pipeline_band(plan.width, plan.height, task->threads);;
             plan.band = MAX(1, plan.band / 2 / PST_BAND_STEP) * PST_BAND_STEP) {
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
