#include "video_writer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "child.h"
#include "frame_queue.h"
#include "matroska.h"
#include "video_error.h"

#define MICROSECONDS 1000000
#define BEHIND       2   /* frames */
#define THREADS      "4" /* of the encoder: their number changes its bytes, so it is the same on all machines */

struct PstVideoWriter {
    const PstVideoInfo *info;
    PstYuvFormat format;
    PstChild *child;
    gint64 first; /* time of the first frame */
    gboolean begun;
    PstFrameQueue *queue;
    GThread *thread; /* empties it */
    GError *failure; /* of the thread, which has stopped the queue then */
};

static const PstVideoHolder holders[] = {
    { "mp4", "mp4", "libx264", "mov_text" },    { "m4v", "mp4", "libx264", "mov_text" },
    { "mov", "mov", "libx264", "mov_text" },    { "mkv", "matroska", "libx264", "srt" },
    { "webm", "webm", "libvpx-vp9", "webvtt" },
};

const PstVideoHolder *pst_video_holder(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (gsize i = 0; dot && i < G_N_ELEMENTS(holders); i++) {
        if (g_ascii_strcasecmp(dot + 1, holders[i].suffix) == 0) {
            return &holders[i];
        }
    }
    return NULL;
}

static void add(GPtrArray *words, const char *text)
{
    g_ptr_array_add(words, g_strdup(text));
}

static void add_two(GPtrArray *words, const char *option, const char *value)
{
    if (value) {
        add(words, option);
        add(words, value);
    }
}

static GPtrArray *begin_command(void)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

    add(words, "ffmpeg");
    add_two(words, "-v", "error");
    add(words, "-y");
    return words;
}

/* ---- a part -------------------------------------------------------------------------------------- */

static void add_encoder(GPtrArray *words, const PstVideoInfo *info, const PstVideoHolder *holder, int crf)
{
    g_autofree char *rate = g_strdup_printf("%d", crf);

    add_two(words, "-c:v", holder->codec);
    add_two(words, "-crf", rate);
    if (strcmp(holder->codec, "libx264") == 0) {
        add_two(words, "-preset", "veryfast");
    } else {
        add_two(words, "-b:v", "0");
        add_two(words, "-deadline", "realtime");
        add_two(words, "-cpu-used", "5");
        add_two(words, "-row-mt", "1");
    }
    add_two(words, "-threads", THREADS);
    add_two(words, "-colorspace", info->space);
    add_two(words, "-color_primaries", info->primaries);
    add_two(words, "-color_trc", info->transfer);
    add_two(words, "-color_range", info->full_range ? "pc" : "tv");
    add_two(words, "-flags:v", "+bitexact");
    add_two(words, "-fflags", "+bitexact");
}

/* Where the child stopped reading, it has said why. */
static gboolean write_bytes(PstVideoWriter *writer, const void *data, gsize size, GError **error)
{
    g_autoptr(GError) reason = NULL;

    if (pst_child_write(writer->child, data, size, NULL, &reason)) {
        return TRUE;
    }
    if (pst_child_finish(writer->child, writer->info->path, PST_VIDEO_ERROR_WRITE, NULL, error)) {
        g_propagate_error(error, g_steal_pointer(&reason));
    }
    return FALSE;
}

static gboolean write_frame(PstVideoWriter *writer, const void *yuv, gint64 time, GError **error)
{
    const PstVideoInfo *info = writer->info;
    g_autoptr(GByteArray) header = writer->begun ? NULL : pst_matroska_header(&writer->format);
    g_autoptr(GByteArray) frame = NULL;
    double ticks;

    if (!writer->begun) {
        writer->first = time;
        writer->begun = TRUE;
    }
    ticks = (double)(time - writer->first) * (double)info->time_base[0];
    frame = pst_matroska_frame(&writer->format, (guint64)(ticks * MICROSECONDS / (double)info->time_base[1] + 0.5));
    return (!header || write_bytes(writer, header->data, header->len, error)) &&
           write_bytes(writer, frame->data, frame->len, error) &&
           write_bytes(writer, yuv, pst_yuv_size(&writer->format), error);
}

static gpointer write_frames(gpointer data)
{
    PstVideoWriter *writer = data;
    const void *yuv;
    gint64 time;

    while ((yuv = pst_frame_queue_next(writer->queue, &time, NULL, NULL))) {
        if (!write_frame(writer, yuv, time, &writer->failure)) {
            pst_frame_queue_stop(writer->queue);
            break;
        }
        pst_frame_queue_drop(writer->queue);
    }
    return NULL;
}

static void end_thread(PstVideoWriter *writer)
{
    pst_frame_queue_end(writer->queue, NULL);
    g_thread_join(g_steal_pointer(&writer->thread));
}

/* Once the queue has stopped. */
static gboolean fail(PstVideoWriter *writer, GError **error)
{
    end_thread(writer);
    g_propagate_error(error, g_steal_pointer(&writer->failure));
    return FALSE;
}

PstVideoWriter *pst_video_writer_new(const PstVideoInfo *info, const PstVideoHolder *holder, int crf, int file,
                                     GError **error)
{
    g_autoptr(PstVideoWriter) writer = g_new0(PstVideoWriter, 1);
    g_autoptr(GPtrArray) words = begin_command();
    const char *range = info->full_range ? "pc" : "tv";
    g_autofree char *base = g_strdup_printf("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, info->time_base[0],
                                            info->time_base[1]);
    g_autofree char *filters = g_strdup_printf(
        "scale=in_range=%s:out_range=%s:flags=bicubic+accurate_rnd+full_chroma_int,format=%s,setsar=%d/%d", range,
        range, info->pixels, info->aspect[0], info->aspect[1]);

    writer->info = info;
    writer->format = pst_yuv_format(info);
    add_two(words, "-f", "matroska");
    add_two(words, "-i", "pipe:0");
    add_two(words, "-fps_mode", "passthrough");
    add_two(words, "-enc_time_base", base);
    add_two(words, "-vf", filters);
    add_encoder(words, info, holder, crf);
    add_two(words, "-f", "nut");
    add(words, PST_CHILD_FILE);
    g_ptr_array_add(words, NULL);
    writer->child = pst_child_new((const char *const *)words->pdata, &(PstChildPipes){ .reads = TRUE, .file = file },
                                  error);
    if (!writer->child) {
        return NULL;
    }
    writer->queue = pst_frame_queue_new(BEHIND, pst_yuv_size(&writer->format));
    writer->thread = g_thread_new("pastiche-frames", write_frames, writer);
    return g_steal_pointer(&writer);
}

void pst_video_writer_free(PstVideoWriter *writer)
{
    if (!writer) {
        return;
    }
    if (writer->thread) {
        pst_child_kill(writer->child);
        end_thread(writer);
    }
    pst_frame_queue_free(writer->queue);
    pst_child_free(writer->child);
    g_clear_error(&writer->failure);
    g_free(writer);
}

gboolean pst_video_writer_write(PstVideoWriter *writer, const void *yuv, gint64 time, GCancellable *cancellable,
                                GError **error)
{
    g_autoptr(GError) reason = NULL;
    void *room = pst_frame_queue_room(writer->queue, cancellable, &reason);

    if (reason) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    if (!room) {
        return fail(writer, error);
    }
    memcpy(room, yuv, pst_yuv_size(&writer->format));
    pst_frame_queue_put(writer->queue, time);
    return TRUE;
}

gboolean pst_video_writer_finish(PstVideoWriter *writer, GCancellable *cancellable, GError **error)
{
    if (!pst_frame_queue_drain(writer->queue, cancellable, error)) {
        return FALSE;
    }
    end_thread(writer);
    if (writer->failure) {
        g_propagate_error(error, g_steal_pointer(&writer->failure));
        return FALSE;
    }
    return pst_child_finish(writer->child, writer->info->path, PST_VIDEO_ERROR_WRITE, cancellable, error);
}

/* ---- the whole ------------------------------------------------------------------------------------ */

/* Pictures of text can't become text. */
static gboolean is_text(const char *codec)
{
    static const char *const texts[] = { "subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text", NULL };

    return g_strv_contains(texts, codec);
}

/* Everything of input `number` that is no video. */
static void add_others(GPtrArray *words, const PstVideoInfo *info, const PstVideoHolder *holder, int number)
{
    g_autofree char *audio = g_strdup_printf("%d:a?", number), *chapters = g_strdup_printf("%d", number);
    gboolean same = pst_video_holder(info->path) == holder, matroska = strcmp(holder->format, "matroska") == 0;

    add_two(words, "-map", audio);
    for (guint i = 0; info->subtitles[i]; i++) {
        g_autofree char *map = g_strdup_printf("%d:s:%u", number, i);

        if (same || matroska || is_text(info->subtitles[i])) {
            add_two(words, "-map", map);
        }
    }
    add_two(words, "-map_metadata", chapters);
    add_two(words, "-map_chapters", chapters);
    add_two(words, "-c", "copy");
    if (!same) {
        guint count = 0;

        for (guint i = 0; info->subtitles[i]; i++) {
            g_autofree char *option = g_strdup_printf("-c:s:%u", count);

            if (is_text(info->subtitles[i])) {
                add_two(words, option, holder->subtitles);
            }
            count += matroska || is_text(info->subtitles[i]);
        }
    }
    add_two(words, "-fflags", "+bitexact");
    add_two(words, "-f", holder->format);
}

gboolean pst_video_holder_suits(const PstVideoInfo *info, const PstVideoHolder *holder, GCancellable *cancellable,
                                GError **error)
{
    g_autoptr(GPtrArray) words = begin_command();
    g_autofree char *url = g_strconcat("file:", info->path, NULL);
    g_autoptr(PstChild) child = NULL;
    g_autoptr(GError) reason = NULL;

    add_two(words, "-protocol_whitelist", "file,pipe");
    add_two(words, "-i", url);
    /* Something has to be in it, should there be neither sound nor subtitles. */
    add_two(words, "-f", "lavfi");
    add_two(words, "-i", "color=size=64x64");
    add_two(words, "-map", "1:v");
    add_others(words, info, holder, 0);
    add_two(words, "-c:v", holder->codec);
    add_two(words, "-t", "0.2");
    add(words, "/dev/null");
    g_ptr_array_add(words, NULL);
    child = pst_child_new((const char *const *)words->pdata, &(PstChildPipes){ 0 }, error);
    if (!child) {
        return FALSE;
    }
    if (pst_child_finish(child, info->path, PST_VIDEO_ERROR_HOLDER, cancellable, &reason)) {
        return TRUE;
    }
    if (g_error_matches(reason, PST_VIDEO_ERROR, PST_VIDEO_ERROR_HOLDER)) {
        g_set_error(error, PST_VIDEO_ERROR, PST_VIDEO_ERROR_HOLDER,
                    _("%s: its sound or subtitles can't be held by .%s (%s)"), info->path, holder->suffix,
                    reason->message + strlen(info->path) + 2);
    } else {
        g_propagate_error(error, g_steal_pointer(&reason));
    }
    return FALSE;
}

static gint64 microseconds(const PstVideoInfo *info, gint64 ticks)
{
    return (gint64)((double)ticks * (double)info->time_base[0] * MICROSECONDS / (double)info->time_base[1] + 0.5);
}

/* The list of ffmpeg's concat demuxer. Durations are differences of rounded times, so that no error adds up. */
static char *list_parts(const PstVideoInfo *info, const GPtrArray *parts, const gint64 *times)
{
    GString *text = g_string_new("ffconcat version 1.0\n");

    for (guint i = 0; i < parts->len; i++) {
        g_string_append_printf(text, "file 'file:%s'\n", (const char *)parts->pdata[i]);
        if (i + 1 < parts->len) {
            gint64 duration = microseconds(info, times[i + 1] - times[0]) - microseconds(info, times[i] - times[0]);

            g_string_append_printf(text, "duration %" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT "\n",
                                   duration / MICROSECONDS, duration % MICROSECONDS);
        }
    }
    return g_string_free(text, FALSE);
}

gboolean pst_video_join(const PstVideoInfo *info, const PstVideoHolder *holder, const char *folder,
                        const GPtrArray *parts, const gint64 *times, const char *mark, int file,
                        GCancellable *cancellable, GError **error)
{
    g_autoptr(GPtrArray) words = begin_command();
    g_autofree char *absolute = g_canonicalize_filename(info->path, NULL), *url = g_strconcat("file:", absolute, NULL);
    g_autofree char *list = list_parts(info, parts, times);
    g_autofree char *scale = g_strdup_printf("%" G_GINT64_FORMAT, info->time_base[1]);
    g_autofree char *comment = g_strconcat("comment=", info->comment ? info->comment : "", info->comment ? "\n" : "",
                                           mark, NULL);
    char offset[G_ASCII_DTOSTR_BUF_SIZE];
    g_autoptr(PstChild) child = NULL;
    PstChildPipes pipes = { .reads = TRUE, .file = file, .folder = folder };
    g_autoptr(GError) ignored = NULL;
    double first = (double)times[0] * (double)info->time_base[0] / (double)info->time_base[1] - info->start;

    add_two(words, "-itsoffset", g_ascii_formatd(offset, sizeof offset, "%.6f", first));
    add_two(words, "-f", "concat");
    add_two(words, "-safe", "0");
    add_two(words, "-protocol_whitelist", "file,pipe");
    add_two(words, "-i", "pipe:0");
    add_two(words, "-protocol_whitelist", "file,pipe");
    add_two(words, "-i", url);
    add_two(words, "-map", "0:v");
    /* MP4 counts in ticks of the track; others have their own. */
    if (info->time_base[0] == 1 && (strcmp(holder->format, "mp4") == 0 || strcmp(holder->format, "mov") == 0)) {
        add_two(words, "-video_track_timescale", scale);
    }
    add_others(words, info, holder, 1);
    add_two(words, "-metadata", comment);
    add(words, PST_CHILD_FILE);
    g_ptr_array_add(words, NULL);
    child = pst_child_new((const char *const *)words->pdata, &pipes, error);
    /* A child that does not read says why when it ends. */
    return child && (pst_child_write(child, list, strlen(list), cancellable, &ignored) || TRUE) &&
           pst_child_finish(child, info->path, PST_VIDEO_ERROR_WRITE, cancellable, error);
}
