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

#ifdef __AVX512F__

PST_INLINE float sum_of(vec value)
{
    return _mm512_reduce_add_ps((__m512)value);
}

#else

PST_INLINE float sum_of(vec value)
{
    __m128 sum = _mm_add_ps(_mm256_castps256_ps128((__m256)value), _mm256_extractf128_ps((__m256)value, 1));

    sum = _mm_add_ps(sum, _mm_movehl_ps(sum, sum));
    return _mm_cvtss_f32(_mm_add_ss(sum, _mm_movehdup_ps(sum)));
}

#endif

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
        inverse = 1 / MAX(sqrtf(squares), PST_NEIGHBOURS_SHORTEST);
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
