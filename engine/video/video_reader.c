#include "video_reader.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "frame_queue.h"
#include "video_error.h"

#define BEFORE 1.0 /* seconds: seeking begins so much earlier */
#define AHEAD  2   /* frames */

struct PstVideoReader {
    const PstVideoInfo *info;
    PstYuvFormat format;
    PstChild *child;
    gboolean begun; /* the header was read */
    PstFrameQueue *queue;
    GThread *thread; /* fills it */
    gboolean taken;  /* a frame of the queue is with the caller */
};

static char *filters_of(const PstVideoInfo *info, const PstYuvFormat *format)
{
    const char *range = info->full_range ? "pc" : "tv";
    GString *text = g_string_new(info->interlaced ? "yadif=deint=interlaced," : "");

    if (info->wide) {
        g_string_append(text, "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"
                              "zscale=t=bt709:m=bt709:r=tv,");
    }
    g_string_append_printf(text, "scale=%d:%d:in_range=%s:out_range=%s:flags=%s", format->width, format->height, range,
                           range, format->width == info->width ? "bicubic+accurate_rnd+full_chroma_int" : "area");
    /* Some filters count time otherwise, and frames without metadata would not be told of. */
    g_string_append_printf(text, ",settb=%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, info->time_base[0],
                           info->time_base[1]);
    g_string_append(text, ",metadata=mode=add:key=p:value=1,metadata=mode=print:file=pipe\\\\:3:direct=1");
    return g_string_free(text, FALSE);
}

static PstChild *start(const PstVideoInfo *info, const PstYuvFormat *format, double from, GError **error)
{
    g_autofree char *url = g_strconcat("file:", info->path, NULL), *map = g_strdup_printf("0:%d", info->stream);
    g_autofree char *filters = filters_of(info, format);
    char seconds[G_ASCII_DTOSTR_BUF_SIZE];
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    const char *const begin[] = { "ffmpeg", "-v", "error", "-nostdin", "-protocol_whitelist", "file,pipe", "-copyts" };
    const char *const rest[] = {
        "-i",        url,
        "-map",      map,
        "-fps_mode", "passthrough",
        "-vf",       filters,
        "-pix_fmt",  format->quarter ? info->pixels : format->depth > 8 ? "yuv444p10le" : "yuv444p",
        "-strict",   "-1",
        "-f",        "yuv4mpegpipe",
        "pipe:1",    NULL
    };

    for (gsize i = 0; i < G_N_ELEMENTS(begin); i++) {
        g_ptr_array_add(words, (gpointer)begin[i]);
    }
    if (from > 0) {
        g_ptr_array_add(words, "-ss");
        g_ptr_array_add(words, g_ascii_formatd(seconds, sizeof seconds, "%.6f", from));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(rest); i++) {
        g_ptr_array_add(words, (gpointer)rest[i]);
    }
    return pst_child_new((const char *const *)words->pdata, &(PstChildPipes){ .writes = TRUE, .notes = TRUE }, error);
}

static gboolean fail(const PstVideoReader *reader, GError **error)
{
    g_set_error(error, PST_VIDEO_ERROR, PST_VIDEO_ERROR_READ, _("%s: ffmpeg's frames are not as they should be"),
                reader->info->path);
    return FALSE;
}

/* Reads up to a newline, byte by byte: lines are short. FALSE at the end, or on an error. */
static gboolean read_line(PstVideoReader *reader, char *line, gsize size, GError **error)
{
    for (gsize i = 0; i < size; i++) {
        if (pst_child_read(reader->child, line + i, 1, NULL, error) != 1) {
            return FALSE;
        }
        if (line[i] == '\n') {
            line[i] = '\0';
            return TRUE;
        }
    }
    return fail(reader, error);
}

static gboolean check_header(PstVideoReader *reader, const char *line, GError **error)
{
    g_autofree char *size = g_strdup_printf("YUV4MPEG2 W%d H%d ", reader->format.width, reader->format.height);

    reader->begun = TRUE;
    return g_str_has_prefix(line, size) || fail(reader, error);
}

/* "frame:3    pts:512     pts_time:0.04" */
static gboolean read_time(PstVideoReader *reader, gint64 *time, GError **error)
{
    g_autofree char *line = NULL;

    while ((line = pst_child_read_line(reader->child, NULL, error))) {
        const char *pts = strstr(line, "pts:");
        char *end;

        if (pts) {
            *time = g_ascii_strtoll(pts + strlen("pts:"), &end, 10);
            return end > pts + strlen("pts:") || fail(reader, error);
        }
        g_clear_pointer(&line, g_free);
    }
    return (error && *error) ? FALSE : fail(reader, error);
}

static gboolean finish(PstVideoReader *reader, gboolean *end, GError **error)
{
    *end = TRUE;
    return pst_child_finish(reader->child, reader->info->path, PST_VIDEO_ERROR_READ, NULL, error);
}

static gboolean read_frame(PstVideoReader *reader, void *yuv, gint64 *time, gboolean *end, GError **error)
{
    gsize size = pst_yuv_size(&reader->format);
    GError *reason = NULL;
    char line[512];

    *end = FALSE;
    if (!reader->begun && read_line(reader, line, sizeof line, &reason) && !check_header(reader, line, error)) {
        return FALSE;
    }
    if (reason || !read_line(reader, line, sizeof line, &reason)) {
        if (reason) {
            g_propagate_error(error, reason);
            return FALSE;
        }
        return finish(reader, end, error);
    }
    if (!g_str_has_prefix(line, "FRAME")) {
        return fail(reader, error);
    }
    if (pst_child_read(reader->child, yuv, size, NULL, &reason) != (gssize)size) {
        if (reason) {
            g_propagate_error(error, reason);
            return FALSE;
        }
        return finish(reader, end, error) && fail(reader, error);
    }
    return read_time(reader, time, error);
}

static gpointer read_frames(gpointer data)
{
    PstVideoReader *reader = data;
    GError *error = NULL;
    gboolean end = FALSE;
    void *yuv;

    while (!end && !error && (yuv = pst_frame_queue_room(reader->queue, NULL, &error))) {
        gint64 time;

        if (read_frame(reader, yuv, &time, &end, &error) && !end) {
            pst_frame_queue_put(reader->queue, time);
        }
    }
    pst_frame_queue_end(reader->queue, error);
    return NULL;
}

PstVideoReader *pst_video_reader_new(const PstVideoInfo *info, gint64 from, int small_width, int small_height,
                                     GError **error)
{
    g_autoptr(PstVideoReader) reader = g_new0(PstVideoReader, 1);
    double seconds = (double)from * (double)info->time_base[0] / (double)info->time_base[1] - info->start;

    reader->info = info;
    reader->format = pst_yuv_format(info);
    if (small_width > 0) {
        reader->format.width = small_width;
        reader->format.height = small_height;
        reader->format.depth = 8;
        reader->format.quarter = FALSE;
    }
    reader->child = start(info, &reader->format, seconds - BEFORE, error);
    if (!reader->child) {
        return NULL;
    }
    reader->queue = pst_frame_queue_new(AHEAD, pst_yuv_size(&reader->format));
    reader->thread = g_thread_new("pastiche-frames", read_frames, reader);
    return g_steal_pointer(&reader);
}

void pst_video_reader_free(PstVideoReader *reader)
{
    if (!reader) {
        return;
    }
    if (reader->thread) {
        pst_frame_queue_stop(reader->queue);
        pst_child_kill(reader->child);
        g_thread_join(reader->thread);
    }
    pst_frame_queue_free(reader->queue);
    pst_child_free(reader->child);
    g_free(reader);
}

gboolean pst_video_reader_read(PstVideoReader *reader, const void **yuv, gint64 *time, GCancellable *cancellable,
                               GError **error)
{
    GError *reason = NULL;

    if (reader->taken) {
        pst_frame_queue_drop(reader->queue);
    }
    *yuv = pst_frame_queue_next(reader->queue, time, cancellable, &reason);
    reader->taken = *yuv != NULL;
    if (reason) {
        g_propagate_error(error, reason);
        return FALSE;
    }
    return TRUE;
}
