/* Rows into two halves and out again, and the lower half of a product. Layout: halves.h. */
#include "kernels/halves.h"

#include <string.h>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <immintrin.h>
#endif

enum { HALF = VITRINE_PANEL / 2 };

static size_t groups_of(size_t cols) { return vitrine_padded_cols_q8(cols) / 4; }

static size_t place_high(size_t row, size_t col, size_t cols)
{
    return (row / VITRINE_PANEL * groups_of(cols) + col / 4) * (HALF * 4) + row % HALF * 4 + col % 4;
}

static uint8_t with_nibble(uint8_t byte, unsigned nibble, bool upper)
{
    return (uint8_t)(upper ? (byte & 15u) | nibble << 4 : (byte & 240u) | nibble);
}

void vitrine_halves_clear(uint8_t *high, uint8_t *low, size_t rows, size_t cols)
{
    memset(high, 0x88, vitrine_halves_size(rows, cols));
    memset(low, 0, vitrine_halves_size(rows, cols));
}

void vitrine_halves_put(uint8_t *high, uint8_t *low, const int8_t *values, size_t row, size_t cols)
{
    const bool upper = row % VITRINE_PANEL >= HALF;
    low += row * groups_of(cols) * 2;
    for (size_t c = 0; c < cols; c++) {
        const unsigned value = (unsigned)(values[c] + 128);
        uint8_t *const to = high + place_high(row, c, cols);
        *to = with_nibble(*to, value >> 4, upper);
        low[c / 2] = with_nibble(low[c / 2], value & 15u, c % 2 != 0);
    }
}

void vitrine_halves_row(int8_t *restrict values, const vitrine_rows_halves *w, size_t row, size_t cols)
{
    const uint32_t nibbles = 0x0F0F0F0Fu, shift = row % VITRINE_PANEL >= HALF ? 4 : 0;
    const uint8_t *high = w->high + place_high(row, 0, cols), *low = w->low + row * groups_of(cols) * 2;
    /* Four columns are a word: n << 4 | l in each byte, and the top bit turned takes 128 off. */
    for (size_t c = 0; c < cols; c += 4, high += HALF * 4, low += 2) {
        uint32_t four;
        memcpy(&four, high, sizeof four);
        const uint32_t pairs = low[0] | (uint32_t)low[1] << 16, l = (pairs | pairs << 4) & nibbles;
        four = ((four >> shift & nibbles) << 4 | l) ^ 0x80808080u;
        memcpy(values + c, &four, cols - c < 4 ? cols - c : 4);
    }
}

void vitrine_halves_query_of(vitrine_halves_query *query, const uint8_t *x, size_t cols)
{
    const size_t padded = vitrine_padded_cols_q8(cols);
    memset(query, 0, sizeof *query);
    for (size_t c = 0; c < padded; c++) {
        const int q = x[c] - 64;
        (c % 2 != 0 ? query->odd : query->even)[c / 2] = (int8_t)q;
        query->sum += q;
    }
}

int32_t vitrine_halves_high(const vitrine_rows_halves *w, const vitrine_halves_query *query, size_t row, size_t cols)
{
    const unsigned shift = row % VITRINE_PANEL >= HALF ? 4 : 0;
    int32_t sum = 0;
    for (size_t c = 0; c < vitrine_padded_cols_q8(cols); c++) {
        const int n = w->high[place_high(row, c, cols)] >> shift & 15;
        sum += n * (c % 2 != 0 ? query->odd : query->even)[c / 2];
    }
    return 16 * sum - 120 * query->sum;
}

int32_t vitrine_halves_low(const vitrine_rows_halves *w, const vitrine_halves_query *query, size_t row, size_t cols)
{
    const size_t bytes = groups_of(cols) * 2;
    const uint8_t *low = w->low + row * bytes;
    int32_t sum = 0;
    size_t i = 0;
#if defined(__wasm_simd128__)
    v128_t four = wasm_i32x4_splat(0);
    for (; i + 16 <= bytes; i += 16) {
        const v128_t both = wasm_v128_load(low + i);
        const v128_t l[2] = {wasm_v128_and(both, wasm_i8x16_splat(15)), wasm_u8x16_shr(both, 4)};
        const v128_t q[2] = {wasm_v128_load(query->even + i), wasm_v128_load(query->odd + i)};
#ifdef __wasm_relaxed_simd__
        /* l is of four bits: an engine has no choice (halves.h). */
        const v128_t pairs = wasm_i16x8_add(wasm_i16x8_relaxed_dot_i8x16_i7x16(q[0], l[0]),
                                            wasm_i16x8_relaxed_dot_i8x16_i7x16(q[1], l[1]));
#else
        v128_t pairs = wasm_i16x8_splat(0);
#pragma clang loop unroll(full)
        for (int odd = 0; odd < 2; odd++) {
            pairs = wasm_i16x8_add(pairs, wasm_i16x8_extmul_low_i8x16(l[odd], q[odd]));
            pairs = wasm_i16x8_add(pairs, wasm_i16x8_extmul_high_i8x16(l[odd], q[odd]));
        }
#endif
        four = wasm_i32x4_add(four, wasm_i32x4_extadd_pairwise_i16x8(pairs)); /* 4 * 960 each */
    }
#pragma clang loop unroll(full)
    for (int lane = 0; lane < 4; lane++) {
        sum += wasm_i32x4_extract_lane(four, 0);
        four = wasm_i32x4_shuffle(four, four, 1, 2, 3, 0);
    }
#elif defined(__SSE2__)
    __m128i four = _mm_setzero_si128();
    for (; i + 16 <= bytes; i += 16) {
        const __m128i both = _mm_loadu_si128((const __m128i *)(const void *)(low + i)), nibble = _mm_set1_epi8(15);
        const __m128i l[2] = {_mm_and_si128(both, nibble), _mm_and_si128(_mm_srli_epi16(both, 4), nibble)};
        const int8_t *const from[2] = {query->even + i, query->odd + i};
        for (int odd = 0; odd < 2; odd++) {
            const __m128i q = _mm_loadu_si128((const __m128i *)(const void *)from[odd]), none = _mm_setzero_si128();
            const __m128i signs = _mm_cmpgt_epi8(none, q);
            four = _mm_add_epi32(four, _mm_madd_epi16(_mm_unpacklo_epi8(l[odd], none), _mm_unpacklo_epi8(q, signs)));
            four = _mm_add_epi32(four, _mm_madd_epi16(_mm_unpackhi_epi8(l[odd], none), _mm_unpackhi_epi8(q, signs)));
        }
    }
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
    sum = _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xB1)));
#endif
    for (; i < bytes; i++) sum += (low[i] & 15) * query->even[i] + (low[i] >> 4) * query->odd[i];
    return sum - 8 * query->sum;
}

/* Runs once a page for every byte, before an engine has made fast code of it: vectors leave little to run. */
void vitrine_halves_squares(const vitrine_rows_halves *w, size_t panel, size_t cols, int32_t *taken, int32_t *left)
{
    const size_t groups = groups_of(cols), bytes = groups * 2;
    const uint8_t *high = w->high + panel * groups * HALF * 4;
    const uint8_t *low = w->low + panel * VITRINE_PANEL * bytes;
    int32_t sum[VITRINE_PANEL] = {0};
    *taken = *left = 0;
#ifdef __wasm_simd128__
    for (size_t four = 0; four < HALF; four += 4) {
        v128_t first = wasm_i32x4_splat(0), second = first;
        for (size_t g = 0; g < groups; g++) {
            const v128_t both = wasm_v128_load(high + (g * HALF + four) * 4), centre = wasm_i8x16_splat(8);
            /* 2 n - 15, of 16 n - 120 an eighth. */
            const v128_t n[2] = {wasm_i8x16_shl(wasm_i8x16_sub(wasm_v128_and(both, wasm_i8x16_splat(15)), centre), 1),
                                 wasm_i8x16_shl(wasm_i8x16_sub(wasm_u8x16_shr(both, 4), centre), 1)};
#pragma clang loop unroll(full)
            for (int h = 0; h < 2; h++) {
                const v128_t eighth = wasm_i8x16_add(n[h], wasm_i8x16_splat(1));
                const v128_t a = wasm_i16x8_extmul_low_i8x16(eighth, eighth), b = wasm_i16x8_extmul_high_i8x16(eighth, eighth);
                const v128_t pairs = wasm_i32x4_extadd_pairwise_i16x8(a), others = wasm_i32x4_extadd_pairwise_i16x8(b);
                const v128_t row = wasm_i32x4_add(wasm_i32x4_shuffle(pairs, others, 0, 2, 4, 6),
                                                  wasm_i32x4_shuffle(pairs, others, 1, 3, 5, 7));
                if (h == 0) first = wasm_i32x4_add(first, row);
                else second = wasm_i32x4_add(second, row);
            }
        }
        wasm_v128_store(sum + four, first);
        wasm_v128_store(sum + HALF + four, second);
    }
#else
    for (size_t g = 0; g < groups; g++)
        for (size_t i = 0; i < HALF * 4; i++) {
            const uint8_t both = high[g * HALF * 4 + i];
            const int n = 2 * (both & 15) - 15, m = 2 * (both >> 4) - 15;
            sum[i / 4] += n * n;
            sum[HALF + i / 4] += m * m;
        }
#endif
    for (size_t l = 0; l < VITRINE_PANEL; l++) *taken = 64 * sum[l] > *taken ? 64 * sum[l] : *taken;
    for (size_t l = 0; l < VITRINE_PANEL; l++, low += bytes) {
        int32_t squares = 0;
        size_t i = 0;
#ifdef __wasm_simd128__
        v128_t four = wasm_i32x4_splat(0);
        for (; i + 16 <= bytes; i += 16) {
            const v128_t both = wasm_v128_load(low + i), centre = wasm_i8x16_splat(8);
            const v128_t halves[2] = {wasm_i8x16_sub(wasm_v128_and(both, wasm_i8x16_splat(15)), centre),
                                      wasm_i8x16_sub(wasm_u8x16_shr(both, 4), centre)};
#pragma clang loop unroll(full)
            for (int h = 0; h < 2; h++) {
                const v128_t a = wasm_i16x8_extmul_low_i8x16(halves[h], halves[h]);
                const v128_t b = wasm_i16x8_extmul_high_i8x16(halves[h], halves[h]);
                four = wasm_i32x4_add(four, wasm_i32x4_extadd_pairwise_i16x8(wasm_i16x8_add(a, b)));
            }
        }
#pragma clang loop unroll(full)
        for (int lane = 0; lane < 4; lane++) {
            squares += wasm_i32x4_extract_lane(four, 0);
            four = wasm_i32x4_shuffle(four, four, 1, 2, 3, 0);
        }
#endif
        for (; i < bytes; i++) {
            const int a = (low[i] & 15) - 8, b = (low[i] >> 4) - 8;
            squares += a * a + b * b;
        }
        *left = squares > *left ? squares : *left;
    }
}
