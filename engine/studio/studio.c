#include "studio.h"

struct PstStudio {
    PstWorker *worker;
    PstThreadPool *pool;
    PstModel *model;
};

PstStudio *pst_studio_new(GMainContext *context)
{
    PstStudio *studio = g_new0(PstStudio, 1);

    studio->worker = pst_worker_new(context);
    return studio;
}

void pst_studio_free(PstStudio *studio)
{
    pst_worker_free(studio->worker);
    pst_thread_pool_free(studio->pool);
    pst_model_free(studio->model);
    g_free(studio);
}

PstWorker *pst_studio_worker(PstStudio *studio)
{
    return studio->worker;
}

PstThreadPool *pst_studio_pool(PstStudio *studio)
{
    if (!studio->pool) {
        studio->pool = pst_thread_pool_new(0);
    }
    return studio->pool;
}

const PstModel *pst_studio_model(PstStudio *studio, GError **error)
{
    if (!studio->model) {
        studio->model = pst_model_load_default(error);
    }
    return studio->model;
}
