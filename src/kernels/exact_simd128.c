/* Four exact rows for WebAssembly SIMD128. Contract: exact.h.
 *
 * Four columns of four rows are one register a row; turned, they are one register a column with a row
 * in each lane, which is how the sums run. */
#include <wasm_simd128.h>
#include "kernels/exact.h"

enum { ROWS = VITRINE_EXACT_ROWS };

static inline v128_t four_weights(vitrine_exact_row row, size_t c)
{
    const v128_t bytes = wasm_i16x8_extend_low_i8x16(wasm_v128_load32_zero(row.q + c * VITRINE_PANEL));
    const v128_t high = wasm_i32x4_shl(wasm_i32x4_extend_low_i16x8(bytes), 16);
    const v128_t whole = wasm_i32x4_add(high, wasm_i32x4_load16x4(row.rest + c));
    return wasm_f32x4_mul(wasm_f32x4_convert_i32x4(whole), wasm_f32x4_splat(row.unit));
}

static inline v128_t add_product(v128_t sum, v128_t weights, const float *x)
{
    return wasm_f32x4_add(sum, wasm_f32x4_mul(weights, wasm_v128_load32_splat(x)));
}

void vitrine_exact_four_simd128(float y[VITRINE_EXACT_ROWS], const vitrine_rows_exact *w,
                                const uint32_t rows[VITRINE_EXACT_ROWS], const float *restrict x, size_t cols)
{
    vitrine_exact_row row[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        row[i] = vitrine_exact_row_of(w, rows[i], cols);
        y[i] = w->bias[rows[i]];
    }
    v128_t sum = wasm_v128_load(y);
    for (size_t c = 0; c < cols; c += 4) {
        v128_t four[ROWS];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < ROWS; i++) four[i] = four_weights(row[i], c);
        const v128_t a = wasm_i32x4_shuffle(four[0], four[1], 0, 4, 1, 5);
        const v128_t b = wasm_i32x4_shuffle(four[2], four[3], 0, 4, 1, 5);
        sum = add_product(sum, wasm_i64x2_shuffle(a, b, 0, 2), x + c);
        sum = add_product(sum, wasm_i64x2_shuffle(a, b, 1, 3), x + c + 1);
        const v128_t d = wasm_i32x4_shuffle(four[0], four[1], 2, 6, 3, 7);
        const v128_t e = wasm_i32x4_shuffle(four[2], four[3], 2, 6, 3, 7);
        sum = add_product(sum, wasm_i64x2_shuffle(d, e, 0, 2), x + c + 2);
        sum = add_product(sum, wasm_i64x2_shuffle(d, e, 1, 3), x + c + 3);
    }
    wasm_v128_store(y, sum);
}
