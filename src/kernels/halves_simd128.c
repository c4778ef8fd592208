/* The scan of split rows for WebAssembly SIMD128. Contract: halves.h.
 *
 * Two bytes of a row pair are four values: an even and an odd column of row r, and of row r + 16. Each is masked where
 * it lies, which makes it 1, 16 or 256 times itself, and meets a query that makes it 256 times in all; i32x4.dot_i16x8
 * then adds two products of one row in every lane. The sums come out 256 times too large, which i32 holds:
 * 256 * 15 * 64 * 1024 < 2^28. Sixteen of them are wanted. */
#include "kernels/halves_simd128.h"

static inline v128_t add_products(v128_t sum, v128_t a, v128_t even, v128_t b, v128_t odd)
{
    sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(a, even));
    return wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(b, odd));
}

static inline void panel_sums(v128_t sum[SUMS], const uint8_t *high, const uint8_t *x, size_t groups)
{
    const uint16_t *const masks = hidden_masks();
    const v128_t first = wasm_v128_load16_splat(masks), second = wasm_v128_load16_splat(masks + 1);
    const v128_t third = wasm_v128_load16_splat(masks + 2);
#pragma clang loop unroll(full)
    for (size_t s = 0; s < SUMS; s++) sum[s] = wasm_i32x4_splat(0);
    for (size_t g = 0; g < groups; g++, high += VITRINE_PANEL * 2) {
        const v128_t query = wasm_i8x16_sub(wasm_v128_load32_splat(x + g * 4), wasm_i8x16_splat(64));
        const v128_t even256 = wasm_i16x8_shl(query, 8), even16 = wasm_i16x8_shr(even256, 4);
        const v128_t odd = wasm_i16x8_shr(query, 8);
#pragma clang loop unroll(full)
        for (size_t s = 0; s < SUMS / 2; s++) {
            const v128_t both = wasm_v128_load(high + s * 16);
            sum[s] = add_products(sum[s], wasm_v128_and(both, first), even256, wasm_v128_and(both, third), odd);
            sum[s + SUMS / 2] = add_products(sum[s + SUMS / 2], wasm_v128_and(both, second), even16,
                                             wasm_v128_and(wasm_u16x8_shr(both, 4), third), odd);
        }
    }
#pragma clang loop unroll(full)
    for (size_t s = 0; s < SUMS; s++) sum[s] = wasm_i32x4_shr(sum[s], 4);
}

void vitrine_halves_simd128(float *restrict y, float *restrict most, const vitrine_rows_halves *w,
                            const uint8_t *restrict x, float query_scale, size_t rows, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    const v128_t centre = centre_of(x, groups);
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        v128_t sum[SUMS];
        panel_sums(sum, w->high + base * groups * 2, x, groups);
        take_centre(sum, centre);
        most[base / VITRINE_PANEL] = panel_logits(y + base, sum, w->scale + base, w->bias + base, query_scale);
    }
}
