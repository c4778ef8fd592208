/* Candidates and their scores from split rows. The bound: split.h, and exact.h for what floats round. */
#include "rank/split.h"

#include <float.h>

#include "kernels/reach.h"

/* Asks for memory that will be read, so that misses overlap: what follows a read would fill the processor's window before
 * the next one is asked for. WebAssembly has no instruction for it; a load whose value goes nowhere is one. */
static inline void ask_for(const void *at)
{
#ifdef __wasm__
    (void)*(const volatile uint8_t *)at;
#else
    __builtin_prefetch(at);
#endif
}

/* So many rows, and no more, stay in the cache until they are read. */
enum { ASKED = 1 << 15 };

static vitrine_rows_halves rows_of(const vitrine_model *model)
{
    return (vitrine_rows_halves){model->item_high, model->item_low, model->scale, model->bias};
}

void vitrine_split_scan(vitrine_ranker *ranker)
{
    const vitrine_model *model = ranker->catalog->model;
    const vitrine_rows_halves rows = rows_of(model);
    vitrine_halves_best()(ranker->logit, ranker->most, &rows, ranker->query_q8, ranker->query_scale,
                          model->config.items, model->config.dim);
}

/* The logit of a row whose lower half adds `low`, from the score that the scan gave it. */
static inline float completed(const vitrine_rows_halves *rows, const vitrine_halves_query *query, uint32_t row,
                              uint32_t dim, float score, float query_scale, int32_t low)
{
    const float unit = rows->scale[row] * query_scale, bias = rows->bias[row];
    const int32_t centre = 120 * query->sum;
    int32_t whole;
    /* The scan's whole number, back from the float it became: it is one of a ladder of 16, and two roundings, each
     * by 2^-24 of what is at hand, moved it by less than 2 while the bias is no more than 2^24 of its units. Where that
     * is not so, the row says. */
    if (unit >= FLT_MIN && bias <= 16777216.0f * unit && -bias <= 16777216.0f * unit) {
        const double steps = (((double)score - (double)bias) / (double)unit + centre) * 0.0625;
        whole = 16 * (int32_t)((steps + 6755399441055744.0) - 6755399441055744.0) - centre;
    } else
        whole = vitrine_halves_high(rows, query, row, dim);
    return (float)(whole + low) * unit + bias;
}

void vitrine_split_complete(const vitrine_ranker *ranker, const float *scores, const uint32_t *items, uint32_t count,
                            float *out)
{
    const vitrine_model *model = ranker->catalog->model;
    const uint32_t dim = model->config.dim;
    const vitrine_rows_halves rows = rows_of(model);
    vitrine_halves_query query;
    vitrine_halves_query_of(&query, ranker->query_q8, dim);
    const size_t step = vitrine_padded_cols_q8(dim) / 2;
    for (uint32_t i = 0; items != NULL && count <= ASKED && i < count; i++) {
        if (items[i] >= model->config.items) continue;
        ask_for(rows.low + items[i] * step);
        ask_for(rows.bias + items[i]);
    }
    for (uint32_t from = 0; from < count; from += VITRINE_HALVES_ROWS) {
        const uint32_t n = count - from < VITRINE_HALVES_ROWS ? count - from : VITRINE_HALVES_ROWS;
        uint32_t four[VITRINE_HALVES_ROWS] = {0};
        int32_t low[VITRINE_HALVES_ROWS];
        for (uint32_t i = 0; i < n; i++) {
            const uint32_t item = items == NULL ? from + i : items[from + i];
            if (item < model->config.items) four[i] = item;
        }
        vitrine_halves_low(low, &rows, &query, four, dim);
        for (uint32_t i = 0; i < n; i++) {
            const uint32_t item = items == NULL ? from + i : items[from + i];
            out[from + i] = item < model->config.items
                                ? completed(&rows, &query, item, dim, scores[item], ranker->query_scale, low[i])
                                : scores[item];
        }
    }
}

/* What is added to a rounded score to reach above the true one: of a row of scale s, s * a_scale + always. */
typedef struct slack {
    float a_scale, always;
} slack;

/* A row of scale 1 is no longer than `length`, and leaves no more than `rest`. The terms are those of exact.c. */
static slack slack_of(const vitrine_ranker *ranker, float length, float rest)
{
    const vitrine_model *model = ranker->catalog->model;
    const float x = ranker->query_length, d = ranker->query_left;
    const float rounding = (float)(model->config.dim + 16) * 0x1p-24f;
    /* Below the normal floats a unit is rounded by more than its share: together that is less than one of them. */
    return (slack){(rest * x + length * d + (length + rest) * (x + d) * rounding) * 1.00002f,
                   model->largest_bias * rounding * 1.00002f + FLT_MIN};
}

/* Of an exact model, by the logits of int8 rows: what is left to score in full. */
static uint32_t by_int8(vitrine_ranker *ranker, float least, uint32_t count)
{
    const vitrine_model *model = ranker->catalog->model;
    uint32_t kept = 0;
    vitrine_split_complete(ranker, ranker->scores, ranker->order, count, ranker->part);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t item = ranker->order[i], p = item / VITRINE_PANEL;
        const float left = model->panel_left[p];
        const slack s = slack_of(ranker, model->panel_length[p] + model->panel_rest[p] + left, left);
        if (ranker->part[i] + (model->scale[item] * s.a_scale + s.always) >= least) ranker->order[kept++] = item;
    }
    return kept;
}

/* The panels in which a row may reach `least`, by their maxima where those are known: into panel [panels], and how
 * many. */
static uint32_t panels_that_reach(const vitrine_ranker *ranker, float least, uint32_t *panel)
{
    const vitrine_model *model = ranker->catalog->model;
    const uint32_t panels = (model->config.items + VITRINE_PANEL - 1) / VITRINE_PANEL;
    const bool maxima = ranker->most_of == ranker->scores;
    const slack any = slack_of(ranker, model->longest_panel, model->largest_rest);
    const float widest = model->largest_scale * any.a_scale + any.always;
    uint32_t count = 0;
    for (uint32_t base = 0; base < panels; base += 32) {
        const uint32_t n = panels - base < 32 ? panels - base : 32;
        uint32_t left = n == 32 ? UINT32_MAX : (1u << n) - 1;
        if (maxima && n == 32) left = vitrine_reach(ranker->most + base, widest, least);
        for (; left != 0; left &= left - 1) {
            const uint32_t p = base + (uint32_t)__builtin_ctz(left);
            const slack s = slack_of(ranker, model->panel_length[p], model->panel_rest[p]);
            panel[count] = p;
            count += !maxima || ranker->most[p] + (model->panel_scale[p] * s.a_scale + s.always) >= least;
        }
    }
    return count;
}

/* In three steps, none of which waits for memory before it knows what the next one reads: on the way from one panel to
 * the next nothing is decided by what was fetched. */
uint32_t vitrine_split_candidates(vitrine_ranker *ranker, float least)
{
    const vitrine_model *model = ranker->catalog->model;
    const uint32_t known = model->config.items;
    const bool exact = model->config.precision == VITRINE_EXACT;
    uint32_t *const panel = (uint32_t *)(void *)ranker->logit, *const bits = (uint32_t *)(void *)ranker->part;
    const uint32_t panels = panels_that_reach(ranker, least, panel);
    for (uint32_t i = 0; i < panels; i++)
        for (uint32_t half_way = 0; half_way < VITRINE_PANEL; half_way += VITRINE_PANEL / 2) {
            ask_for(ranker->scores + panel[i] * VITRINE_PANEL + half_way);
            ask_for(model->scale + panel[i] * VITRINE_PANEL + half_way);
        }
    for (uint32_t i = 0; i < panels; i++) {
        const uint32_t p = panel[i], base = p * VITRINE_PANEL;
        const slack s = slack_of(ranker, model->panel_length[p], model->panel_rest[p]);
        bits[i] = vitrine_reach_scaled(ranker->scores + base, model->scale + base, s.a_scale, s.always, least);
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < panels; i++)
        for (uint32_t left = bits[i]; left != 0; left &= left - 1) {
            const uint32_t item = panel[i] * VITRINE_PANEL + (uint32_t)__builtin_ctz(left);
            if (item >= known) break;
            ranker->order[count] = item;
            count += ranker->allowed[item] != 0;
        }
    return exact ? by_int8(ranker, least, count) : count;
}
