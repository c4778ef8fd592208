/* Matrices as the kernels read them: panels of 32 rows, so that one query value meets 32 rows in
 * one sequential stream and no sum ever runs across a register.
 *
 *   f32   panels[(p * cols + c) * 32 + r % 32]                          p = r / 32
 *   int8  panels[(p * groups + c / 4) * 128 + r % 32 * 4 + c % 4]       groups = ceil(cols / 4)
 *
 * Rows are padded with zeros to a multiple of 32, int8 columns to a multiple of 4. No alignment is
 * asked beyond that of the element. Sizes fit size_t: the model's loader bounds rows and cols. */
#ifndef VITRINE_KERNELS_PANELS_H
#define VITRINE_KERNELS_PANELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kernels/kernels.h"

static inline size_t vitrine_padded_rows(size_t rows)
{
    return (rows + VITRINE_PANEL - 1) / VITRINE_PANEL * VITRINE_PANEL;
}

static inline size_t vitrine_padded_cols_q8(size_t cols)
{
    return (cols + 3) / 4 * 4;
}

/* Elements in the panels of a [rows][cols] matrix. */
static inline size_t vitrine_panels_f32_count(size_t rows, size_t cols)
{
    return vitrine_padded_rows(rows) * cols;
}

static inline size_t vitrine_panels_q8_count(size_t rows, size_t cols)
{
    return vitrine_padded_rows(rows) * vitrine_padded_cols_q8(cols);
}

/* Pack `matrix` [rows][cols], row-major, into `panels` [vitrine_panels_..._count]. */
void vitrine_panels_pack_f32(float *restrict panels, const float *restrict matrix, size_t rows,
                             size_t cols);
void vitrine_panels_pack_q8(int8_t *restrict panels, const int8_t *restrict matrix, size_t rows,
                            size_t cols);

/* Puts one row [cols] into the panels of an int8 matrix; what pads it is left as it was. */
void vitrine_panels_put_row_q8(int8_t *restrict panels, const int8_t *restrict values, size_t row, size_t cols);

/* Of each row of one int8 panel of `cols` columns, 64 times the sum of its values, and the sum of their squares. False
 * when a value is -128: it has no counterpart, and the kernels' overflow bound counts on 127.
 * 1024 * 127 * 127 fits i32. */
bool vitrine_panel_totals_q8(const int8_t *restrict panel, size_t cols, int32_t sum[VITRINE_PANEL],
                             int32_t square[VITRINE_PANEL]);

/* Where row `row` of an int8 matrix begins: column c is at [c / 4 * 4 * VITRINE_PANEL + c % 4] from there. */
static inline size_t vitrine_panels_row_at(size_t row, size_t cols)
{
    return row / VITRINE_PANEL * VITRINE_PANEL * vitrine_padded_cols_q8(cols) + row % VITRINE_PANEL * 4;
}
static inline const int8_t *vitrine_panels_row(const int8_t *panels, size_t row, size_t cols)
{
    return panels + vitrine_panels_row_at(row, cols);
}

/* Row `row` back out of the panels of a matrix of `cols` columns, into `out` [cols]. */
void vitrine_panels_row_f32(float *restrict out, const float *restrict panels, size_t row,
                            size_t cols);
void vitrine_panels_row_q8(int8_t *restrict out, const int8_t *restrict panels, size_t row,
                           size_t cols);

#endif
