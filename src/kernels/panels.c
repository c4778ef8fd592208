/* Packing matrices into panels of 32 rows and reading rows back. Layout: panels.h. */
#include "kernels/panels.h"

#include <string.h>

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

static size_t place_f32(size_t row, size_t col, size_t cols)
{
    return (row / VITRINE_PANEL * cols + col) * VITRINE_PANEL + row % VITRINE_PANEL;
}

/* Of column `col`, from where its row begins. */
static size_t place_q8(size_t col) { return col / 4 * 4 * VITRINE_PANEL + col % 4; }

void vitrine_panels_pack_f32(float *restrict panels, const float *restrict matrix, size_t rows,
                             size_t cols)
{
    for (size_t r = 0; r < vitrine_padded_rows(rows); r++)
        for (size_t c = 0; c < cols; c++)
            panels[place_f32(r, c, cols)] = r < rows ? matrix[r * cols + c] : 0.0f;
}

void vitrine_panels_pack_q8(int8_t *restrict panels, const int8_t *restrict matrix, size_t rows,
                            size_t cols)
{
    memset(panels, 0, vitrine_panels_q8_count(rows, cols));
    for (size_t r = 0; r < rows; r++) vitrine_panels_put_row_q8(panels, matrix + r * cols, r, cols);
}

void vitrine_panels_put_row_q8(int8_t *restrict panels, const int8_t *restrict values, size_t row, size_t cols)
{
    int8_t *const to = panels + vitrine_panels_row_at(row, cols);
    for (size_t c = 0; c < cols; c++) to[place_q8(c)] = values[c];
}

void vitrine_panels_row_f32(float *restrict out, const float *restrict panels, size_t row,
                            size_t cols)
{
    for (size_t c = 0; c < cols; c++) out[c] = panels[place_f32(row, c, cols)];
}

void vitrine_panels_row_q8(int8_t *restrict out, const int8_t *restrict panels, size_t row,
                           size_t cols)
{
    const int8_t *const from = vitrine_panels_row(panels, row, cols);
    for (size_t c = 0; c < cols; c++) out[c] = from[place_q8(c)];
}

/* Runs once a page, before its engine has made fast code of it: vectors leave little to run. */
bool vitrine_panel_totals_q8(const int8_t *restrict panel, size_t cols, int32_t sum[VITRINE_PANEL],
                             int32_t square[VITRINE_PANEL])
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
#ifdef __wasm_simd128__
    v128_t lowest = wasm_i8x16_splat(0);
    for (size_t l = 0; l < VITRINE_PANEL; l += 4) {
        v128_t total = wasm_i32x4_splat(0), two = total, other = total;
        for (size_t g = 0; g < groups; g++) {
            const v128_t q = wasm_v128_load(panel + (g * VITRINE_PANEL + l) * 4);
            lowest = wasm_i8x16_min(lowest, q);
            total = wasm_i32x4_add(total, wasm_i32x4_extadd_pairwise_i16x8(wasm_i16x8_extadd_pairwise_i8x16(q)));
            two = wasm_i32x4_add(two, wasm_i32x4_extadd_pairwise_i16x8(wasm_i16x8_extmul_low_i8x16(q, q)));
            other = wasm_i32x4_add(other, wasm_i32x4_extadd_pairwise_i16x8(wasm_i16x8_extmul_high_i8x16(q, q)));
        }
        wasm_v128_store(sum + l, wasm_i32x4_shl(total, 6));
        const v128_t even = wasm_i32x4_shuffle(two, other, 0, 2, 4, 6), odd = wasm_i32x4_shuffle(two, other, 1, 3, 5, 7);
        wasm_v128_store(square + l, wasm_i32x4_add(even, odd));
    }
    return !wasm_v128_any_true(wasm_i8x16_eq(lowest, wasm_i8x16_splat(INT8_MIN)));
#else
    int lowest = 0;
    for (size_t l = 0; l < VITRINE_PANEL; l++) sum[l] = square[l] = 0;
    for (size_t g = 0; g < groups; g++)
        for (size_t l = 0; l < VITRINE_PANEL; l++) {
            const int8_t *q = panel + (g * VITRINE_PANEL + l) * 4;
            for (size_t i = 0; i < 4; i++) {
                lowest = q[i] < lowest ? q[i] : lowest;
                sum[l] += 64 * q[i];
                square[l] += q[i] * q[i];
            }
        }
    return lowest > INT8_MIN;
#endif
}
