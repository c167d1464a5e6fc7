#include "preview.h"

#include <string.h>

#include "engine/network/grain.h"
#include "job.h"

struct PstPreview {
    const PstModel *model;
    PstThreadPool *pool;
    PstPicture *photo;
    PstPlan plan;
    PstFeatures features;
};

static PstPicture *copy_picture(const PstPicture *photo, GError **error)
{
    gsize pixels = (gsize)photo->width * photo->height;
    PstPicture *copy = pst_picture_new(photo->width, photo->height, photo->alpha != NULL, error);

    if (copy) {
        memcpy(copy->rgb, photo->rgb, 3 * pixels * sizeof(float));
        if (photo->alpha) {
            memcpy(copy->alpha, photo->alpha, pixels * sizeof(float));
        }
        pst_picture_info_clear(&copy->info);
        pst_picture_info_copy(&photo->info, &copy->info);
    }
    return copy;
}

PstPreview *pst_preview_new(const PstModel *model, PstThreadPool *pool, const PstPicture *photo, GError **error)
{
    g_autoptr(PstPreview) preview = g_new0(PstPreview, 1);
    preview->model = model;
    preview->pool = pool;
    preview->plan = pst_plan(photo->width, photo->height, pst_thread_pool_threads(pool), G_MAXSIZE, FALSE, FALSE);
    preview->photo = copy_picture(photo, error);
    if (!preview->photo) {
        return NULL;
    }
    pst_features_init(&preview->features, preview->plan.width, preview->plan.height);
    pst_features_hold(&preview->features);
    return g_steal_pointer(&preview);
}

void pst_preview_free(PstPreview *preview)
{
    if (!preview) {
        return;
    }
    pst_picture_free(preview->photo);
    pst_features_clear(&preview->features);
    g_free(preview);
}

const PstPicture *pst_preview_photo(const PstPreview *preview)
{
    return preview->photo;
}

/* Styles that suit the same grain share features. */
static gboolean paint(PstJob *job, PstFeatures *features, const PstStyle *style, GError **error)
{
    return (features->grain == pst_grain_for(style->statistics) || pst_job_encode(job, features, style, error)) &&
           pst_job_paint(job, features, style, error);
}

PstPicture *pst_preview_paint(PstPreview *preview, const PstStyle *style, const PstPaintSettings *settings,
                              PstPaintRows rows, gpointer data, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) result = copy_picture(preview->photo, error);

    if (!result) {
        return NULL;
    }
    PstJob job = { .model = preview->model, .pool = preview->pool, .photo = pst_job_frame(preview->photo),
                   .result = pst_job_frame(result), .plan = preview->plan, .cancellable = cancellable };
    job.settings = settings ? *settings : PST_PAINT_SETTINGS_DEFAULT;
    if (job.settings.strength > 0 && !paint(&job, &preview->features, style, error)) {
        return NULL;
    }
    if (g_cancellable_set_error_if_cancelled(cancellable, error)) {
        return NULL;
    }
    if (rows) {
        rows(result, 0, result->height, data);
    }
    return g_steal_pointer(&result);
}
