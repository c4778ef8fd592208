/* The network's logits for all items: the one sweep over the whole matrix. */
#include "rank/ranker.h"

#include <float.h>

#include "kernels/scan.h"
#include "rank/split.h"

/* The query in 7 bits around 64: products with signed bytes then fit every instruction's sums, and
 * 64 * row sum takes the offset out again. Returns what a step is worth. */
static float quantise_query(const float *query, uint32_t dim, uint8_t *out)
{
    float largest = 0.0f;
    for (uint32_t d = 0; d < dim; d++) {
        const float size = query[d] < 0.0f ? -query[d] : query[d];
        if (size > largest) largest = size;
    }
    /* Of a query next to nothing nothing is left; of any other a step is a normal float, and |steps| <= 63. */
    const float scale = largest / 63.0f;
    for (uint32_t d = 0; d < vitrine_padded_cols_q8(dim); d++) {
        const float steps = d < dim && scale >= FLT_MIN ? query[d] / scale : 0.0f;
        out[d] = (uint8_t)((int)((steps + 12582912.0f) - 12582912.0f) + 64);
    }
    return scale;
}

void vitrine_logits_rounded(vitrine_ranker *ranker, const float *query)
{
    const vitrine_catalog *catalog = ranker->catalog;
    const vitrine_model *model = catalog->model;
    const vitrine_kernels *k = model->kernels;
    const uint32_t items = model->config.items, cold = catalog->cold, dim = model->config.dim;
    ranker->most_of = NULL;
    if (model->config.precision == VITRINE_F32) {
        k->gemv_f32(ranker->logit, model->item_f32, query, model->bias, items, dim);
        if (cold > 0)
            k->gemv_f32(ranker->logit + items, catalog->cold_f32, query, catalog->cold_bias, cold, dim);
        return;
    }
    const float scale = ranker->query_scale = quantise_query(query, dim, ranker->query_q8);
    if (vitrine_model_is_split(model)) vitrine_split_scan(ranker);
    else {
        const vitrine_rows_q8 rows = {model->item_q8, model->row_sum, model->scale, model->bias};
        k->logits_q8(ranker->logit, ranker->most, &rows, ranker->query_q8, scale, items, dim);
    }
    ranker->most_of = ranker->logit;
    if (cold == 0) return;
    if (model->config.precision == VITRINE_EXACT) {
        k->gemv_f32(ranker->logit + items, catalog->cold_f32, query, catalog->cold_bias, cold, dim);
        return;
    }
    /* What the last panel of the model wrote past its items is overwritten here. */
    const vitrine_rows_q8 more = {catalog->cold_q8, catalog->cold_row_sum, catalog->cold_scale,
                                  catalog->cold_bias};
    k->logits_q8(ranker->logit + items, ranker->most + items / VITRINE_PANEL + 1, &more,
                 ranker->query_q8, scale, cold, dim);
}

float vitrine_largest_logit(const vitrine_ranker *ranker)
{
    const vitrine_kernels *k = ranker->catalog->model->kernels;
    const uint32_t items = ranker->catalog->items;
    const uint32_t panels = ranker->catalog->model->config.items / VITRINE_PANEL;
    const uint32_t from = panels * VITRINE_PANEL;
    if (ranker->most_of != ranker->logit || panels == 0) return k->max(ranker->logit, items);
    const float most = k->max(ranker->most, panels);
    if (from == items) return most;
    const float rest = k->max(ranker->logit + from, items - from);
    return rest > most ? rest : most;
}
