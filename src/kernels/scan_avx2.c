/* int8 scan for AVX2. Contract: scan.h.
 *
 * vpmaddubsw multiplies unsigned by signed bytes and adds pairs into i16: 2 * 127 * 127 = 32258
 * fits, so its saturation never shows. Multiplying by ones adds the pairs into i32. */
#include <immintrin.h>
#include <string.h>
#include "kernels/logits_avx2.h"
#include "kernels/scan.h"

static inline __m256i add_products(__m256i sum, const void *w, __m256i x)
{
    const __m256i pairs = _mm256_maddubs_epi16(x, _mm256_loadu_si256(w));
    /* At most 1024 * 127 * 127 per row (scan.h): i32 holds 133 times that. */
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

static inline void panel_sums(__m256i sum[SUMS], const int8_t *w, const uint8_t *x, size_t groups)
{
    __m256i s0 = _mm256_setzero_si256(), s1 = s0, s2 = s0, s3 = s0;
    for (size_t g = 0; g < groups; g++, w += VITRINE_PANEL * 4) {
        int32_t four;
        memcpy(&four, x + g * 4, sizeof four);
        const __m256i query = _mm256_set1_epi32(four);
        s0 = add_products(s0, w, query);
        s1 = add_products(s1, w + 32, query);
        s2 = add_products(s2, w + 64, query);
        s3 = add_products(s3, w + 96, query);
    }
    sum[0] = s0;
    sum[1] = s1;
    sum[2] = s2;
    sum[3] = s3;
}

void vitrine_logits_q8_avx2(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                            const uint8_t *restrict x, float query_scale, size_t rows, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    const __m256 query = _mm256_set1_ps(query_scale);
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        __m256i sum[SUMS];
        panel_sums(sum, w->panels + base * groups * 4, x, groups);
        for (size_t s = 0; s < SUMS; s++)
            sum[s] = _mm256_sub_epi32(sum[s], _mm256_loadu_si256((const __m256i *)(w->row_sum + base + s * WIDE)));
        most[base / VITRINE_PANEL] = panel_logits(y + base, sum, w->scale + base, w->bias + base, query);
    }
}
