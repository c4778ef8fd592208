/* The scan of split rows in plain C: the definition. Contract: halves.h. */
#include "kernels/halves.h"

void vitrine_halves_scalar(float *restrict y, float *restrict most, const vitrine_rows_halves *w,
                           const uint8_t *restrict x, float query_scale, size_t rows, size_t cols)
{
    enum { HALF = VITRINE_PANEL / 2 };
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    int32_t all = 0;
    for (size_t c = 0; c < groups * 4; c++) all += x[c] - 64;
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        const uint8_t *high = w->high + base * groups * 2;
        int32_t sum[VITRINE_PANEL] = {0};
        float largest = 0.0f;
        for (size_t g = 0; g < groups; g++)
            for (size_t l = 0; l < HALF * 4; l++, high++) {
                const int q = x[g * 4 + l % 4] - 64;
                sum[l / 4] += (*high & 15) * q;
                sum[HALF + l / 4] += (*high >> 4) * q;
            }
        for (size_t l = 0; l < VITRINE_PANEL; l++) {
            const size_t r = base + l;
            y[r] = (float)(16 * sum[l] - 120 * all) * (w->scale[r] * query_scale) + w->bias[r];
            if (l == 0 || y[r] > largest) largest = y[r];
        }
        most[base / VITRINE_PANEL] = largest + 0.0f; /* see scan_scalar.c */
    }
}
