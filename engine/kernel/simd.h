/* Vectors of floats for the files that are compiled once per instruction set: LANES is 8 with AVX2
 * and 16 with AVX-512. The build defines PST_ISA_SUFFIX; PST_ISA(name) is the name with that
 * suffix. */
#pragma once

#include <glib.h>
#include <immintrin.h>
#include <stdbool.h>
#include <string.h>

#define PST_ISA_PASTE(name, suffix) name##_##suffix
#define PST_ISA_NAME(name, suffix) PST_ISA_PASTE(name, suffix)
#define PST_ISA(name) PST_ISA_NAME(name, PST_ISA_SUFFIX)

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

/** Holds a value in a register: the compiler would rather load it again for each use, at a price
 * where loads are not aligned. */
PST_INLINE vec keep(vec value)
{
    __asm__("" : "+v"(value));
    return value;
}

/** Holds an address in a register: where many addresses are a few steps from one, the compiler would rather work all
 * of them out beforehand, and keep them on the stack. */
PST_INLINE float *keep_address(float *address)
{
    __asm__("" : "+r"(address));
    return address;
}

#ifdef __AVX512F__

typedef int shuffle __attribute__((vector_size(LANES * sizeof(int))));
static const shuffle zip_low = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23};
static const shuffle zip_high = {8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};

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

typedef int shuffle __attribute__((vector_size(LANES * sizeof(int))));
static const shuffle zip_low = {0, 8, 1, 9, 2, 10, 3, 11};
static const shuffle zip_high = {4, 12, 5, 13, 6, 14, 7, 15};

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
    return (vec)_mm256_and_ps(_mm256_cmp_ps((__m256)sign, _mm256_setzero_ps(), _CMP_GT_OQ),
                              (__m256)value);
}

#endif

/** Transposes a square of LANES x LANES floats: each round zips the two halves, and moves one bit
 * of the row number into the column number. */
PST_INLINE void transpose(vec rows[LANES])
{
    for (int bit = 1; bit < LANES; bit *= 2) {
        vec zipped[LANES];
#pragma GCC unroll 16
        for (int i = 0; i < LANES / 2; i++) {
            zipped[2 * i] = __builtin_shuffle(rows[i], rows[i + LANES / 2], zip_low);
            zipped[2 * i + 1] = __builtin_shuffle(rows[i], rows[i + LANES / 2], zip_high);
        }
#pragma GCC unroll 16
        for (int i = 0; i < LANES; i++)
            rows[i] = zipped[i];
    }
}
