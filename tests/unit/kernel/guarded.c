#include "guarded.h"

#include <math.h>
#include <string.h>

enum {
    GUARD = 64 /* floats on each side; keeps the alignment */
};

static const guint32 sentinel = 0xdeadbeef;

static void fill(float *floats, gsize n, guint32 bits)
{
    for (gsize i = 0; i < n; i++)
        memcpy(floats + i, &bits, sizeof bits);
}

Guarded guarded_map(int height, int width, int channels)
{
    Guarded guarded = { .map = { NULL, height, width, channels } };
    gsize n = pst_map_size(&guarded.map);

    guarded.size = n;
    guarded.block = pst_floats_new(n + 2 * GUARD);
    guarded.map.data = guarded.block + GUARD;
    fill(guarded.block, GUARD, sentinel);
    for (gsize i = 0; i < n; i++)
        guarded.map.data[i] = NAN;
    fill(guarded.map.data + n, GUARD, sentinel);
    return guarded;
}

Guarded guarded_floats(gsize n)
{
    return guarded_map(1, (int)n, 1);
}

Guarded guarded_random_map(int height, int width, int channels)
{
    Guarded guarded = guarded_map(height, width, channels);
    for (gsize i = 0; i < guarded.size; i++)
        guarded.map.data[i] = (float)g_test_rand_double_range(-1, 1);
    return guarded;
}

Guarded guarded_random_floats(gsize n)
{
    return guarded_random_map(1, (int)n, 1);
}

Guarded guarded_copy(const Guarded *from)
{
    Guarded copy = guarded_map(from->map.height, from->map.width, from->map.channels);
    memcpy(copy.map.data, from->map.data, sizeof(float) * from->size);
    return copy;
}

static void assert_guard(const float *guard)
{
    for (int i = 0; i < GUARD; i++)
        g_assert_cmpmem(guard + i, sizeof sentinel, &sentinel, sizeof sentinel);
}

void guarded_clear(Guarded *guarded)
{
    assert_guard(guarded->block);
    assert_guard(guarded->map.data + guarded->size);
    pst_floats_free(guarded->block);
    *guarded = (Guarded){ 0 };
}

double relative_error(const float *a, const float *b, gsize n)
{
    double most = 0.25, difference = 0;
    for (gsize i = 0; i < n; i++) {
        double here = fabs((double)a[i] - b[i]);
        if (isnan(here))
            return INFINITY;
        difference = MAX(difference, here);
        most = MAX(most, fabs(b[i]));
    }
    return difference / most;
}

void assert_close(const Guarded *a, const Guarded *b, double limit)
{
    g_assert_cmpuint(a->size, ==, b->size);
    g_assert_cmpfloat(relative_error(a->map.data, b->map.data, a->size), <, limit);
}

void assert_same(const Guarded *a, const Guarded *b)
{
    g_assert_cmpmem(a->map.data, sizeof(float) * a->size, b->map.data, sizeof(float) * b->size);
}

int random_channels(int most)
{
    static const int choices[] = { 1, 3, 5, 16, 17, 24, 32, 48, 64, 128 };
    int channels;
    do
        channels = choices[g_test_rand_int_range(0, G_N_ELEMENTS(choices))];
    while (channels > most);
    return channels;
}
