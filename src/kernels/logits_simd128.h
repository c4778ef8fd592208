/* From the sums of a panel to its logits: the end of all scans for WebAssembly (scan.h, halves.h). */
#ifndef VITRINE_KERNELS_LOGITS_SIMD128_H
#define VITRINE_KERNELS_LOGITS_SIMD128_H

#include <wasm_simd128.h>
#include "kernels/panels.h"
#include "kernels/scan.h"

enum { WIDE = 4, SUMS = VITRINE_PANEL / WIDE };

/* The relaxed scan waits for what follows the sums, and they stay in registers: through memory it takes 1.2 times as long.
 * The plain one has more to multiply and does not, and its module is the largest that a page may have to download. */
#ifdef VITRINE_RELAXED
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED
#endif

/* What the offset of the query added to a panel's sums goes out of them again (scan.h). */
static inline void take_row_sums(v128_t sum[SUMS], const int32_t *row_sum)
{
    UNROLLED
    for (size_t s = 0; s < SUMS; s++) sum[s] = wasm_i32x4_sub(sum[s], wasm_v128_load(row_sum + s * WIDE));
}

/* Writes y[0 .. 31] from the whole numbers of a panel's rows, whose scales and biases are given, and returns the
 * largest of them. */
static inline float panel_logits(float *y, const v128_t whole[SUMS], const float *scale, const float *bias,
                                 float query_scale)
{
    const v128_t query = wasm_f32x4_splat(query_scale);
    v128_t largest = query;
    UNROLLED
    for (size_t s = 0; s < SUMS; s++) {
        const v128_t unit = wasm_f32x4_mul(wasm_v128_load(scale + s * WIDE), query);
        const v128_t product = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(whole[s]), unit);
        const v128_t logit = wasm_f32x4_add(product, wasm_v128_load(bias + s * WIDE));
        wasm_v128_store(y + s * WIDE, logit);
        largest = s == 0 ? logit : wasm_f32x4_pmax(largest, logit);
    }
    largest = wasm_f32x4_pmax(largest, wasm_i32x4_shuffle(largest, largest, 2, 3, 0, 1));
    largest = wasm_f32x4_pmax(largest, wasm_i32x4_shuffle(largest, largest, 1, 0, 3, 2));
    return wasm_f32x4_extract_lane(largest, 0) + 0.0f; /* see scan_scalar.c */
}

#endif
