/* From the sums of a panel to its logits: the end of the scan of split rows (halves.h) that the two kinds for
 * WebAssembly share. */
#ifndef VITRINE_KERNELS_HALVES_LOGITS_SIMD128_H
#define VITRINE_KERNELS_HALVES_LOGITS_SIMD128_H

#include <wasm_simd128.h>
#include "kernels/halves.h"

enum { WIDE = 4, SUMS = VITRINE_PANEL / WIDE };

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

/* Writes y[base .. base + 31] from 16 times the sums, and returns the largest of them. */
static inline float halves_logits(float *y, const v128_t sum[SUMS], v128_t centre, const vitrine_rows_halves *w,
                                  float query_scale, size_t base)
{
    const v128_t query = wasm_f32x4_splat(query_scale);
    v128_t largest = query;
#pragma clang loop unroll(full)
    for (size_t s = 0; s < SUMS; s++) {
        const size_t r = base + s * WIDE;
        const v128_t unit = wasm_f32x4_mul(wasm_v128_load(w->scale + r), query);
        const v128_t whole = wasm_f32x4_convert_i32x4(wasm_i32x4_sub(sum[s], centre));
        const v128_t logit = wasm_f32x4_add(wasm_f32x4_mul(whole, unit), wasm_v128_load(w->bias + r));
        wasm_v128_store(y + r, logit);
        largest = s == 0 ? logit : wasm_f32x4_pmax(largest, logit);
    }
    largest = wasm_f32x4_pmax(largest, wasm_i32x4_shuffle(largest, largest, 2, 3, 0, 1));
    largest = wasm_f32x4_pmax(largest, wasm_i32x4_shuffle(largest, largest, 1, 0, 3, 2));
    return wasm_f32x4_extract_lane(largest, 0) + 0.0f; /* see scan_scalar.c */
}

#endif
