#include "video_info.h"

#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "engine/picture/picture.h"
#include "video_error.h"

#define LARGEST   ((gsize)16 << 20) /* bytes that ffprobe may say */
#define MOST_SIDE 16384

static void clear(gpointer data)
{
    PstVideoInfo *info = data;

    g_free(info->path);
    g_free(info->space);
    g_free(info->primaries);
    g_free(info->transfer);
    g_free(info->comment);
    g_strfreev(info->subtitles);
}

PstVideoInfo *pst_video_info_ref(PstVideoInfo *info)
{
    return g_atomic_rc_box_acquire(info);
}

void pst_video_info_unref(PstVideoInfo *info)
{
    if (info) {
        g_atomic_rc_box_release_full(info, clear);
    }
}

double pst_video_info_ticks(const PstVideoInfo *info, double seconds)
{
    return (seconds + info->start) * (double)info->time_base[1] / (double)info->time_base[0];
}

static gboolean refuse(const char *path, const char *reason, GError **error)
{
    g_set_error(error, PST_VIDEO_ERROR, PST_VIDEO_ERROR_FORMAT, "%s: %s", path, reason);
    return FALSE;
}

/* What ffprobe answers to `words`, ended by a zero byte; owned by the caller. */
static char *ask_ffprobe(const char *path, const char *const *words, GCancellable *cancellable, GError **error)
{
    static const char *const first[] = { "ffprobe", "-v", "error", "-protocol_whitelist", "file" };
    g_autofree char *url = g_strconcat("file:", path, NULL);
    g_autoptr(GPtrArray) arguments = g_ptr_array_new();
    g_autoptr(PstChild) child = NULL;
    g_autofree char *text = g_malloc(LARGEST + 1);
    gssize length;

    for (guint i = 0; i < G_N_ELEMENTS(first); i++) {
        g_ptr_array_add(arguments, (gpointer)first[i]);
    }
    for (; *words; words++) {
        g_ptr_array_add(arguments, (gpointer)*words);
    }
    g_ptr_array_add(arguments, "-i");
    g_ptr_array_add(arguments, url);
    g_ptr_array_add(arguments, NULL);
    child = pst_child_new((const char *const *)arguments->pdata, &(PstChildPipes){ .writes = TRUE }, error);
    length = child ? pst_child_read(child, text, LARGEST, cancellable, error) : -1;
    if (length < 0 || !pst_child_finish(child, path, PST_VIDEO_ERROR_FORMAT, cancellable, error)) {
        return NULL;
    }
    text[length] = '\0';
    return g_steal_pointer(&text);
}

static json_t *ask(const char *path, GCancellable *cancellable, GError **error)
{
    static const char *const words[] = { "-of", "json", "-show_streams", "-show_format", NULL };
    g_autofree char *text = ask_ffprobe(path, words, cancellable, error);
    json_t *answer = text ? json_loads(text, 0, NULL) : NULL;

    if (text && !answer) {
        refuse(path, _("ffprobe says nothing of it"), error);
    }
    return answer;
}

/* From the first frame to the end of the last, by the times of all packets: browsers record WebM without a duration.
 * 0 where they tell nothing. */
static double measure_duration(const char *path, int stream, GCancellable *cancellable)
{
    g_autofree char *number = g_strdup_printf("%d", stream);
    const char *const words[] = {
        "-select_streams", number, "-show_entries", "packet=pts_time", "-of", "csv=p=0", NULL
    };
    g_autofree char *text = ask_ffprobe(path, words, cancellable, NULL);
    double first = INFINITY, last = -INFINITY;
    int frames = 0;

    for (char *line = text, *end; line && *line; line = end + 1) {
        double time = g_ascii_strtod(line, &end);

        if (end > line && isfinite(time)) {
            first = MIN(first, time);
            last = MAX(last, time);
            frames++;
        }
        end = strchr(end, '\n');
        if (!end) {
            break;
        }
    }
    return frames > 1 ? (last - first) * frames / (frames - 1) : 0;
}

/* ---- single facts -------------------------------------------------------------------------------- */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static double number_of(const json_t *object, const char *key)
{
    double value = g_ascii_strtod(text_of(object, key), NULL);

    return isfinite(value) ? value : 0;
}

static int whole_of(const json_t *object, const char *key)
{
    return (int)json_integer_value(json_object_get(object, key));
}

/* "30000/1001" or "4:3". */
static gboolean ratio_of(const json_t *object, const char *key, gint64 ratio[2])
{
    char *end;

    ratio[0] = g_ascii_strtoll(text_of(object, key), &end, 10);
    ratio[1] = *end == '/' || *end == ':' ? g_ascii_strtoll(end + 1, NULL, 10) : 0;
    return ratio[0] > 0 && ratio[1] > 0;
}

/* A tag that says something; owned by the caller. */
static char *tag_of(const json_t *stream, const char *key)
{
    const char *text = text_of(stream, key);

    return *text && strcmp(text, "unknown") != 0 && strcmp(text, "reserved") != 0 ? g_strdup(text) : NULL;
}

/* The file's comment, whose name containers write in small or large letters; owned by the caller. */
static char *comment_of(const json_t *format)
{
    json_t *tags = json_object_get(format, "tags"), *value;
    const char *key;

    json_object_foreach(tags, key, value) {
        if (g_ascii_strcasecmp(key, "comment") == 0 && json_is_string(value)) {
            return g_strdup(json_string_value(value));
        }
    }
    return NULL;
}

static const json_t *find_video(const json_t *answer)
{
    const json_t *streams = json_object_get(answer, "streams");

    for (gsize i = 0; i < json_array_size(streams); i++) {
        const json_t *stream = json_array_get(streams, i);

        if (strcmp(text_of(stream, "codec_type"), "video") == 0 &&
            !whole_of(json_object_get(stream, "disposition"), "attached_pic")) {
            return stream;
        }
    }
    return NULL;
}

static GStrv list_subtitles(const json_t *answer)
{
    const json_t *streams = json_object_get(answer, "streams");
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (gsize i = 0; i < json_array_size(streams); i++) {
        const json_t *stream = json_array_get(streams, i);

        if (strcmp(text_of(stream, "codec_type"), "subtitle") == 0) {
            g_strv_builder_add(builder, text_of(stream, "codec_name"));
        }
    }
    return g_strv_builder_end(builder);
}

/* Degrees, a multiple of 90. */
static int rotation_of(const json_t *stream)
{
    const json_t *list = json_object_get(stream, "side_data_list");

    for (gsize i = 0; i < json_array_size(list); i++) {
        const json_t *rotation = json_object_get(json_array_get(list, i), "rotation");

        if (rotation) {
            return (int)lround(json_number_value(rotation) / 90) * 90;
        }
    }
    return 0;
}

/* ---- the whole ------------------------------------------------------------------------------------ */

static int even(int side)
{
    return MAX(2, side / 2 * 2);
}

static void set_size(PstVideoInfo *info, const json_t *stream, int size)
{
    gint64 aspect[2];
    int width = whole_of(stream, "width"), height = whole_of(stream, "height");
    gboolean turned = rotation_of(stream) % 180 != 0;

    info->width = turned ? height : width;
    info->height = turned ? width : height;
    info->aspect[0] = info->aspect[1] = 1;
    if (ratio_of(stream, "sample_aspect_ratio", aspect) && aspect[0] <= MOST_SIDE && aspect[1] <= MOST_SIDE) {
        info->aspect[turned ? 1 : 0] = (int)aspect[0];
        info->aspect[turned ? 0 : 1] = (int)aspect[1];
    }
    if (size > 0 && size != MAX(info->width, info->height)) {
        pst_size_fit_long_side(info->width, info->height, size, &info->width, &info->height);
        info->width = even(info->width);
        info->height = even(info->height);
        info->scaled = TRUE;
    }
}

/* Chroma is stored as the file has it, where encoders know that. Halves need even sides. */
static const char *encoded_pixels(const char *pixels, int depth, int width, int height)
{
    gboolean odd = width % 2 || height % 2;

    if (strstr(pixels, "444") || odd) {
        return depth > 8 ? "yuv444p10le" : "yuv444p";
    }
    if (strstr(pixels, "422")) {
        return depth > 8 ? "yuv422p10le" : "yuv422p";
    }
    return depth > 8 ? "yuv420p10le" : "yuv420p";
}

static void set_colour(PstVideoInfo *info, const json_t *stream)
{
    const char *pixels = text_of(stream, "pix_fmt"), *space = text_of(stream, "color_space");
    const char *transfer = text_of(stream, "color_transfer");

    info->wide = strcmp(transfer, "smpte2084") == 0 || strcmp(transfer, "arib-std-b67") == 0;
    info->full_range = !info->wide &&
                       (strcmp(text_of(stream, "color_range"), "pc") == 0 || g_str_has_prefix(pixels, "yuvj"));
    info->depth = strstr(pixels, "10") || strstr(pixels, "12") || strstr(pixels, "16") ? 10 : 8;
    info->pixels = encoded_pixels(pixels, info->depth, info->width, info->height);
    if (info->wide) {
        info->space = g_strdup("bt709");
        info->primaries = g_strdup("bt709");
        info->transfer = g_strdup("bt709");
        info->matrix = PST_YUV_709;
        return;
    }
    info->space = strcmp(space, "gbr") == 0 ? NULL : tag_of(stream, "color_space");
    info->primaries = tag_of(stream, "color_primaries");
    info->transfer = tag_of(stream, "color_transfer");
    /* What ffmpeg makes YUV of, where the file has RGB, and takes a video for that says nothing. */
    info->matrix = g_str_has_prefix(space, "bt709")    ? PST_YUV_709
                   : g_str_has_prefix(space, "bt2020") ? PST_YUV_2020
                                                       : PST_YUV_601;
    if (!info->space && info->height >= 720 && strstr(pixels, "yuv")) {
        info->matrix = PST_YUV_709;
    }
}

static gboolean is_still(const json_t *format)
{
    const char *name = text_of(format, "format_name");

    return g_str_has_suffix(name, "_pipe") || strcmp(name, "image2") == 0 || strcmp(name, "tty") == 0;
}

PstVideoInfo *pst_video_info_new(const char *path, int size, GCancellable *cancellable, GError **error)
{
    json_t *answer = ask(path, cancellable, error);
    const json_t *stream = find_video(answer), *format = json_object_get(answer, "format");
    g_autoptr(PstVideoInfo) info = g_atomic_rc_box_new0(PstVideoInfo);
    const char *order;
    gint64 rate[2];
    gboolean known = FALSE;

    if (!answer) {
        return NULL;
    }
    info->path = g_strdup(path);
    if (!stream) {
        refuse(path, _("has no video in it"), error);
    } else if (is_still(format)) {
        refuse(path, _("is a picture, not a video"), error);
    } else if (!ratio_of(stream, "time_base", info->time_base) || whole_of(stream, "width") < 1 ||
               whole_of(stream, "height") < 1 || whole_of(stream, "width") > MOST_SIDE ||
               whole_of(stream, "height") > MOST_SIDE) {
        refuse(path, _("has a video that is damaged, or too large"), error);
    } else {
        known = TRUE;
        info->stream = whole_of(stream, "index");
        set_size(info, stream, size);
        set_colour(info, stream);
        info->rate = ratio_of(stream, "avg_frame_rate", rate) ? (double)rate[0] / (double)rate[1] : 0;
        info->duration = number_of(format, "duration");
        if (info->duration <= 0) {
            info->duration = measure_duration(path, info->stream, cancellable);
            known = !g_cancellable_set_error_if_cancelled(cancellable, error);
        }
        info->start = number_of(format, "start_time");
        order = text_of(stream, "field_order");
        info->interlaced = *order && strcmp(order, "progressive") != 0 && strcmp(order, "unknown") != 0;
        info->comment = comment_of(format);
        info->subtitles = list_subtitles(answer);
    }
    json_decref(answer);
    return known ? g_steal_pointer(&info) : NULL;
}
