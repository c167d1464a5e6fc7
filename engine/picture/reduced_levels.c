#include "reduced_levels.h"

#include <string.h>

static gsize pixel_size(const PstReducedLevels *levels)
{
    return (gsize)levels->channels * (gsize)levels->depth / 8;
}

static guint32 get(const PstReducedLevels *levels, const guint8 *row, gsize at)
{
    return levels->depth == 8 ? row[at] : ((const guint16 *)(const void *)row)[at];
}

static void put_mean(const PstReducedLevels *levels, const guint8 *const *pixels, int count, guint8 *to)
{
    gsize channels = (gsize)levels->channels, alpha = channels - 1;
    guint64 weights = 0, weight[4];
    for (int i = 0; i < count; i++)
        weights += weight[i] = levels->alpha ? get(levels, pixels[i], alpha) : 1;
    for (gsize k = 0; k < channels; k++) {
        gboolean plain = weights == 0 || (levels->alpha && k == alpha);
        guint64 sum = 0, all = plain ? (guint64)count : weights;
        for (int i = 0; i < count; i++)
            sum += get(levels, pixels[i], k) * (plain ? 1 : weight[i]);
        if (levels->depth == 8)
            to[k] = (guint8)((sum + all / 2) / all);
        else
            ((guint16 *)(void *)to)[k] = (guint16)((sum + all / 2) / all);
    }
}

static guint8 *row_of(const PstReducedLevels *levels, const PstReducedLevel *level, int y)
{
    return level->rows->data + (gsize)y * (gsize)level->width * pixel_size(levels);
}

static void reduce(PstReducedLevels *levels, int index, const guint8 *upper, const guint8 *lower, int width,
                   gboolean last);

/* The next row of level `index` is there: with the one above it, it goes on to the level below. */
static void go_on(PstReducedLevels *levels, int index, gboolean last)
{
    PstReducedLevel *level = &levels->levels[index];
    pst_scratch_file_touch(level->rows, (gsize)level->width * pixel_size(levels));
    int y = level->filled++;
    if (index + 1 < levels->count && (y % 2 || last))
        reduce(levels, index + 1, row_of(levels, level, y - y % 2), row_of(levels, level, y), level->width, last);
}

/* Two rows, the same one twice at an odd edge, become the next of level `index`; and so on below. */
static void reduce(PstReducedLevels *levels, int index, const guint8 *upper, const guint8 *lower, int width,
                   gboolean last)
{
    PstReducedLevel *level = &levels->levels[index];
    gsize size = pixel_size(levels);
    guint8 *to = row_of(levels, level, level->filled);
    for (int x = 0; x < level->width; x++) {
        gsize left = (gsize)(2 * x) * size, right = (gsize)MIN(2 * x + 1, width - 1) * size;
        const guint8 *const pixels[] = { upper + left, upper + right, lower + left, lower + right };
        put_mean(levels, pixels, 4, to + (gsize)x * size);
    }
    go_on(levels, index, last);
}

void pst_reduced_levels_put_at(PstReducedLevels *levels, int index, const void *row, gboolean last)
{
    PstReducedLevel *level = &levels->levels[index];
    memcpy(row_of(levels, level, level->filled), row, (gsize)level->width * pixel_size(levels));
    go_on(levels, index, last);
}

void pst_reduced_levels_put(PstReducedLevels *levels, const void *row, int width, gboolean last)
{
    gsize size = (gsize)width * pixel_size(levels);
    if (levels->count == 0)
        return;
    if (!levels->waiting && !last) {
        levels->waiting = g_memdup2(row, size);
        return;
    }
    reduce(levels, 0, levels->waiting ? levels->waiting : row, row, width, last);
    g_clear_pointer(&levels->waiting, g_free);
}

int pst_reduced_levels_count(int width, int height, int least)
{
    int count = 0;
    for (; MAX(width, height) > least; count++) {
        width = (width + 1) / 2;
        height = (height + 1) / 2;
    }
    return count;
}

gboolean pst_reduced_levels_init(PstReducedLevels *levels, int width, int height, int channels, int depth,
                                 gboolean alpha, int count, const char *name, GError **error)
{
    *levels = (PstReducedLevels){ .channels = channels, .depth = depth, .alpha = alpha };
    while (levels->count < MIN(count, (int)G_N_ELEMENTS(levels->levels))) {
        PstReducedLevel *level = &levels->levels[levels->count];
        *level = (PstReducedLevel){ width = (width + 1) / 2, height = (height + 1) / 2, NULL, 0 };
        level->rows = pst_scratch_file_new((guint64)width * (guint64)height * pixel_size(levels), name, error);
        if (!level->rows) {
            pst_reduced_levels_clear(levels);
            return FALSE;
        }
        levels->count++;
    }
    return TRUE;
}

guint64 pst_reduced_levels_spill(int width, int height)
{
    enum { LARGEST_PIXEL = 8 };
    guint64 pixels = (guint64)width * (guint64)height;
    return pixels >= PST_PYRAMID_PIXELS ? pixels * LARGEST_PIXEL * 2 / 5 : 0; /* 1/4 + 1/16 + ... and odd edges */
}

void pst_reduced_levels_clear(PstReducedLevels *levels)
{
    for (int i = 0; i < levels->count; i++)
        pst_scratch_file_free(levels->levels[i].rows);
    levels->count = 0;
    g_clear_pointer(&levels->waiting, g_free);
}
