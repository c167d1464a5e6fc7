#include "picture_measures.h"

#include "engine/kernel/map.h"

#include <math.h>
#include <string.h>

#define FRAME_REACH       0.2  /* of a side: a frame is not thicker, */
#define FRAME_LEAST       0.01 /* nor thinner */
#define FRAME_STRENGTH    0.06 /* mean change of luminance across its edge */
#define FRAME_CONSISTENCY 0.9  /* all along it in the same direction */

static double luminance(const guint8 *rgb)
{
    return (0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]) / 255;
}

static float *grey_of(const PstExample *e)
{
    gsize n = (gsize)e->width * e->height;
    float *grey = pst_floats_new(n);

    for (gsize i = 0; i < n; i++) {
        grey[i] = (float)luminance(e->rgb + 3 * i);
    }
    return grey;
}

/* Mean absolute second difference at a distance of `step` pixels. */
static double detail(const PstExample *e, const float *grey, int step, PstCrop w)
{
    double sum = 0;
    gint64 n = 0;

    for (int y = MAX(w.y, step); y < MIN(w.y + w.height, e->height - step); y++) {
        const float *row = grey + (gsize)y * e->width;

        for (int x = MAX(w.x, step); x < MIN(w.x + w.width, e->width - step); x++) {
            float around = row[x - step] + row[x + step] + row[x - step * e->width] + row[x + step * e->width];

            sum += fabsf(4 * row[x] - around);
            n++;
        }
    }
    return n > 0 ? sum / (double)n : 0;
}

static void measure_colours(const PstExample *e, PstPictureMeasures *m)
{
    gsize n = (gsize)e->width * e->height;
    double light = 0, chroma = 0, x = 0, y = 0;

    for (gsize i = 0; i < n; i++) {
        const guint8 *v = e->rgb + 3 * i;
        double r = v[0] / 255.0, g = v[1] / 255.0, b = v[2] / 255.0;
        double a = r - (g + b) / 2, c = sqrt(0.75) * (g - b); /* the hue's plane */

        light += luminance(v);
        chroma += sqrt(a * a + c * c);
        x += a;
        y += c;
    }
    m->light = light / (double)n;
    m->colour = chroma / (double)n;
    m->hue_focus = sqrt(x * x + y * y) / MAX(chroma, 1e-9);
}

/* The innermost straight edge along one side, in lines from it, or 0. `line` steps along a line, `across` from line to
 * line; `first` is the side's first pixel. */
static int find_edge(const float *grey, gsize first, int lines, gssize across, int length, gssize line)
{
    int reach = (int)(FRAME_REACH * lines), found = 0;

    for (int k = MAX(2, (int)(FRAME_LEAST * lines)); k < reach; k++) {
        double sum = 0, size = 0;

        for (int i = 0; i < length; i++) {
            const float *p = grey + (gssize)first + (k - 1) * across + i * line;
            double change = p[across] - p[0];

            sum += change;
            size += fabs(change);
        }
        if (size / length > FRAME_STRENGTH && fabs(sum) > FRAME_CONSISTENCY * size) {
            found = k;
        }
    }
    return found;
}

static void find_frame(const PstExample *e, const float *grey, PstPictureMeasures *m)
{
    int w = e->width, h = e->height;
    int top = find_edge(grey, 0, h, w, w, 1), bottom = find_edge(grey, (gsize)(h - 1) * w, h, -w, w, 1);
    int left = find_edge(grey, 0, w, 1, h, w), right = find_edge(grey, w - 1, w, -1, h, w);

    m->framed = (top > 0) + (bottom > 0) + (left > 0) + (right > 0) >= 3;
    m->inside = (PstCrop){ left, top, w - left - right, h - top - bottom, FALSE };
}

static void impress(const PstExample *e, const float *grey, float *impression)
{
    double mean = 0, length = 0;

    memset(impression, 0, PST_IMPRESSION * PST_IMPRESSION * sizeof *impression);
    for (int y = 0; y < PST_IMPRESSION; y++) {
        for (int x = 0; x < PST_IMPRESSION; x++) {
            int left = x * e->width / PST_IMPRESSION, right = MAX(left + 1, (x + 1) * e->width / PST_IMPRESSION);
            int top = y * e->height / PST_IMPRESSION, bottom = MAX(top + 1, (y + 1) * e->height / PST_IMPRESSION);
            double sum = 0;

            for (int v = top; v < bottom; v++) {
                for (int u = left; u < right; u++) {
                    sum += grey[(gsize)v * e->width + u];
                }
            }
            impression[y * PST_IMPRESSION + x] = (float)(sum / ((bottom - top) * (right - left)));
            mean += impression[y * PST_IMPRESSION + x] / (PST_IMPRESSION * PST_IMPRESSION);
        }
    }
    for (int i = 0; i < PST_IMPRESSION * PST_IMPRESSION; i++) {
        impression[i] -= (float)mean;
        length += (double)impression[i] * impression[i];
    }
    for (int i = 0; i < PST_IMPRESSION * PST_IMPRESSION; i++) {
        impression[i] /= (float)sqrt(MAX(length, 1e-9));
    }
}

void pst_picture_measure(const PstExample *e, PstPictureMeasures *m)
{
    g_autoptr(PstFloats) grey = grey_of(e);
    PstCrop all = pst_example_whole(e);
    PstCrop middle = { e->width / 3, e->height / 3, e->width / 3, e->height / 3, FALSE };

    m->sharpness = detail(e, grey, 1, all) / MAX(detail(e, grey, 4, all), 1e-6);
    m->middle = detail(e, grey, 2, middle) / MAX(detail(e, grey, 2, all), 1e-6);
    measure_colours(e, m);
    find_frame(e, grey, m);
    impress(e, grey, m->impression);
}

double pst_picture_likeness(const PstPictureMeasures *a, const PstPictureMeasures *b)
{
    double sum = 0;

    for (int i = 0; i < PST_IMPRESSION * PST_IMPRESSION; i++) {
        sum += (double)a->impression[i] * b->impression[i];
    }
    return sum;
}
