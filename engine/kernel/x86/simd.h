/* Vectors of floats for the files that are compiled once per instruction set: LANES is 8 with AVX2
 * and 16 with AVX-512. The build defines PST_ISA_SUFFIX; PST_ISA(name) is the name with that
 * suffix. */
#pragma once

#include <glib.h>
#include <immintrin.h>
#include <stdbool.h>
#include <string.h>

#define PST_ISA_PASTE(name, suffix) name##_##suffix
#define PST_ISA_NAME(name, suffix)  PST_ISA_PASTE(name, suffix)
#define PST_ISA(name)               PST_ISA_NAME(name, PST_ISA_SUFFIX)

#define PST_INLINE static inline __attribute__((always_inline))

#ifdef __AVX512F__
enum { LANES = 16 };
#else
enum { LANES = 8 };
#endif

typedef float vec __attribute__((vector_size(LANES * sizeof(float))));

/** How many vectors hold so many floats. */
PST_INLINE int vectors_for(int floats)
{
    return (floats + LANES - 1) / LANES;
}

PST_INLINE vec load(const float *from)
{
    vec value;
    memcpy(&value, from, sizeof value);
    return value;
}

PST_INLINE void store(float *to, vec value)
{
    memcpy(to, &value, sizeof value);
}

/** Keeps a value in a register. Compilers would load it again for each use, which is slow where loads are
 *  not aligned. */
PST_INLINE vec keep(vec value)
{
    __asm__("" : "+v"(value));
    return value;
}

/** Keeps an address in a register. Where many addresses are a few steps from one, compilers would compute all of them
 *  beforehand and keep them on the stack. */
PST_INLINE float *keep_address(float *address)
{
    __asm__("" : "+r"(address));
    return address;
}

#ifdef __AVX512F__

#define ZIP_LOW        0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define ZIP_HIGH       2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define ZIP_LOW_PAIRS  0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define ZIP_HIGH_PAIRS 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define EVEN_FOURS     0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27
#define ODD_FOURS      4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31

/** Loads the first `lanes` floats, zeros after them; touches no memory beyond. */
PST_INLINE vec load_part(const float *from, int lanes)
{
    return (vec)_mm512_maskz_loadu_ps((__mmask16)((1u << lanes) - 1), from);
}

PST_INLINE void store_part(float *to, vec value, int lanes)
{
    _mm512_mask_storeu_ps(to, (__mmask16)((1u << lanes) - 1), (__m512)value);
}

PST_INLINE vec maximum(vec a, vec b)
{
    return (vec)_mm512_max_ps((__m512)a, (__m512)b);
}

/** `value` where sign > 0, else 0. */
PST_INLINE vec where_positive(vec sign, vec value)
{
    __mmask16 mask = _mm512_cmp_ps_mask((__m512)sign, _mm512_setzero_ps(), _CMP_GT_OQ);
    return (vec)_mm512_maskz_mov_ps(mask, (__m512)value);
}

#else

#define ZIP_LOW        0, 8, 1, 9, 4, 12, 5, 13
#define ZIP_HIGH       2, 10, 3, 11, 6, 14, 7, 15
#define ZIP_LOW_PAIRS  0, 1, 8, 9, 4, 5, 12, 13
#define ZIP_HIGH_PAIRS 2, 3, 10, 11, 6, 7, 14, 15
#define EVEN_FOURS     0, 1, 2, 3, 8, 9, 10, 11
#define ODD_FOURS      4, 5, 6, 7, 12, 13, 14, 15

PST_INLINE __m256i first_lanes(int lanes)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(lanes), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

/** Loads the first `lanes` floats, zeros after them; touches no memory beyond. */
PST_INLINE vec load_part(const float *from, int lanes)
{
    return (vec)_mm256_maskload_ps(from, first_lanes(lanes));
}

PST_INLINE void store_part(float *to, vec value, int lanes)
{
    _mm256_maskstore_ps(to, first_lanes(lanes), (__m256)value);
}

PST_INLINE vec maximum(vec a, vec b)
{
    return (vec)_mm256_max_ps((__m256)a, (__m256)b);
}

/** `value` where sign > 0, else 0. */
PST_INLINE vec where_positive(vec sign, vec value)
{
    return (vec)_mm256_and_ps(_mm256_cmp_ps((__m256)sign, _mm256_setzero_ps(), _CMP_GT_OQ), (__m256)value);
}

#endif

/** Transposes a square of LANES x LANES floats: first each 4x4 in it, by shuffles within 128 bits, which are the
 *  fastest; then the square of these. */
PST_INLINE void transpose(vec rows[LANES])
{
    vec fours[4][LANES / 4];

#pragma GCC unroll 4
    for (int i = 0; i < LANES / 4; i++) {
        const vec *row = rows + 4 * i;
        vec low = __builtin_shufflevector(row[0], row[1], ZIP_LOW);
        vec high = __builtin_shufflevector(row[0], row[1], ZIP_HIGH);
        vec low2 = __builtin_shufflevector(row[2], row[3], ZIP_LOW);
        vec high2 = __builtin_shufflevector(row[2], row[3], ZIP_HIGH);
        fours[0][i] = __builtin_shufflevector(low, low2, ZIP_LOW_PAIRS);
        fours[1][i] = __builtin_shufflevector(low, low2, ZIP_HIGH_PAIRS);
        fours[2][i] = __builtin_shufflevector(high, high2, ZIP_LOW_PAIRS);
        fours[3][i] = __builtin_shufflevector(high, high2, ZIP_HIGH_PAIRS);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        vec even = __builtin_shufflevector(fours[i][0], fours[i][1], EVEN_FOURS);
        vec odd = __builtin_shufflevector(fours[i][0], fours[i][1], ODD_FOURS);
#ifdef __AVX512F__
        vec even2 = __builtin_shufflevector(fours[i][2], fours[i][3], EVEN_FOURS);
        vec odd2 = __builtin_shufflevector(fours[i][2], fours[i][3], ODD_FOURS);
        rows[i] = __builtin_shufflevector(even, even2, EVEN_FOURS);
        rows[4 + i] = __builtin_shufflevector(odd, odd2, EVEN_FOURS);
        rows[8 + i] = __builtin_shufflevector(even, even2, ODD_FOURS);
        rows[12 + i] = __builtin_shufflevector(odd, odd2, ODD_FOURS);
#else
        rows[i] = even;
        rows[4 + i] = odd;
#endif
    }
}
