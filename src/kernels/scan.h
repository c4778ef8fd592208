/* Integer dot products of int8 rows with a query of 7 bits, exact in i32:
 *
 *   scan_q8   y[r] = sum over c of w[r][c] * x[c]     r < rows rounded up to 32, c < cols
 *   dot_q8    sum over i of a[i] * b[i]               i < n
 *
 *   y       [rows rounded up to 32], all written; overlaps no input
 *   panels  w as panels.h lays it out, every value in -127..127
 *   x       [cols rounded up to 4], every value in 0..127; what pads it may be anything in that
 *           range, since it meets zeros
 *
 * A query q in -63..63 is handed over as q + 64; the caller takes 64 * (sum of the row) off again.
 * With the second operand in 0..127, the relaxed dot instruction of WebAssembly leaves an engine no
 * choice: read as signed or unsigned it is the same number, and a pair of products stays within
 * 2 * 127 * 127 = 32258, so 16-bit saturation or wrapping never shows.
 *
 * cols and n are at most VITRINE_SCAN_COLS; then |y| <= 1024 * 127 * 127 = 16516096, which leaves
 * i32 (and the partial sums of every variant) room to spare. */
#ifndef VITRINE_KERNELS_SCAN_H
#define VITRINE_KERNELS_SCAN_H

#include <stddef.h>
#include <stdint.h>

#define VITRINE_SCAN_COLS 1024u

void vitrine_scan_q8_scalar(int32_t *restrict y, const int8_t *restrict panels,
                            const uint8_t *restrict x, size_t rows, size_t cols);
void vitrine_scan_q8_avx2(int32_t *restrict y, const int8_t *restrict panels,
                          const uint8_t *restrict x, size_t rows, size_t cols);
void vitrine_scan_q8_simd128(int32_t *restrict y, const int8_t *restrict panels,
                             const uint8_t *restrict x, size_t rows, size_t cols);
void vitrine_scan_q8_relaxed(int32_t *restrict y, const int8_t *restrict panels,
                             const uint8_t *restrict x, size_t rows, size_t cols);

int32_t vitrine_dot_q8_scalar(const int8_t *restrict a, const uint8_t *restrict b, size_t n);
int32_t vitrine_dot_q8_avx2(const int8_t *restrict a, const uint8_t *restrict b, size_t n);
int32_t vitrine_dot_q8_simd128(const int8_t *restrict a, const uint8_t *restrict b, size_t n);
int32_t vitrine_dot_q8_relaxed(const int8_t *restrict a, const uint8_t *restrict b, size_t n);

#endif
