#include "yuv.h"

#include "engine/base/wide_loop.h"

#define ROWS 16 /* of a task: even */

/* What a conversion works on. */
typedef struct {
    const PstYuvFormat *format;
    const void *from;
    void *to;
    int step; /* of reducing */
    /* Of a sample: value = (code - offset) / scale. */
    float luma_offset, luma_scale, chroma_offset, chroma_scale;
    float red, blue; /* shares of luma */
} Work;

PstYuvFormat pst_yuv_format(const PstVideoInfo *info)
{
    return (PstYuvFormat){ .width = info->width,
                           .height = info->height,
                           .depth = info->depth,
                           .quarter = g_str_has_prefix(info->pixels, "yuv420"),
                           .matrix = info->matrix,
                           .full_range = info->full_range };
}

gsize pst_yuv_size(const PstYuvFormat *format)
{
    gsize plane = (gsize)format->width * format->height;

    return (format->quarter ? plane * 3 / 2 : 3 * plane) * (format->depth > 8 ? 2 : 1);
}

static Work work_of(const PstYuvFormat *format, const void *from, void *to)
{
    static const float reds[] = { 0.299f, 0.2126f, 0.2627f }, blues[] = { 0.114f, 0.0722f, 0.0593f };
    float unit = (float)(1 << (format->depth - 8));

    return (Work){ .format = format,
                   .from = from,
                   .to = to,
                   .luma_offset = format->full_range ? 0 : 16 * unit,
                   .luma_scale = format->full_range ? 256 * unit - 1 : 219 * unit,
                   .chroma_offset = 128 * unit,
                   .chroma_scale = format->full_range ? 256 * unit - 1 : 224 * unit,
                   .red = reds[format->matrix],
                   .blue = blues[format->matrix] };
}

static PST_WIDE_INLINE float sample(const void *samples, gboolean deep, gsize i)
{
    return deep ? ((const guint16 *)samples)[i] : ((const guint8 *)samples)[i];
}

static PST_WIDE_INLINE void set_sample(void *samples, gboolean deep, gsize i, float value, float most)
{
    int code = (int)(CLAMP(value, 0, most) + 0.5f);

    if (deep) {
        ((guint16 *)samples)[i] = (guint16)code;
    } else {
        ((guint8 *)samples)[i] = (guint8)code;
    }
}

static PST_WIDE_INLINE float within(float value)
{
    return CLAMP(value, 0, 1);
}

/* Where plane 1 or 2 of 4:2:0 begins. */
static inline gsize quarter_plane(const PstYuvFormat *format, int plane)
{
    gsize luma = (gsize)format->width * format->height;

    return luma + (gsize)(plane - 1) * (luma / 4);
}

/* Row y of plane 1 or 2 of 4:2:0, in full width. */
static PST_WIDE_INLINE void widen_row(const Work *work, int plane, int y, gboolean deep, float *row)
{
    int width = work->format->width / 2, height = work->format->height / 2;
    int beside = y % 2 ? MIN(y / 2 + 1, height - 1) : MAX(y / 2 - 1, 0);
    gsize first = quarter_plane(work->format, plane) + (gsize)(y / 2) * width;
    gsize second = quarter_plane(work->format, plane) + (gsize)beside * width;

    for (int x = 0; x < width; x++) {
        row[2 * x] = 0.75f * sample(work->from, deep, first + x) + 0.25f * sample(work->from, deep, second + x);
    }
    for (int x = 0; x < width; x++) {
        row[2 * x + 1] = (row[2 * x] + row[2 * MIN(x + 1, width - 1)]) / 2;
    }
}

static PST_WIDE_INLINE void row_to_rgb(const Work *work, int y, gboolean deep, gboolean quarter, float *wide)
{
    gsize width = work->format->width, plane = width * work->format->height, first = (gsize)y * width;
    float *rgb = (float *)work->to + 3 * first;
    float red = 2 * (1 - work->red), blue = 2 * (1 - work->blue), green = 1 - work->red - work->blue;
    float luma = 1 / work->luma_scale, chroma = 1 / work->chroma_scale;

    if (quarter) {
        widen_row(work, 1, y, deep, wide);
        widen_row(work, 2, y, deep, wide + width);
    }
    for (gsize x = 0; x < width; x++) {
        float u = quarter ? wide[x] : sample(work->from, deep, plane + first + x);
        float v = quarter ? wide[width + x] : sample(work->from, deep, 2 * plane + first + x);
        float l = (sample(work->from, deep, first + x) - work->luma_offset) * luma;
        float r = l + red * ((v - work->chroma_offset) * chroma), b = l + blue * ((u - work->chroma_offset) * chroma);
        float g = (l - work->red * r - work->blue * b) / green;

        rgb[3 * x] = within(r);
        rgb[3 * x + 1] = within(g);
        rgb[3 * x + 2] = within(b);
    }
}

/* `wide` (of 4:2:0) receives U and V of the row. */
static PST_WIDE_INLINE void row_from_rgb(const Work *work, int y, gboolean deep, gboolean quarter, float *wide)
{
    gsize width = work->format->width, plane = width * work->format->height, first = (gsize)y * width;
    const float *rgb = (const float *)work->from + 3 * first;
    float green = 1 - work->red - work->blue, most = (float)((1 << work->format->depth) - 1);
    float red = 0.5f / (1 - work->red), blue = 0.5f / (1 - work->blue);

    for (gsize x = 0; x < width; x++) {
        float r = rgb[3 * x], g = rgb[3 * x + 1], b = rgb[3 * x + 2];
        float l = work->red * r + green * g + work->blue * b;
        float u = (b - l) * blue * work->chroma_scale + work->chroma_offset;
        float v = (r - l) * red * work->chroma_scale + work->chroma_offset;

        set_sample(work->to, deep, first + x, l * work->luma_scale + work->luma_offset, most);
        if (quarter) {
            wide[x] = u;
            wide[width + x] = v;
        } else {
            set_sample(work->to, deep, plane + first + x, u, most);
            set_sample(work->to, deep, 2 * plane + first + x, v, most);
        }
    }
}

/* A row of plane 1 or 2 of 4:2:0, from two rows in full width. */
static PST_WIDE_INLINE void narrow_rows(const Work *work, int plane, int row, gboolean deep, const float *above,
                                        const float *below)
{
    int width = work->format->width / 2;
    gsize first = quarter_plane(work->format, plane) + (gsize)row * width;
    float most = (float)((1 << work->format->depth) - 1);

    for (int x = 0; x < width; x++) {
        int left = MAX(2 * x - 1, 0), right = 2 * x + 1;
        float value = above[left] + 2 * above[2 * x] + above[right] + below[left] + 2 * below[2 * x] + below[right];

        set_sample(work->to, deep, first + x, value / 8, most);
    }
}

static PST_WIDE_INLINE void rows_to_rgb(const Work *work, int first, int end, gboolean deep, gboolean quarter)
{
    g_autofree float *wide = quarter ? g_new(float, 2 * (gsize)work->format->width) : NULL;

    for (int y = first; y < end; y++) {
        row_to_rgb(work, y, deep, quarter, wide);
    }
}

static PST_WIDE_INLINE void rows_from_rgb(const Work *work, int first, int end, gboolean deep, gboolean quarter)
{
    gsize width = work->format->width;
    g_autofree float *wide = quarter ? g_new(float, 4 * width) : NULL;

    for (int y = first; y < end; y++) {
        row_from_rgb(work, y, deep, quarter, quarter && y % 2 ? wide + 2 * width : wide);
        if (quarter && y % 2) {
            narrow_rows(work, 1, y / 2, deep, wide, wide + 2 * width);
            narrow_rows(work, 2, y / 2, deep, wide + width, wide + 3 * width);
        }
    }
}

PST_WIDE_LOOP static void to_rgb(int task, int worker, gpointer data)
{
    const Work *work = data;
    int first = task * ROWS, end = MIN(first + ROWS, work->format->height);

    if (work->format->depth > 8) {
        work->format->quarter ? rows_to_rgb(work, first, end, TRUE, TRUE) : rows_to_rgb(work, first, end, TRUE, FALSE);
    } else {
        work->format->quarter ? rows_to_rgb(work, first, end, FALSE, TRUE)
                              : rows_to_rgb(work, first, end, FALSE, FALSE);
    }
}

PST_WIDE_LOOP static void from_rgb(int task, int worker, gpointer data)
{
    const Work *work = data;
    int first = task * ROWS, end = MIN(first + ROWS, work->format->height);

    if (work->format->depth > 8) {
        work->format->quarter ? rows_from_rgb(work, first, end, TRUE, TRUE)
                              : rows_from_rgb(work, first, end, TRUE, FALSE);
    } else {
        work->format->quarter ? rows_from_rgb(work, first, end, FALSE, TRUE)
                              : rows_from_rgb(work, first, end, FALSE, FALSE);
    }
}

static void run(Work *work, PstTask task, PstThreadPool *pool)
{
    pst_thread_pool_run(pool, (work->format->height + ROWS - 1) / ROWS, task, work);
}

void pst_yuv_to_rgb(const PstYuvFormat *format, const void *yuv, float *rgb, PstThreadPool *pool)
{
    Work work = work_of(format, yuv, rgb);

    run(&work, to_rgb, pool);
}

void pst_yuv_from_rgb(const PstYuvFormat *format, const float *rgb, void *yuv, PstThreadPool *pool)
{
    Work work = work_of(format, rgb, yuv);

    run(&work, from_rgb, pool);
}

/* A task is a row of the result, of one plane after another. */
PST_WIDE_LOOP static void reduce(int task, int worker, gpointer data)
{
    const Work *work = data;
    const PstYuvFormat *format = work->format;
    int width = format->width / work->step, height = format->height / work->step, of = task / height;
    gboolean quarter = format->quarter && of > 0;
    int step = quarter ? work->step / 2 : work->step, pitch = quarter ? format->width / 2 : format->width;
    gsize plane = quarter ? quarter_plane(format, of) : (gsize)format->width * format->height * of;
    float scale = 1.0f / (float)(step * step * (1 << (format->depth - 8)));
    float *row = (float *)work->to + (gsize)task * width;

    for (int x = 0; x < width; x++) {
        row[x] = 0;
    }
    for (int i = 0; i < step; i++) {
        gsize first = plane + (gsize)(task % height * step + i) * pitch;

        for (int x = 0; x < width; x++) {
            for (int k = 0; k < step; k++) {
                row[x] += sample(work->from, format->depth > 8, first + (gsize)x * step + k);
            }
        }
    }
    for (int x = 0; x < width; x++) {
        row[x] *= scale;
    }
}

void pst_yuv_reduce(const PstYuvFormat *format, const void *yuv, int step, float *small, PstThreadPool *pool)
{
    Work work = work_of(format, yuv, small);

    work.step = step;
    pst_thread_pool_run(pool, 3 * (format->height / step), reduce, &work);
}
