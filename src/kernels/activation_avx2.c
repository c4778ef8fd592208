/* exp, sigmoid and tanh for AVX2: the inline functions of activation.h, eight at a time, step by
 * step the same roundings. The last few go through those functions themselves. */
#include <immintrin.h>
#include "kernels/activation.h"
#include "kernels/vector.h"

#define EIGHT(value) _mm256_set1_ps(value)

static __m256 times_plus(__m256 a, __m256 b, __m256 c)
{
    return _mm256_add_ps(_mm256_mul_ps(a, b), c);
}

static __m256 exp8(__m256 x)
{
    const __m256 magic = EIGHT(VITRINE_ROUND_MAGIC);
    x = _mm256_max_ps(x, EIGHT(VITRINE_EXP_LOW));
    x = _mm256_min_ps(x, EIGHT(VITRINE_EXP_HIGH));
    const __m256 rounded = times_plus(x, EIGHT(VITRINE_LOG2_E), magic);
    const __m256 k = _mm256_sub_ps(rounded, magic);
    __m256 r = _mm256_sub_ps(x, _mm256_mul_ps(k, EIGHT(VITRINE_LN2_HIGH)));
    r = _mm256_sub_ps(r, _mm256_mul_ps(k, EIGHT(VITRINE_LN2_LOW)));
    __m256 p = EIGHT(VITRINE_EXP_6);
    p = times_plus(p, r, EIGHT(VITRINE_EXP_5));
    p = times_plus(p, r, EIGHT(VITRINE_EXP_4));
    p = times_plus(p, r, EIGHT(VITRINE_EXP_3));
    p = times_plus(p, r, EIGHT(VITRINE_EXP_2));
    p = times_plus(_mm256_mul_ps(p, r), r, r);
    p = _mm256_add_ps(p, EIGHT(1.0f));
    /* Shifted up by 23, the magic number's own bits fall out: only k is left. */
    const __m256i power = _mm256_slli_epi32(_mm256_castps_si256(rounded), 23);
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(p), power));
}

static __m256 sigmoid8(__m256 x)
{
    const __m256 negative = _mm256_xor_ps(x, EIGHT(-0.0f));
    return _mm256_div_ps(EIGHT(1.0f), _mm256_add_ps(EIGHT(1.0f), exp8(negative)));
}

static __m256 tanh8(__m256 x)
{
    const __m256 sign = EIGHT(-0.0f);
    const __m256 size = _mm256_andnot_ps(sign, x);
    const __m256 s = _mm256_mul_ps(size, size);
    __m256 p = EIGHT(VITRINE_TANH_11);
    p = times_plus(p, s, EIGHT(VITRINE_TANH_9));
    p = times_plus(p, s, EIGHT(VITRINE_TANH_7));
    p = times_plus(p, s, EIGHT(VITRINE_TANH_5));
    p = times_plus(p, s, EIGHT(VITRINE_TANH_3));
    const __m256 small = times_plus(_mm256_mul_ps(p, s), size, size);
    const __m256 power = _mm256_add_ps(exp8(_mm256_add_ps(size, size)), EIGHT(1.0f));
    const __m256 large = _mm256_sub_ps(EIGHT(1.0f), _mm256_div_ps(EIGHT(2.0f), power));
    const __m256 is_small = _mm256_cmp_ps(size, EIGHT(VITRINE_TANH_SMALL), _CMP_LT_OQ);
    return _mm256_or_ps(_mm256_blendv_ps(large, small, is_small), _mm256_and_ps(sign, x));
}

float vitrine_exp_shifted_avx2(float *restrict y, const float *restrict x, float shift, size_t n)
{
    const __m256 by = _mm256_set1_ps(shift);
    __m256 sum = _mm256_setzero_ps();
    float lane[8];
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        const __m256 e = exp8(_mm256_sub_ps(_mm256_loadu_ps(x + i), by));
        _mm256_storeu_ps(y + i, e);
        sum = _mm256_add_ps(sum, e);
    }
    _mm256_storeu_ps(lane, sum);
    for (size_t l = 0; i + l < n; l++) lane[l] += y[i + l] = vitrine_exp1(x[i + l] - shift);
    return vitrine_add_lanes(lane);
}

void vitrine_sigmoid_avx2(float *restrict y, const float *restrict x, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) _mm256_storeu_ps(y + i, sigmoid8(_mm256_loadu_ps(x + i)));
    for (; i < n; i++) y[i] = vitrine_sigmoid1(x[i]);
}

void vitrine_tanh_avx2(float *restrict y, const float *restrict x, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) _mm256_storeu_ps(y + i, tanh8(_mm256_loadu_ps(x + i)));
    for (; i < n; i++) y[i] = vitrine_tanh1(x[i]);
}
