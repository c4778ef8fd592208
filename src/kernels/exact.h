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

#include "kernels/panels.h"

/* Where a row lies, and what its numbers are worth. */
typedef struct vitrine_exact_row {
    const int8_t *q; /* its first value in its panel */
    const int16_t *rest;
    float unit;
} vitrine_exact_row;

static inline vitrine_exact_row vitrine_exact_row_of(const vitrine_rows_exact *w, uint32_t row, size_t cols)
{
    return (vitrine_exact_row){vitrine_panels_row(w->panels, row, cols), w->rest + (size_t)row * cols,
                               w->scale[row] * (1.0f / 65536.0f)};
}

static inline float vitrine_exact_weight(vitrine_exact_row row, size_t c)
{
    const size_t at = c / 4 * 4 * VITRINE_PANEL + c % 4;
    return (float)(row.q[at] * 65536 + row.rest[c]) * row.unit;
}

void vitrine_exact_four_scalar(float y[VITRINE_EXACT_ROWS], const vitrine_rows_exact *w,
                               const uint32_t rows[VITRINE_EXACT_ROWS], const float *restrict x, size_t cols);
void vitrine_exact_four_avx2(float y[VITRINE_EXACT_ROWS], const vitrine_rows_exact *w,
                             const uint32_t rows[VITRINE_EXACT_ROWS], const float *restrict x, size_t cols);
void vitrine_exact_four_simd128(float y[VITRINE_EXACT_ROWS], const vitrine_rows_exact *w,
                                const uint32_t rows[VITRINE_EXACT_ROWS], const float *restrict x, size_t cols);

#endif
