/* Matrix times vector in f32:
 *
 *   y[r] = bias[r] + sum over c of W[r][c] * x[c]          r < rows rounded up to 32, c < cols
 *
 *   y       [rows rounded up to 32], all written; overlaps no input
 *   panels  W as panels.h lays it out
 *   x       [cols]
 *   bias    [rows rounded up to 32], or null for zeros
 *
 * Every row adds its products in ascending c, starting from its bias, each product and each sum
 * rounded to f32. There is one row per lane, so every variant adds in this very order and gives the
 * same bits. A fused multiply-add would round differently and is left out everywhere.
 * |error| <= (cols + 1) * FLT_EPSILON * (|bias| + sum |W x|). Finite as long as that sum is. */
#ifndef VITRINE_KERNELS_GEMV_H
#define VITRINE_KERNELS_GEMV_H

#include <stddef.h>

void vitrine_gemv_f32_scalar(float *restrict y, const float *restrict panels,
                             const float *restrict x, const float *restrict bias, size_t rows,
                             size_t cols);
void vitrine_gemv_f32_avx2(float *restrict y, const float *restrict panels,
                           const float *restrict x, const float *restrict bias, size_t rows,
                           size_t cols);
void vitrine_gemv_f32_simd128(float *restrict y, const float *restrict panels,
                              const float *restrict x, const float *restrict bias, size_t rows,
                              size_t cols);

#endif
