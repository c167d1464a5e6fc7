/* Loops that a compiler can turn into vector instructions are compiled for several kinds of
 * processor, and the best one is taken when the program starts. */
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define PST_VECTOR __attribute__((target_clones("avx512f", "fma", "default"), optimize("O3")))
#else
#define PST_VECTOR
#endif
