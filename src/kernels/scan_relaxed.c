/* int8 scan for WebAssembly relaxed SIMD. Contract: scan.h, which also says why the one relaxed
 * instruction here has only one possible answer.
 *
 * Node 20 (V8 11.3, behind a flag) computes it wrongly on processors with AVX-VNNI: whoever loads
 * this module checks it by value first. */
#include "kernels/logits_simd128.h"
#include "kernels/relaxed_ways.h"

static inline void panel_sums(v128_t sum[SUMS], const int8_t *w, const uint8_t *x, size_t groups,
                              bool four)
{
#pragma clang loop unroll(full)
    for (size_t s = 0; s < SUMS; s++) sum[s] = wasm_i32x4_splat(0);
    if (four)
        for (const uint8_t *const end = x + groups * 4; x < end; x += 4, w += VITRINE_PANEL * 4) {
            const v128_t query = wasm_v128_load32_splat(x);
#pragma clang loop unroll(full)
            for (size_t s = 0; s < SUMS; s++)
                sum[s] = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(wasm_v128_load(w + s * 16), query,
                                                                sum[s]);
        }
    else
        for (const uint8_t *const end = x + groups * 4; x < end; x += 4, w += VITRINE_PANEL * 4) {
            const v128_t query = wasm_v128_load32_splat(x);
#pragma clang loop unroll(full)
            for (size_t s = 0; s < SUMS; s++)
                sum[s] = wasm_i32x4_add(
                    sum[s], wasm_i32x4_extadd_pairwise_i16x8(wasm_i16x8_relaxed_dot_i8x16_i7x16(
                                wasm_v128_load(w + s * 16), query)));
        }
}

void vitrine_logits_q8_relaxed_by(bool four, float *restrict y, float *restrict most,
                                  const vitrine_rows_q8 *w, const uint8_t *restrict x,
                                  float query_scale, size_t rows, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        v128_t sum[SUMS];
        panel_sums(sum, w->panels + base * groups * 4, x, groups, four);
        take_row_sums(sum, w->row_sum + base);
        most[base / VITRINE_PANEL] =
            panel_logits(y + base, sum, w->scale + base, w->bias + base, query_scale);
    }
}

void vitrine_logits_q8_relaxed(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                               const uint8_t *restrict x, float query_scale, size_t rows,
                               size_t cols)
{
    vitrine_logits_q8_relaxed_by(vitrine_adds_four(), y, most, w, x, query_scale, rows, cols);
}
