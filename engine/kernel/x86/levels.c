#include "engine/kernel/levels.h"

#include <cpuid.h>

/* Compiled from the same files once per instruction set. */
extern const PstKernels pst_kernels_avx2;
extern const PstKernels pst_kernels_avx512;

/* That of pst_kernels_avx512 in fewer instructions. */
extern void pst_nearest_avx512vnni(const float *queries, int count, const gint16 *table, int candidate_count,
                                   int channels, int *index, void *scratch);

/* What x86-64-v3 has and __builtin_cpu_supports() doesn't know in every compiler. */
static gboolean has_rest_of_v3(void)
{
    enum {
        MOVBE = 1u << 22,
        F16C = 1u << 29,
        LZCNT = 1u << 5,
    };
    unsigned a, b, c = 0, d, extended = 0;

    return __get_cpuid(1, &a, &b, &c, &d) && (c & MOVBE) && (c & F16C) &&
           __get_cpuid(0x80000001, &a, &b, &extended, &d) && (extended & LZCNT);
}

const PstKernels *pst_kernels_for_v3(void)
{
    gboolean runs = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && has_rest_of_v3();

    return runs ? &pst_kernels_avx2 : NULL;
}

const PstKernels *pst_kernels_for_v4(void)
{
    gboolean runs = pst_kernels_for_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vl");

    return runs ? &pst_kernels_avx512 : NULL;
}

const PstKernels *pst_kernels_for_v4_vnni(void)
{
    static PstKernels kernels;
    static gsize made;

    if (!pst_kernels_for_v4() || !__builtin_cpu_supports("avx512vnni")) {
        return NULL;
    }
    if (g_once_init_enter(&made)) {
        kernels = pst_kernels_avx512;
        kernels.nearest = pst_nearest_avx512vnni;
        g_once_init_leave(&made, 1);
    }
    return &kernels;
}
