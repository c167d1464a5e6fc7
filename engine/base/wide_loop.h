/* Loops over pixels, compiled for wider vectors too; the best is taken when the program starts. Without fused
 * multiply-add results are the same to the last bit. Kernels of networks have levels instead (engine/kernel/levels.h).
 */
#pragma once

/** Of what such a function calls: it is compiled as a part of it, and once for each constant that it is given. */
#define PST_WIDE_INLINE inline __attribute__((always_inline))

/** Of a function. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define PST_WIDE_LOOP __attribute__((target_clones("avx2", "default")))
#else
#define PST_WIDE_LOOP
#endif
