/* What bench/write-model.mjs leaves to WebAssembly: rows of floats to the bytes of a model file. A page that
 * has just begun runs loops of JavaScript ten times as slowly. docs/model-format.md defines the bytes. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

#define PANEL 32u
#define LEAST ((127u - 40u) << 23) /* bits of the float that the code 0 would have */

/* Sixteen columns; zeros behind the last. */
typedef struct sixteen {
    v128_t four[4];
} sixteen;

static inline sixteen sixteen_of(const float *row, size_t left)
{
    float lanes[16];
    if (left < 16) {
        memset(lanes, 0, sizeof lanes);
        row = memcpy(lanes, row, left * sizeof *row);
    }
    return (sixteen){{wasm_v128_load(row), wasm_v128_load(row + 4), wasm_v128_load(row + 8), wasm_v128_load(row + 12)}};
}

static float largest_of(const float *row, size_t cols)
{
    v128_t most[4] = {wasm_f32x4_splat(0.0f), wasm_f32x4_splat(0.0f), wasm_f32x4_splat(0.0f), wasm_f32x4_splat(0.0f)};
    for (size_t c = 0; c < cols; c += 16) {
        const sixteen values = sixteen_of(row + c, cols - c);
#pragma clang loop unroll(full)
        for (int i = 0; i < 4; i++) most[i] = wasm_f32x4_pmax(most[i], wasm_f32x4_abs(values.four[i]));
    }
    v128_t all = wasm_f32x4_pmax(wasm_f32x4_pmax(most[0], most[1]), wasm_f32x4_pmax(most[2], most[3]));
    all = wasm_f32x4_pmax(all, wasm_i32x4_shuffle(all, all, 2, 3, 0, 1));
    all = wasm_f32x4_pmax(all, wasm_i32x4_shuffle(all, all, 1, 0, 3, 2));
    return wasm_f32x4_extract_lane(all, 0);
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

/* Of four whole numbers, the lowest byte each. */
static uint32_t bytes_of(v128_t whole)
{
    const v128_t narrow = wasm_i8x16_shuffle(whole, whole, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
    return (uint32_t)wasm_i32x4_extract_lane(narrow, 0);
}

/* Four columns; zeros behind the last. */
static v128_t four(const float *row, size_t c, size_t cols)
{
    float lanes[4] = {0.0f};
    if (c + 4 <= cols) return wasm_v128_load(row + c);
    memcpy(lanes, row + c, (cols - c) * sizeof *row);
    return wasm_v128_load(lanes);
}

/* Over its scale a value is 127 at most: the scale is the largest / 127, rounded by less than that leaves. */
static inline v128_t whole_of(v128_t values, v128_t scale)
{
    return wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest(wasm_f32x4_div(values, scale)));
}

static inline v128_t int8_of(const float *row, size_t left, v128_t scale)
{
    const sixteen values = sixteen_of(row, left);
    const v128_t low = wasm_i16x8_narrow_i32x4(whole_of(values.four[0], scale), whole_of(values.four[1], scale));
    const v128_t high = wasm_i16x8_narrow_i32x4(whole_of(values.four[2], scale), whole_of(values.four[3], scale));
    return wasm_i8x16_narrow_i16x8(low, high);
}

/* A packed matrix: a code a row, then bytes [rows][cols]. */
void pack_matrix(const float *matrix, size_t rows, size_t cols, uint16_t *code, int8_t *q)
{
    for (size_t r = 0; r < rows; r++, matrix += cols, q += cols) {
        const float scale = value_of(code[r] = code_of(largest_of(matrix, cols) / 127.0f));
        for (size_t c = 0; c < cols && scale > 0.0f; c += 16) {
            const v128_t bytes = int8_of(matrix + c, cols - c, wasm_f32x4_splat(scale));
            if (cols - c >= 16) wasm_v128_store(q + c, bytes);
            else memcpy(q + c, &bytes, cols - c);
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
        for (size_t c = 0; c < cols && scale > 0.0f; c += 16, to += 16 * PANEL) {
            const v128_t bytes = int8_of(rows + c, cols - c, wasm_f32x4_splat(scale));
            wasm_v128_store32_lane(to, bytes, 0);
            if (cols - c > 4) wasm_v128_store32_lane(to + 4 * PANEL, bytes, 1);
            if (cols - c > 8) wasm_v128_store32_lane(to + 8 * PANEL, bytes, 2);
            if (cols - c > 12) wasm_v128_store32_lane(to + 12 * PANEL, bytes, 3);
        }
    }
}

/* Four values into two halves (docs/model-format.md): high is where they begin in the panels, low in the row. */
static void halve(uint32_t four, uint8_t *high, uint8_t *low, unsigned shift)
{
    const uint32_t nibbles = 0x0F0F0F0Fu, u = four ^ 0x80808080u, l = u & nibbles, pairs = l | l >> 4;
    uint32_t both;
    memcpy(&both, high, 4);
    both = (both & ~(nibbles << shift)) | (u >> 4 & nibbles) << shift;
    memcpy(high, &both, 4);
    low[0] = (uint8_t)pairs;
    low[1] = (uint8_t)(pairs >> 16);
}

/* Where a row begins in the upper halves. */
static uint8_t *high_of(uint8_t *high, size_t row, size_t cols)
{
    return high + row / PANEL * (PANEL / 2) * ((cols + 3) / 4 * 4) + row % (PANEL / 2) * 4;
}

/* int8 rows in two halves, of which the upper holds zeros already, and a code a row. */
void pack_int8_halves(const float *rows, size_t count, size_t cols, uint8_t *high, uint8_t *low, uint16_t *code)
{
    for (size_t r = 0; r < count; r++, rows += cols) {
        const float scale = value_of(code[r] = code_of(largest_of(rows, cols) / 127.0f));
        uint8_t *to = high_of(high, r, cols), *row = low + r * ((cols + 3) / 4 * 2);
        for (size_t c = 0; c < cols && scale > 0.0f; c += 16, to += 8 * PANEL, row += 8) {
            const v128_t bytes = int8_of(rows + c, cols - c, wasm_f32x4_splat(scale));
            uint32_t lanes[4];
            wasm_v128_store(lanes, bytes);
            for (size_t g = 0; g < 4 && c + 4 * g < cols; g++)
                halve(lanes[g], to + g * 2 * PANEL, row + 2 * g, r % PANEL < PANEL / 2 ? 0 : 4);
        }
    }
}

/* Steps of a unit, in double: two values. */
static v128_t steps_of(v128_t two, double unit)
{
    return wasm_i32x4_trunc_sat_f64x2_zero(wasm_f64x2_nearest(wasm_f64x2_div(two, wasm_f64x2_splat(unit))));
}

/* The same with the 16 bits that follow: in panels, or where there are none in two halves. */
static void pack_24_bits(const float *rows, size_t count, size_t cols, int8_t *panels, uint8_t *halves, uint8_t *others,
                         float *scale, int16_t *rest)
{
    for (size_t r = 0; r < count; r++, rows += cols, rest += cols) {
        const float largest = largest_of(rows, cols);
        scale[r] = largest < 1e-30f ? 0.0f : largest / 127.0f;
        /* The float that was stored, not the quotient. */
        const double unit = (double)scale[r] / 65536.0;
        uint8_t *row = panels != NULL ? NULL : others + r * ((cols + 3) / 4 * 2);
        for (size_t c = 0; c < cols && unit > 0.0; c += 4) {
            const v128_t values = four(rows, c, cols), upper = wasm_i64x2_shuffle(values, values, 1, 0);
            const v128_t low = steps_of(wasm_f64x2_promote_low_f32x4(values), unit);
            const v128_t high = steps_of(wasm_f64x2_promote_low_f32x4(upper), unit);
            const v128_t steps = wasm_i64x2_shuffle(low, high, 0, 2);
            const uint32_t bytes = bytes_of(wasm_i32x4_shr(wasm_i32x4_add(steps, wasm_i32x4_splat(32768)), 16));
            if (panels != NULL) memcpy(place_of(panels, r, cols) + c * PANEL, &bytes, 4);
            else halve(bytes, high_of(halves, r, cols) + c * (PANEL / 2), row + c / 2, r % PANEL < PANEL / 2 ? 0 : 4);
            const v128_t words = wasm_i8x16_shuffle(steps, steps, 0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13);
            const uint64_t left = (uint64_t)wasm_i64x2_extract_lane(words, 0);
            memcpy(rest + c, &left, (cols - c < 4 ? cols - c : 4) * sizeof *rest);
        }
    }
}

void pack_exact(const float *rows, size_t count, size_t cols, int8_t *panels, float *scale, int16_t *rest)
{
    pack_24_bits(rows, count, cols, panels, NULL, NULL, scale, rest);
}

void pack_exact_halves(const float *rows, size_t count, size_t cols, uint8_t *high, uint8_t *low, float *scale, int16_t *rest)
{
    pack_24_bits(rows, count, cols, NULL, high, low, scale, rest);
}

/* Rows of floats as panels of 32 rows, column by column. */
void pack_panels(const float *matrix, size_t rows, size_t cols, float *panels)
{
    for (size_t r = 0; r < rows; r++, matrix += cols) {
        float *to = panels + r / PANEL * PANEL * cols + r % PANEL;
        for (size_t c = 0; c < cols; c++) to[c * PANEL] = matrix[c];
    }
}

/* Ids '0' to count - 1 as packed strings, each sharing the front of the one before (docs/model-format.md): a bit
 * for a longer one, how much longer, how many digits are its own, and those, four bits each. Count > 9. Bytes
 * written; out is cleared and has room for 9 a string. */
typedef struct bit_writer {
    uint8_t *out;
    uint64_t held;
    uint32_t count;
} bit_writer;

static void put(bit_writer *to, uint32_t value, uint32_t bits)
{
    to->held |= (uint64_t)value << to->count;
    for (to->count += bits; to->count >= 8; to->count -= 8, to->held >>= 8) *to->out++ = (uint8_t)to->held;
}

static void golomb(bit_writer *to, uint32_t value, uint32_t k)
{
    const uint32_t high = (value >> k) + 1, wide = 31 - (uint32_t)__builtin_clz(high);
    put(to, 1u << wide, wide + 1);
    put(to, high & ((1u << wide) - 1), wide);
    put(to, value & ((1u << k) - 1), k);
}

uint32_t pack_numbers(uint32_t count, uint8_t *out)
{
    static const char letters[10] = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9'};
    bit_writer to = {out + 5 + sizeof letters, 0, 0};
    uint32_t size = 0, length = 0;
    for (uint32_t i = 0, next = 0; i < count; i++) {
        /* Nines that became zeros, and the digit before them. */
        uint32_t own = 1, left = i;
        for (; left > 0 && left % 10 == 0; left /= 10) own++;
        put(&to, i == next, 1);
        if (i == next) {
            golomb(&to, i == 0, 0); /* the first is 1 longer than 0, the others than the one before */
            next = next == 0 ? 10 : next * 10;
            length++;
        }
        golomb(&to, own - 1, 1);
        put(&to, left % 10, 4);
        put(&to, 0, 4 * (own - 1));
        size += length;
    }
    put(&to, 0, 7);
    memcpy(out, &size, sizeof size);
    out[4] = sizeof letters - 1;
    memcpy(out + 5, letters, sizeof letters);
    return (uint32_t)(to.out - out);
}
