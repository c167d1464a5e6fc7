/* Neighbours in vectors; neighbours.h. */
#include "maps_simd.h"

#include <math.h>

typedef int bits __attribute__((vector_size(LANES * sizeof(int))));

PST_INLINE bits choose(bits mask, bits yes, bits no)
{
    return (yes & mask) | (no & ~mask);
}

/* One row: its largest and where that is, given those of what stood before. */
PST_INLINE void largest_of_row(const float *row, int columns, int first, float *largest, int *index)
{
    bits here, at;
    vec most;
    float value = *largest;
    int where = *index, column = 0;

    for (int lane = 0; lane < LANES; lane++) {
        here[lane] = first + lane;
        at[lane] = where;
        most[lane] = value;
    }
    for (; column + LANES <= columns; column += LANES, here += LANES) {
        vec values = load(row + column);
        bits larger = values > most;

        most = (vec)choose(larger, (bits)values, (bits)most);
        at = choose(larger, here, at);
    }
    for (int lane = 0; lane < LANES; lane++) {
        if (most[lane] > value || (most[lane] == value && at[lane] < where)) {
            value = most[lane];
            where = at[lane];
        }
    }
    for (; column < columns; column++) {
        if (row[column] > value) {
            value = row[column];
            where = first + column;
        }
    }
    *largest = value;
    *index = where;
}

void PST_ISA(pst_largest_of_rows)(const float *values, int rows, int columns, int first, float *largest, int *index)
{
    for (int row = 0; row < rows; row++) {
        largest_of_row(values + (gsize)row * columns, columns, first, largest + row, index + row);
    }
}

void PST_ISA(pst_largest_of_columns)(const float *values, int rows, int columns, int first, float *largest, int *index)
{
    int column = 0;

    for (; column + LANES <= columns; column += LANES) {
        vec most = load(largest + column);
        bits at;

        memcpy(&at, index + column, sizeof at);
        for (int row = 0; row < rows; row++) {
            vec here = load(values + (gsize)row * columns + column);
            bits larger = here > most, number = { 0 };

            most = (vec)choose(larger, (bits)here, (bits)most);
            at = choose(larger, number + (first + row), at);
        }
        store(largest + column, most);
        memcpy(index + column, &at, sizeof at);
    }
    for (; column < columns; column++) {
        for (int row = 0; row < rows; row++) {
            if (values[(gsize)row * columns + column] > largest[column]) {
                largest[column] = values[(gsize)row * columns + column];
                index[column] = first + row;
            }
        }
    }
}

/* Candidates lie in panels of two vectors, channel by channel; of each query the most similar candidate of each lane
 * is kept until all panels are through. */
enum {
    AT_ONCE = 6, /* queries whose products with a panel are held in registers */
    WIDE = 2 * LANES,
};

/* Scratch is not aligned. */
typedef struct __attribute__((packed, aligned(4))) {
    vec value[2];
    bits index[2];
} Most;

gsize PST_ISA(pst_nearest_scratch)(int channels)
{
    return (gsize)WIDE * channels + PST_NEAREST_QUERIES * sizeof(Most) / sizeof(float);
}

/* The last panel is filled up with the last candidate, which changes nothing. */
static void pack_panel(const float *candidates, int first, int candidate_count, int channels, float *panel,
                       bits number[2])
{
    for (int i = 0; i < WIDE; i++) {
        int candidate = MIN(first + i, candidate_count - 1);
        const float *from = candidates + (gsize)candidate * channels;

        number[i / LANES][i % LANES] = candidate;
        for (int c = 0; c < channels; c++)
            panel[c * WIDE + i] = from[c];
    }
}

PST_INLINE void compare_some(const int count, const float *queries, const float *panel, int channels,
                             const bits number[2], Most *most)
{
    vec sum[AT_ONCE][2];

#pragma GCC unroll 6
    for (int q = 0; q < count; q++)
        sum[q][0] = sum[q][1] = (vec){ 0 };
    for (int c = 0; c < channels; c++, panel += WIDE) {
        vec left = load(panel), right = load(panel + LANES);
#pragma GCC unroll 6
        for (int q = 0; q < count; q++) {
            float value = queries[(gsize)q * channels + c];

            sum[q][0] += value * left;
            sum[q][1] += value * right;
        }
    }
#pragma GCC unroll 6
    for (int q = 0; q < count; q++)
        for (int side = 0; side < 2; side++) {
            bits larger = sum[q][side] > most[q].value[side];

            most[q].value[side] = (vec)choose(larger, (bits)sum[q][side], (bits)most[q].value[side]);
            most[q].index[side] = choose(larger, number[side], most[q].index[side]);
        }
}

void PST_ISA(pst_nearest)(const float *queries, int count, const float *candidates, int candidate_count, int channels,
                          int *index, float *similarity, float *scratch)
{
    Most *most = (Most *)scratch;
    float *panel = scratch + PST_NEAREST_QUERIES * sizeof(Most) / sizeof(float);
    bits number[2];

    for (int q = 0; q < count; q++)
        most[q] = (Most){ .value = { (vec){ 0 } - INFINITY, (vec){ 0 } - INFINITY } };
    for (int first = 0; first < candidate_count; first += WIDE) {
        int q = 0;

        pack_panel(candidates, first, candidate_count, channels, panel, number);
        for (; q + AT_ONCE <= count; q += AT_ONCE)
            compare_some(AT_ONCE, queries + (gsize)q * channels, panel, channels, number, most + q);
        for (; q < count; q++)
            compare_some(1, queries + (gsize)q * channels, panel, channels, number, most + q);
    }
    for (int q = 0; q < count; q++) {
        similarity[q] = -INFINITY;
        for (int i = 0; i < WIDE; i++) {
            float value = most[q].value[i / LANES][i % LANES];
            int where = most[q].index[i / LANES][i % LANES];

            if (value > similarity[q] || (value == similarity[q] && where < index[q])) {
                similarity[q] = value;
                index[q] = where;
            }
        }
    }
}

PST_INLINE float sum_of(vec value)
{
    float sum = 0;

    for (int lane = 0; lane < LANES; lane++) {
        sum += value[lane];
    }
    return sum;
}

PST_INLINE vec load_some(const float *from, int lanes)
{
    return lanes >= LANES ? load(from) : load_part(from, lanes);
}

void PST_ISA(pst_pull)(const float *x, const int *index, gsize places, int channels, const PstPull *pull,
                       float *gradient, double sums[2])
{
    for (gsize p = 0; p < places; p++, x += channels, gradient += channels) {
        const float *v = pull->vectors + (gsize)index[p] * channels;
        float long_v = pull->lengths[index[p]], squares, product, inverse, cosine, along, across;
        vec squares_of = { 0 }, product_of = { 0 };

        for (int c = 0; c < channels; c += LANES) {
            int lanes = channels - c;
            vec a = load_some(x + c, lanes) - load_some(pull->centre + c, lanes);

            squares_of += a * a;
            product_of += a * load_some(v + c, lanes);
        }
        squares = sum_of(squares_of);
        product = sum_of(product_of);
        inverse = 1 / fmaxf(sqrtf(squares), PST_NEIGHBOURS_SHORTEST);
        cosine = product * inverse;
        sums[0] += 1 - cosine;
        sums[1] += squares - 2 * long_v * product + long_v * long_v;
        along = pull->near * inverse * inverse * cosine + 2 * pull->apart;
        across = pull->near * inverse + 2 * pull->apart * long_v;
        for (int c = 0; c < channels; c += LANES) {
            int lanes = channels - c;
            vec a = load_some(x + c, lanes) - load_some(pull->centre + c, lanes);
            vec more = a * (load_some(pull->scale + c, lanes) + along) - load_some(v + c, lanes) * across +
                       load_some(pull->offset + c, lanes);
            vec sum = load_some(gradient + c, lanes) + more;

            if (lanes >= LANES)
                store(gradient + c, sum);
            else
                store_part(gradient + c, sum, lanes);
        }
    }
}
