/* Candidates by rounded scores, the list by exact ones. The bound: exact.h. */
#include "rank/exact.h"

#include <string.h>

#include "kernels/exact.h"
#include "kernels/reach.h"
#include "kernels/topk.h"
#include "rank/split.h"

void vitrine_exact_begin(vitrine_ranker *ranker, const float *query)
{
    const vitrine_model *model = ranker->catalog->model;
    const uint32_t dim = model->config.dim;
    const bool as_rounded = vitrine_model_is_split(model) && model->config.precision != VITRINE_EXACT;
    double length = 0.0, left = 0.0;
    for (uint32_t d = 0; d < dim; d++) {
        const double rounded = (double)ranker->query_scale * (ranker->query_q8[d] - 64.0);
        const double x = as_rounded ? rounded : (double)query[d];
        const double rest = x - rounded;
        if (!as_rounded) ranker->exact_query[d] = query[d];
        length += x * x;
        left += rest * rest;
    }
    /* The sums are taken in double, and rounded up by more than their own error. */
    ranker->query_length = (float)__builtin_sqrt(length) * 1.000001f;
    ranker->query_left = (float)__builtin_sqrt(left) * 1.000001f;
}

/* How far a rounded score may lie from the exact one, of a row whose q * scale is no longer than `length`
 * and leaves no more than `rest`. Rises with both, as its roundings do. */
static float margin(const vitrine_ranker *ranker, float length, float rest)
{
    const vitrine_model *model = ranker->catalog->model;
    const float x = ranker->query_length, d = ranker->query_left;
    const float sizes = model->largest_bias + (length + rest) * (x + d);
    const float rounding = (float)(model->config.dim + 16) * 0x1p-24f;
    return (rest * x + length * d + sizes * rounding) * 1.00001f;
}

/* One item's, by the definition: a cold one, or one of rows that the kernel does not take. */
static float one_score(const vitrine_ranker *ranker, uint32_t item)
{
    const vitrine_catalog *catalog = ranker->catalog;
    const uint32_t known = catalog->model->config.items, dim = catalog->model->config.dim;
    float sum = item < known ? catalog->model->bias[item] : catalog->cold_bias[item - known];
    vitrine_catalog_vector(catalog, item, ranker->vector);
    for (uint32_t d = 0; d < dim; d++) sum += ranker->vector[d] * ranker->exact_query[d];
    return sum;
}

/* Four rows of split ones, put together as the kernel reads them: the first of a panel, behind the query. */
static void split_four(const vitrine_ranker *ranker, const uint32_t rows[VITRINE_EXACT_ROWS], float *score)
{
    const vitrine_model *model = ranker->catalog->model;
    const uint32_t dim = model->config.dim;
    const vitrine_rows_halves halves = {model->item_high, model->item_low, model->scale, model->bias};
    int8_t *const panel = (int8_t *)(ranker->exact_query + dim);
    int16_t *const rest = (int16_t *)(void *)(panel + (size_t)VITRINE_PANEL * dim);
    float scale[VITRINE_EXACT_ROWS], bias[VITRINE_EXACT_ROWS];
    for (uint32_t i = 0; i < VITRINE_EXACT_ROWS; i++) {
        vitrine_halves_row(panel + 4 * i, 4 * VITRINE_PANEL, &halves, rows[i], dim);
        memcpy(rest + (size_t)i * dim, model->rest + (size_t)rows[i] * dim, dim * sizeof *rest);
        scale[i] = model->scale[rows[i]];
        bias[i] = model->bias[rows[i]];
    }
    const vitrine_rows_exact w = {panel, rest, scale, bias};
    model->kernels->exact_four(score, &w, (const uint32_t[]){0, 1, 2, 3}, ranker->exact_query, dim);
}

void vitrine_exact_scores(const vitrine_ranker *ranker, const uint32_t *items, uint32_t count,
                          float *out)
{
    const vitrine_model *model = ranker->catalog->model;
    const uint32_t dim = model->config.dim, fours = dim % 4 == 0 ? model->config.items : 0;
    if (vitrine_model_is_split(model) && model->config.precision != VITRINE_EXACT) {
        vitrine_split_complete(ranker, ranker->scores, items, count, out);
        return;
    }
    const vitrine_rows_exact w = {model->item_q8, model->rest, model->scale, model->bias};
    for (uint32_t from = 0; from < count; from += VITRINE_EXACT_ROWS) {
        const uint32_t n = count - from < VITRINE_EXACT_ROWS ? count - from : VITRINE_EXACT_ROWS;
        uint32_t rows[VITRINE_EXACT_ROWS] = {0};
        float score[VITRINE_EXACT_ROWS];
        for (uint32_t i = 0; i < n; i++)
            if (items[from + i] < fours) rows[i] = items[from + i];
        if (fours > 0 && vitrine_model_is_split(model)) split_four(ranker, rows, score);
        else if (fours > 0) model->kernels->exact_four(score, &w, rows, ranker->exact_query, dim);
        for (uint32_t i = 0; i < n; i++)
            /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): an item below `fours` has its score by now */
            out[from + i] = items[from + i] < fours ? score[i] : one_score(ranker, items[from + i]);
    }
}

void vitrine_exact_all(vitrine_ranker *ranker)
{
    const uint32_t items = ranker->catalog->items;
    for (uint32_t i = 0; i < items; i++) ranker->order[i] = i;
    vitrine_exact_scores(ranker, ranker->order, items, ranker->scores);
    ranker->rounded = false;
    ranker->most_of = NULL;
}

/* Puts those of items from .. to - 1 that may be as good as `least` behind the first `count` of order, and
 * returns how many there are then. */
static uint32_t consider(const vitrine_ranker *ranker, uint32_t from, uint32_t to, float slack, float least,
                         uint32_t count)
{
    /* Scores are padded by a panel, so that 32 of them may be read from any item. */
    for (; from < to; from += VITRINE_PANEL) {
        uint32_t left = vitrine_reach(ranker->scores + from, slack, least);
        if (to - from < VITRINE_PANEL) left &= (1u << (to - from)) - 1;
        for (; left != 0; left &= left - 1) {
            const uint32_t item = from + (uint32_t)__builtin_ctz(left);
            if (ranker->allowed[item]) ranker->order[count++] = item;
        }
    }
    return count;
}

/* Split rows are rounded so much that twice as many as are wanted are worth a look: the k-th of their exact scores is a
 * higher bar than the last of the k best by rounded ones. The rest is as below. */
static uint32_t best_of_split(vitrine_ranker *ranker, uint32_t k, vitrine_scored *out)
{
    const uint32_t items = ranker->catalog->items, known = ranker->catalog->model->config.items;
    const uint32_t panels = ranker->most_of == ranker->scores ? known / VITRINE_PANEL : 0;
    if (k > items / 2) {
        ranker->exact_rows = items;
        vitrine_exact_all(ranker);
        return vitrine_best(ranker, ranker->scores, k, out);
    }
    const uint32_t sample = vitrine_topk_panels(ranker->scores, items, ranker->most, panels, ranker->allowed, 2 * k,
                                                ranker->order, ranker->part);
    if (sample == 0) return 0;
    const uint32_t found = sample < k ? sample : k;
    uint32_t *const chosen = (uint32_t *)(void *)ranker->logit;
    float *const best = ranker->logit + found;
    vitrine_exact_scores(ranker, ranker->order, sample, ranker->part);
    vitrine_topk(ranker->part, sample, NULL, found, chosen, best);

    const float least = best[found - 1];
    const uint32_t count = consider(ranker, known, items, 0.0f, least, vitrine_split_candidates(ranker, least));
    vitrine_exact_scores(ranker, ranker->order, count, ranker->part);
    vitrine_topk(ranker->part, count, NULL, found, chosen, best);
    for (uint32_t i = 0; i < found; i++) out[i] = (vitrine_scored){ranker->order[chosen[i]], best[i]};
    ranker->exact_rows = sample + count;
    return found;
}

uint32_t vitrine_exact_best(vitrine_ranker *ranker, uint32_t k, vitrine_scored *out)
{
    const vitrine_model *model = ranker->catalog->model;
    const uint32_t items = ranker->catalog->items, known = model->config.items;
    if (vitrine_model_is_split(model)) return best_of_split(ranker, k, out);
    const uint32_t found = vitrine_best(ranker, ranker->scores, k, out);
    if (found == 0) return 0;
    if (2 * (uint64_t)found > items) {
        ranker->exact_rows = items;
        vitrine_exact_all(ranker);
        return vitrine_best(ranker, ranker->scores, k, out);
    }
    /* The k best by rounded scores: the least of their exact scores is one that k items reach, so
     * nothing below it is in the list. */
    vitrine_exact_scores(ranker, ranker->order, found, ranker->part);
    float least = ranker->part[0];
    for (uint32_t i = 1; i < found; i++) least = ranker->part[i] < least ? ranker->part[i] : least;

    const bool maxima = ranker->most_of == ranker->scores;
    const uint32_t panels = (known + VITRINE_PANEL - 1) / VITRINE_PANEL;
    const float widest = margin(ranker, model->kernels->max(model->panel_length, panels),
                                model->kernels->max(model->panel_rest, panels));
    uint32_t count = 0;
    for (uint32_t p = 0; p < panels; p++) {
        if (maxima && !(ranker->most[p] + widest >= least)) continue;
        const float slack = margin(ranker, model->panel_length[p], model->panel_rest[p]);
        const uint32_t from = p * VITRINE_PANEL, end = from + VITRINE_PANEL;
        count = consider(ranker, from, end < known ? end : known, slack, least, count);
    }
    count = consider(ranker, known, items, 0.0f, least, count); /* cold rows are rounded no further */

    /* The candidates stand in rising order, so that of equal ones the first is taken, as everywhere. */
    uint32_t *const chosen = (uint32_t *)(void *)ranker->logit;
    float *const best = ranker->logit + found;
    vitrine_exact_scores(ranker, ranker->order, count, ranker->part);
    vitrine_topk(ranker->part, count, NULL, found, chosen, best);
    for (uint32_t i = 0; i < found; i++) out[i] = (vitrine_scored){ranker->order[chosen[i]], best[i]};
    ranker->exact_rows = found + count;
    return found;
}
