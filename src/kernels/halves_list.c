/* Which scans of split rows this build and machine can run: the sets of kernels_list.c, by their names. */
#include "kernels/halves.h"

#include <string.h>

vitrine_halves_variant vitrine_halves_list(size_t index)
{
    static const vitrine_halves_variant known[] = {
#if defined(VITRINE_RELAXED)
        {"relaxed", vitrine_halves_relaxed},
#endif
#if defined(VITRINE_SIMD128)
        {"simd128", vitrine_halves_simd128},
#endif
#if defined(__x86_64__)
        {"avx512", vitrine_halves_avx512},
        {"avx2", vitrine_halves_avx2},
#endif
        {"scalar", vitrine_halves_scalar},
    };
    const vitrine_kernels *kernels = vitrine_kernels_list(index);
    for (size_t i = 0; kernels != NULL && i < sizeof known / sizeof *known; i++)
        if (strcmp(kernels->name, known[i].name) == 0) return known[i];
    return (vitrine_halves_variant){NULL, NULL};
}
