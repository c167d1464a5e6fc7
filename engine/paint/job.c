#include "job.h"

#include "engine/network/model_private.h"
#include "engine/network/canvas.h"

#define PROGRESS_STEP 0.002 /* of the whole: finer is only a burden */
#define ROWS_AT_A_TIME 64   /* between two looks at the cancellable */

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

static PstPipeline *new_pipeline(PstJob *job, int ahead, PstPipelineRows read, gpointer data)
{
    const PstPlan *plan = &job->plan;
    PstPipeline *pipeline = pst_pipeline_new(job->pool, pst_thread_pool_threads(job->pool), plan->width,
                                             plan->height, plan->band,
                                             job->progress ? report : NULL, job, job->cancellable);

    pst_pipeline_set_photo(pipeline, &job->photo, job->alpha, ahead, read, data);
    return pipeline;
}

/* ---- the photograph's flow ------------------------------------------------------------------ */

static void add_rows(PstFlow *flow, const PstFrame *photo, int first, int rows)
{
    g_autofree float *on_white = photo->alpha ? g_new(float, 3 * (gsize)photo->width) : NULL;

    for (int y = first; y < first + rows; y++) {
        if (on_white) {
            pst_canvas_row(pst_frame_rgb(photo, y), pst_frame_alpha(photo, y), photo->width, 0, photo->width, on_white);
        }
        pst_flow_add(flow, on_white ? on_white : pst_frame_rgb(photo, y));
    }
}

typedef struct {
    PstJob *job;
    PstFlow *flow;
} Following;

static gboolean read_and_follow(int first, int rows, gpointer data, GError **error)
{
    const Following *f = data;

    if (!f->job->read(first, rows, f->job->data, error)) {
        return FALSE;
    }
    add_rows(f->flow, &f->job->photo, first, rows);
    return TRUE;
}

/* Of a photograph whose rows are all there. */
static void follow(const PstJob *job, PstFlow *flow)
{
    int height = job->photo.height;

    for (int y = 0; y < height && !g_cancellable_is_cancelled(job->cancellable); y += ROWS_AT_A_TIME) {
        add_rows(flow, &job->photo, y, MIN(ROWS_AT_A_TIME, height - y));
    }
}

/* ---- passes --------------------------------------------------------------------------------- */

/* Encodes with that grain. The flow, where it is wanted, is gathered on the way, or before where there is no way. */
static gboolean encode(PstJob *job, PstFeatures *features, float grain, GError **error)
{
    gboolean wanted = grain > 0 && !features->flow;
    PstFlow *flow = wanted ? features->flow = pst_flow_new(job->photo.width, job->photo.height) : features->flow;
    Following following = { job, flow };
    gboolean on_the_way = wanted && job->read;
    g_autoptr(PstPipeline) pipeline = on_the_way ? new_pipeline(job, PST_FLOW_AHEAD, read_and_follow, &following)
                                                 : new_pipeline(job, 0, job->read, job->data);
    PstPass pass;

    if (wanted && !job->read) {
        follow(job, flow);
    }
    pst_pass_init(&pass, job->plan.width, job->plan.height);
    pst_pass_encode(&pass, pipeline, pst_model_encoder(job->model), &job->photo, &(PstGrain){ grain, flow, 0, 0 },
                    job->plan.keep_features ? features : NULL, TRUE, job->plan.width, job->plan.height, job->plan.band);
    gboolean done = pst_pipeline_run(pipeline, error);
    if (done) {
        pst_pass_statistics(&pass, features->content);
        job->before += pst_encoder_work() * job->plan.width * job->plan.height;
    }
    pst_pass_clear(&pass);
    return done;
}

gboolean pst_job_encode(PstJob *job, PstFeatures *features, const PstStyle *style, GError **error)
{
    float grain = pst_grain_for(style->statistics);

    features->grain = -1;
    if (encode(job, features, grain, error)) {
        features->grain = grain;
    }
    if (features->flow && !pst_flow_complete(features->flow)) {
        g_clear_pointer(&features->flow, pst_flow_free);
    }
    return features->grain >= 0;
}

gboolean pst_job_paint(PstJob *job, PstFeatures *features, const PstStyle *style, GError **error)
{
    g_autoptr(PstPipeline) pipeline = new_pipeline(job, 0, job->read, job->data);
    const PstPaintSettings *settings = &job->settings;
    float target[PST_STYLE_SIZE];
    PstPass pass;

    for (int k = 0; k < PST_STYLE_SIZE; k++) {
        target[k] = features->content[k] + settings->strength * (style->statistics[k] - features->content[k]);
    }
    PstConditioning conditioning = { features->content, target, style->delta, settings->strength, settings->detail };
    PstConditionedGenerator *conditioned = pst_conditioned_generator_new(pst_model_generator(job->model), &conditioning, job->pool);
    pst_pass_init(&pass, job->plan.width, job->plan.height);
    pass.blend = (PstBlend){ pst_blend_share(settings->strength), settings->keep_colours, &job->photo, &job->result };
    if (!job->plan.keep_features) {
        pst_pass_encode(&pass, pipeline, pst_model_encoder(job->model), &job->photo,
                        &(PstGrain){ features->grain, features->flow, 0, 0 }, features, FALSE, job->plan.width,
                        job->plan.height, job->plan.band);
    }
    pst_pass_generate(&pass, pipeline, conditioned, features, job->finished, job->data);
    gboolean done = pst_pipeline_run(pipeline, error);
    if (done && job->progress) {
        job->progress(1, job->progress_data);
    }
    pst_pass_clear(&pass);
    pst_conditioned_generator_free(conditioned);
    return done;
}
