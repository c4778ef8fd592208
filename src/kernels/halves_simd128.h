/* What the two scans of split rows (halves.h) for WebAssembly share. */
#ifndef VITRINE_KERNELS_HALVES_SIMD128_H
#define VITRINE_KERNELS_HALVES_SIMD128_H

#include "kernels/halves.h"
#include "kernels/logits_simd128.h"

/* Constants of the loops, from memory: see activation_simd128.c. */
static const uint16_t HALVES_MASKS[4] = {0x000F, 0x00F0, 0x0F00, 0x0F0F};

static inline const uint16_t *hidden_masks(void)
{
    const uint16_t *at = HALVES_MASKS;
    __asm__("" : "+r"(at));
    return at;
}

/* 120 times the sum of the query. */
static inline v128_t centre_of(const uint8_t *x, size_t groups)
{
    int32_t all = 0;
    for (size_t c = 0; c < groups * 4; c++) all += x[c] - 64;
    return wasm_i32x4_splat(120 * all);
}

static inline void take_centre(v128_t sum[SUMS], v128_t centre)
{
#pragma clang loop unroll(full)
    for (size_t s = 0; s < SUMS; s++) sum[s] = wasm_i32x4_sub(sum[s], centre);
}

#endif
