#include "studio.h"

#include "thumbnails.h"

struct PstStudio {
    PstWorker *worker;
    PstThreadPool *pools[PST_PRIORITY_THUMBNAIL + 1];
    PstPreview *preview;
    PstPhoto *previewed; /* of `preview` */
    PstThumbnails *thumbnails;
    PstModel *model;
};

PstStudio *pst_studio_new(GMainContext *context)
{
    PstStudio *studio = g_new0(PstStudio, 1);

    studio->thumbnails = pst_thumbnails_new(NULL, 0);
    studio->worker = pst_worker_new(context);
    return studio;
}

void pst_studio_free(PstStudio *studio)
{
    pst_worker_free(studio->worker);
    pst_preview_free(studio->preview);
    pst_photo_unref(studio->previewed);
    pst_thumbnails_free(studio->thumbnails);
    for (gsize i = 0; i < G_N_ELEMENTS(studio->pools); i++) {
        pst_thread_pool_free(studio->pools[i]);
    }
    pst_model_free(studio->model);
    g_free(studio);
}

PstWorker *pst_studio_worker(PstStudio *studio)
{
    return studio->worker;
}

PstThreadPool *pst_studio_pool(PstStudio *studio, PstWorkerJob *job)
{
    PstThreadPool **pool = &studio->pools[pst_worker_job_priority(job)];

    if (!*pool) {
        *pool = pst_thread_pool_new(0);
    }
    return *pool;
}

PstPreview *pst_studio_preview(PstStudio *studio, PstWorkerJob *job, PstPhoto *photo, GError **error)
{
    const PstModel *model = pst_studio_model(studio, error);

    if (!model) {
        return NULL;
    }
    if (studio->previewed != photo) {
        g_clear_pointer(&studio->preview, pst_preview_free);
        g_clear_pointer(&studio->previewed, pst_photo_unref);
        studio->preview = pst_preview_new(model, pst_studio_pool(studio, job), photo->preview, error);
        studio->previewed = studio->preview ? pst_photo_ref(photo) : NULL;
    }
    return studio->preview;
}

PstRaster *pst_studio_thumbnail(PstStudio *studio, PstWorkerJob *job, PstPhoto *photo, const PstStyle *style,
                                GError **error)
{
    const PstModel *model = pst_studio_model(studio, error);

    return model ? pst_thumbnails_get(studio->thumbnails, model, pst_studio_pool(studio, job), photo, style, NULL,
                                      pst_worker_job_cancellable(job), error)
                 : NULL;
}

const PstModel *pst_studio_model(PstStudio *studio, GError **error)
{
    if (!studio->model) {
        studio->model = pst_model_load_default(error);
    }
    return studio->model;
}
