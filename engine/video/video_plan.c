#include "video_plan.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/picture/picture.h"
#include "shot_boundary.h"
#include "video_error.h"
#include "video_reader.h"

#define SMALL 96 /* pixels of the long side */

void pst_video_plan_free(PstVideoPlan *plan)
{
    if (plan) {
        g_array_unref(plan->times);
        g_array_unref(plan->pieces);
        g_free(plan->fingerprint);
        g_free(plan);
    }
}

gint64 pst_video_plan_time(const PstVideoPlan *plan, guint frame)
{
    return g_array_index(plan->times, gint64, frame);
}

/* Divides a shot into pieces of nearly the same length. */
static void add_shot(PstVideoPlan *plan, guint first, guint end)
{
    guint count = (end - first + PST_VIDEO_PIECE - 1) / PST_VIDEO_PIECE;

    for (guint i = 0; i < count; i++) {
        const PstVideoPiece piece = { .first = first + (guint)((guint64)(end - first) * i / count),
                                      .end = first + (guint)((guint64)(end - first) * (i + 1) / count),
                                      .shot = first,
                                      .shot_end = end };

        g_array_append_val(plan->pieces, piece);
    }
}

typedef struct {
    const PstVideoInfo *info;
    PstVideoReader *reader;
    PstShotBoundary *boundary;
    GChecksum *checksum;
    gsize size;
    PstVideoProgress progress;
    gpointer data;
} Reading;

static gboolean read_all(Reading *r, PstVideoPlan *plan, GCancellable *cancellable, GError **error)
{
    double expected = r->info->rate * r->info->duration;
    guint begun = 0;

    for (;;) {
        const void *yuv;
        gint64 time;
        guint frame = plan->times->len;

        if (!pst_video_reader_read(r->reader, &yuv, &time, cancellable, error)) {
            return FALSE;
        }
        if (!yuv) {
            break;
        }
        /* Of frames at the same time a player shows one, and containers hold one. */
        if (frame > 0 && time <= pst_video_plan_time(plan, frame - 1)) {
            continue;
        }
        if (pst_shot_boundary_add(r->boundary, yuv) && frame > 0) {
            add_shot(plan, begun, frame);
            begun = frame;
        }
        g_array_append_val(plan->times, time);
        g_checksum_update(r->checksum, (const guchar *)&time, sizeof time);
        g_checksum_update(r->checksum, yuv, (gssize)r->size);
        if (r->progress && expected > 0) {
            r->progress(MIN(1, frame / expected), r->data);
        }
    }
    if (plan->times->len == 0) {
        g_set_error(error, PST_VIDEO_ERROR, PST_VIDEO_ERROR_FORMAT, _("%s: has no video in it"), r->info->path);
        return FALSE;
    }
    add_shot(plan, begun, plan->times->len);
    plan->fingerprint = g_strdup(g_checksum_get_string(r->checksum));
    return TRUE;
}

PstVideoPlan *pst_video_plan_new(const PstVideoInfo *info, PstVideoProgress progress, gpointer data,
                                 GCancellable *cancellable, GError **error)
{
    g_autoptr(PstVideoPlan) plan = g_new0(PstVideoPlan, 1);
    int width, height;
    Reading reading = { .info = info, .progress = progress, .data = data };
    gboolean done;

    plan->times = g_array_new(FALSE, FALSE, sizeof(gint64));
    plan->pieces = g_array_new(FALSE, FALSE, sizeof(PstVideoPiece));
    pst_size_fit_long_side(info->width, info->height, SMALL, &width, &height);
    width = MAX(width, 3);
    height = MAX(height, 3);
    reading.reader = pst_video_reader_new(info, 0, width, height, error);
    if (!reading.reader) {
        return NULL;
    }
    reading.boundary = pst_shot_boundary_new(width, height);
    reading.checksum = g_checksum_new(G_CHECKSUM_SHA256);
    reading.size = (gsize)3 * width * height;
    done = read_all(&reading, plan, cancellable, error);
    pst_video_reader_free(reading.reader);
    pst_shot_boundary_free(reading.boundary);
    g_checksum_free(reading.checksum);
    return done ? g_steal_pointer(&plan) : NULL;
}
