/* From the sums of a panel to its logits: the end of logits_q8 (scan.h) that the two kinds of scan
 * for WebAssembly share. */
#ifndef VITRINE_KERNELS_LOGITS_SIMD128_H
#define VITRINE_KERNELS_LOGITS_SIMD128_H

#include <wasm_simd128.h>
#include "kernels/panels.h"
#include "kernels/scan.h"

enum { WIDE = 4, SUMS = VITRINE_PANEL / WIDE };

/* Writes y[base .. base + 31] and returns the largest of them. */
static inline float panel_logits(float *y, const v128_t sum[SUMS], const vitrine_rows_q8 *w,
                                 float query_scale, size_t base)
{
    const v128_t query = wasm_f32x4_splat(query_scale);
    v128_t largest = query;
#pragma clang loop unroll(full)
    for (size_t s = 0; s < SUMS; s++) {
        const size_t r = base + s * WIDE;
        const v128_t whole = wasm_i32x4_sub(sum[s], wasm_v128_load(w->row_sum + r));
        const v128_t unit = wasm_f32x4_mul(wasm_v128_load(w->scale + r), query);
        const v128_t product = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(whole), unit);
        const v128_t logit = wasm_f32x4_add(product, wasm_v128_load(w->bias + r));
        wasm_v128_store(y + r, logit);
        largest = s == 0 ? logit : wasm_f32x4_pmax(largest, logit);
    }
    largest = wasm_f32x4_pmax(largest, wasm_i32x4_shuffle(largest, largest, 2, 3, 0, 1));
    largest = wasm_f32x4_pmax(largest, wasm_i32x4_shuffle(largest, largest, 1, 0, 3, 2));
    return wasm_f32x4_extract_lane(largest, 0) + 0.0f; /* see scan_scalar.c */
}

#endif
