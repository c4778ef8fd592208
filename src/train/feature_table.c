#include "train/feature_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Mean and deviation of log(1 + x) over what is known. */
static void describe(const float *values, uint32_t count, float *mean, float *deviation)
{
    double sum = 0.0, squares = 0.0, n = 0.0;
    for (uint32_t i = 0; values != NULL && i < count; i++) {
        if (!(values[i] >= 0.0f && values[i] <= 1e30f)) continue;
        const double x = (double)vitrine_log(1.0f + values[i]);
        sum += x;
        squares += x * x;
        n += 1.0;
    }
    *mean = n > 0.0 ? (float)(sum / n) : 0.0f;
    const double spread = n > 0.0 ? squares / n - (sum / n) * (sum / n) : 0.0;
    *deviation = spread > 1e-6 ? (float)sqrt(spread) : 1.0f;
}

static float scale_of(const vitrine_item_table *catalog)
{
    double squares = 0.0;
    const size_t count = (size_t)catalog->items * catalog->vector_dim;
    for (size_t i = 0; i < count; i++)
        squares += (double)catalog->vectors[i] * (double)catalog->vectors[i];
    return squares > 0.0 ? (float)sqrt((double)count / squares) : 1.0f;
}

static bool is_known(const vitrine_feature_table *t, uint32_t item)
{
    const uint32_t numbers = t->inputs.numbers;
    bool known = t->offset[item + 1] > t->offset[item];
    for (uint32_t i = 0; i < numbers && !known; i++) known = t->number[(size_t)item * numbers + i] != 0.0f;
    return known;
}

vitrine_status vitrine_feature_table_make(const vitrine_item_table *catalog, const vitrine_strings *ids,
                                          const vitrine_attribute_list *a, vitrine_config *config,
                                          vitrine_feature_table *t)
{
    const bool described = a->offset != NULL; /* a price band may be all that is known */
    const uint32_t items = ids->count, entries = described ? a->offset[items] : 0;
    config->vector_dim = catalog->vectors != NULL ? catalog->vector_dim : 0;
    describe(catalog->price, catalog->items, &config->numeric_mean[0], &config->numeric_deviation[0]);
    describe(catalog->sales, catalog->items, &config->numeric_mean[1], &config->numeric_deviation[1]);
    const size_t numbers = VITRINE_NUMERICS + (size_t)config->vector_dim;
    *t = (vitrine_feature_table){ .vector_scale = config->vector_dim > 0 ? scale_of(catalog) : 1.0f };
    t->offset = calloc((size_t)items + 1, sizeof *t->offset);
    t->index = malloc(((size_t)entries + items + 1) * sizeof *t->index);
    t->number = calloc((size_t)items * numbers + 1, sizeof *t->number);
    t->known = calloc((size_t)items + 1, 1);
    if (t->offset == NULL || t->index == NULL || t->number == NULL || t->known == NULL) {
        vitrine_feature_table_free(t);
        return VITRINE_NO_SPACE;
    }
    t->inputs = (vitrine_feature_inputs){ items, a->attributes, (uint32_t)numbers, t->offset,
                                          t->index, t->number, t->known };
    for (uint32_t i = 0; i < items; i++) {
        uint32_t used = t->offset[i];
        for (uint32_t e = described ? a->offset[i] : 0; described && e < a->offset[i + 1]; e++)
            t->index[used++] = a->index[e];
        const uint32_t band = described ? vitrine_attribute_list_band(a, a->band[i])
                                        : VITRINE_NO_ATTRIBUTE;
        if (band != VITRINE_NO_ATTRIBUTE) t->index[used++] = band;
        t->offset[i + 1] = used;
        size_t length;
        const char *id = vitrine_strings_get(ids, i, &length);
        const uint32_t row = vitrine_strings_find(&catalog->ids, id, length);
        if (row == VITRINE_NO_STRING) continue;
        const vitrine_item_fields fields = vitrine_item_table_fields(catalog, row);
        float *number = t->number + i * numbers;
        vitrine_item_numbers(config, &fields, number);
        for (size_t n = VITRINE_NUMERICS; n < numbers; n++) number[n] *= t->vector_scale;
        t->known[i] = is_known(t, i);
    }
    return VITRINE_OK;
}

void vitrine_feature_table_free(vitrine_feature_table *t)
{
    free(t->offset);
    free(t->index);
    free(t->number);
    free(t->known);
    free(t->dense);
    *t = (vitrine_feature_table){ 0 };
}

vitrine_status vitrine_feature_table_dense(vitrine_feature_table *t, const float *trained,
                                           uint32_t width)
{
    const size_t numbers = t->inputs.numbers, count = width * numbers;
    if (t->dense == NULL) t->dense = malloc((count + 1) * sizeof *t->dense);
    if (t->dense == NULL) return VITRINE_NO_SPACE;
    for (size_t i = 0; i < count; i++)
        t->dense[i] = trained[i] * (i % numbers < VITRINE_NUMERICS ? 1.0f : t->vector_scale);
    return VITRINE_OK;
}
