#include "engine_service.h"

#include "thumbnails.h"

struct PstEngineService {
    PstWorker *worker;
    PstThreadPool *pools[PST_PRIORITIES];
    PstPainter *preview;
    PstPhoto *previewed; /* of `preview` */
    double stroke;       /* likewise */
    PstThumbnails *thumbnails;
    PstModel *model;
};

PstEngineService *pst_engine_service_new(GMainContext *context)
{
    PstEngineService *service = g_new0(PstEngineService, 1);

    service->thumbnails = pst_thumbnails_new(NULL, 0);
    service->worker = pst_worker_new(context);
    return service;
}

void pst_engine_service_free(PstEngineService *service)
{
    pst_worker_free(service->worker);
    pst_painter_free(service->preview);
    pst_photo_unref(service->previewed);
    pst_thumbnails_free(service->thumbnails);
    for (gsize i = 0; i < G_N_ELEMENTS(service->pools); i++) {
        pst_thread_pool_free(service->pools[i]);
    }
    pst_model_free(service->model);
    g_free(service);
}

PstWorker *pst_engine_service_worker(PstEngineService *service)
{
    return service->worker;
}

PstThreadPool *pst_engine_service_pool(PstEngineService *service, PstWorkerJob *job)
{
    PstThreadPool **pool = &service->pools[pst_worker_job_priority(job)];

    if (!*pool) {
        *pool = pst_thread_pool_new(0);
    }
    return *pool;
}

PstPainter *pst_engine_service_preview(PstEngineService *service, PstWorkerJob *job, PstPhoto *photo, double stroke,
                                       GError **error)
{
    const PstModel *model = pst_engine_service_model(service, error);

    if (!model) {
        return NULL;
    }
    if (service->previewed != photo || service->stroke != stroke) {
        const PstRowSource source = pst_row_source(photo->preview);
        const PstPainterOptions options = { .stroke = stroke, .keep = TRUE };

        g_clear_pointer(&service->preview, pst_painter_free);
        g_clear_pointer(&service->previewed, pst_photo_unref);
        service->preview = pst_painter_new(model, pst_engine_service_pool(service, job), &source, &options,
                                           pst_worker_job_cancellable(job), error);
        service->stroke = stroke;
        service->previewed = service->preview ? pst_photo_ref(photo) : NULL;
    }
    return service->preview;
}

PstRaster *pst_engine_service_thumbnail(PstEngineService *service, PstWorkerJob *job, PstPhoto *photo,
                                        const PstStyle *style, GError **error)
{
    const PstModel *model = pst_engine_service_model(service, error);

    return model ? pst_thumbnails_get(service->thumbnails, model, pst_engine_service_pool(service, job), photo, style,
                                      NULL, pst_worker_job_cancellable(job), error)
                 : NULL;
}

const PstModel *pst_engine_service_model(PstEngineService *service, GError **error)
{
    if (!service->model) {
        service->model = pst_model_load_default(error);
    }
    return service->model;
}
