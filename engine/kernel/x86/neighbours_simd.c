/* Neighbours in vectors; neighbours.h. */
#include "maps_simd.h"

#include <math.h>

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
