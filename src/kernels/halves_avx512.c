/* The scan of split rows for AVX-512 with VNNI. Contract: halves.h.
 *
 * vpdpbusd multiplies unsigned by signed bytes and adds four products into i32: no stretches. */
#include <immintrin.h>
#include <string.h>
#include "kernels/halves.h"

enum { WIDE = 16, SUMS = VITRINE_PANEL / WIDE };

static inline void panel_sums(__m512i sum[SUMS], const uint8_t *high, const uint8_t *x, size_t groups)
{
    const __m512i nibble = _mm512_set1_epi32(0x0F0F0F0F), middle = _mm512_set1_epi32(0x40404040);
    __m512i s0 = _mm512_setzero_si512(), s1 = s0;
    for (size_t g = 0; g < groups; g++, high += VITRINE_PANEL * 2) {
        int32_t four;
        memcpy(&four, x + g * 4, sizeof four);
        /* AVX-512F subtracts no bytes: x + 64 stays within one, and its top bit turned makes it x - 64. */
        const __m512i query = _mm512_xor_si512(
            _mm512_add_epi32(_mm512_set1_epi32(four), middle), _mm512_set1_epi32((int32_t)0x80808080));
        const __m512i both = _mm512_loadu_si512(high);
        s0 = _mm512_dpbusd_epi32(s0, _mm512_and_si512(both, nibble), query);
        s1 = _mm512_dpbusd_epi32(s1, _mm512_and_si512(_mm512_srli_epi32(both, 4), nibble), query);
    }
    sum[0] = s0;
    sum[1] = s1;
}

void vitrine_halves_avx512(float *restrict y, float *restrict most, const vitrine_rows_halves *w,
                           const uint8_t *restrict x, float query_scale, size_t rows, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    const __m512 query = _mm512_set1_ps(query_scale);
    int32_t all = 0;
    for (size_t c = 0; c < groups * 4; c++) all += x[c] - 64;
    const __m512i centre = _mm512_set1_epi32(120 * all);
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        __m512i sum[SUMS];
        __m512 logit[SUMS];
        panel_sums(sum, w->high + base * groups * 2, x, groups);
        for (size_t s = 0; s < SUMS; s++) {
            const size_t r = base + s * WIDE;
            const __m512 unit = _mm512_mul_ps(_mm512_loadu_ps(w->scale + r), query);
            const __m512i whole = _mm512_sub_epi32(_mm512_slli_epi32(sum[s], 4), centre);
            logit[s] = _mm512_add_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(whole), unit), _mm512_loadu_ps(w->bias + r));
            _mm512_storeu_ps(y + r, logit[s]);
        }
        most[base / VITRINE_PANEL] = _mm512_reduce_max_ps(_mm512_max_ps(logit[0], logit[1])) + 0.0f; /* see scan_scalar.c */
    }
}
