#include "rank/attributes.h"

void vitrine_attributes_add(const vitrine_catalog *catalog, uint32_t item, float weight, float *to)
{
    const float *each = catalog->model->attr_weight;
    uint32_t count;
    const uint16_t *at = vitrine_catalog_attributes(catalog, item, &count);
    const uint32_t band = vitrine_catalog_band(catalog, item);
    weight *= catalog->inverse_norm[item];
    for (uint32_t i = 0; i < count; i++) to[at[i]] += weight * each[at[i]];
    if (band != VITRINE_NO_ATTRIBUTE) to[band] += weight * each[band];
}

void vitrine_attributes_dot(const vitrine_catalog *catalog, float *vector, float scale, float *out)
{
    const vitrine_model *model = catalog->model;
    for (uint32_t a = 0; a < model->config.attributes; a++) vector[a] *= scale * model->attr_weight[a];
    for (uint32_t j = 0; j < catalog->items; j++) {
        uint32_t count;
        const uint16_t *at = vitrine_catalog_attributes(catalog, j, &count);
        const uint32_t band = vitrine_catalog_band(catalog, j);
        float sum = band != VITRINE_NO_ATTRIBUTE ? vector[band] : 0.0f;
        for (uint32_t i = 0; i < count; i++) sum += vector[at[i]];
        out[j] = sum * catalog->inverse_norm[j];
    }
}
