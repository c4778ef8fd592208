/* Scores of four rows of an exact model, wherever they lie:
 *
 *   w[r][c] = (float)(65536 * q + rest) * (scale[r] / 65536)
 *   y[i] = bias[rows[i]] + sum over c of w[rows[i]][c] * x[c]          i < 4, c < cols
 *
 *   y     [4]; overlaps no input
 *   rows  [4], any of the matrix, one of them more than once if need be
 *   x     [cols]; cols is a multiple of 4
 *
 * The sums are those of gemv.h, to the bit: one lane a row, ascending c, each product and each sum
 * rounded. |65536 q + rest| <= 127 * 65536 + 32768 < 2^23 is exact as a float, so a weight is one
 * rounding. Rows are gathered and turned four columns at a time; they never lie in memory as floats. */
#ifndef VITRINE_KERNELS_EXACT_H
#define VITRINE_KERNELS_EXACT_H

#include "kernels/kernels.h"

/* One weight; `q` is where the row begins in its panel. */
static inline float vitrine_exact_weight(const int8_t *q, const int16_t *rest, size_t c, float unit)
{
    const size_t at = c / 4 * 4 * VITRINE_PANEL + c % 4;
    return (float)(q[at] * 65536 + rest[c]) * unit;
}

void vitrine_exact_four_scalar(float y[VITRINE_EXACT_ROWS], const vitrine_rows_exact *w,
                               const uint32_t rows[VITRINE_EXACT_ROWS], const float *restrict x, size_t cols);
void vitrine_exact_four_avx2(float y[VITRINE_EXACT_ROWS], const vitrine_rows_exact *w,
                             const uint32_t rows[VITRINE_EXACT_ROWS], const float *restrict x, size_t cols);
void vitrine_exact_four_simd128(float y[VITRINE_EXACT_ROWS], const vitrine_rows_exact *w,
                                const uint32_t rows[VITRINE_EXACT_ROWS], const float *restrict x, size_t cols);

#endif
