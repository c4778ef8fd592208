/* The scan of split rows for WebAssembly relaxed SIMD. Contract: halves.h, which also says why the relaxed
 * instructions here have only one possible answer. Where four products are one instruction they are added at once;
 * else pairs in i16, one instruction on every processor. */
#include "kernels/halves_simd128.h"
#include "kernels/relaxed_ways.h"

static inline void sums_by_fours(v128_t sum[SUMS], const uint8_t *high, const int8_t *q, size_t groups)
{
    const v128_t nibble = wasm_v128_load16_splat(hidden_masks() + 3);
#pragma clang loop unroll(full)
    for (size_t s = 0; s < SUMS; s++) sum[s] = wasm_i32x4_splat(0);
    for (const int8_t *const end = q + groups * 4; q < end; q += 4, high += VITRINE_PANEL * 2) {
        const v128_t query = wasm_v128_load32_splat(q);
#pragma clang loop unroll(full)
        for (size_t s = 0; s < SUMS / 2; s++) {
            const v128_t both = wasm_v128_load(high + s * 16);
            const v128_t n = wasm_v128_and(both, nibble), m = wasm_v128_and(wasm_u16x8_shr(both, 4), nibble);
            sum[s] = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(query, n, sum[s]);
            sum[s + SUMS / 2] = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(query, m, sum[s + SUMS / 2]);
        }
    }
}

static inline void sums_by_pairs(v128_t sum[SUMS], const uint8_t *high, const int8_t *q, size_t groups)
{
    const v128_t nibble = wasm_v128_load16_splat(hidden_masks() + 3);
#pragma clang loop unroll(full)
    for (size_t s = 0; s < SUMS; s++) sum[s] = wasm_i32x4_splat(0);
    for (size_t g = 0; g < groups;) {
        const size_t end = groups - g > VITRINE_HALVES_STRETCH ? g + VITRINE_HALVES_STRETCH : groups;
        v128_t pairs[SUMS];
#pragma clang loop unroll(full)
        for (size_t s = 0; s < SUMS; s++) pairs[s] = wasm_i16x8_splat(0);
        for (; g < end; g++, high += VITRINE_PANEL * 2) {
            const v128_t query = wasm_v128_load32_splat(q + g * 4);
#pragma clang loop unroll(full)
            for (size_t s = 0; s < SUMS / 2; s++) {
                const v128_t both = wasm_v128_load(high + s * 16);
                const v128_t n = wasm_v128_and(both, nibble), m = wasm_v128_and(wasm_u16x8_shr(both, 4), nibble);
                pairs[s] = wasm_i16x8_add(pairs[s], wasm_i16x8_relaxed_dot_i8x16_i7x16(query, n));
                pairs[s + SUMS / 2] = wasm_i16x8_add(pairs[s + SUMS / 2], wasm_i16x8_relaxed_dot_i8x16_i7x16(query, m));
            }
        }
#pragma clang loop unroll(full)
        for (size_t s = 0; s < SUMS; s++) sum[s] = wasm_i32x4_add(sum[s], wasm_i32x4_extadd_pairwise_i16x8(pairs[s]));
    }
}

void vitrine_halves_relaxed_by(bool four, float *restrict y, float *restrict most, const vitrine_rows_halves *w,
                               const uint8_t *restrict x, float query_scale, size_t rows, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    const v128_t centre = centre_of(x, groups);
    int8_t q[VITRINE_SCAN_COLS];
    for (size_t c = 0; c < groups * 4; c++) q[c] = (int8_t)(x[c] - 64);
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        v128_t sum[SUMS];
        if (four) sums_by_fours(sum, w->high + base * groups * 2, q, groups);
        else sums_by_pairs(sum, w->high + base * groups * 2, q, groups);
#pragma clang loop unroll(full)
        for (size_t s = 0; s < SUMS; s++) sum[s] = wasm_i32x4_shl(sum[s], 4);
        take_centre(sum, centre);
        most[base / VITRINE_PANEL] = panel_logits(y + base, sum, w->scale + base, w->bias + base, query_scale);
    }
}

void vitrine_halves_relaxed(float *restrict y, float *restrict most, const vitrine_rows_halves *w,
                            const uint8_t *restrict x, float query_scale, size_t rows, size_t cols)
{
    vitrine_halves_relaxed_by(vitrine_adds_four(), y, most, w, x, query_scale, rows, cols);
}
