/* From the sums of a panel to its logits: the end of the two scans for AVX2 (scan.h, halves.h). */
#ifndef VITRINE_KERNELS_LOGITS_AVX2_H
#define VITRINE_KERNELS_LOGITS_AVX2_H

#include <immintrin.h>
#include "kernels/panels.h"

enum { WIDE = 8, SUMS = VITRINE_PANEL / WIDE };

/* Writes y[0 .. 31] from the whole numbers of a panel's rows, whose scales and biases are given, and returns the
 * largest of them. */
static inline float panel_logits(float *y, const __m256i whole[SUMS], const float *scale, const float *bias,
                                 __m256 query_scale)
{
    __m256 largest = query_scale;
    for (size_t s = 0; s < SUMS; s++) {
        const __m256 unit = _mm256_mul_ps(_mm256_loadu_ps(scale + s * WIDE), query_scale);
        const __m256 product = _mm256_mul_ps(_mm256_cvtepi32_ps(whole[s]), unit);
        const __m256 logit = _mm256_add_ps(product, _mm256_loadu_ps(bias + s * WIDE));
        _mm256_storeu_ps(y + s * WIDE, logit);
        largest = s == 0 ? logit : _mm256_max_ps(largest, logit);
    }
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(largest), _mm256_extractf128_ps(largest, 1));
    four = _mm_max_ps(four, _mm_movehl_ps(four, four));
    four = _mm_max_ss(four, _mm_shuffle_ps(four, four, 1));
    return _mm_cvtss_f32(four) + 0.0f; /* see scan_scalar.c */
}

#endif
