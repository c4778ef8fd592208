/* int8 scan for AVX-512 with VNNI. Contract: scan.h.
 *
 * vpdpbusd multiplies unsigned by signed bytes and adds four products into i32 without a step through
 * i16. A panel is two registers of sixteen rows; two panels at once keep four chains of adds going. */
#include <immintrin.h>
#include <string.h>
#include "kernels/panels.h"
#include "kernels/scan.h"

enum { WIDE = 16, SUMS = VITRINE_PANEL / WIDE };

/* Sums of `panels` (1 or 2) panels that follow each other. */
static inline void panel_sums(__m512i *sum, const int8_t *w, const uint8_t *x, size_t groups,
                              size_t panels)
{
    const int8_t *second = panels == 2 ? w + groups * VITRINE_PANEL * 4 : w;
    __m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0;
    for (size_t g = 0; g < groups; g++, w += VITRINE_PANEL * 4, second += VITRINE_PANEL * 4) {
        int32_t four;
        memcpy(&four, x + g * 4, sizeof four);
        const __m512i query = _mm512_set1_epi32(four);
        s0 = _mm512_dpbusd_epi32(s0, query, _mm512_loadu_si512(w));
        s1 = _mm512_dpbusd_epi32(s1, query, _mm512_loadu_si512(w + 64));
        if (panels < 2) continue;
        s2 = _mm512_dpbusd_epi32(s2, query, _mm512_loadu_si512(second));
        s3 = _mm512_dpbusd_epi32(s3, query, _mm512_loadu_si512(second + 64));
    }
    sum[0] = s0;
    sum[1] = s1;
    if (panels < 2) return;
    sum[2] = s2;
    sum[3] = s3;
}

static inline float panel_logits(float *y, const __m512i sum[SUMS], const vitrine_rows_q8 *w,
                                 float query_scale, size_t base)
{
    const __m512 query = _mm512_set1_ps(query_scale);
    __m512 logit[SUMS];
    for (size_t s = 0; s < SUMS; s++) {
        const size_t r = base + s * WIDE;
        const __m512i whole = _mm512_sub_epi32(sum[s], _mm512_loadu_si512(w->row_sum + r));
        const __m512 unit = _mm512_mul_ps(_mm512_loadu_ps(w->scale + r), query);
        logit[s] = _mm512_add_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(whole), unit),
                                 _mm512_loadu_ps(w->bias + r));
        _mm512_storeu_ps(y + r, logit[s]);
    }
    return _mm512_reduce_max_ps(_mm512_max_ps(logit[0], logit[1])) + 0.0f; /* see scan_scalar.c */
}

void vitrine_logits_q8_avx512(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                              const uint8_t *restrict x, float query_scale, size_t rows, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4, padded = vitrine_padded_rows(rows);
    for (size_t base = 0; base < padded;) {
        const size_t at_once = padded - base > VITRINE_PANEL ? 2 : 1;
        __m512i sum[2 * SUMS];
        panel_sums(sum, w->panels + base * groups * 4, x, groups, at_once);
        for (size_t p = 0; p < at_once; p++, base += VITRINE_PANEL)
            most[base / VITRINE_PANEL] = panel_logits(y, sum + p * SUMS, w, query_scale, base);
    }
}
