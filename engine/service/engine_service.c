#include "engine_service.h"

#include "thumbnails.h"

struct PstEngineService {
    PstWorker *worker;
    PstThreadPool *pools[PST_PRIORITIES];
    PstPainter *preview;
    PstPhoto *previewed; /* of `preview` */
    double stroke;       /* likewise: its size, of the canvas's where there is one */
    PstPicture *finer;   /* of it, for fine strokes: a copy that is larger than its preview; or NULL */
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
    pst_picture_free(service->finer);
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

/* The copy that the finest strokes want: on the usual one they would be finer than the networks' own. */
static const PstPicture *finer_picture(PstEngineService *service, const PstPhoto *photo, GCancellable *cancellable,
                                       GError **error)
{
    double larger = 1 / pst_look_numbers[PST_LOOK_STROKE].least;
    int width = (int)(larger * photo->preview->width), height = (int)(larger * photo->preview->height);

    if (width >= photo->full->width || height >= photo->full->height) {
        return photo->full;
    }
    if (!service->finer) {
        service->finer = pst_picture_resize(photo->full, width, height, cancellable, error);
    }
    return service->finer;
}

static PstPainter *new_preview(PstEngineService *service, PstWorkerJob *job, const PstPhoto *photo, const PstLook *look,
                               GError **error)
{
    const PstModel *model = pst_engine_service_model(service, error);
    GCancellable *cancellable = pst_worker_job_cancellable(job);
    const PstPicture *picture = !model             ? NULL
                                : look->stroke < 1 ? finer_picture(service, photo, cancellable, error)
                                                   : photo->preview;

    if (!picture) {
        return NULL;
    }
    const PstRowSource source = pst_row_source(picture);
    const PstPainterOptions options = { .stroke = pst_look_stroke(look, picture->width, picture->height),
                                        .keep = TRUE };
    return pst_painter_new(model, pst_engine_service_pool(service, job), &source, &options, cancellable, error);
}

PstPainter *pst_engine_service_preview(PstEngineService *service, PstWorkerJob *job, PstPhoto *photo,
                                       const PstLook *look, GError **error)
{
    double stroke = look->canvas > 0 ? look->stroke / look->canvas : look->stroke;

    if (service->previewed != photo || service->stroke != stroke) {
        g_clear_pointer(&service->preview, pst_painter_free);
        if (service->previewed != photo) {
            g_clear_pointer(&service->finer, pst_picture_free);
        }
        g_clear_pointer(&service->previewed, pst_photo_unref);
        service->preview = new_preview(service, job, photo, look, error);
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
