/* A row of an exact model as floats. In a file of its own, since ranking scores candidates with it and
 * it wants to be fast where the rest of the room wants to be small. */
#include "model/model.h"

void vitrine_model_exact_row(const vitrine_model *model, uint32_t item, float *restrict out, size_t step)
{
    const size_t cols = model->config.dim, groups = vitrine_padded_cols_q8(cols) / 4;
    const int8_t *restrict q = model->item_q8 + item / VITRINE_PANEL * (groups * 4 * VITRINE_PANEL) +
                               item % VITRINE_PANEL * 4;
    const int16_t *restrict rest = model->rest + (size_t)item * cols;
    const float unit = model->scale[item] * (1.0f / 65536.0f);
    /* At most 127 * 65536 + 32768 < 2^23: exact as a float, so the product is the one rounding. */
    size_t c = 0;
    for (; c + 4 <= cols; c += 4, q += 4 * VITRINE_PANEL, rest += 4, out += 4 * step) {
        out[0] = (float)(q[0] * 65536 + rest[0]) * unit;
        out[step] = (float)(q[1] * 65536 + rest[1]) * unit;
        out[2 * step] = (float)(q[2] * 65536 + rest[2]) * unit;
        out[3 * step] = (float)(q[3] * 65536 + rest[3]) * unit;
    }
    for (size_t i = 0; c + i < cols; i++) out[i * step] = (float)(q[i] * 65536 + rest[i]) * unit;
}
