/* gemv for AVX2. Contract: gemv.h.
 *
 * Four registers hold the 32 sums of a panel: independent chains, so adds do not wait for each
 * other, and the panel is one sequential stream. */
#include <immintrin.h>
#include "kernels/gemv.h"
#include "kernels/panels.h"

static __m256 add_products(__m256 sum, const float *w, __m256 x)
{
    return _mm256_add_ps(sum, _mm256_mul_ps(_mm256_loadu_ps(w), x));
}

void vitrine_gemv_f32_avx2(float *restrict y, const float *restrict panels,
                           const float *restrict x, const float *restrict bias, size_t rows,
                           size_t cols)
{
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        const float *w = panels + base * cols;
        __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
        if (bias) {
            s0 = _mm256_loadu_ps(bias + base);
            s1 = _mm256_loadu_ps(bias + base + 8);
            s2 = _mm256_loadu_ps(bias + base + 16);
            s3 = _mm256_loadu_ps(bias + base + 24);
        }
        for (size_t c = 0; c < cols; c++, w += VITRINE_PANEL) {
            const __m256 value = _mm256_broadcast_ss(x + c);
            s0 = add_products(s0, w, value);
            s1 = add_products(s1, w + 8, value);
            s2 = add_products(s2, w + 16, value);
            s3 = add_products(s3, w + 24, value);
        }
        _mm256_storeu_ps(y + base, s0);
        _mm256_storeu_ps(y + base + 8, s1);
        _mm256_storeu_ps(y + base + 16, s2);
        _mm256_storeu_ps(y + base + 24, s3);
    }
}
