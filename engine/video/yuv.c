#include "yuv.h"

#include "engine/base/wide_loop.h"

#define ROWS 16 /* of a task */

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
                           .matrix = info->matrix,
                           .full_range = info->full_range };
}

gsize pst_yuv_size(const PstYuvFormat *format)
{
    return (gsize)3 * format->width * format->height * (format->depth > 8 ? 2 : 1);
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

static inline __attribute__((always_inline)) float sample(const void *samples, gboolean deep, gsize i)
{
    return deep ? ((const guint16 *)samples)[i] : ((const guint8 *)samples)[i];
}

static inline __attribute__((always_inline)) void set_sample(void *samples, gboolean deep, gsize i, float value,
                                                             float most)
{
    int code = (int)(CLAMP(value, 0, most) + 0.5f);

    if (deep) {
        ((guint16 *)samples)[i] = (guint16)code;
    } else {
        ((guint8 *)samples)[i] = (guint8)code;
    }
}

static inline __attribute__((always_inline)) float within(float value)
{
    return CLAMP(value, 0, 1);
}

/* Inlined for each depth, so that the loops are vectorised. */
static inline __attribute__((always_inline)) void row_to_rgb(const Work *work, int y, gboolean deep)
{
    gsize width = work->format->width, plane = width * work->format->height, first = (gsize)y * width;
    float *rgb = (float *)work->to + 3 * first;
    float red = 2 * (1 - work->red), blue = 2 * (1 - work->blue), green = 1 - work->red - work->blue;
    float luma = 1 / work->luma_scale, chroma = 1 / work->chroma_scale;

    for (gsize x = 0; x < width; x++) {
        float l = (sample(work->from, deep, first + x) - work->luma_offset) * luma;
        float u = (sample(work->from, deep, plane + first + x) - work->chroma_offset) * chroma;
        float v = (sample(work->from, deep, 2 * plane + first + x) - work->chroma_offset) * chroma;
        float r = l + red * v, b = l + blue * u, g = (l - work->red * r - work->blue * b) / green;

        rgb[3 * x] = within(r);
        rgb[3 * x + 1] = within(g);
        rgb[3 * x + 2] = within(b);
    }
}

static inline __attribute__((always_inline)) void row_from_rgb(const Work *work, int y, gboolean deep)
{
    gsize width = work->format->width, plane = width * work->format->height, first = (gsize)y * width;
    const float *rgb = (const float *)work->from + 3 * first;
    float green = 1 - work->red - work->blue, most = (float)((1 << work->format->depth) - 1);
    float red = 0.5f / (1 - work->red), blue = 0.5f / (1 - work->blue);

    for (gsize x = 0; x < width; x++) {
        float r = rgb[3 * x], g = rgb[3 * x + 1], b = rgb[3 * x + 2];
        float l = work->red * r + green * g + work->blue * b;

        set_sample(work->to, deep, first + x, l * work->luma_scale + work->luma_offset, most);
        set_sample(work->to, deep, plane + first + x, (b - l) * blue * work->chroma_scale + work->chroma_offset, most);
        set_sample(work->to, deep, 2 * plane + first + x, (r - l) * red * work->chroma_scale + work->chroma_offset,
                   most);
    }
}

PST_WIDE_LOOP static void to_rgb(int task, int worker, gpointer data)
{
    const Work *work = data;

    for (int y = task * ROWS; y < MIN(task * ROWS + ROWS, work->format->height); y++) {
        if (work->format->depth > 8) {
            row_to_rgb(work, y, TRUE);
        } else {
            row_to_rgb(work, y, FALSE);
        }
    }
}

PST_WIDE_LOOP static void from_rgb(int task, int worker, gpointer data)
{
    const Work *work = data;

    for (int y = task * ROWS; y < MIN(task * ROWS + ROWS, work->format->height); y++) {
        if (work->format->depth > 8) {
            row_from_rgb(work, y, TRUE);
        } else {
            row_from_rgb(work, y, FALSE);
        }
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
    int step = work->step, width = format->width / step, height = format->height / step;
    gsize plane = (gsize)format->width * format->height * (task / height);
    float scale = 1.0f / (float)(step * step * (1 << (format->depth - 8)));
    float *row = (float *)work->to + (gsize)task * width;

    for (int x = 0; x < width; x++) {
        row[x] = 0;
    }
    for (int i = 0; i < step; i++) {
        gsize first = plane + (gsize)(task % height * step + i) * format->width;

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
