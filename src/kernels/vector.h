/* The small vector loops of ranking and of the networks, each with its order of additions fixed.
 *
 *   sum         x summed in eight lanes: lane l takes x[l], x[8 + l], ... in ascending order from
 *               0, then ((0+4) + (2+6)) + ((1+5) + (3+7)). 0 for n = 0
 *   max         the largest of x, n > 0
 *   dot_f32     the products a[i] * b[i], each rounded, summed as in `sum`
 *   axpby       y[i] = a * x[i] + b * y[i]
 *
 *   arrays [n], any n from 0 (max: from 1); y overlaps no input; nothing is read or written past n
 *
 * All values finite, none NaN. Every variant gives the same bits.
 * sum: |error| <= (n / 8 + 4) * FLT_EPSILON * sum |x|; dot_f32: one FLT_EPSILON more. */
#ifndef VITRINE_KERNELS_VECTOR_H
#define VITRINE_KERNELS_VECTOR_H

#include <stddef.h>
#include <stdint.h>

/* The last step of `sum` and `dot_f32`. */
static inline float vitrine_add_lanes(const float lane[8])
{
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

float vitrine_sum_scalar(const float *x, size_t n);
float vitrine_max_scalar(const float *x, size_t n);
float vitrine_dot_f32_scalar(const float *restrict a, const float *restrict b, size_t n);
void vitrine_axpby_scalar(float *restrict y, float a, const float *restrict x, float b, size_t n);

float vitrine_sum_avx2(const float *x, size_t n);
float vitrine_max_avx2(const float *x, size_t n);
float vitrine_dot_f32_avx2(const float *restrict a, const float *restrict b, size_t n);
void vitrine_axpby_avx2(float *restrict y, float a, const float *restrict x, float b, size_t n);

float vitrine_sum_simd128(const float *x, size_t n);
float vitrine_max_simd128(const float *x, size_t n);
float vitrine_dot_f32_simd128(const float *restrict a, const float *restrict b, size_t n);
void vitrine_axpby_simd128(float *restrict y, float a, const float *restrict x, float b, size_t n);

#endif
