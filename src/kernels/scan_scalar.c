/* int8 scan in plain C: the definition. Contract: scan.h. */
#include "kernels/scan.h"
#include "kernels/panels.h"

void vitrine_scan_q8_scalar(int32_t *restrict y, const int8_t *restrict panels,
                            const uint8_t *restrict x, size_t rows, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        /* i32 holds 133144 products of 127 * 127; scan.h allows 1024. */
        int32_t sum[VITRINE_PANEL] = {0};
        for (size_t g = 0; g < groups; g++) {
            const int8_t *w = panels + (base * groups + g * VITRINE_PANEL) * 4;
            const uint8_t *q = x + g * 4;
            for (size_t l = 0; l < VITRINE_PANEL; l++)
                sum[l] += w[l * 4] * q[0] + w[l * 4 + 1] * q[1] + w[l * 4 + 2] * q[2] +
                          w[l * 4 + 3] * q[3];
        }
        for (size_t l = 0; l < VITRINE_PANEL; l++) y[base + l] = sum[l];
    }
}

int32_t vitrine_dot_q8_scalar(const int8_t *restrict a, const uint8_t *restrict b, size_t n)
{
    int32_t sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}
