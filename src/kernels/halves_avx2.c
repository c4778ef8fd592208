/* The scan of split rows for AVX2. Contract: halves.h.
 *
 * vpmaddubsw multiplies unsigned by signed bytes and adds pairs into i16, which hold a stretch of them; then
 * multiplying by ones adds the pairs into i32. */
#include <immintrin.h>
#include <string.h>
#include "kernels/halves.h"
#include "kernels/logits_avx2.h"

static inline void panel_sums(__m256i sum[SUMS], const uint8_t *high, const uint8_t *x, size_t groups)
{
    const __m256i nibble = _mm256_set1_epi8(15), ones = _mm256_set1_epi16(1), middle = _mm256_set1_epi8(64);
    for (size_t s = 0; s < SUMS; s++) sum[s] = _mm256_setzero_si256();
    for (size_t g = 0; g < groups;) {
        const size_t end = groups - g > VITRINE_HALVES_STRETCH ? g + VITRINE_HALVES_STRETCH : groups;
        __m256i s0 = _mm256_setzero_si256(), s1 = s0, s2 = s0, s3 = s0;
        for (; g < end; g++, high += VITRINE_PANEL * 2) {
            int32_t four;
            memcpy(&four, x + g * 4, sizeof four);
            const __m256i query = _mm256_sub_epi8(_mm256_set1_epi32(four), middle);
            const __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)high);
            const __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(high + 32));
            s0 = _mm256_add_epi16(s0, _mm256_maddubs_epi16(_mm256_and_si256(a, nibble), query));
            s1 = _mm256_add_epi16(s1, _mm256_maddubs_epi16(_mm256_and_si256(b, nibble), query));
            s2 = _mm256_add_epi16(s2, _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(a, 4), nibble), query));
            s3 = _mm256_add_epi16(s3, _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(b, 4), nibble), query));
        }
        sum[0] = _mm256_add_epi32(sum[0], _mm256_madd_epi16(s0, ones));
        sum[1] = _mm256_add_epi32(sum[1], _mm256_madd_epi16(s1, ones));
        sum[2] = _mm256_add_epi32(sum[2], _mm256_madd_epi16(s2, ones));
        sum[3] = _mm256_add_epi32(sum[3], _mm256_madd_epi16(s3, ones));
    }
}

void vitrine_halves_avx2(float *restrict y, float *restrict most, const vitrine_rows_halves *w,
                         const uint8_t *restrict x, float query_scale, size_t rows, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    const __m256 query = _mm256_set1_ps(query_scale);
    int32_t all = 0;
    for (size_t c = 0; c < groups * 4; c++) all += x[c] - 64;
    const __m256i centre = _mm256_set1_epi32(120 * all);
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        __m256i sum[SUMS];
        panel_sums(sum, w->high + base * groups * 2, x, groups);
        for (size_t s = 0; s < SUMS; s++) sum[s] = _mm256_sub_epi32(_mm256_slli_epi32(sum[s], 4), centre);
        most[base / VITRINE_PANEL] = panel_logits(y + base, sum, w->scale + base, w->bias + base, query);
    }
}
