#include "texture.h"

#include <string.h>

#include "engine/picture/reader.h"

GdkTexture *pst_texture_from_strip(const PstRasterStrip *strip, int level)
{
    int width = strip->levels[level].width, height = strip->levels[level].height;

    return gdk_memory_texture_new(width, height, GDK_MEMORY_DEFAULT, strip->levels[level].pixels, 4 * (gsize)width);
}

static GBytes *join_strips(const PstRaster *raster)
{
    gsize row = 4 * (gsize)raster->width;
    guint8 *pixels = g_malloc_n((gsize)raster->height, row), *end = pixels;

    for (guint i = 0; i < raster->strips->len; i++) {
        const PstRasterStrip *strip = raster->strips->pdata[i];
        gsize size;
        const guint8 *data = g_bytes_get_data(strip->levels[0].pixels, &size);

        memcpy(end, data, size);
        end += size;
    }
    return g_bytes_new_take(pixels, (gsize)raster->height * row);
}

GdkTexture *pst_texture_from_raster(const PstRaster *raster)
{
    g_autoptr(GBytes) pixels = NULL;

    if (raster->strips->len == 1) {
        return pst_texture_from_strip(raster->strips->pdata[0], 0);
    }
    pixels = join_strips(raster);
    return gdk_memory_texture_new(raster->width, raster->height, GDK_MEMORY_DEFAULT, pixels, 4 * (gsize)raster->width);
}

/* ---- on the engine thread ------------------------------------------------------------------- */

typedef struct {
    GTask *task;
    PstTextureMake make;
    gpointer raw;
    GDestroyNotify free_raw;
} Order;

static void order_free(gpointer data)
{
    Order *order = data;

    order->free_raw(order->raw);
    g_object_unref(order->task);
    g_free(order);
}

static gpointer order_run(gpointer data, PstWorkerJob *job, GError **error)
{
    const Order *order = data;

    return order->make(order->raw, job, error);
}

static void order_done(gpointer data, gpointer result, const GError *error)
{
    const Order *order = data;
    g_autoptr(PstRaster) raster = result;

    if (raster) {
        g_task_return_pointer(order->task, pst_texture_from_raster(raster), g_object_unref);
    } else {
        g_task_return_error(order->task, g_error_copy(error));
    }
}

static const PstWorkerJobClass order_class = { order_run, NULL, order_done, order_free };

void pst_texture_make(PstEngineService *service, PstPriority priority, const char *slot, PstTextureMake make,
                      gpointer raw, GDestroyNotify free_raw, GAsyncReadyCallback callback, gpointer data)
{
    Order *order = g_new(Order, 1);

    *order = (Order){ g_task_new(NULL, NULL, callback, data), make, raw, free_raw };
    pst_worker_push(pst_engine_service_worker(service), &order_class, priority, slot, order);
}

static PstRaster *make_of_painting(gpointer painting, PstWorkerJob *job, GError **error)
{
    return pst_raster_new(((const PstPainting *)painting)->picture, pst_worker_job_cancellable(job), error);
}

void pst_texture_make_of_painting(PstEngineService *service, PstPainting *painting, GAsyncReadyCallback callback,
                                  gpointer data)
{
    pst_texture_make(service, PST_PRIORITY_PREVIEW, NULL, make_of_painting, pst_painting_ref(painting),
                     (GDestroyNotify)pst_painting_unref, callback, data);
}

typedef struct {
    char *path;
    int side;
} SmallFile;

static void small_file_free(gpointer data)
{
    SmallFile *file = data;

    g_free(file->path);
    g_free(file);
}

static PstRaster *make_of_file(gpointer raw, PstWorkerJob *job, GError **error)
{
    const SmallFile *file = raw;
    GCancellable *cancellable = pst_worker_job_cancellable(job);
    const PstReadLimits limits = { .max_side = file->side };
    g_autoptr(PstPicture) picture = pst_picture_read(file->path, &limits, cancellable, error);
    g_autoptr(PstPicture) small = picture ? pst_picture_fit_long_side(picture, file->side, cancellable, error) : NULL;

    return small ? pst_raster_new(small, cancellable, error) : NULL;
}

void pst_texture_make_of_file(PstEngineService *service, const char *path, int side, GAsyncReadyCallback callback,
                              gpointer data)
{
    SmallFile *file = g_new(SmallFile, 1);

    *file = (SmallFile){ g_strdup(path), side };
    pst_texture_make(service, PST_PRIORITY_THUMBNAIL, NULL, make_of_file, file, small_file_free, callback, data);
}

GdkTexture *pst_texture_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}
