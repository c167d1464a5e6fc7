/* The patch swap against a plain one in doubles, whose patches are compared one by one. */
#include <math.h>

#include "engine/kernel/moments.h"
#include "engine/network/patch_swap.h"

static PstMap noise(int height, int width, int channels, guint64 seed)
{
    PstRandom random = pst_random_at(seed, 0, 0);
    PstMap map = pst_map_new(height, width, channels);

    for (gsize i = 0; i < pst_map_size(&map); i++) {
        double value = pst_random_normal(&random) + 0.3;

        map.data[i] = (float)MAX(0, value);
    }
    return map;
}

typedef struct {
    PstMap painting, photo, swapped;
    float mean[PST_SWAP_WIDEST], deviation[PST_SWAP_WIDEST]; /* of the photograph */
    float *patches;
    int count;
} Case;

static Case new_case(int height, int width, int channels, int most)
{
    Case c = { .painting = noise(9, 12, channels, 1), .photo = noise(height, width, channels, 2) };
    float mean[PST_SWAP_WIDEST], deviation[PST_SWAP_WIDEST];
    PstRandom random = pst_random_at(3, 0, 0);

    c.swapped = pst_map_new(height, width, channels);
    c.patches = g_new(float, (gsize)most *PST_SWAP_PLACES *channels);
    pst_map_moments(&c.painting, PST_EPSILON, mean, deviation);
    pst_map_moments(&c.photo, PST_EPSILON, c.mean, c.deviation);
    c.count = pst_swap_patches_take(&c.painting, mean, deviation, most, &random, c.patches);
    return c;
}

static void clear_case(Case *c)
{
    pst_map_clear(&c->painting);
    pst_map_clear(&c->photo);
    pst_map_clear(&c->swapped);
    g_free(c->patches);
}

static double standardised(const Case *c, int y, int x, int channel)
{
    const float *place = pst_map_at(&c->photo, pst_swap_mirror(y, c->photo.height), pst_swap_mirror(x, c->photo.width));

    return (place[channel] - c->mean[channel]) / c->deviation[channel];
}

/* The cosine similarity of a patch and what lies around a place. */
static double similarity(const Case *c, int patch, int y, int x)
{
    int channels = c->photo.channels;
    const float *p = c->patches + (gsize)patch * PST_SWAP_PLACES * channels;
    double product = 0, own = 0, other = 0;

    for (int k = 0; k < PST_SWAP_PLACES; k++) {
        for (int i = 0; i < channels; i++, p++) {
            double value = standardised(c, y + k / 3 - 1, x + k % 3 - 1, i);

            product += value * *p;
            own += value * value;
            other += (double)*p * *p;
        }
    }
    return own > 0 && other > 0 ? product / sqrt(own * other) : 0;
}

/* Similarities are compared in whole numbers, so of patches almost as similar any will do. */
static void check_found(const Case *c, int found, int y, int x)
{
    double best = -1;

    g_assert_cmpint(found, >=, 0);
    g_assert_cmpint(found, <, c->count);
    for (int i = 0; i < c->count; i++) {
        best = MAX(best, similarity(c, i, y, x));
    }
    g_assert_cmpfloat(similarity(c, found, y, x), >, best - 0.002);
}

static double pasted(const Case *c, const float *found, int y, int x, int channel, double share)
{
    int channels = c->photo.channels, n = 0;
    double sum = 0;

    for (int k = 0; k < PST_SWAP_PLACES; k++) {
        int row = y + 1 - k / 3, column = x + 1 - k % 3;

        if (row >= 0 && row < c->photo.height && column >= 0 && column < c->photo.width) {
            int patch = (int)found[row * c->photo.width + column];

            sum += c->patches[((gsize)patch * PST_SWAP_PLACES + k) * channels + channel];
            n++;
        }
    }
    return MAX(0, (1 - share) * pst_map_at(&c->photo, y, x)[channel] +
                      share * (sum / n * c->deviation[channel] + c->mean[channel]));
}

static void check(int height, int width, int channels, int most)
{
    const float share = 0.7f;
    Case c = new_case(height, width, channels, most);
    g_autoptr(PstPatchSwap) swap = pst_patch_swap_new(c.patches, c.count, channels, c.mean, c.deviation, share);
    g_autoptr(PstFloats) scratch = pst_floats_new(pst_patch_swap_scratch(channels));
    g_autofree float *found = g_new(float, height *width);

    g_assert_cmpint(c.count, ==, MIN(most, 7 * 10));
    for (int y = 0; y < height; y++) {
        const float *rows[3];

        for (int k = 0; k < 3; k++) {
            rows[k] = pst_map_at(&c.photo, pst_swap_mirror(y + k - 1, height), 0);
        }
        pst_patch_swap_find(swap, rows, 0, width, 0, width, found + y * width, scratch);
        for (int x = 0; x < width; x++) {
            check_found(&c, (int)found[y * width + x], y, x);
        }
    }
    pst_patch_swap_map(swap, &c.photo, &c.swapped);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            for (int i = 0; i < channels; i++) {
                g_assert_cmpfloat_with_epsilon(pst_map_at(&c.swapped, y, x)[i], pasted(&c, found, y, x, i, share),
                                               1e-4);
            }
        }
    }
    clear_case(&c);
}

static void test_reference(void)
{
    check(8, 11, 16, 40);
    check(5, 140, 16, 70);
    check(7, 6, 128, 200);
    check(1, 9, 16, 10);
    check(4, 1, 64, 10);
    check(1, 1, 16, 1);
}

/* A painting's own features, swapped whole, stay as they are: each patch finds itself. */
static void test_itself(void)
{
    Case c = new_case(9, 12, 64, 70);
    g_autoptr(PstPatchSwap) swap = NULL;
    PstRandom random = pst_random_at(4, 0, 0);

    c.count = pst_swap_patches_take(&c.photo, c.mean, c.deviation, 70, &random, c.patches);
    swap = pst_patch_swap_new(c.patches, c.count, 64, c.mean, c.deviation, 1);
    pst_patch_swap_map(swap, &c.photo, &c.swapped);
    for (int y = 2; y < 7; y++) {
        for (int x = 2; x < 10; x++) {
            for (int i = 0; i < 64; i++) {
                g_assert_cmpfloat_with_epsilon(pst_map_at(&c.swapped, y, x)[i], pst_map_at(&c.photo, y, x)[i], 1e-4);
            }
        }
    }
    clear_case(&c);
}

static void test_small_paintings(void)
{
    PstRandom random = pst_random_at(5, 0, 0);
    float mean[16] = { 0 }, deviation[16] = { 0 }, patches[PST_SWAP_PLACES * 16];

    for (int side = 1; side < 3; side++) {
        PstMap flat = noise(side, 40, 16, 6), high = noise(40, side, 16, 7);

        g_assert_cmpint(pst_swap_patches_take(&flat, mean, deviation, 1, &random, patches), ==, 0);
        g_assert_cmpint(pst_swap_patches_take(&high, mean, deviation, 1, &random, patches), ==, 0);
        pst_map_clear(&flat);
        pst_map_clear(&high);
    }
}

/* Of a window of a row the same comes as of the whole. */
static void test_windows(void)
{
    enum { WIDTH = 300, LEFT = 37, FIRST = 40, COUNT = 200 };
    Case c = new_case(3, WIDTH, 16, 70);
    g_autoptr(PstPatchSwap) swap = pst_patch_swap_new(c.patches, c.count, 16, c.mean, c.deviation, 0.5f);
    g_autoptr(PstFloats) scratch = pst_floats_new(pst_patch_swap_scratch(16));
    float all[WIDTH], some[COUNT];
    const float *rows[3], *moved[3];

    for (int k = 0; k < 3; k++) {
        rows[k] = pst_map_at(&c.photo, k, 0);
        moved[k] = pst_map_at(&c.photo, k, LEFT);
    }
    pst_patch_swap_find(swap, rows, 0, WIDTH, 0, WIDTH, all, scratch);
    pst_patch_swap_find(swap, moved, LEFT, WIDTH, FIRST, COUNT, some, scratch);
    for (int i = 0; i < COUNT; i++) {
        g_assert_cmpfloat(some[i], ==, all[FIRST + i]);
    }
    clear_case(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/patch-swap/reference", test_reference);
    g_test_add_func("/patch-swap/itself", test_itself);
    g_test_add_func("/patch-swap/small-paintings", test_small_paintings);
    g_test_add_func("/patch-swap/windows", test_windows);
    return g_test_run();
}
