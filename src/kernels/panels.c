/* Packing matrices into panels of 32 rows and reading rows back. Layout: panels.h. */
#include "kernels/panels.h"

static size_t place_f32(size_t row, size_t col, size_t cols)
{
    return (row / VITRINE_PANEL * cols + col) * VITRINE_PANEL + row % VITRINE_PANEL;
}

static size_t place_q8(size_t row, size_t col, size_t cols)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    return (row / VITRINE_PANEL * groups + col / 4) * (VITRINE_PANEL * 4) +
           row % VITRINE_PANEL * 4 + col % 4;
}

void vitrine_panels_pack_f32(float *restrict panels, const float *restrict matrix, size_t rows,
                             size_t cols)
{
    for (size_t r = 0; r < vitrine_padded_rows(rows); r++)
        for (size_t c = 0; c < cols; c++)
            panels[place_f32(r, c, cols)] = r < rows ? matrix[r * cols + c] : 0.0f;
}

void vitrine_panels_pack_q8(int8_t *restrict panels, const int8_t *restrict matrix, size_t rows,
                            size_t cols)
{
    const size_t padded = vitrine_padded_cols_q8(cols);
    for (size_t r = 0; r < vitrine_padded_rows(rows); r++)
        for (size_t c = 0; c < padded; c++)
            panels[place_q8(r, c, cols)] = r < rows && c < cols ? matrix[r * cols + c] : (int8_t)0;
}

void vitrine_panels_row_f32(float *restrict out, const float *restrict panels, size_t row,
                            size_t cols)
{
    for (size_t c = 0; c < cols; c++) out[c] = panels[place_f32(row, c, cols)];
}

void vitrine_panels_row_q8(int8_t *restrict out, const int8_t *restrict panels, size_t row,
                           size_t cols)
{
    for (size_t c = 0; c < cols; c++) out[c] = panels[place_q8(row, c, cols)];
}

bool vitrine_panel_totals_q8(const int8_t *restrict panel, size_t cols, int32_t sum[VITRINE_PANEL],
                             int32_t square[VITRINE_PANEL])
{
    int lowest = 0;
    for (size_t l = 0; l < VITRINE_PANEL; l++) sum[l] = square[l] = 0;
    for (size_t g = 0; g < vitrine_padded_cols_q8(cols) / 4; g++)
        for (size_t l = 0; l < VITRINE_PANEL; l++) {
            const int8_t *q = panel + (g * VITRINE_PANEL + l) * 4;
            for (size_t i = 0; i < 4; i++) {
                lowest = q[i] < lowest ? q[i] : lowest;
                sum[l] += q[i];
                square[l] += q[i] * q[i];
            }
        }
    return lowest > INT8_MIN;
}
