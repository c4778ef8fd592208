/* The tables of the instruction sets; which of them exist depends on the build (kernels_list.c). */
#ifndef VITRINE_KERNELS_TABLES_H
#define VITRINE_KERNELS_TABLES_H

#include "kernels/kernels.h"

extern const vitrine_kernels vitrine_kernels_scalar;
extern const vitrine_kernels vitrine_kernels_avx2;
extern const vitrine_kernels vitrine_kernels_avx512;
extern const vitrine_kernels vitrine_kernels_simd128;
extern const vitrine_kernels vitrine_kernels_relaxed;

#endif
