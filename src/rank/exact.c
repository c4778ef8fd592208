/* Candidates by rounded scores, the list by exact ones. The bound: exact.h. */
#include "rank/exact.h"

#include <string.h>

void vitrine_exact_begin(vitrine_ranker *ranker, const float *query)
{
    const uint32_t dim = ranker->catalog->model->config.dim;
    double length = 0.0, left = 0.0;
    for (uint32_t d = 0; d < dim; d++) {
        const double x = (double)query[d];
        const double rest = x - (double)ranker->query_scale * (ranker->query_q8[d] - 64.0);
        ranker->exact_query[d] = query[d];
        length += x * x;
        left += rest * rest;
    }
    /* The sums are taken in double, and rounded up by more than their own error. */
    ranker->query_length = (float)__builtin_sqrt(length) * 1.000001f;
    ranker->query_left = (float)__builtin_sqrt(left) * 1.000001f;
}

/* How far a rounded score in panel p may lie from the exact one. */
static float margin(const vitrine_ranker *ranker, uint32_t p)
{
    const vitrine_model *model = ranker->catalog->model;
    const float length = model->panel_length[p], rest = model->panel_rest[p];
    const float x = ranker->query_length, d = ranker->query_left;
    const float sizes = model->largest_bias + (length + rest) * (x + d);
    const float rounding = (float)(model->config.dim + 16) * 0x1p-24f;
    return (rest * x + length * d + sizes * rounding) * 1.00001f;
}

void vitrine_exact_scores(const vitrine_ranker *ranker, const uint32_t *items, uint32_t count,
                          float *out)
{
    const vitrine_catalog *catalog = ranker->catalog;
    const vitrine_model *model = catalog->model;
    const uint32_t dim = model->config.dim, known = model->config.items;
    float *const panel = ranker->exact_panel, bias[VITRINE_PANEL], score[VITRINE_PANEL];
    /* Rows gathered into a panel: the kernel that scores it is the definition itself. Places past
     * `count` keep what was in them, and nobody looks at what they give. */
    memset(bias, 0, sizeof bias);
    for (uint32_t from = 0; from < count; from += VITRINE_PANEL) {
        const uint32_t n = count - from < VITRINE_PANEL ? count - from : VITRINE_PANEL;
        for (uint32_t i = 0; i < n; i++) {
            const uint32_t item = items[from + i];
            bias[i] = item < known ? model->bias[item] : catalog->cold_bias[item - known];
            if (item < known) {
                vitrine_model_exact_row(model, item, panel + i, VITRINE_PANEL);
                continue;
            }
            vitrine_panels_row_f32(ranker->vector, catalog->cold_f32, item - known, dim);
            for (uint32_t d = 0; d < dim; d++) panel[d * VITRINE_PANEL + i] = ranker->vector[d];
        }
        model->kernels->gemv_f32(score, panel, ranker->exact_query, bias, VITRINE_PANEL, dim);
        memcpy(out + from, score, n * sizeof *out);
    }
}

void vitrine_exact_all(vitrine_ranker *ranker)
{
    const uint32_t items = ranker->catalog->items;
    for (uint32_t from = 0; from < items; from += VITRINE_PANEL) {
        uint32_t some[VITRINE_PANEL];
        const uint32_t n = items - from < VITRINE_PANEL ? items - from : VITRINE_PANEL;
        for (uint32_t i = 0; i < n; i++) some[i] = from + i;
        vitrine_exact_scores(ranker, some, n, ranker->scores + from);
    }
    ranker->rounded = false;
    ranker->most_of = NULL;
}

enum { REMEMBERED = 64 };

/* The list so far, best first, and rows that wait to be put into it. Items come in rising order, and
 * wait in it, so that one that only equals another goes behind. */
typedef struct picking {
    vitrine_ranker *ranker;
    vitrine_scored *out;
    uint32_t k, count, waiting;
    uint32_t item[VITRINE_PANEL];
    float score[VITRINE_PANEL];
    uint32_t fresh[VITRINE_PANEL]; /* which of them have no exact score yet */
    uint32_t fresh_count;
    vitrine_scored known[REMEMBERED]; /* exact already, by rising item */
    uint32_t known_count, known_at;
    float threshold; /* nothing below it gets into the list */
} picking;

/* Scores what waits and has no score, and puts all of it into the list. */
static void settle(picking *pick)
{
    uint32_t items[VITRINE_PANEL];
    float scores[VITRINE_PANEL];
    for (uint32_t i = 0; i < pick->fresh_count; i++) items[i] = pick->item[pick->fresh[i]];
    vitrine_exact_scores(pick->ranker, items, pick->fresh_count, scores);
    for (uint32_t i = 0; i < pick->fresh_count; i++) pick->score[pick->fresh[i]] = scores[i];
    pick->ranker->exact_rows += pick->fresh_count;
    for (uint32_t i = 0; i < pick->waiting; i++) {
        const float score = pick->score[i];
        if (pick->count == pick->k && !(score > pick->out[pick->k - 1].score)) continue;
        uint32_t low = 0, high = pick->count;
        while (low < high) {
            const uint32_t middle = low + (high - low) / 2;
            if (pick->out[middle].score >= score) low = middle + 1;
            else high = middle;
        }
        if (pick->count < pick->k) pick->count++;
        memmove(pick->out + low + 1, pick->out + low, (pick->count - 1 - low) * sizeof *pick->out);
        pick->out[low] = (vitrine_scored){pick->item[i], score};
    }
    if (pick->count == pick->k && pick->out[pick->k - 1].score > pick->threshold)
        pick->threshold = pick->out[pick->k - 1].score;
    pick->waiting = pick->fresh_count = 0;
}

static void consider(picking *pick, uint32_t from, uint32_t to, float slack)
{
    const vitrine_ranker *ranker = pick->ranker;
    for (uint32_t i = from; i < to; i++) {
        if (!(ranker->scores[i] + slack >= pick->threshold) || !ranker->allowed[i]) continue;
        while (pick->known_at < pick->known_count && pick->known[pick->known_at].item < i)
            pick->known_at++;
        pick->item[pick->waiting] = i;
        if (pick->known_at < pick->known_count && pick->known[pick->known_at].item == i)
            pick->score[pick->waiting] = pick->known[pick->known_at].score;
        else
            pick->fresh[pick->fresh_count++] = pick->waiting;
        if (++pick->waiting == VITRINE_PANEL) settle(pick);
    }
}

/* A short list's exact scores are kept, so that none of its rows is read twice. */
static void remember(picking *pick, uint32_t item, float score)
{
    uint32_t at = pick->known_count++;
    for (; at > 0 && pick->known[at - 1].item > item; at--) pick->known[at] = pick->known[at - 1];
    pick->known[at] = (vitrine_scored){item, score};
}

uint32_t vitrine_exact_best(vitrine_ranker *ranker, uint32_t k, vitrine_scored *out)
{
    const uint32_t items = ranker->catalog->items, known = ranker->catalog->model->config.items;
    /* The k best by rounded scores: the worst of their exact scores is one that k items reach, so
     * nothing below it is in the list. */
    const uint32_t found = vitrine_best(ranker, ranker->scores, k, out);
    picking pick;
    ranker->exact_rows = found;
    if (found == 0) return 0;
    pick.ranker = ranker;
    pick.out = out;
    pick.k = found;
    pick.count = pick.waiting = pick.fresh_count = pick.known_count = pick.known_at = 0;
    vitrine_exact_scores(ranker, ranker->order, found, ranker->part);
    pick.threshold = ranker->part[0];
    for (uint32_t i = 0; i < found; i++) {
        if (ranker->part[i] < pick.threshold) pick.threshold = ranker->part[i];
        if (found <= REMEMBERED) remember(&pick, ranker->order[i], ranker->part[i]);
    }

    const bool maxima = ranker->most_of == ranker->scores;
    for (uint32_t from = 0, p = 0; from < known; from += VITRINE_PANEL, p++) {
        const uint32_t to = known - from < VITRINE_PANEL ? known : from + VITRINE_PANEL;
        const float slack = margin(ranker, p);
        if (maxima && !(ranker->most[p] + slack >= pick.threshold)) continue;
        consider(&pick, from, to, slack);
    }
    consider(&pick, known, items, 0.0f); /* cold rows are f32 already */
    settle(&pick);
    return pick.count;
}
