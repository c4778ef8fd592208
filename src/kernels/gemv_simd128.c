/* gemv for WebAssembly SIMD128. Contract: gemv.h.
 *
 * Eight registers hold the 32 sums of a panel: independent chains, one sequential stream. The fused
 * multiply-add of relaxed SIMD is left out: engines may round it differently, and lists would
 * differ between devices. */
#include <wasm_simd128.h>
#include "kernels/gemv.h"
#include "kernels/panels.h"

enum { WIDE = 4, SUMS = VITRINE_PANEL / WIDE };

void vitrine_gemv_f32_simd128(float *restrict y, const float *restrict panels,
                              const float *restrict x, const float *restrict bias, size_t rows,
                              size_t cols)
{
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        const float *w = panels + base * cols;
        v128_t sum[SUMS];
#pragma clang loop unroll(full)
        for (size_t s = 0; s < SUMS; s++)
            sum[s] = bias ? wasm_v128_load(bias + base + s * WIDE) : wasm_f32x4_splat(0.0f);
        for (size_t c = 0; c < cols; c++, w += VITRINE_PANEL) {
            const v128_t value = wasm_v128_load32_splat(x + c);
#pragma clang loop unroll(full)
            for (size_t s = 0; s < SUMS; s++)
                sum[s] = wasm_f32x4_add(sum[s],
                                        wasm_f32x4_mul(wasm_v128_load(w + s * WIDE), value));
        }
#pragma clang loop unroll(full)
        for (size_t s = 0; s < SUMS; s++) wasm_v128_store(y + base + s * WIDE, sum[s]);
    }
}
