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

void vitrine_halves_row(int8_t *restrict values, size_t step, const vitrine_rows_halves *w, size_t row, size_t cols)
{
    const uint32_t nibbles = 0x0F0F0F0Fu, shift = row % VITRINE_PANEL >= HALF ? 4 : 0;
    const uint8_t *high = w->high + place_high(row, 0, cols), *low = w->low + row * groups_of(cols) * 2;
    /* Four columns are a word: n << 4 | l in each byte, and the top bit turned takes 128 off. */
    for (size_t c = 0; c < cols; c += 4, high += HALF * 4, low += 2, values += step) {
        uint32_t four;
        memcpy(&four, high, sizeof four);
        const uint32_t pairs = low[0] | (uint32_t)low[1] << 16, l = (pairs | pairs << 4) & nibbles;
        four = ((four >> shift & nibbles) << 4 | l) ^ 0x80808080u;
        /* Of a length that is known a copy is one store; of any other an engine calls a function of its own. */
        if (cols - c >= 4) memcpy(values, &four, 4);
        else memcpy(values, &four, cols - c);
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

#if defined(__wasm_simd128__)
/* To the sums of one row, in four lanes, what 16 bytes of it add: 4 * 960 each at most. */
static inline v128_t add_sixteen(v128_t sum, const uint8_t *low, v128_t even, v128_t odd)
{
    const v128_t both = wasm_v128_load(low);
    const v128_t l = wasm_v128_and(both, wasm_i8x16_splat(15)), m = wasm_u8x16_shr(both, 4);
#ifdef __wasm_relaxed_simd__
    /* l is of four bits: an engine has no choice (halves.h). */
    const v128_t pairs = wasm_i16x8_add(wasm_i16x8_relaxed_dot_i8x16_i7x16(even, l),
                                        wasm_i16x8_relaxed_dot_i8x16_i7x16(odd, m));
#else
    const v128_t pairs =
        wasm_i16x8_add(wasm_i16x8_add(wasm_i16x8_extmul_low_i8x16(l, even), wasm_i16x8_extmul_high_i8x16(l, even)),
                       wasm_i16x8_add(wasm_i16x8_extmul_low_i8x16(m, odd), wasm_i16x8_extmul_high_i8x16(m, odd)));
#endif
    return wasm_i32x4_add(sum, wasm_i32x4_extadd_pairwise_i16x8(pairs));
}
#elif defined(__SSE2__)
static inline __m128i add_sixteen(__m128i sum, const uint8_t *low, const int8_t *even, const int8_t *odd)
{
    const __m128i both = _mm_loadu_si128((const __m128i *)(const void *)low), nibble = _mm_set1_epi8(15);
    const __m128i l[2] = {_mm_and_si128(both, nibble), _mm_and_si128(_mm_srli_epi16(both, 4), nibble)};
    const int8_t *const from[2] = {even, odd};
    for (int h = 0; h < 2; h++) {
        const __m128i q = _mm_loadu_si128((const __m128i *)(const void *)from[h]), none = _mm_setzero_si128();
        const __m128i signs = _mm_cmpgt_epi8(none, q);
        sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_unpacklo_epi8(l[h], none), _mm_unpacklo_epi8(q, signs)));
        sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_unpackhi_epi8(l[h], none), _mm_unpackhi_epi8(q, signs)));
    }
    return sum;
}
#endif

void vitrine_halves_low(int32_t y[VITRINE_HALVES_ROWS], const vitrine_rows_halves *w, const vitrine_halves_query *query,
                        const uint32_t rows[VITRINE_HALVES_ROWS], size_t cols)
{
    const size_t bytes = groups_of(cols) * 2;
    const uint8_t *const a = w->low + rows[0] * bytes, *const b = w->low + rows[1] * bytes;
    const uint8_t *const c = w->low + rows[2] * bytes, *const d = w->low + rows[3] * bytes;
    const int8_t *const even = query->even, *const odd = query->odd;
    size_t i = 0;
#if defined(__wasm_simd128__)
    v128_t s0 = wasm_i32x4_splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (; i + 16 <= bytes; i += 16) {
        const v128_t x = wasm_v128_load(even + i), z = wasm_v128_load(odd + i);
        s0 = add_sixteen(s0, a + i, x, z);
        s1 = add_sixteen(s1, b + i, x, z);
        s2 = add_sixteen(s2, c + i, x, z);
        s3 = add_sixteen(s3, d + i, x, z);
    }
    /* Turned: a row in each lane. */
    const v128_t p = wasm_i32x4_add(wasm_i32x4_shuffle(s0, s1, 0, 4, 1, 5), wasm_i32x4_shuffle(s0, s1, 2, 6, 3, 7));
    const v128_t q = wasm_i32x4_add(wasm_i32x4_shuffle(s2, s3, 0, 4, 1, 5), wasm_i32x4_shuffle(s2, s3, 2, 6, 3, 7));
    wasm_v128_store(y, wasm_i32x4_sub(wasm_i32x4_add(wasm_i64x2_shuffle(p, q, 0, 2), wasm_i64x2_shuffle(p, q, 1, 3)),
                                      wasm_i32x4_splat(8 * query->sum)));
#elif defined(__SSE2__)
    __m128i s0 = _mm_setzero_si128(), s1 = s0, s2 = s0, s3 = s0;
    for (; i + 16 <= bytes; i += 16) {
        s0 = add_sixteen(s0, a + i, even + i, odd + i);
        s1 = add_sixteen(s1, b + i, even + i, odd + i);
        s2 = add_sixteen(s2, c + i, even + i, odd + i);
        s3 = add_sixteen(s3, d + i, even + i, odd + i);
    }
    const __m128i p = _mm_add_epi32(_mm_unpacklo_epi32(s0, s1), _mm_unpackhi_epi32(s0, s1));
    const __m128i q = _mm_add_epi32(_mm_unpacklo_epi32(s2, s3), _mm_unpackhi_epi32(s2, s3));
    const __m128i all = _mm_add_epi32(_mm_unpacklo_epi64(p, q), _mm_unpackhi_epi64(p, q));
    _mm_storeu_si128((__m128i *)(void *)y, _mm_sub_epi32(all, _mm_set1_epi32(8 * query->sum)));
#else
    for (size_t r = 0; r < VITRINE_HALVES_ROWS; r++) y[r] = -8 * query->sum;
#endif
    for (; i < bytes; i++) {
        const uint8_t byte[VITRINE_HALVES_ROWS] = {a[i], b[i], c[i], d[i]};
        for (size_t r = 0; r < VITRINE_HALVES_ROWS; r++) y[r] += (byte[r] & 15) * even[i] + (byte[r] >> 4) * odd[i];
    }
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

/* Columns come in pairs, each with sums of its own, for no sum to wait for the one before. */
void vitrine_halves_left(const vitrine_rows_halves *w, size_t row, const int16_t *rest, size_t cols, float *upper,
                         float *both)
{
    const uint8_t *low = w->low + row * groups_of(cols) * 2;
    float a[2] = {0.0f, 0.0f}, b[2] = {0.0f, 0.0f};
    size_t c = 0;
#ifdef __wasm_simd128__
    v128_t all = wasm_f32x4_splat(0.0f), more = all;
    for (; c + 8 <= cols; c += 8, low += 4) {
        /* Two columns of 16 bits in each word, as rest has them. */
        const v128_t byte = wasm_u32x4_extend_low_u16x8(wasm_u16x8_extend_low_u8x16(wasm_v128_load32_zero(low)));
        const v128_t l = wasm_v128_and(wasm_v128_or(byte, wasm_i32x4_shl(byte, 12)), wasm_i32x4_splat(0x000F000F));
        const v128_t v = wasm_i16x8_sub(l, wasm_i16x8_splat(8)), e = wasm_v128_load(rest + c);
        const v128_t e0 = wasm_i32x4_extend_low_i16x8(e), e1 = wasm_i32x4_extend_high_i16x8(e);
        const v128_t r0 = wasm_f32x4_convert_i32x4(wasm_i32x4_add(wasm_i32x4_shl(wasm_i32x4_extend_low_i16x8(v), 16), e0));
        const v128_t r1 = wasm_f32x4_convert_i32x4(wasm_i32x4_add(wasm_i32x4_shl(wasm_i32x4_extend_high_i16x8(v), 16), e1));
        const v128_t f0 = wasm_f32x4_convert_i32x4(e0), f1 = wasm_f32x4_convert_i32x4(e1);
        all = wasm_f32x4_add(all, wasm_f32x4_add(wasm_f32x4_mul(r0, r0), wasm_f32x4_mul(r1, r1)));
        more = wasm_f32x4_add(more, wasm_f32x4_add(wasm_f32x4_mul(f0, f0), wasm_f32x4_mul(f1, f1)));
    }
    a[0] = wasm_f32x4_extract_lane(all, 0) + wasm_f32x4_extract_lane(all, 1);
    a[1] = wasm_f32x4_extract_lane(all, 2) + wasm_f32x4_extract_lane(all, 3);
    b[0] = wasm_f32x4_extract_lane(more, 0) + wasm_f32x4_extract_lane(more, 1);
    b[1] = wasm_f32x4_extract_lane(more, 2) + wasm_f32x4_extract_lane(more, 3);
#endif
    for (; c < cols; c += 2, low++) {
        const float e = (float)rest[c], r = (float)((*low & 15) * 65536 + rest[c] - 524288);
        a[0] += r * r;
        b[0] += e * e;
        if (c + 1 == cols) break;
        const float f = (float)rest[c + 1], t = (float)((*low >> 4) * 65536 + rest[c + 1] - 524288);
        a[1] += t * t;
        b[1] += f * f;
    }
    *upper = a[0] + a[1] > *upper ? a[0] + a[1] : *upper;
    *both = b[0] + b[1] > *both ? b[0] + b[1] : *both;
}
