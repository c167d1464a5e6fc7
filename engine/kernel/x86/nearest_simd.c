/* The nearest of unit vectors; nearest.h.
 *
 * Candidates lie in panels of two vectors, two channels after two channels. Factors are multiples of 16 and of 32, so
 * that the lowest nine bits of their products are free: a sum begins with the number of its panel, backwards, and the
 * largest sum is the most similar candidate, of several the first. No sum passes 2^31: of vectors no longer than 1
 * rounding makes (2047 + 6) (1023 + 6) 512 at most.
 */
#include "nearest_simd.h"

#include "engine/kernel/nearest.h"

#include <math.h>

enum {
    WIDE = 2 * LANES,
    AT_ONCE = LANES == 16 ? 12 : 6, /* queries whose sums are held in registers */
    PANELS = 512,
    QUERY_STEP = 16,
    CANDIDATE_STEP = 32,
};

G_STATIC_ASSERT(QUERY_STEP *CANDIDATE_STEP == PANELS);
G_STATIC_ASSERT(PST_NEAREST_CANDIDATES <= PANELS * WIDE);

typedef int sums __attribute__((vector_size(LANES * sizeof(int))));

/* Of two numbers each a lane. */
typedef gint16 numbers __attribute__((vector_size(LANES * sizeof(int))));

/* Scratch is not aligned. */
typedef struct __attribute__((packed, aligned(4))) {
    sums side[2];
} Most;

#ifdef __AVX512F__

PST_INLINE sums add_products(sums sum, numbers a, numbers b)
{
#ifdef __AVX512VNNI__
    return (sums)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)a, (__m512i)b);
#else
    return sum + (sums)_mm512_madd_epi16((__m512i)a, (__m512i)b);
#endif
}

PST_INLINE sums larger(sums a, sums b)
{
    return (sums)_mm512_max_epi32((__m512i)a, (__m512i)b);
}

PST_INLINE int largest_lane(sums value)
{
    return _mm512_reduce_max_epi32((__m512i)value);
}

PST_INLINE guint lanes_of(sums value, int wanted)
{
    return _mm512_cmpeq_epi32_mask((__m512i)value, _mm512_set1_epi32(wanted));
}

#else

PST_INLINE sums add_products(sums sum, numbers a, numbers b)
{
    return sum + (sums)_mm256_madd_epi16((__m256i)a, (__m256i)b);
}

PST_INLINE sums larger(sums a, sums b)
{
    return (sums)_mm256_max_epi32((__m256i)a, (__m256i)b);
}

PST_INLINE int largest_lane(sums value)
{
    __m128i most = _mm_max_epi32(_mm256_castsi256_si128((__m256i)value), _mm256_extracti128_si256((__m256i)value, 1));

    most = _mm_max_epi32(most, _mm_shuffle_epi32(most, _MM_SHUFFLE(1, 0, 3, 2)));
    most = _mm_max_epi32(most, _mm_shuffle_epi32(most, _MM_SHUFFLE(2, 3, 0, 1)));
    return _mm_cvtsi128_si32(most);
}

PST_INLINE guint lanes_of(sums value, int wanted)
{
    return (guint)_mm256_movemask_ps((__m256)_mm256_cmpeq_epi32((__m256i)value, _mm256_set1_epi32(wanted)));
}

#endif

static int pairs_of(int channels)
{
    return (channels + 1) / 2;
}

gsize PST_ISA(pst_nearest_table_size)(int candidate_count, int channels)
{
    return (gsize)(candidate_count + WIDE - 1) / WIDE * WIDE * 2 * pairs_of(channels);
}

/* The last panel is filled up with the last candidate, which changes nothing. */
void PST_ISA(pst_nearest_pack)(const float *candidates, int candidate_count, int channels, gint16 *table)
{
    memset(table, 0, PST_ISA(pst_nearest_table_size)(candidate_count, channels) * sizeof *table);
    for (int first = 0; first < candidate_count; first += WIDE, table += WIDE * 2 * pairs_of(channels)) {
        for (int i = 0; i < WIDE; i++) {
            const float *from = candidates + (gsize)MIN(first + i, candidate_count - 1) * channels;

            for (int c = 0; c < channels; c++) {
                table[(c / 2 * WIDE + i) * 2 + c % 2] = (gint16)(CANDIDATE_STEP *
                                                                 (int)rintf(PST_NEAREST_CANDIDATE_ONE * from[c]));
            }
        }
    }
}

gsize PST_ISA(pst_nearest_scratch)(int channels)
{
    return PST_NEAREST_QUERIES * (sizeof(Most) + 2 * pairs_of(channels) * sizeof(gint16));
}

static void round_queries(const float *queries, int count, int channels, gint16 *to)
{
    for (int q = 0; q < count; q++, queries += channels, to += 2 * pairs_of(channels)) {
        to[2 * pairs_of(channels) - 1] = 0;
        for (int c = 0; c < channels; c++) {
            to[c] = (gint16)(QUERY_STEP * (int)rintf(PST_NEAREST_QUERY_ONE * queries[c]));
        }
    }
}

PST_INLINE numbers load_numbers(const gint16 *from)
{
    numbers value;

    memcpy(&value, from, sizeof value);
    return value;
}

PST_INLINE numbers pair_everywhere(const gint16 *from)
{
    sums value = { 0 };
    int pair;

    memcpy(&pair, from, sizeof pair);
    return (numbers)(value + pair);
}

PST_INLINE void compare_some(const int count, const gint16 *queries, const gint16 *panel, int pairs, int begin,
                             Most *most)
{
    sums sum[AT_ONCE][2];

#pragma GCC unroll 12
    for (int q = 0; q < count; q++) {
        sum[q][0] = sum[q][1] = (sums){ 0 } + begin;
    }
    for (int pair = 0; pair < pairs; pair++, panel += 2 * WIDE) {
        numbers left = load_numbers(panel), right = load_numbers(panel + 2 * LANES);
#pragma GCC unroll 12
        for (int q = 0; q < count; q++) {
            numbers value = pair_everywhere(queries + 2 * ((gsize)q * pairs + pair));

            sum[q][0] = add_products(sum[q][0], left, value);
            sum[q][1] = add_products(sum[q][1], right, value);
        }
    }
#pragma GCC unroll 12
    for (int q = 0; q < count; q++) {
        most[q].side[0] = larger(most[q].side[0], sum[q][0]);
        most[q].side[1] = larger(most[q].side[1], sum[q][1]);
    }
}

/* Of several lanes that are as near, that of the lowest panel has the largest sum. */
static int candidate_of(const Most *most)
{
    int value = largest_lane(larger(most->side[0], most->side[1]));
    guint64 lanes = lanes_of(most->side[0], value) | (guint64)lanes_of(most->side[1], value) << LANES;

    return (PANELS - 1 - (value & (PANELS - 1))) * WIDE + __builtin_ctzll(lanes);
}

void PST_ISA(pst_nearest)(const float *queries, int count, const gint16 *table, int candidate_count, int channels,
                          int *index, void *scratch)
{
    Most *most = scratch;
    gint16 *rounded = (gint16 *)(most + PST_NEAREST_QUERIES);
    int pairs = pairs_of(channels);

    round_queries(queries, count, channels, rounded);
    for (int q = 0; q < count; q++) {
        most[q].side[0] = most[q].side[1] = (sums){ 0 } + G_MININT;
    }
    for (int panel = 0; panel * WIDE < candidate_count; panel++, table += 2 * WIDE * pairs) {
        int begin = PANELS - 1 - panel;

        if (count < AT_ONCE) {
            for (int q = 0; q < count; q++) {
                compare_some(1, rounded + 2 * (gsize)q * pairs, table, pairs, begin, most + q);
            }
        } else {
            /* The last ones overlap with those before them. */
            for (int q = 0; q < count; q += AT_ONCE) {
                int from = MIN(q, count - AT_ONCE);

                compare_some(AT_ONCE, rounded + 2 * (gsize)from * pairs, table, pairs, begin, most + from);
            }
        }
    }
    for (int q = 0; q < count; q++) {
        index[q] = candidate_of(most + q);
    }
}
