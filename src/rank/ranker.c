/* Fusing the parts into scores, and picking from them. Scores are kept until the profile or the
 * catalog changes, so a second shelf on the page costs its selection only. */
#include "rank/learning.h"

#include <string.h>

#include "base/arena.h"
#include "kernels/activation.h"
#include "kernels/topk.h"
#include "nn/network.h"
#include "rank/exact.h"

static vitrine_ranker *layout(vitrine_arena *arena, const vitrine_catalog *catalog,
                              vitrine_ranker *fields)
{
    const vitrine_config *config = &catalog->model->config;
    /* Kernels write whole panels, for the model's items and for the cold ones behind them. */
    const size_t padded = config->items + vitrine_padded_rows(catalog->cold) + VITRINE_PANEL;
    vitrine_ranker *ranker = VITRINE_TAKE(arena, vitrine_ranker, 1);
    fields->scores = VITRINE_TAKE(arena, float, padded);
    fields->logit = VITRINE_TAKE(arena, float, padded);
    fields->wide = VITRINE_TAKE(arena, uint64_t, padded);
    fields->part = (float *)(void *)fields->wide;
    /* While the arena measures there is nothing to point into. */
    if (fields->wide != NULL) fields->order = (uint32_t *)(void *)fields->wide + padded;
    if (config->precision == VITRINE_EXACT)
        fields->exact_query = VITRINE_TAKE(arena, float, config->dim * (vitrine_model_is_split(catalog->model) ? 11 : 1));
    fields->most = VITRINE_TAKE(arena, float, padded / VITRINE_PANEL + 2);
    if (config->net.cell != VITRINE_CELL_NONE) fields->length = VITRINE_TAKE(arena, float, catalog->items);
    fields->allowed = VITRINE_TAKE(arena, uint8_t, catalog->items);
    fields->factor = VITRINE_TAKE(arena, float, catalog->items);
    fields->lesson = VITRINE_TAKE(arena, vitrine_lesson, VITRINE_LESSONS);
    /* Where the score is the network's logit alone, nobody multiplies by the bias, and no part gathers. */
    fields->bias = config->fused != 0 ? VITRINE_TAKE(arena, float, catalog->items) : fields->logit;
    fields->sparse = config->fused != 0 ? VITRINE_TAKE(arena, float, catalog->items) : fields->factor;
    fields->affinity = VITRINE_TAKE(arena, float, config->attributes);
    fields->query = VITRINE_TAKE(arena, float, vitrine_padded_rows(config->dim));
    fields->vector = VITRINE_TAKE(arena, float, vitrine_padded_rows(config->dim));
    fields->query_q8 = VITRINE_TAKE(arena, uint8_t, vitrine_padded_cols_q8(config->dim));
    fields->scratch = VITRINE_TAKE(arena, float, vitrine_network_scratch(&config->net));
    vitrine_state_take(arena, &config->net, &fields->what_if);
    return ranker;
}

vitrine_status vitrine_ranker_size(const vitrine_catalog *catalog, size_t *need)
{
    vitrine_arena arena = {0};
    vitrine_ranker fields;
    memset(&fields, 0, sizeof fields);
    (void)layout(&arena, catalog, &fields);
    *need = arena.used;
    return VITRINE_OK;
}

vitrine_status vitrine_ranker_init(void *mem, size_t mem_size, const vitrine_catalog *catalog,
                                   vitrine_ranker **out)
{
    vitrine_arena arena = {mem, mem_size, 0, false};
    vitrine_ranker fields;
    *out = NULL;
    if (mem == NULL || ((uintptr_t)mem & (VITRINE_ALIGN - 1)) != 0) return VITRINE_BAD_ARGUMENT;
    memset(&fields, 0, sizeof fields);
    vitrine_ranker *ranker = layout(&arena, catalog, &fields);
    if (arena.failed) return VITRINE_NO_SPACE;
    memset(mem, 0, arena.used);
    *ranker = fields;
    ranker->catalog = catalog;
    *out = ranker;
    return VITRINE_OK;
}

void vitrine_sink_dismissed(const vitrine_profile *profile, float *scores)
{
    const vitrine_model *model = profile->catalog->model;
    const float penalty = model->config.dismiss_penalty;
    const uint32_t tail = model->config.tail;
    const uint32_t from = profile->count > tail ? profile->count - tail : 0;
    if (penalty == 0.0f) return;
    for (uint32_t i = from; i < profile->count; i++) {
        const vitrine_event *event = vitrine_profile_at(profile, i);
        if (event->kind != VITRINE_DISMISS ||
            (profile->flags[event->item] & VITRINE_WAS_DISMISSED) == 0)
            continue;
        float heaviest = 0.0f;
        vitrine_neighbour n;
        for (vitrine_table_walk w = vitrine_table_row(model, event->item); vitrine_table_next(&w, &n);)
            if (n.weight > heaviest) heaviest = n.weight;
        if (!(heaviest > 0.0f)) continue;
        for (vitrine_table_walk w = vitrine_table_row(model, event->item); vitrine_table_next(&w, &n);)
            scores[n.item] *= 1.0f - penalty * (n.weight / heaviest);
    }
}

void vitrine_score_rounded(vitrine_ranker *ranker, const vitrine_profile *profile)
{
    const vitrine_catalog *catalog = ranker->catalog;
    const vitrine_model *model = catalog->model;
    if (ranker->scored == profile && ranker->scored_revision == profile->revision &&
        ranker->catalog_revision == catalog->revision &&
        (ranker->learner != profile || ranker->seen_revision == profile->seen_revision))
        return;
    vitrine_adapt(ranker, profile);
    const vitrine_view view = vitrine_view_of(profile);
    float weights[VITRINE_PARTS];
    vitrine_learnt_weights(ranker, &view, weights);
    if (model->config.fused == 0 && weights[VITRINE_PART_POPULARITY] < 1.0f) {
        /* The network's logits are the scores; part and logit are both scratch, so swap. */
        vitrine_network_query(&model->net, model->kernels, view.x, view.h, ranker->query,
                              ranker->scratch);
        vitrine_logits_rounded(ranker, ranker->query);
        float *const logits = ranker->logit;
        ranker->logit = ranker->scores;
        ranker->scores = logits;
        if (ranker->most_of != NULL) ranker->most_of = ranker->scores;
        ranker->rounded = model->config.precision == VITRINE_EXACT || vitrine_model_is_split(model);
        if (ranker->rounded) vitrine_exact_begin(ranker, ranker->query);
    } else {
        if (ranker->most_of == ranker->scores) ranker->most_of = NULL;
        ranker->rounded = false;
        memset(ranker->scores, 0, catalog->items * sizeof(float));
        for (uint32_t p = 0; p < VITRINE_PARTS; p++) {
            if (weights[p] == 0.0f) continue;
            vitrine_part_add(ranker, &view, (vitrine_part)p, weights[p], ranker->scores);
        }
        /* Repeat penalty; without one there is nothing to go through. */
        const float keep = 1.125f - 0.125f * (float)model->config.fused;
        for (uint32_t i = profile->count, left = keep < 1.0f ? view.steps : 0; left > 0 && i-- > 0;) {
            const vitrine_event *event = vitrine_profile_at(profile, i);
            if (model->kinds[event->kind].steps == 0) continue;
            ranker->scores[event->item] *= keep;
            left--;
        }
        vitrine_sink_dismissed(profile, ranker->scores);
        for (uint32_t i = 0; ranker->biased && i < catalog->items; i++)
            ranker->scores[i] *= vitrine_exp_scalar(ranker->bias[i]);
    }
    ranker->scored = profile;
    ranker->scored_revision = profile->revision;
    ranker->seen_revision = profile->seen_revision;
    ranker->catalog_revision = catalog->revision;
}

void vitrine_score_all(vitrine_ranker *ranker, const vitrine_profile *profile)
{
    vitrine_score_rounded(ranker, profile);
    if (ranker->rounded) vitrine_exact_all(ranker);
}

uint32_t vitrine_best(vitrine_ranker *ranker, const float *scores, uint32_t k, vitrine_scored *out)
{
    const uint32_t items = ranker->catalog->items;
    const uint32_t panels =
        scores == ranker->most_of ? ranker->catalog->model->config.items / VITRINE_PANEL : 0;
    const uint32_t count = vitrine_topk_panels(scores, items, ranker->most, panels, ranker->allowed,
                                               k < items ? k : items, ranker->order, ranker->part);
    for (uint32_t i = 0; i < count; i++) {
        out[i].item = ranker->order[i];
        out[i].score = ranker->part[i];
    }
    return count;
}

uint32_t vitrine_best_scored(vitrine_ranker *ranker, uint32_t k, vitrine_scored *out)
{
    return ranker->rounded ? vitrine_exact_best(ranker, k, out)
                           : vitrine_best(ranker, ranker->scores, k, out);
}

void vitrine_scores_of(const vitrine_ranker *ranker, const uint32_t *items, uint32_t count, float *out)
{
    if (ranker->rounded) vitrine_exact_scores(ranker, items, count, out);
    else
        for (uint32_t i = 0; i < count; i++) out[i] = ranker->scores[items[i]];
}

vitrine_status vitrine_rank(vitrine_ranker *ranker, const vitrine_profile *profile,
                            const vitrine_filter *filter, uint32_t k, vitrine_scored *out,
                            uint32_t *count)
{
    *count = 0;
    if (k == 0) return VITRINE_BAD_ARGUMENT;
    vitrine_score_rounded(ranker, profile);
    vitrine_mask(ranker, profile, filter);
    *count = vitrine_best_scored(ranker, k, out);
    return VITRINE_OK;
}

/* Whether position a of a given list goes before position b: better score, else as given. */
static bool before(const vitrine_scored *list, uint32_t a, uint32_t b)
{
    return list[a].score > list[b].score || (list[a].score == list[b].score && a < b);
}

static void sift(const vitrine_scored *list, uint32_t *order, uint32_t root, uint32_t count)
{
    for (uint32_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && before(list, order[child], order[child + 1])) child++;
        if (!before(list, order[root], order[child])) return;
        const uint32_t swap = order[root];
        order[root] = order[child];
        order[child] = swap;
    }
}

vitrine_status vitrine_rerank(vitrine_ranker *ranker, const vitrine_profile *profile,
                              const uint32_t *items, uint32_t count, vitrine_scored *out)
{
    if (count == 0 || count > ranker->catalog->items) return VITRINE_BAD_ARGUMENT;
    for (uint32_t i = 0; i < count; i++)
        if (items[i] >= ranker->catalog->items) return VITRINE_UNKNOWN_ITEM;
    vitrine_score_rounded(ranker, profile);
    vitrine_mask(ranker, profile, NULL);
    vitrine_scores_of(ranker, items, count, ranker->part);
    vitrine_scored *const given = out;
    uint32_t *const order = ranker->order;
    for (uint32_t i = 0; i < count; i++) {
        given[i].item = items[i];
        given[i].score = ranker->allowed[items[i]] ? ranker->part[i] : -1e30f;
        order[i] = i;
    }
    /* Heap sort: no memory, and the positions make equal scores keep their order. */
    for (uint32_t i = count / 2; i-- > 0;) sift(given, order, i, count);
    for (uint32_t end = count; end-- > 1;) {
        const uint32_t swap = order[0];
        order[0] = order[end];
        order[end] = swap;
        sift(given, order, 0, end);
    }
    for (uint32_t i = 0; i < count; i++) {
        out[i].item = items[order[i]];
        out[i].score = ranker->part[order[i]];
    }
    return VITRINE_OK;
}

vitrine_status vitrine_popular(vitrine_ranker *ranker, const vitrine_profile *profile,
                               const vitrine_filter *filter, uint32_t k, vitrine_scored *out,
                               uint32_t *count)
{
    const vitrine_model *model = ranker->catalog->model;
    *count = 0;
    if (k == 0) return VITRINE_BAD_ARGUMENT;
    vitrine_popularities(model, ranker->logit);
    memset(ranker->logit + model->config.items, 0, ranker->catalog->cold * sizeof(float));
    vitrine_mask(ranker, profile, filter);
    *count = vitrine_best(ranker, ranker->logit, k, out);
    return VITRINE_OK;
}
