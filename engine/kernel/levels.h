/* The kernels of a kind of processor, which lie in a folder of their own. The build takes in the folder of the
 * processor that it is for; elsewhere there is the reference alone. */
#pragma once

#include "kernels.h"

#ifdef __x86_64__

/** The kernels for x86-64-v4 (AVX-512), with VNNI beside it or without, and for x86-64-v3 (AVX2); NULL where the
 *  processor or the system lacks any part of that level. */
const PstKernels *pst_kernels_for_v4_vnni(void);
const PstKernels *pst_kernels_for_v4(void);
const PstKernels *pst_kernels_for_v3(void);

#endif
