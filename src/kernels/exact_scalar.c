/* Four exact rows in plain C: the definition. Contract: exact.h. */
#include "kernels/exact.h"

void vitrine_exact_four_scalar(float y[VITRINE_EXACT_ROWS], const vitrine_rows_exact *w,
                               const uint32_t rows[VITRINE_EXACT_ROWS], const float *restrict x, size_t cols)
{
    for (size_t i = 0; i < VITRINE_EXACT_ROWS; i++) {
        const vitrine_exact_row row = vitrine_exact_row_of(w, rows[i], cols);
        float sum = w->bias[rows[i]];
        for (size_t c = 0; c < cols; c++) sum += vitrine_exact_weight(row, c) * x[c];
        y[i] = sum;
    }
}
