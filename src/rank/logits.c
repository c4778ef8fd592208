/* The network's logits for all items: the one sweep over the whole matrix. */
#include "rank/ranker.h"

#include "kernels/query.h"
#include "kernels/scan.h"
#include "rank/split.h"

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
    const float scale = ranker->query_scale = vitrine_query_q8(query, dim, ranker->query_q8);
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
