/* The vector loops for AVX2. Contract and order of additions: vector.h; one register is the eight
 * lanes, and the last few values go to their lanes one by one. */
#include <immintrin.h>
#include "kernels/vector.h"

float vitrine_sum_avx2(const float *x, size_t n)
{
    __m256 lanes = _mm256_setzero_ps();
    size_t i = 0;
    for (; i + 8 <= n; i += 8) lanes = _mm256_add_ps(lanes, _mm256_loadu_ps(x + i));
    float lane[8];
    _mm256_storeu_ps(lane, lanes);
    for (size_t l = 0; i + l < n; l++) lane[l] += x[i + l];
    return vitrine_add_lanes(lane);
}

float vitrine_max_avx2(const float *x, size_t n)
{
    __m256 lanes = _mm256_set1_ps(x[0]);
    size_t i = 0;
    for (; i + 8 <= n; i += 8) lanes = _mm256_max_ps(lanes, _mm256_loadu_ps(x + i));
    float lane[8], most = x[0];
    _mm256_storeu_ps(lane, lanes);
    for (size_t l = 0; l < 8; l++) most = lane[l] > most ? lane[l] : most;
    for (; i < n; i++) most = x[i] > most ? x[i] : most;
    return most + 0.0f; /* see vector_scalar.c */
}

float vitrine_dot_f32_avx2(const float *restrict a, const float *restrict b, size_t n)
{
    __m256 lanes = _mm256_setzero_ps();
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        const __m256 products = _mm256_mul_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i));
        lanes = _mm256_add_ps(lanes, products);
    }
    float lane[8];
    _mm256_storeu_ps(lane, lanes);
    for (size_t l = 0; i + l < n; l++) lane[l] += a[i + l] * b[i + l];
    return vitrine_add_lanes(lane);
}

void vitrine_axpby_avx2(float *restrict y, float a, const float *restrict x, float b, size_t n)
{
    const __m256 aa = _mm256_set1_ps(a), bb = _mm256_set1_ps(b);
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        const __m256 ax = _mm256_mul_ps(aa, _mm256_loadu_ps(x + i));
        const __m256 by = _mm256_mul_ps(bb, _mm256_loadu_ps(y + i));
        _mm256_storeu_ps(y + i, _mm256_add_ps(ax, by));
    }
    for (; i < n; i++) y[i] = a * x[i] + b * y[i];
}
