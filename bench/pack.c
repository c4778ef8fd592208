/* What bench/write-model.mjs leaves to WebAssembly: rows of floats to the bytes of a model file. A page that
 * has just begun runs loops of JavaScript ten times as slowly. docs/model-format.md defines the bytes. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

#define PANEL 32u
#define LEAST ((127u - 40u) << 23) /* bits of the float that the code 0 would have */

static float largest_of(const float *row, size_t cols)
{
    v128_t most = wasm_f32x4_splat(0.0f);
    size_t c = 0;
    for (; c + 4 <= cols; c += 4) most = wasm_f32x4_pmax(most, wasm_f32x4_abs(wasm_v128_load(row + c)));
    float lanes[4], largest = 0.0f;
    wasm_v128_store(lanes, most);
    for (int i = 0; i < 4; i++) largest = lanes[i] > largest ? lanes[i] : largest;
    for (; c < cols; c++) {
        const float size = row[c] < 0.0f ? -row[c] : row[c];
        largest = size > largest ? size : largest;
    }
    return largest;
}

/* The code of the small float nearest to a value from 0, and the value of a code. */
static uint16_t code_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (!(value > 0.0f)) return 0;
    const uint32_t code = bits > LEAST ? (bits - LEAST + (1u << 12)) >> 13 : 1;
    return (uint16_t)(code == 0 ? 1 : code > 65535 ? 65535 : code);
}

static float value_of(uint16_t code)
{
    const uint32_t bits = LEAST + ((uint32_t)code << 13);
    float value;
    memcpy(&value, &bits, sizeof value);
    return code == 0 ? 0.0f : value;
}

/* Four columns; zeros behind the last. */
static v128_t four(const float *row, size_t c, size_t cols)
{
    float lanes[4] = {0.0f};
    if (c + 4 <= cols) return wasm_v128_load(row + c);
    memcpy(lanes, row + c, (cols - c) * sizeof *row);
    return wasm_v128_load(lanes);
}

/* Of four whole numbers, the lowest byte each. */
static uint32_t bytes_of(v128_t whole)
{
    const v128_t narrow = wasm_i8x16_shuffle(whole, whole, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
    return (uint32_t)wasm_i32x4_extract_lane(narrow, 0);
}

/* Over its scale a value is 127 at most: the scale is the largest / 127, rounded by less than that leaves. */
static uint32_t int8_of(v128_t values, v128_t scale)
{
    return bytes_of(wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest(wasm_f32x4_div(values, scale))));
}

/* A packed matrix: a code a row, then bytes [rows][cols]. */
void pack_matrix(const float *matrix, size_t rows, size_t cols, uint16_t *code, int8_t *q)
{
    for (size_t r = 0; r < rows; r++, matrix += cols, q += cols) {
        const float scale = value_of(code[r] = code_of(largest_of(matrix, cols) / 127.0f));
        for (size_t c = 0; c < cols && scale > 0.0f; c += 4) {
            const uint32_t bytes = int8_of(four(matrix, c, cols), wasm_f32x4_splat(scale));
            memcpy(q + c, &bytes, cols - c < 4 ? cols - c : 4);
        }
    }
}

/* Where a row begins in panels of 32 rows, four columns by four. */
static int8_t *place_of(int8_t *panels, size_t row, size_t cols)
{
    return panels + row / PANEL * PANEL * ((cols + 3) / 4 * 4) + row % PANEL * 4;
}

/* int8 panels, and a code a row. */
void pack_int8(const float *rows, size_t count, size_t cols, int8_t *panels, uint16_t *code)
{
    for (size_t r = 0; r < count; r++, rows += cols) {
        const float scale = value_of(code[r] = code_of(largest_of(rows, cols) / 127.0f));
        int8_t *to = place_of(panels, r, cols);
        for (size_t c = 0; c < cols && scale > 0.0f; c += 4, to += 4 * PANEL) {
            const uint32_t bytes = int8_of(four(rows, c, cols), wasm_f32x4_splat(scale));
            memcpy(to, &bytes, 4);
        }
    }
}

/* Steps of a unit, in double: two values. */
static v128_t steps_of(v128_t two, double unit)
{
    return wasm_i32x4_trunc_sat_f64x2_zero(wasm_f64x2_nearest(wasm_f64x2_div(two, wasm_f64x2_splat(unit))));
}

/* The same with the 16 bits that follow. */
void pack_exact(const float *rows, size_t count, size_t cols, int8_t *panels, float *scale, int16_t *rest)
{
    for (size_t r = 0; r < count; r++, rows += cols, rest += cols) {
        const float largest = largest_of(rows, cols);
        scale[r] = largest < 1e-30f ? 0.0f : largest / 127.0f;
        /* The float that was stored, not the quotient. */
        const double unit = (double)scale[r] / 65536.0;
        int8_t *to = place_of(panels, r, cols);
        for (size_t c = 0; c < cols && unit > 0.0; c += 4, to += 4 * PANEL) {
            const v128_t values = four(rows, c, cols), upper = wasm_i64x2_shuffle(values, values, 1, 0);
            const v128_t low = steps_of(wasm_f64x2_promote_low_f32x4(values), unit);
            const v128_t high = steps_of(wasm_f64x2_promote_low_f32x4(upper), unit);
            const v128_t steps = wasm_i64x2_shuffle(low, high, 0, 2);
            const uint32_t bytes = bytes_of(wasm_i32x4_shr(wasm_i32x4_add(steps, wasm_i32x4_splat(32768)), 16));
            memcpy(to, &bytes, 4);
            const v128_t words = wasm_i8x16_shuffle(steps, steps, 0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13);
            const uint64_t left = (uint64_t)wasm_i64x2_extract_lane(words, 0);
            memcpy(rest + c, &left, (cols - c < 4 ? cols - c : 4) * sizeof *rest);
        }
    }
}

/* Rows of floats as panels of 32 rows, column by column. */
void pack_panels(const float *matrix, size_t rows, size_t cols, float *panels)
{
    for (size_t r = 0; r < rows; r++, matrix += cols) {
        float *to = panels + r / PANEL * PANEL * cols + r % PANEL;
        for (size_t c = 0; c < cols; c++) to[c * PANEL] = matrix[c];
    }
}
