/* int8 scan for WebAssembly SIMD128. Contract: scan.h.
 *
 * A group of four weights of a row is two i16 of the form 256 * high + low. Masked or shifted, each
 * i16 gives 256 times one weight, and i32x4.dot_i16x8 then adds two products of one row in every
 * lane: no lane crosses rows, 32 rows take eight registers, and nothing is widened by shuffles. The
 * sums come out 256 times too large, which i32 holds for 128 groups:
 * 512 * 256 * 127 * 127 = 2114060288 < 2^31. A longer row is taken in stretches. */
#include <wasm_simd128.h>
#include "kernels/panels.h"
#include "kernels/scan.h"

enum { WIDE = 4, SUMS = VITRINE_PANEL / WIDE, STRETCH = 128 };

/* 256 * (w . x) over the four columns of four rows. `even` and `odd` hold x[0], x[2] and x[1], x[3]
 * of the group in every lane. */
static inline v128_t add_products(v128_t sum, const int8_t *w, v128_t even, v128_t odd)
{
    const v128_t rows = wasm_v128_load(w);
    const v128_t low = wasm_i16x8_shl(rows, 8);
    const v128_t high = wasm_v128_and(rows, wasm_i16x8_const_splat((int16_t)0xFF00));
    sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(low, even));
    return wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(high, odd));
}

void vitrine_scan_q8_simd128(int32_t *restrict y, const int8_t *restrict panels,
                             const uint8_t *restrict x, size_t rows, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    const int8_t *w = panels;
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        v128_t total[SUMS];
        for (size_t s = 0; s < SUMS; s++) total[s] = wasm_i32x4_splat(0);
        for (size_t g = 0; g < groups;) {
            const size_t end = groups - g > STRETCH ? g + STRETCH : groups;
            v128_t sum[SUMS];
#pragma clang loop unroll(full)
            for (size_t s = 0; s < SUMS; s++) sum[s] = wasm_i32x4_splat(0);
            for (; g < end; g++, w += VITRINE_PANEL * 4) {
                const v128_t query = wasm_v128_load32_splat(x + g * 4);
                const v128_t even = wasm_v128_and(query, wasm_i16x8_const_splat(0x00FF));
                const v128_t odd = wasm_u16x8_shr(query, 8);
#pragma clang loop unroll(full)
                for (size_t s = 0; s < SUMS; s++)
                    sum[s] = add_products(sum[s], w + s * 16, even, odd);
            }
#pragma clang loop unroll(full)
            for (size_t s = 0; s < SUMS; s++)
                total[s] = wasm_i32x4_add(total[s], wasm_i32x4_shr(sum[s], 8));
        }
#pragma clang loop unroll(full)
        for (size_t s = 0; s < SUMS; s++) wasm_v128_store(y + base + s * WIDE, total[s]);
    }
}

int32_t vitrine_dot_q8_simd128(const int8_t *restrict a, const uint8_t *restrict b, size_t n)
{
    v128_t sum = wasm_i32x4_splat(0);
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        const v128_t left = wasm_v128_load(a + i), right = wasm_v128_load(b + i);
        const v128_t low = wasm_i32x4_dot_i16x8(wasm_i16x8_extend_low_i8x16(left),
                                                wasm_u16x8_extend_low_u8x16(right));
        const v128_t high = wasm_i32x4_dot_i16x8(wasm_i16x8_extend_high_i8x16(left),
                                                 wasm_u16x8_extend_high_u8x16(right));
        sum = wasm_i32x4_add(sum, wasm_i32x4_add(low, high));
    }
    int32_t total = wasm_i32x4_extract_lane(sum, 0) + wasm_i32x4_extract_lane(sum, 1) +
                    wasm_i32x4_extract_lane(sum, 2) + wasm_i32x4_extract_lane(sum, 3);
    for (; i < n; i++) total += a[i] * b[i];
    return total;
}
