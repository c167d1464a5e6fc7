#include "video_frame.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/paint/export.h"
#include "engine/video/video_error.h"
#include "engine/video/video_still.h"

typedef struct {
    PstYuvFormat format;
    guint frame;
    guint8 *yuv;
} Taking;

static gboolean take(guint frame, const void *yuv, gpointer data, GError **error)
{
    const Taking *taking = data;

    if (frame == taking->frame)
        memcpy(taking->yuv, yuv, pst_yuv_size(&taking->format));
    return TRUE;
}

/* The last frame that is shown at that time. */
static gboolean find_frame(const PstVideoInfo *info, const PstVideoPlan *plan, double seconds, guint *frame,
                           GError **error)
{
    double ticks = pst_video_info_ticks(info, seconds);

    *frame = 0;
    for (guint i = 0; i < plan->times->len; i++) {
        if ((double)pst_video_plan_time(plan, i) <= ticks + 0.5)
            *frame = i;
    }
    if (info->duration <= 0 || seconds < info->duration)
        return TRUE;
    g_set_error(error, PST_VIDEO_ERROR, PST_VIDEO_ERROR_TIME, _("%s: ends at %.2f seconds"), info->path,
                info->duration);
    return FALSE;
}

/* The piece that it lies in, no further than it. */
static PstVideoPiece find_piece(const PstVideoPlan *plan, guint frame)
{
    PstVideoPiece piece = { 0 };

    for (guint i = 0; i < plan->pieces->len; i++) {
        const PstVideoPiece *other = &g_array_index(plan->pieces, PstVideoPiece, i);

        if (frame >= other->first && frame < other->end)
            piece = *other;
    }
    piece.end = frame + 1;
    return piece;
}

static PstPicture *paint(const PstVideoJob *job, double seconds, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstVideoInfo) info = pst_video_info_new(job->input, job->size, cancellable, error);
    g_autoptr(PstVideoPlan) plan = info ? pst_video_plan_new(info, NULL, NULL, cancellable, error) : NULL;
    const PstVideoPainting painting = { .info = info,
                                        .plan = plan,
                                        .look = job->look,
                                        .model = job->model,
                                        .pool = job->pool,
                                        .steadiness = job->steadiness,
                                        .progress = job->progress,
                                        .data = job->data };
    g_autofree guint8 *yuv = NULL;
    PstVideoPiece piece;
    Taking taking;

    if (!plan || !find_frame(info, plan, seconds, &taking.frame, error))
        return NULL;
    taking.format = pst_yuv_format(info);
    taking.yuv = yuv = g_malloc(pst_yuv_size(&taking.format));
    piece = find_piece(plan, taking.frame);
    return pst_video_paint_piece(&painting, &piece, take, &taking, cancellable, error)
               ? pst_video_picture(info, yuv, job->pool, error)
               : NULL;
}

char *pst_video_frame(const PstVideoJob *job, double seconds, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstInputs) inputs = pst_inputs_new();
    const PstExportSettings settings = { .write = { .conflict = job->conflict, .recipe = job->recipe },
                                         .inputs = job->inputs };
    g_autoptr(PstPicture) picture = NULL;
    PstExportSource source = { 0 };

    pst_inputs_add(inputs, job->input);
    if (!pst_export_check_output(NULL, job->output, &settings, error) ||
        (job->conflict == PST_CONFLICT_OVERWRITE && !pst_inputs_spare(inputs, job->output, error)) ||
        !(picture = paint(job, seconds, cancellable, error)))
        return NULL;
    source.photo = source.painting = picture;
    return pst_export(job->look, job->model, job->pool, &source, job->output, &settings, NULL, cancellable, error);
}
