/* Cosines of many vectors with one, from logits that a scan wrote:
 *
 *   y[i] = (y[i] - bias[i]) / (length * lengths[i]), where that product is above 0; else 0
 *
 * for as many from the first on as vectors serve, four at a time or none: returns how many, and the others are the
 * caller's. Arrays [n], any n from 0, y overlaps no other; each operator is rounded. */
#ifndef VITRINE_KERNELS_COSINE_H
#define VITRINE_KERNELS_COSINE_H

#include <stddef.h>

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

static inline size_t vitrine_cosines(float *restrict y, const float *restrict bias, const float *restrict lengths,
                                     float length, size_t n)
{
    size_t i = 0;
#ifdef __wasm_simd128__
    for (; i + 4 <= n; i += 4) {
        const v128_t both = wasm_f32x4_mul(wasm_f32x4_splat(length), wasm_v128_load(lengths + i));
        const v128_t dot = wasm_f32x4_sub(wasm_v128_load(y + i), wasm_v128_load(bias + i));
        const v128_t some = wasm_f32x4_gt(both, wasm_f32x4_splat(0.0f));
        wasm_v128_store(y + i, wasm_v128_and(wasm_f32x4_div(dot, both), some));
    }
#else
    (void)y, (void)bias, (void)lengths, (void)length, (void)n;
#endif
    return i;
}

#endif
