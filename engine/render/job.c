#include "job.h"

#include "engine/network/model_private.h"
#include "engine/transfer/grain.h"

#define PROGRESS_STEP 0.002 /* of the whole: finer is only a burden */

PstFrame pst_job_frame(const PstPicture *picture)
{
    return (PstFrame){ .width = picture->width, .height = picture->height, .held = picture->height,
                       .rgb = picture->rgb, .alpha = picture->alpha };
}

static void report(double work, gpointer data)
{
    PstJob *job = data;
    double share = MIN(1, (job->before + work) / job->work);

    if (share >= job->told + PROGRESS_STEP) {
        job->told = share;
        job->progress(share, job->progress_data);
    }
}

static PstPipeline *new_pipeline(PstJob *job)
{
    const PstPlan *plan = &job->plan;
    PstPipeline *pipeline = pst_pipeline_new(job->pool, pst_thread_pool_threads(job->pool), plan->width,
                                             plan->height, plan->band,
                                             job->progress ? report : NULL, job, job->cancellable);

    pst_pipeline_set_photo(pipeline, &job->photo, job->alpha, job->read, job->data);
    return pipeline;
}

gboolean pst_job_encode(PstJob *job, PstFeatures *features, const PstStyle *style, GError **error)
{
    float grain = pst_grain_for(style->statistics);
    g_autoptr(PstPipeline) pipeline = new_pipeline(job);
    PstPass pass;

    pst_pass_init(&pass, job->plan.width, job->plan.height);
    pst_pass_encode(&pass, pipeline, pst_model_encoder(job->model), &job->photo, grain,
                    job->plan.keep_features ? features : NULL, TRUE, job->plan.width, job->plan.height,
                    job->plan.band);
    features->grain = -1;
    gboolean done = pst_pipeline_run(pipeline, error);
    if (done) {
        features->grain = grain;
        pst_pass_statistics(&pass, features->content);
        job->before += pst_encoder_work() * job->plan.width * job->plan.height;
    }
    pst_pass_clear(&pass);
    return done;
}

gboolean pst_job_paint(PstJob *job, PstFeatures *features, const PstStyle *style, GError **error)
{
    g_autoptr(PstPipeline) pipeline = new_pipeline(job);
    const PstPaintSettings *settings = &job->settings;
    float target[PST_STYLE_SIZE];
    PstPass pass;

    for (int k = 0; k < PST_STYLE_SIZE; k++) {
        target[k] = features->content[k] + settings->strength * (style->statistics[k] - features->content[k]);
    }
    PstManner manner = { features->content, target, style->change, settings->strength, settings->detail };
    PstBrush *brush = pst_brush_new(pst_model_generator(job->model), &manner, job->pool);
    pst_pass_init(&pass, job->plan.width, job->plan.height);
    pass.blend = (PstBlend){ pst_blend_share(settings->strength), settings->keep_colours, &job->photo, &job->result };
    if (!job->plan.keep_features) {
        pst_pass_encode(&pass, pipeline, pst_model_encoder(job->model), &job->photo, features->grain, features, FALSE, job->plan.width,
                        job->plan.height, job->plan.band);
    }
    pst_pass_generate(&pass, pipeline, brush, features, job->finished, job->data);
    gboolean done = pst_pipeline_run(pipeline, error);
    if (done && job->progress) {
        job->progress(1, job->progress_data);
    }
    pst_pass_clear(&pass);
    pst_brush_free(brush);
    return done;
}
