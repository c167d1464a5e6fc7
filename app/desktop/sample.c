#include "sample.h"

#include <glib/gi18n.h>

#include "variant.h"

#define SIDE 256 /* pixels, of the small picture */

static const PstSamplePhoto samples[] = {
    { "lake.jpg", "charing-cross-bridge", N_("A lake") },
    { "bust.jpg", "wally", N_("A portrait bust") },
    { "street.jpg", "starry-night", N_("A street") },
};

const PstSamplePhoto *pst_sample(int number)
{
    return number < (int)G_N_ELEMENTS(samples) ? &samples[number] : NULL;
}

char *pst_sample_path(const PstSamplePhoto *sample, GError **error)
{
    g_autofree char *data = pst_data_folder(error);

    return data ? g_build_filename(data, "samples", sample->file, NULL) : NULL;
}

void pst_sample_texture(PstEngineService *service, const PstSamplePhoto *sample, GAsyncReadyCallback callback,
                        gpointer data)
{
    g_autofree char *path = pst_sample_path(sample, NULL);

    pst_texture_make_of_file(service, path ? path : sample->file, SIDE, callback, data);
}

/* ---- painted ---------------------------------------------------------------------------------- */

typedef struct {
    GTask *task;
    PstEngineService *service;
    const PstSamplePhoto *sample;
    PstLook *look;
} Order;

typedef struct {
    PstRaster *photo, *painting;
} Pair;

typedef struct {
    GdkTexture *photo, *painting;
} Textures;

static void order_free(gpointer data)
{
    Order *order = data;

    g_object_unref(order->task);
    pst_look_unref(order->look);
    g_free(order);
}

static void pair_free(Pair *pair)
{
    pst_raster_free(pair->photo);
    pst_raster_free(pair->painting);
    g_free(pair);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pair, pair_free)

static void textures_free(gpointer data)
{
    Textures *textures = data;

    g_clear_object(&textures->photo);
    g_clear_object(&textures->painting);
    g_free(textures);
}

static gpointer paint_run(gpointer data, PstWorkerJob *job, GError **error)
{
    const Order *order = data;
    GCancellable *cancellable = pst_worker_job_cancellable(job);
    g_autofree char *path = pst_sample_path(order->sample, error);
    g_autoptr(PstPhoto) photo = path ? pst_photo_read(path, FALSE, cancellable, error) : NULL;
    g_autoptr(PstPicture) picture = photo ? pst_variant_picture(order->service, job, photo, order->look, error) : NULL;
    g_autoptr(Pair) pair = g_new0(Pair, 1);

    if (!picture || !(pair->photo = pst_raster_new(photo->preview, cancellable, error)) ||
        !(pair->painting = pst_raster_new(picture, cancellable, error))) {
        return NULL;
    }
    return g_steal_pointer(&pair);
}

static void paint_done(gpointer data, gpointer result, const GError *error)
{
    const Order *order = data;
    g_autoptr(Pair) pair = result;

    if (pair) {
        Textures *textures = g_new(Textures, 1);

        *textures = (Textures){ pst_texture_from_raster(pair->photo), pst_texture_from_raster(pair->painting) };
        g_task_return_pointer(order->task, textures, textures_free);
    } else {
        g_task_return_error(order->task, g_error_copy(error));
    }
}

static const PstWorkerJobClass paint_class = { paint_run, NULL, paint_done, order_free };

void pst_sample_paint(PstEngineService *service, const PstSamplePhoto *sample, PstLook *look, const char *slot,
                      GAsyncReadyCallback callback, gpointer data)
{
    Order *order = g_new(Order, 1);

    *order = (Order){ g_task_new(NULL, NULL, callback, data), service, sample, pst_look_ref(look) };
    pst_worker_push(pst_engine_service_worker(service), &paint_class, PST_PRIORITY_PREVIEW, slot, order);
}

void pst_sample_cancel(PstEngineService *service, const char *slot)
{
    pst_worker_cancel(pst_engine_service_worker(service), slot, FALSE);
}

gboolean pst_sample_finish(GAsyncResult *result, GdkTexture **photo, GdkTexture **painting, GError **error)
{
    Textures *textures = g_task_propagate_pointer(G_TASK(result), error);

    *photo = textures ? g_steal_pointer(&textures->photo) : NULL;
    *painting = textures ? g_steal_pointer(&textures->painting) : NULL;
    if (textures) {
        textures_free(textures);
    }
    return *painting != NULL;
}
