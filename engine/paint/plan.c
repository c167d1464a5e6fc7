#include "plan.h"

#include "engine/network/canvas.h"
#include "passes.h"

#define SCRATCH (1 << 20)     /* bytes that kernels take on each thread beside the rings, at most */

static gboolean no_rows(int first, int rows, gpointer data, GError **error)
{
    return TRUE;
}

/* Bytes that the second pass takes, the larger one. */
static gsize measure(const PstPlan *plan, int picture_width, int picture_height, int threads, gboolean streamed,
                     gboolean alpha)
{
    g_autoptr(PstPipeline) pipeline = pst_pipeline_new(NULL, threads, plan->width, plan->height, plan->band, NULL, NULL,
                                                       NULL);
    PstFrame photo = { .width = picture_width, .height = picture_height };
    PstFeatures features;
    PstPass pass;
    gsize bytes = 0;

    pst_features_init(&features, plan->width, plan->height);
    pst_pass_init(&pass, plan->width, plan->height);
    pass.blend.photo = &photo;
    pst_pipeline_set_photo(pipeline, &photo, alpha, 0, streamed ? no_rows : NULL, NULL);
    if (plan->keep_features) {
        bytes = pst_features_bytes(plan->width, plan->height);
    } else {
        pst_pass_encode(&pass, pipeline, NULL, &photo, &(PstGrain){ 0 }, &features, FALSE, plan->width,
                        plan->height, plan->band);
    }
    pst_pass_generate(&pass, pipeline, NULL, &features, NULL, NULL);
    bytes += pst_pipeline_memory(pipeline) + pst_flow_bytes(picture_width, picture_height);
    bytes += streamed ? (gsize)3 * plan->band * picture_width * sizeof(float) : 0;
    pst_pass_clear(&pass);
    return bytes + (gsize)SCRATCH * threads;
}

PstPlan pst_plan(int picture_width, int picture_height, int threads, gsize budget, gboolean streamed, gboolean alpha)
{
    PstPlan plan = { .width = pst_canvas_side(picture_width), .height = pst_canvas_side(picture_height) };

    for (int keep = pst_features_bytes(plan.width, plan.height) <= budget; keep >= 0; keep--) {
        plan.keep_features = keep;
        for (plan.band = pst_pipeline_band(plan.width, plan.height, threads);;
             plan.band = MAX(1, plan.band / 2 / PST_BAND_STEP) * PST_BAND_STEP) {
            plan.memory = measure(&plan, picture_width, picture_height, threads, streamed, alpha);
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

double pst_plan_work(const PstPlan *plan)
{
    return ((plan->keep_features ? 1 : 2) * pst_encoder_work() + pst_conditioned_generator_work()) * plan->width * plan->height;
}
