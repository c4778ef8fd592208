/* int8 scan for AVX2. Contract: scan.h.
 *
 * vpmaddubsw multiplies unsigned by signed bytes and adds pairs into i16: 2 * 127 * 127 = 32258
 * fits, so its saturation never shows. Multiplying by ones adds the pairs into i32. */
#include <immintrin.h>
#include <string.h>
#include "kernels/panels.h"
#include "kernels/scan.h"

static __m256i add_products(__m256i sum, const void *w, __m256i x)
{
    const __m256i pairs = _mm256_maddubs_epi16(x, _mm256_loadu_si256(w));
    /* At most 1024 * 127 * 127 per row (scan.h): i32 holds 133 times that. */
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

void vitrine_scan_q8_avx2(int32_t *restrict y, const int8_t *restrict panels,
                          const uint8_t *restrict x, size_t rows, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    const int8_t *w = panels;
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
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
        _mm256_storeu_si256((__m256i *)(y + base), s0);
        _mm256_storeu_si256((__m256i *)(y + base + 8), s1);
        _mm256_storeu_si256((__m256i *)(y + base + 16), s2);
        _mm256_storeu_si256((__m256i *)(y + base + 24), s3);
    }
}

int32_t vitrine_dot_q8_avx2(const int8_t *restrict a, const uint8_t *restrict b, size_t n)
{
    __m256i sum = _mm256_setzero_si256();
    size_t i = 0;
    for (; i + 32 <= n; i += 32)
        sum = add_products(sum, a + i, _mm256_loadu_si256((const __m256i *)(b + i)));
    int32_t lane[8];
    _mm256_storeu_si256((__m256i *)lane, sum);
    int32_t total = 0;
    for (size_t l = 0; l < 8; l++) total += lane[l];
    for (; i < n; i++) total += a[i] * b[i];
    return total;
}
