/* Candidates and their scores from split rows. The bound: split.h, and exact.h for what floats round. */
#include "rank/split.h"

#include <float.h>

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

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

void vitrine_split_complete(const vitrine_ranker *ranker, const float *scores, const uint32_t *items, uint32_t count,
                            float *out)
{
    const vitrine_model *model = ranker->catalog->model;
    const uint32_t dim = model->config.dim;
    const vitrine_rows_halves rows = rows_of(model);
    vitrine_halves_query query;
    vitrine_halves_query_of(&query, ranker->query_q8, dim);
    const int32_t centre = 120 * query.sum;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t item = items == NULL ? i : items[i];
        if (item >= model->config.items) {
            out[i] = scores[item];
            continue;
        }
        const float unit = model->scale[item] * ranker->query_scale, bias = model->bias[item];
        int32_t whole;
        /* The scan's whole number, back from the float it became: it is one of a ladder of 16, and two roundings, each
         * by 2^-24 of what is at hand, moved it by less than 2 while the bias is no more than 2^24 of its units. Where that
         * is not so, the row says. */
        if (unit >= FLT_MIN && bias <= 16777216.0f * unit && -bias <= 16777216.0f * unit) {
            const double steps = (((double)scores[item] - (double)bias) / (double)unit + centre) * 0.0625;
            whole = 16 * (int32_t)((steps + 6755399441055744.0) - 6755399441055744.0) - centre;
        } else
            whole = vitrine_halves_high(&rows, &query, item, dim);
        whole += vitrine_halves_low(&rows, &query, item, dim);
        out[i] = (float)whole * unit + bias;
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

/* Which of 32 scores, with their rows' own slack, reach `least`: a bit for each. */
static uint32_t reach(const float *score, const float *scale, slack s, float least)
{
    uint32_t bits = 0;
#ifdef __wasm_simd128__
    for (uint32_t l = 0; l < VITRINE_PANEL; l += 4) {
        const v128_t own = wasm_f32x4_add(wasm_f32x4_mul(wasm_v128_load(scale + l), wasm_f32x4_splat(s.a_scale)),
                                          wasm_f32x4_splat(s.always));
        const v128_t most = wasm_f32x4_add(wasm_v128_load(score + l), own);
        bits |= wasm_i32x4_bitmask(wasm_f32x4_ge(most, wasm_f32x4_splat(least))) << l;
    }
#else
    for (uint32_t l = 0; l < VITRINE_PANEL; l++)
        bits |= (uint32_t)(score[l] + (scale[l] * s.a_scale + s.always) >= least) << l;
#endif
    return bits;
}

/* Of an exact model, by the logits of int8 rows: what is left to score in full. */
static uint32_t by_int8(vitrine_ranker *ranker, float least, uint32_t count)
{
    const vitrine_model *model = ranker->catalog->model;
    const float half = 0.5f * __builtin_sqrtf((float)model->config.dim);
    uint32_t kept = 0;
    vitrine_split_complete(ranker, ranker->scores, ranker->order, count, ranker->part);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t item = ranker->order[i], p = item / VITRINE_PANEL;
        const slack s = slack_of(ranker, model->panel_length[p] + model->panel_rest[p], half);
        if (ranker->part[i] + (model->scale[item] * s.a_scale + s.always) >= least) ranker->order[kept++] = item;
    }
    return kept;
}

uint32_t vitrine_split_candidates(vitrine_ranker *ranker, float least)
{
    const vitrine_model *model = ranker->catalog->model;
    const uint32_t known = model->config.items, panels = (known + VITRINE_PANEL - 1) / VITRINE_PANEL;
    const bool exact = model->config.precision == VITRINE_EXACT;
    const float half = exact ? 0.5f * __builtin_sqrtf((float)model->config.dim) : 0.0f;
    const bool maxima = ranker->most_of == ranker->scores;
    float (*const largest)(const float *, size_t) = model->kernels->max;
    const slack any = slack_of(ranker, largest(model->panel_length, panels), largest(model->panel_rest, panels) + half);
    const float widest = largest(model->panel_scale, panels) * any.a_scale + any.always;
    uint32_t count = 0;
    for (uint32_t from = 0; from < panels; from += VITRINE_PANEL) {
        const uint32_t end = panels - from > VITRINE_PANEL ? from + VITRINE_PANEL : panels;
        if (maxima && !(largest(ranker->most + from, end - from) + widest >= least)) continue;
        for (uint32_t p = from; p < end; p++) {
            if (maxima && !(ranker->most[p] + widest >= least)) continue;
            const slack s = slack_of(ranker, model->panel_length[p], model->panel_rest[p] + half);
            if (maxima && !(ranker->most[p] + (model->panel_scale[p] * s.a_scale + s.always) >= least)) continue;
            const uint32_t base = p * VITRINE_PANEL;
            for (uint32_t bits = reach(ranker->scores + base, model->scale + base, s, least); bits != 0;
                 bits &= bits - 1) {
                const uint32_t item = base + (uint32_t)__builtin_ctz(bits);
                if (item < known && ranker->allowed[item]) ranker->order[count++] = item;
            }
        }
    }
    return exact ? by_int8(ranker, least, count) : count;
}

