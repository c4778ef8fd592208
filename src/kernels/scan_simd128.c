/* int8 scan for WebAssembly SIMD128. Contract: scan.h.
 *
 * A group of four weights of a row is two i16 of the form 256 * high + low. Masked or shifted, each
 * i16 gives 256 times one weight, and i32x4.dot_i16x8 then adds two products of one row in every
 * lane: no lane crosses rows, 32 rows take eight registers, and nothing is widened by shuffles. The
 * sums come out 256 times too large, which i32 holds for 128 groups:
 * 512 * 256 * 127 * 127 = 2114060288 < 2^31. A longer row is taken in stretches.
 *
 * The mask is read from memory and the query taken apart once for all panels: as a constant, and group by
 * group, an engine makes both anew in every turn, and the scan takes 1.3 times as long. */
#include <string.h>

#include "kernels/logits_simd128.h"

enum { STRETCH = 128 };

/* x[0], x[2] and x[1], x[3] of a group, as pairs of i16. */
typedef struct query_group {
    uint32_t even, odd;
} query_group;

/* 256 * (w . x) over the four columns of four rows; `even` and `odd` in every lane. */
static inline v128_t products(const int8_t *w, v128_t even, v128_t odd, v128_t mask)
{
    const v128_t rows = wasm_v128_load(w);
    return wasm_i32x4_add(wasm_i32x4_dot_i16x8(wasm_i16x8_shl(rows, 8), even),
                          wasm_i32x4_dot_i16x8(wasm_v128_and(rows, mask), odd));
}

static inline void panel_sums(v128_t total[SUMS], const int8_t *w, const query_group *x, size_t groups, v128_t mask)
{
#pragma clang loop unroll(full)
    for (size_t s = 0; s < SUMS; s++) total[s] = wasm_i32x4_splat(0);
    for (size_t g = 0; g < groups;) {
        const size_t end = groups - g > STRETCH ? g + STRETCH : groups;
        v128_t sum[SUMS];
#pragma clang loop unroll(full)
        for (size_t s = 0; s < SUMS; s++) sum[s] = wasm_i32x4_splat(0);
        for (; g < end; g++, w += VITRINE_PANEL * 4) {
            const v128_t even = wasm_v128_load32_splat(&x[g].even), odd = wasm_v128_load32_splat(&x[g].odd);
#pragma clang loop unroll(full)
            for (size_t s = 0; s < SUMS; s++)
                sum[s] = wasm_i32x4_add(sum[s], products(w + s * 16, even, odd, mask));
        }
#pragma clang loop unroll(full)
        for (size_t s = 0; s < SUMS; s++)
            total[s] = wasm_i32x4_add(total[s], wasm_i32x4_shr(sum[s], 8));
    }
}

void vitrine_logits_q8_simd128(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                               const uint8_t *restrict x, float query_scale, size_t rows, size_t cols)
{
    static const uint16_t high_byte = 0xFF00;
    const uint16_t *at = &high_byte;
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    query_group query[VITRINE_SCAN_COLS / 4];
    __asm__("" : "+r"(at));
    const v128_t mask = wasm_v128_load16_splat(at);
    for (size_t g = 0; g < groups; g++) {
        uint32_t four;
        memcpy(&four, x + 4 * g, sizeof four);
        query[g] = (query_group){four & 0x00FF00FF, four >> 8 & 0x00FF00FF};
    }
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        v128_t sum[SUMS];
        panel_sums(sum, w->panels + base * groups * 4, query, groups, mask);
        take_row_sums(sum, w->row_sum + base);
        most[base / VITRINE_PANEL] = panel_logits(y + base, sum, w->scale + base, w->bias + base, query_scale);
    }
}
