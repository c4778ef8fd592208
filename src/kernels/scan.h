/* Integer products of int8 rows with a query of 7 bits, exact in i32, and the logits they make:
 *
 *   sum[r] = sum over c of w[r][c] * x[c]               r < rows rounded up to 32, c < cols
 *   y[r] = (float)(sum[r] - row_sum[r]) * (scale[r] * query_scale) + bias[r]
 *   most[p] = the largest y of panel p                  p < panels of 32 rows
 *
 *   y       [rows rounded up to 32], all written; overlaps no input
 *   most    [rows / 32, rounded up]; the rows that pad the last panel count as well
 *   panels  w as panels.h lays it out, every value in -127..127
 *   x       [cols rounded up to 4], every value in 0..127; what pads it may be anything in that
 *           range, since it meets zeros
 *   row_sum, scale, bias  [rows rounded up to 32]
 *
 * A query q in -63..63 is handed over as q + 64; row_sum takes it off again: 64 * (sum of the row).
 * With the second operand in 0..127, the relaxed dot instruction of WebAssembly leaves an engine no
 * choice: read as signed or unsigned it is the same number, and a pair of products stays within
 * 2 * 127 * 127 = 32258, so 16-bit saturation or wrapping never shows.
 *
 * cols is at most VITRINE_SCAN_COLS; then |sum| <= 1024 * 127 * 127 = 16516096, which leaves i32 (and
 * the partial sums of every variant) room to spare, and sum - row_sum < 2^24 is exact as a float.
 * What follows the sum is rounded where the formula has an operator.
 *
 * The sums become logits before they leave the registers: written and read again they would cost a
 * tenth of the time. `most` lets the choice of the best pass over panels (topk.h). */
#ifndef VITRINE_KERNELS_SCAN_H
#define VITRINE_KERNELS_SCAN_H

#include <stdbool.h>
#include "kernels/kernels.h"

#define VITRINE_SCAN_COLS 1024u

void vitrine_logits_q8_scalar(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                              const uint8_t *restrict x, float query_scale, size_t rows, size_t cols);
void vitrine_logits_q8_avx2(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                            const uint8_t *restrict x, float query_scale, size_t rows, size_t cols);
void vitrine_logits_q8_avx512(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                              const uint8_t *restrict x, float query_scale, size_t rows, size_t cols);
void vitrine_logits_q8_simd128(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                               const uint8_t *restrict x, float query_scale, size_t rows, size_t cols);
void vitrine_logits_q8_relaxed(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                               const uint8_t *restrict x, float query_scale, size_t rows, size_t cols);
/* In the way that is faster where an engine adds four products in one instruction, or in the other one: the same
 * bits. */
void vitrine_logits_q8_relaxed_by(bool four, float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                                  const uint8_t *restrict x, float query_scale, size_t rows, size_t cols);

#endif
