#include "video_painting.h"

#include <glib/gi18n-lib.h>

#include "video_error.h"
#include "video_reader.h"

#define WARM_UP 16 /* frames before a piece within a shot: of what was painted earlier, 0.9^16, a fifth is left */
#define SAMPLES 5  /* of a shot, at most */
#define FAR     24 /* frames from one sample to the next, at least */

/* What one piece needs. */
typedef struct {
    const PstVideoPainting *painting;
    PstYuvFormat format;
    PstLookLayers layers;
    PstPainterOptions options;
    PstShot *shot;
    PstPicture *photo;
    PstVideoReader *reader;
    const void *yuv; /* the frame as it was; the reader's */
    guint8 *painted; /* and as it is painted */
    GCancellable *cancellable;
} Piece;

static gboolean fail(const Piece *p, GError **error)
{
    g_set_error(error, PST_VIDEO_ERROR, PST_VIDEO_ERROR_READ, _("%s: frames are not where they were at first"),
                p->painting->info->path);
    return FALSE;
}

/* Reads up to frame number `frame`, which begins no earlier than the reader is at. */
static gboolean read_frame(Piece *p, guint frame, GError **error)
{
    gint64 wanted = pst_video_plan_time(p->painting->plan, frame), time = G_MININT64;

    do {
        if (!pst_video_reader_read(p->reader, &p->yuv, &time, p->cancellable, error)) {
            return FALSE;
        }
    } while (p->yuv && time < wanted);
    if (!p->yuv || time != wanted) {
        return fail(p, error);
    }
    pst_yuv_to_rgb(&p->format, p->yuv, p->photo->rgb, p->painting->pool);
    return TRUE;
}

/* Goes to a frame. */
static gboolean seek(Piece *p, guint frame, GError **error)
{
    pst_video_reader_free(p->reader);
    p->reader = pst_video_reader_new(p->painting->info, pst_video_plan_time(p->painting->plan, frame), 0, 0, error);
    return p->reader != NULL;
}

static PstPainter *new_painter(Piece *p, const PstCarried *carried, GError **error)
{
    const PstRowSource source = pst_row_source(p->photo);
    PstPainterOptions options = p->options;

    options.carried = carried;
    return pst_painter_new(p->painting->model, p->painting->pool, &source, &options, p->cancellable, error);
}

/* Whether paintings of frames can take something from the frame before. */
static gboolean can_carry(const Piece *p)
{
    for (int i = 0; i < p->layers.paint.count; i++) {
        if (p->layers.paint.layers[i].mask) {
            return FALSE;
        }
    }
    return p->options.stroke > 1;
}

/* Samples frames in the middle of equal parts of the shot. */
static gboolean sample_shot(Piece *p, const PstVideoPiece *piece, GError **error)
{
    guint length = piece->shot_end - piece->shot, count = CLAMP(length / FAR, 1, SAMPLES);

    for (guint i = 0; i < count; i++) {
        guint frame = piece->shot + (guint)((guint64)length * (2 * i + 1) / (2 * count));
        g_autoptr(PstPainter) painter = NULL;

        if (!seek(p, frame, error) || !read_frame(p, frame, error) || !(painter = new_painter(p, NULL, error)) ||
            !pst_painter_sample(painter, &p->layers.paint, p->cancellable, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean paint_frame(Piece *p, PstSteadiness *steadiness, GError **error)
{
    g_autoptr(PstPainter) painter = NULL;
    g_autoptr(PstPicture) result = NULL;
    const PstRowSink sink = { .picture = &result };
    const PstPicture *steady;

    pst_steadiness_look(steadiness, p->yuv);
    painter = new_painter(p, can_carry(p) ? pst_steadiness_carry(steadiness) : NULL, error);
    if (!painter || !pst_painter_paint(painter, &p->layers.paint, &sink, NULL, NULL, p->cancellable, error)) {
        return FALSE;
    }
    steady = pst_steadiness_mix(steadiness, g_steal_pointer(&result));
    pst_yuv_from_rgb(&p->format, steady->rgb, p->painted, p->painting->pool);
    return TRUE;
}

static gboolean paint_frames(Piece *p, const PstVideoPiece *piece, PstVideoTake take, gpointer data, GError **error)
{
    const PstVideoPainting *painting = p->painting;
    guint first = MAX(piece->shot, piece->first > WARM_UP ? piece->first - WARM_UP : 0);
    g_autoptr(PstSteadiness) steadiness = pst_steadiness_new(&p->format, painting->steadiness, painting->pool);

    if (!seek(p, first, error)) {
        return FALSE;
    }
    for (guint frame = first; frame < piece->end; frame++) {
        if (!read_frame(p, frame, error) || !paint_frame(p, steadiness, error) ||
            (frame >= piece->first && !take(frame, p->painted, data, error))) {
            return FALSE;
        }
        if (painting->progress) {
            painting->progress((frame + 1.0 - first) / (piece->end - first), painting->data);
        }
    }
    return TRUE;
}

gboolean pst_video_paint_piece(const PstVideoPainting *painting, const PstVideoPiece *piece, PstVideoTake take,
                               gpointer data, GCancellable *cancellable, GError **error)
{
    const PstVideoInfo *info = painting->info;
    Piece p = { .painting = painting, .format = pst_yuv_format(info), .cancellable = cancellable };
    gboolean done;

    p.photo = pst_picture_new(info->width, info->height, FALSE, error);
    if (!p.photo) {
        return FALSE;
    }
    p.painted = g_malloc(pst_yuv_size(&p.format));
    p.shot = pst_shot_new();
    p.options = (PstPainterOptions){ .stroke = pst_look_stroke(painting->look, info->width, info->height),
                                     .shot = p.shot };
    pst_look_layers_init(&p.layers, painting->look);
    done = sample_shot(&p, piece, error) && paint_frames(&p, piece, take, data, error);
    pst_look_layers_clear(&p.layers);
    pst_video_reader_free(p.reader);
    pst_shot_free(p.shot);
    pst_picture_free(p.photo);
    g_free(p.painted);
    return done;
}

typedef struct {
    const PstVideoPlan *plan;
    PstVideoWriter *writer;
    GCancellable *cancellable;
} Writing;

static gboolean write_frame(guint frame, const void *yuv, gpointer data, GError **error)
{
    const Writing *writing = data;

    return pst_video_writer_write(writing->writer, yuv, pst_video_plan_time(writing->plan, frame), writing->cancellable,
                                  error);
}

gboolean pst_video_write_piece(const PstVideoPainting *painting, const PstVideoPiece *piece,
                               const PstVideoHolder *holder, int crf, int file, GCancellable *cancellable,
                               GError **error)
{
    g_autoptr(PstVideoWriter) writer = pst_video_writer_new(painting->info, holder, crf, file, error);
    Writing writing = { painting->plan, writer, cancellable };

    return writer && pst_video_paint_piece(painting, piece, write_frame, &writing, cancellable, error) &&
           pst_video_writer_finish(writer, cancellable, error);
}
