/* Split rows: int8 rows whose upper half of bits is scanned for every item, and whose lower half is read for the few
 * that can still be among the best. Of a value v in -127..127, v + 128 = 16 n + l with n and l in 0..15.
 *
 *   high  byte [(p * groups + c / 4) * 64 + r % 16 * 4 + c % 4] holds n of row r, column c: in its lower four bits
 *         when r % 32 < 16, else in its upper four      p = r / 32, groups = ceil(cols / 4)
 *   low   byte [r * groups * 2 + c / 2] holds l: in its lower four bits when c is even, else in its upper four
 *
 * Rows are padded with zeros (n = 8, l = 0) to a multiple of 32, columns to a multiple of 4. The two take as many
 * bytes together as the panels of panels.h.
 *
 * The scan takes 8 for every l:
 *
 *   whole[r] = sum over c of (16 n[r][c] - 120) * q[c]            q = x - 64, in -64..63
 *   y[r] = (float)whole[r] * (scale[r] * query_scale) + bias[r]
 *   most[p] = the largest y of panel p, as in scan.h
 *
 *   y       [rows rounded up to 32], all written; overlaps no input
 *   x       [cols rounded up to 4], every value in 0..127; what pads it is 64
 *
 * n fits 7 bits, so the relaxed products of a signed query with it leave an engine no choice: a pair is at most
 * 2 * 64 * 15 = 1920 in size: i16 holds the sums of VITRINE_HALVES_STRETCH groups. cols is at most VITRINE_SCAN_COLS;
 * then |whole| <= 1024 * 120 * 64 < 2^23 is exact as a float. What follows is rounded where the formula has an
 * operator, so every variant gives the same bits.
 *
 * With the sums of l, the logit is that of scan.h to the bit: sum of v * q = whole + sum of (l - 8) * q. */
#ifndef VITRINE_KERNELS_HALVES_H
#define VITRINE_KERNELS_HALVES_H

#include "kernels/panels.h"

#define VITRINE_HALVES_STRETCH 16u /* 16 * 1920 < 32768 */

typedef struct vitrine_rows_halves {
    const uint8_t *high, *low;
    const float *scale, *bias;
} vitrine_rows_halves;

typedef void vitrine_halves_scan(float *restrict y, float *restrict most, const vitrine_rows_halves *w,
                                 const uint8_t *restrict x, float query_scale, size_t rows, size_t cols);

vitrine_halves_scan vitrine_halves_scalar, vitrine_halves_avx2, vitrine_halves_avx512, vitrine_halves_simd128,
    vitrine_halves_relaxed;

/* In either of its ways, as vitrine_logits_q8_relaxed_by. */
void vitrine_halves_relaxed_by(bool four, float *restrict y, float *restrict most, const vitrine_rows_halves *w,
                               const uint8_t *restrict x, float query_scale, size_t rows, size_t cols);

typedef struct vitrine_halves_variant {
    const char *name;
    vitrine_halves_scan *scan;
} vitrine_halves_variant;

/* Variant `index` that this build and machine can run, best first, the scalar definition last; past it a null
 * scan. */
vitrine_halves_variant vitrine_halves_list(size_t index);
/* The first of them; a module that holds one set for good knows it without asking. */
static inline vitrine_halves_scan *vitrine_halves_best(void)
{
#if defined(VITRINE_RELAXED)
    return vitrine_halves_relaxed;
#elif defined(VITRINE_SIMD128)
    return vitrine_halves_simd128;
#else
    return vitrine_halves_list(0).scan;
#endif
}

/* Bytes of either half of a [rows][cols] matrix. */
static inline size_t vitrine_halves_size(size_t rows, size_t cols)
{
    return vitrine_panels_q8_count(rows, cols) / 2;
}

/* Row `row` into both halves: values [cols] in -127..127. */
void vitrine_halves_put(uint8_t *high, uint8_t *low, const int8_t *values, size_t row, size_t cols);
/* And out of them again: column c to values[c / 4 * step + c % 4]. A step of 4 makes it a row, one of 4 * VITRINE_PANEL
 * a row of a panel (panels.h). */
void vitrine_halves_row(int8_t *restrict values, size_t step, const vitrine_rows_halves *w, size_t row, size_t cols);
/* Zeros in every place of either half, for rows to be put over. */
void vitrine_halves_clear(uint8_t *high, uint8_t *low, size_t rows, size_t cols);

/* A query as the lower halves read it: q of the even columns, then of the odd ones, [room] each. */
enum { VITRINE_HALVES_ROOM = 512 + 16 };
typedef struct vitrine_halves_query {
    int8_t even[VITRINE_HALVES_ROOM], odd[VITRINE_HALVES_ROOM];
    int32_t sum; /* of q */
} vitrine_halves_query;
void vitrine_halves_query_of(vitrine_halves_query *query, const uint8_t *x, size_t cols);

/* y[i]: the sum of (l - 8) * q over the columns of row rows[i], i < 4; one of them more than once if need be. */
enum { VITRINE_HALVES_ROWS = 4 };
void vitrine_halves_low(int32_t y[VITRINE_HALVES_ROWS], const vitrine_rows_halves *w, const vitrine_halves_query *query,
                        const uint32_t rows[VITRINE_HALVES_ROWS], size_t cols);
/* whole[row], from the upper halves. */
int32_t vitrine_halves_high(const vitrine_rows_halves *w, const vitrine_halves_query *query, size_t row, size_t cols);

/* Of the 32 rows of panel p, the largest sum of squares of what the scan takes for a value, 16 n - 120, and of what
 * it leaves of it, l - 8; over the padded columns. */
void vitrine_halves_squares(const vitrine_rows_halves *w, size_t panel, size_t cols, int32_t *taken, int32_t *left);

/* Of row `row` of an exact model, whose 16 bits more are rest [cols], in units of its scale / 65536: the largest yet of
 * the sums of squares of what its upper half leaves, and of what both do. Of the order of additions nothing is said: up
 * to 1,024 of them are off by less than a ten-thousandth. */
void vitrine_halves_left(const vitrine_rows_halves *w, size_t row, const int16_t *rest, size_t cols, float *upper,
                         float *both);

#endif
