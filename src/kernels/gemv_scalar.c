/* gemv in plain C: the definition. Contract: gemv.h. */
#include "kernels/gemv.h"
#include "kernels/panels.h"

void vitrine_gemv_f32_scalar(float *restrict y, const float *restrict panels,
                             const float *restrict x, const float *restrict bias, size_t rows,
                             size_t cols)
{
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        float sum[VITRINE_PANEL];
        for (size_t l = 0; l < VITRINE_PANEL; l++) sum[l] = bias ? bias[base + l] : 0.0f;
        for (size_t c = 0; c < cols; c++) {
            const float *column = panels + base * cols + c * VITRINE_PANEL;
            for (size_t l = 0; l < VITRINE_PANEL; l++) sum[l] += column[l] * x[c];
        }
        for (size_t l = 0; l < VITRINE_PANEL; l++) y[base + l] = sum[l];
    }
}
