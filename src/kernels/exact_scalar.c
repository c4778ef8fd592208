/* Four exact rows in plain C: the definition. Contract: exact.h. */
#include "kernels/exact.h"
#include "kernels/panels.h"

void vitrine_exact_four_scalar(float y[VITRINE_EXACT_ROWS], const vitrine_rows_exact *w,
                               const uint32_t rows[VITRINE_EXACT_ROWS], const float *restrict x, size_t cols)
{
    for (size_t i = 0; i < VITRINE_EXACT_ROWS; i++) {
        const int8_t *q = vitrine_panels_row(w->panels, rows[i], cols);
        const int16_t *rest = w->rest + (size_t)rows[i] * cols;
        const float unit = w->scale[rows[i]] * (1.0f / 65536.0f);
        float sum = w->bias[rows[i]];
        for (size_t c = 0; c < cols; c++) sum += vitrine_exact_weight(q, rest, c, unit) * x[c];
        y[i] = sum;
    }
}
