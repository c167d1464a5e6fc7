#include "shot_boundary.h"

#include <math.h>
#include <string.h>

#define PARTS  3  /* of a side */
#define BINS   16 /* of each plane */
#define SIZE   (PARTS * PARTS * 3 * BINS)
#define LEAST  0.25 /* of all samples have to change bins, */
#define TIMES  3.0  /* and so many times more than usual */
#define SHORT  6    /* frames of a shot, at least: flashes are none */
#define MEMORY 0.8  /* of what is usual, from frame to frame */

struct PstShotBoundary {
    int width, height;
    guint frames; /* of this shot */
    double usual; /* change from frame to frame */
    float now[SIZE], before[SIZE];
};

PstShotBoundary *pst_shot_boundary_new(int width, int height)
{
    PstShotBoundary *boundary = g_new0(PstShotBoundary, 1);

    boundary->width = width;
    boundary->height = height;
    return boundary;
}

void pst_shot_boundary_free(PstShotBoundary *boundary)
{
    g_free(boundary);
}

/* Each sample counts in both bins that it lies between, so that faint changes of light are faint here, too. */
static void count(PstShotBoundary *boundary, const guint8 *yuv)
{
    int width = boundary->width, height = boundary->height;

    memset(boundary->now, 0, sizeof boundary->now);
    for (int plane = 0; plane < 3; plane++) {
        for (int y = 0; y < height; y++) {
            const guint8 *row = yuv + ((gsize)plane * height + y) * width;

            for (int x = 0; x < width; x++) {
                float *bins = boundary->now + ((y * PARTS / height * PARTS + x * PARTS / width) * 3 + plane) * BINS;
                float place = row[x] * (float)(BINS - 1) / 255;
                int bin = MIN((int)place, BINS - 2);

                bins[bin] += 1 - (place - bin);
                bins[bin + 1] += place - bin;
            }
        }
    }
}

static double change(const PstShotBoundary *boundary)
{
    double sum = 0;

    for (int i = 0; i < SIZE; i++) {
        sum += fabsf(boundary->now[i] - boundary->before[i]);
    }
    return sum / (2.0 * 3 * boundary->width * boundary->height);
}

gboolean pst_shot_boundary_add(PstShotBoundary *boundary, const guint8 *yuv)
{
    double changed;
    gboolean begins;

    memcpy(boundary->before, boundary->now, sizeof boundary->now);
    count(boundary, yuv);
    changed = change(boundary);
    begins = boundary->frames == 0 ||
             (boundary->frames >= SHORT && changed > LEAST && changed > TIMES * boundary->usual);
    if (begins) {
        boundary->frames = 0;
        boundary->usual = 0;
    } else {
        boundary->usual = MEMORY * boundary->usual + (1 - MEMORY) * changed;
    }
    boundary->frames++;
    return begins;
}
