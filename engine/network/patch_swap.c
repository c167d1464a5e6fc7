#include "patch_swap.h"

#include <math.h>
#include <string.h>

#include "engine/kernel/nearest.h"

const float pst_swap_share[PST_STYLE_TAPS + 1] = { [3] = 0.7f, [4] = 0.8f };

struct PstPatchSwap {
    int count, channels;
    float share;
    float *scale, *shift; /* [channels]: standardise the photograph's features */
    float *patches;       /* [count][places][channels]: in the photograph's measure, times the share */
    gint16 *table;        /* of the patches' directions */
};

int pst_swap_patches_take(const PstMap *features, const float *mean, const float *deviation, int most,
                          PstRandom *random, float *patches)
{
    int columns = features->width - 2, rows = features->height - 2, channels = features->channels;
    g_autofree int *places = g_new(int, most);
    int count = columns > 0 && rows > 0 ? pst_random_choose(random, (gsize)rows * columns, most, places) : 0;

    for (int i = 0; i < count; i++) {
        for (int k = 0; k < PST_SWAP_PLACES; k++, patches += channels) {
            const float *place = pst_map_at(features, places[i] / columns + k / 3, places[i] % columns + k % 3);

            for (int c = 0; c < channels; c++) {
                patches[c] = (place[c] - mean[c]) / deviation[c];
            }
        }
    }
    return count;
}

void pst_swap_patches_free(PstSwapPatches *patches)
{
    for (int i = 0; patches && i < PST_SWAP_TAPS; i++) {
        pst_floats_free(patches->values[i]);
    }
    g_free(patches);
}

static float length_of(const float *values, int n)
{
    float squares[16] = { 0 }, sum = 0;

    for (int i = 0; i < n; i += 16) {
        for (int k = 0; k < 16; k++) {
            squares[k] += values[i + k] * values[i + k];
        }
    }
    for (int k = 0; k < 16; k++) {
        sum += squares[k];
    }
    return sqrtf(sum);
}

static void normalise(const float *patch, int n, float *unit)
{
    float length = length_of(patch, n), inverse = length > 0 ? 1 / length : 0;

    for (int i = 0; i < n; i++) {
        unit[i] = patch[i] * inverse;
    }
}

PstPatchSwap *pst_patch_swap_new(const float *patches, int count, int channels, const float *mean,
                                 const float *deviation, float share)
{
    PstPatchSwap *swap = g_new0(PstPatchSwap, 1);
    int size = PST_SWAP_PLACES * channels;
    g_autoptr(PstFloats) units = pst_floats_new((gsize)count * size);

    swap->count = count;
    swap->channels = channels;
    swap->share = share;
    swap->scale = g_new(float, channels);
    swap->shift = g_new(float, channels);
    for (int c = 0; c < channels; c++) {
        swap->scale[c] = 1 / deviation[c];
        swap->shift[c] = -mean[c] / deviation[c];
    }
    for (int i = 0; i < count; i++) {
        normalise(patches + (gsize)i * size, size, units + (gsize)i * size);
    }
    swap->table = (gint16 *)pst_floats_new((pst_nearest_table_size(count, size) + 1) / 2);
    pst_nearest_pack(units, count, size, swap->table);
    swap->patches = pst_floats_new((gsize)count * size);
    for (gsize i = 0; i < (gsize)count * PST_SWAP_PLACES; i++) {
        for (int c = 0; c < channels; c++) {
            swap->patches[i * channels + c] = share * (patches[i * channels + c] * deviation[c] + mean[c]);
        }
    }
    return swap;
}

void pst_patch_swap_free(PstPatchSwap *swap)
{
    if (!swap) {
        return;
    }
    g_free(swap->scale);
    g_free(swap->shift);
    pst_floats_free(swap->patches);
    pst_floats_free((float *)swap->table);
    g_free(swap);
}

/* ---- finding ---------------------------------------------------------------------------------- */

static gsize query_floats(int channels)
{
    return (gsize)PST_NEAREST_QUERIES * PST_SWAP_PLACES * channels;
}

gsize pst_patch_swap_scratch(int channels)
{
    return query_floats(channels) + PST_NEAREST_QUERIES +
           (pst_nearest_scratch(PST_SWAP_PLACES * channels) + sizeof(float) - 1) / sizeof(float);
}

/* The standardised places around column x, at length 1. */
static void gather(const PstPatchSwap *swap, const float *const rows[3], int left, int width, int x, float *query)
{
    int channels = swap->channels;
    float *to = query;

    for (int y = 0; y < 3; y++) {
        for (int k = x - 1; k <= x + 1; k++, to += channels) {
            const float *place = rows[y] + (gsize)(pst_swap_mirror(k, width) - left) * channels;

            for (int c = 0; c < channels; c++) {
                to[c] = place[c] * swap->scale[c] + swap->shift[c];
            }
        }
    }
    normalise(query, PST_SWAP_PLACES * channels, query);
}

void pst_patch_swap_find(const PstPatchSwap *swap, const float *const rows[3], int left, int width, int first,
                         int count, float *index, float *scratch)
{
    int size = PST_SWAP_PLACES * swap->channels;
    int *found = (int *)(scratch + query_floats(swap->channels));
    void *rest = found + PST_NEAREST_QUERIES;

    for (int done = 0, n; done < count; done += n) {
        n = MIN(PST_NEAREST_QUERIES, count - done);
        for (int i = 0; i < n; i++) {
            gather(swap, rows, left, width, first + done + i, scratch + (gsize)i * size);
        }
        pst_nearest_find(scratch, n, swap->table, swap->count, size, found, rest);
        for (int i = 0; i < n; i++) {
            index[done + i] = found[i];
        }
    }
}

/* ---- pasting ---------------------------------------------------------------------------------- */

/* Adds the patches found around the places of a row that column x is next to; their row `y` lies on x's. */
static int add_patches(const PstPatchSwap *swap, const float *found, int left, int width, int x, int y, float *sum)
{
    int first = MAX(0, x - 1), last = MIN(width - 1, x + 1), channels = swap->channels;

    for (int k = first; k <= last; k++) {
        const float *patch = swap->patches + ((gsize)found[k - left] * PST_SWAP_PLACES + 3 * y + x - k + 1) * channels;

        for (int c = 0; c < channels; c++) {
            sum[c] += patch[c];
        }
    }
    return last - first + 1;
}

void pst_patch_swap_paste(const PstPatchSwap *swap, const float *content, const float *const found[3], int left,
                          int width, int first, int count, float *swapped)
{
    int channels = swap->channels;
    float kept = 1 - swap->share, sum[PST_SWAP_WIDEST];

    for (int x = first; x < first + count; x++, content += channels, swapped += channels) {
        int n = 0;

        memset(sum, 0, sizeof sum);
        for (int i = 0; i < 3; i++) {
            n += found[i] ? add_patches(swap, found[i], left, width, x, 2 - i, sum) : 0;
        }
        float each = 1.0f / n;
        for (int c = 0; c < channels; c++) {
            swapped[c] = MAX(0, kept * content[c] + each * sum[c]);
        }
    }
}

void pst_patch_swap_map(const PstPatchSwap *swap, const PstMap *content, PstMap *swapped)
{
    int height = content->height, width = content->width;
    g_autofree float *found = g_new(float, (gsize)height *width);
    g_autoptr(PstFloats) scratch = pst_floats_new(pst_patch_swap_scratch(content->channels));

    for (int y = 0; y < height; y++) {
        const float *rows[3];

        for (int i = 0; i < 3; i++) {
            rows[i] = pst_map_at(content, pst_swap_mirror(y + i - 1, height), 0);
        }
        pst_patch_swap_find(swap, rows, 0, width, 0, width, found + (gsize)y * width, scratch);
    }
    for (int y = 0; y < height; y++) {
        const float *row = found + (gsize)y * width;
        const float *rows[3] = { y > 0 ? row - width : NULL, row, y + 1 < height ? row + width : NULL };

        pst_patch_swap_paste(swap, pst_map_at(content, y, 0), rows, 0, width, 0, width, pst_map_at(swapped, y, 0));
    }
}
