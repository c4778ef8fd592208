/* int8 scan in plain C: the definition. Contract: scan.h. */
#include "kernels/scan.h"
#include "kernels/panels.h"

static void panel_sums(int32_t sum[VITRINE_PANEL], const int8_t *panel, const uint8_t *x,
                       size_t groups)
{
    /* i32 holds 133144 products of 127 * 127; scan.h allows 1024. */
    for (size_t l = 0; l < VITRINE_PANEL; l++) sum[l] = 0;
    for (size_t g = 0; g < groups; g++) {
        const int8_t *w = panel + g * VITRINE_PANEL * 4;
        const uint8_t *q = x + g * 4;
        for (size_t l = 0; l < VITRINE_PANEL; l++)
            sum[l] += w[l * 4] * q[0] + w[l * 4 + 1] * q[1] + w[l * 4 + 2] * q[2] + w[l * 4 + 3] * q[3];
    }
}

void vitrine_logits_q8_scalar(float *restrict y, float *restrict most, const vitrine_rows_q8 *w,
                              const uint8_t *restrict x, float query_scale, size_t rows, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL) {
        int32_t sum[VITRINE_PANEL];
        float largest = 0.0f;
        panel_sums(sum, w->panels + base * groups * 4, x, groups);
        for (size_t l = 0; l < VITRINE_PANEL; l++) {
            const size_t r = base + l;
            y[r] = (float)(sum[l] - w->row_sum[r]) * (w->scale[r] * query_scale) + w->bias[r];
            if (l == 0 || y[r] > largest) largest = y[r];
        }
        /* -0 and 0 are equal, and lanes would meet them in another order: 0 + -0 is 0 for all. */
        most[base / VITRINE_PANEL] = largest + 0.0f;
    }
}
