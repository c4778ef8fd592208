/* Four exact rows for AVX2, in registers of four lanes. Contract: exact.h; the turning of four columns
 * of four rows: exact_simd128.c. */
#include <immintrin.h>
#include <string.h>
#include "kernels/exact.h"

enum { ROWS = VITRINE_EXACT_ROWS };

static inline __m128 four_weights(vitrine_exact_row row, size_t c)
{
    int32_t four;
    memcpy(&four, row.q + c * VITRINE_PANEL, sizeof four);
    const __m128i high = _mm_slli_epi32(_mm_cvtepi8_epi32(_mm_cvtsi32_si128(four)), 16);
    const __m128i low = _mm_cvtepi16_epi32(_mm_loadl_epi64((const __m128i *)(const void *)(row.rest + c)));
    return _mm_mul_ps(_mm_cvtepi32_ps(_mm_add_epi32(high, low)), _mm_set1_ps(row.unit));
}

static inline __m128 add_product(__m128 sum, __m128 weights, const float *x)
{
    return _mm_add_ps(sum, _mm_mul_ps(weights, _mm_set1_ps(*x)));
}

void vitrine_exact_four_avx2(float y[VITRINE_EXACT_ROWS], const vitrine_rows_exact *w,
                             const uint32_t rows[VITRINE_EXACT_ROWS], const float *restrict x, size_t cols)
{
    vitrine_exact_row row[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        row[i] = vitrine_exact_row_of(w, rows[i], cols);
        y[i] = w->bias[rows[i]];
    }
    __m128 sum = _mm_loadu_ps(y);
    for (size_t c = 0; c < cols; c += 4) {
        __m128 r0 = four_weights(row[0], c);
        __m128 r1 = four_weights(row[1], c);
        __m128 r2 = four_weights(row[2], c);
        __m128 r3 = four_weights(row[3], c);
        _MM_TRANSPOSE4_PS(r0, r1, r2, r3);
        sum = add_product(sum, r0, x + c);
        sum = add_product(sum, r1, x + c + 1);
        sum = add_product(sum, r2, x + c + 2);
        sum = add_product(sum, r3, x + c + 3);
    }
    _mm_storeu_ps(y, sum);
}
