/* The one place that chooses. A wasm build says what it holds by VITRINE_SIMD128 and
 * VITRINE_RELAXED, since a module with an unknown instruction does not load at all and the page has
 * chosen the module already; a native build asks the processor.
 *
 * VITRINE_ONE_VARIANT leaves the slower ones out: the browser's module never asks for them, and
 * what nobody asks for need not be downloaded. */
#include "kernels/kernels.h"
#include "kernels/tables.h"

const vitrine_kernels *vitrine_kernels_list(size_t index)
{
    const vitrine_kernels *list[4] = {0};
    size_t count = 0;
#if defined(VITRINE_RELAXED)
    list[count++] = &vitrine_kernels_relaxed;
#endif
#if (defined(VITRINE_SIMD128) || defined(VITRINE_RELAXED)) && \
    !(defined(VITRINE_RELAXED) && defined(VITRINE_ONE_VARIANT))
    list[count++] = &vitrine_kernels_simd128;
#endif
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512vnni"))
        list[count++] = &vitrine_kernels_avx512;
    if (__builtin_cpu_supports("avx2")) list[count++] = &vitrine_kernels_avx2;
#endif
#if !(defined(VITRINE_SIMD128) && defined(VITRINE_ONE_VARIANT))
    list[count++] = &vitrine_kernels_scalar;
#endif
    return index < count ? list[index] : NULL;
}
