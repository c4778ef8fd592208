/* int8 scan for WebAssembly relaxed SIMD. Contract: scan.h, which also says why the one relaxed
 * instruction here has only one possible answer.
 *
 * Node 20 (V8 11.3, behind a flag) computes it wrongly on processors with AVX-VNNI: whoever loads
 * this module checks it by value first. */
#include <wasm_simd128.h>
#include "kernels/panels.h"
#include "kernels/scan.h"

enum { WIDE = 4, SUMS = VITRINE_PANEL / WIDE };

void vitrine_scan_q8_relaxed(int32_t *restrict y, const int8_t *restrict panels,
                             const uint8_t *restrict x, size_t rows, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    const int8_t *w = panels;
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        v128_t sum[SUMS];
#pragma clang loop unroll(full)
        for (size_t s = 0; s < SUMS; s++) sum[s] = wasm_i32x4_splat(0);
        for (size_t g = 0; g < groups; g++, w += VITRINE_PANEL * 4) {
            const v128_t query = wasm_v128_load32_splat(x + g * 4);
#pragma clang loop unroll(full)
            for (size_t s = 0; s < SUMS; s++)
                sum[s] = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(wasm_v128_load(w + s * 16), query,
                                                                sum[s]);
        }
#pragma clang loop unroll(full)
        for (size_t s = 0; s < SUMS; s++) wasm_v128_store(y + base + s * WIDE, sum[s]);
    }
}

int32_t vitrine_dot_q8_relaxed(const int8_t *restrict a, const uint8_t *restrict b, size_t n)
{
    v128_t sum = wasm_i32x4_splat(0);
    size_t i = 0;
    for (; i + 16 <= n; i += 16)
        sum = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(wasm_v128_load(a + i), wasm_v128_load(b + i),
                                                     sum);
    int32_t total = wasm_i32x4_extract_lane(sum, 0) + wasm_i32x4_extract_lane(sum, 1) +
                    wasm_i32x4_extract_lane(sum, 2) + wasm_i32x4_extract_lane(sum, 3);
    for (; i < n; i++) total += a[i] * b[i];
    return total;
}
