/* The five parts of a score. Each is a distribution over the items, so that their weights mean the
 * same for a visitor of one click and one of a hundred. Neighbours and recent items speak about few
 * items: they are gathered as a list, and cost nothing by the size of the catalog. */
#include "rank/split.h"

#include <string.h>

#include "kernels/activation.h"
#include "nn/network.h"

vitrine_view vitrine_view_of(const vitrine_profile *profile)
{
    const vitrine_view view = {profile, VITRINE_NO_EVENT, profile->state.h, profile->state.x,
                               profile->state.steps};
    return view;
}

vitrine_view vitrine_view_without(vitrine_ranker *ranker, const vitrine_profile *profile,
                                  uint32_t index)
{
    vitrine_state *state = &ranker->what_if;
    vitrine_state_copy(profile, state,
                       &profile->before[(profile->folded + index) % VITRINE_SNAPSHOTS]);
    for (uint32_t i = index + 1; i < profile->count; i++)
        vitrine_state_advance(profile, state, vitrine_profile_at(profile, i));
    const vitrine_view view = {profile, index, state->h, state->x, state->steps};
    return view;
}

uint32_t vitrine_view_context(const vitrine_view *view)
{
    uint32_t items[VITRINE_MAX_TAIL], bucket = 0, repeated = 0;
    float weights[VITRINE_MAX_TAIL];
    const uint32_t count =
        vitrine_profile_evidence(view->profile, view->without, 1.0f, items, weights);
    for (uint32_t i = 1; i < count && !repeated; i++) repeated = items[i] == items[0];
    static const uint32_t FROM[VITRINE_LENGTH_BUCKETS] = {1, 2, 3, 5, 10};
    while (bucket + 1 < VITRINE_LENGTH_BUCKETS && view->steps >= FROM[bucket + 1]) bucket++;
    const vitrine_model *model = view->profile->catalog->model;
    const uint32_t frequent = count > 0 && items[0] < model->config.items &&
                              vitrine_model_popularity(model, items[0]) >= model->config.frequent_share;
    return (frequent * VITRINE_LENGTH_BUCKETS + bucket) * 2 + repeated;
}

static float fill_network(vitrine_ranker *ranker, const vitrine_view *view)
{
    const vitrine_model *model = ranker->catalog->model;
    const uint32_t items = ranker->catalog->items;
    if (model->config.net.cell == VITRINE_CELL_NONE || view->steps == 0) return 0.0f;
    vitrine_network_query(&model->net, model->kernels, view->x, view->h, ranker->query,
                          ranker->scratch);
    vitrine_logits(ranker, ranker->query);
    const float largest = vitrine_largest_logit(ranker);
    ranker->most_of = NULL; /* logit is anybody's scratch from here on */
    return model->kernels->exp_shifted(ranker->part, ranker->logit, largest, items);
}

static bool is_sparse(vitrine_part part)
{
    return part == VITRINE_PART_NEIGHBOURS || part == VITRINE_PART_RECENT;
}

/* Evidence in ranker->sparse for the items ranker->order[0 .. found-1], to be let go again. */
typedef struct gathered {
    uint32_t found;
    float total;
} gathered;

static void gather(vitrine_ranker *ranker, uint32_t item, float weight, gathered *sum)
{
    if (!(weight > 0.0f)) return; /* else an item could be listed twice */
    if (ranker->sparse[item] == 0.0f) ranker->order[sum->found++] = item;
    ranker->sparse[item] += weight;
    sum->total += weight;
}

static void let_go(vitrine_ranker *ranker, const gathered *sum)
{
    for (uint32_t i = 0; i < sum->found; i++) ranker->sparse[ranker->order[i]] = 0.0f;
}

static gathered gather_part(vitrine_ranker *ranker, const vitrine_view *view, vitrine_part part)
{
    const vitrine_model *model = ranker->catalog->model;
    const vitrine_config *config = &model->config;
    uint32_t items[VITRINE_MAX_TAIL];
    float weights[VITRINE_MAX_TAIL];
    gathered sum = {0, 0.0f};
    const bool recent = part == VITRINE_PART_RECENT;
    const uint32_t count = vitrine_profile_evidence(
        view->profile, view->without,
        recent && config->recent_decay > 0.0f ? config->recent_decay : config->item_decay, items, weights);
    for (uint32_t e = 0; e < count; e++) {
        if (recent) {
            gather(ranker, items[e], weights[e], &sum);
            continue;
        }
        vitrine_table_walk walk = vitrine_table_row(model, items[e]);
        vitrine_neighbour n;
        while (vitrine_table_next(&walk, &n)) gather(ranker, n.item, weights[e] * n.weight, &sum);
    }
    return sum;
}

static float power(float x, uint32_t n)
{
    float result = x;
    for (uint32_t i = 1; i < n; i++) result *= x;
    return result;
}

/* Cosine of the visitor's and the item's attribute vectors, to the model's power. The visitor's
 * length is left out: it is the same for all items. */
static float fill_content(vitrine_ranker *ranker, const vitrine_view *view)
{
    const vitrine_catalog *catalog = ranker->catalog;
    const vitrine_model *model = catalog->model;
    const vitrine_config *config = &model->config;
    uint32_t items[VITRINE_MAX_TAIL];
    float weights[VITRINE_MAX_TAIL], all = 0.0f, total = 0.0f;
    if (config->attributes == 0) return 0.0f;
    const uint32_t events = vitrine_profile_evidence(view->profile, view->without,
                                                     config->attr_decay, items, weights);
    for (uint32_t e = 0; e < events; e++) all += weights[e];
    if (!(all > 0.0f)) return 0.0f;
    float *affinity = ranker->affinity;
    memset(affinity, 0, config->attributes * sizeof *affinity);
    for (uint32_t e = 0; e < events; e++) {
        uint32_t count;
        const uint16_t *at = vitrine_catalog_attributes(catalog, items[e], &count);
        const uint32_t band = vitrine_catalog_band(catalog, items[e]);
        const float share = weights[e] / all * catalog->inverse_norm[items[e]];
        for (uint32_t i = 0; i < count; i++) affinity[at[i]] += share * model->attr_weight[at[i]];
        if (band != VITRINE_NO_ATTRIBUTE) affinity[band] += share * model->attr_weight[band];
    }
    /* Once weighted for the visitor, once for the item. */
    for (uint32_t a = 0; a < config->attributes; a++) affinity[a] *= model->attr_weight[a];
    for (uint32_t j = 0; j < catalog->items; j++) {
        uint32_t count;
        const uint16_t *at = vitrine_catalog_attributes(catalog, j, &count);
        const uint32_t band = vitrine_catalog_band(catalog, j);
        float sum = band != VITRINE_NO_ATTRIBUTE ? affinity[band] : 0.0f;
        for (uint32_t i = 0; i < count; i++) sum += affinity[at[i]];
        ranker->part[j] = power(sum * catalog->inverse_norm[j], config->content_power);
        total += ranker->part[j];
    }
    return total;
}

float vitrine_part_fill(vitrine_ranker *ranker, const vitrine_view *view, vitrine_part part)
{
    const vitrine_model *model = ranker->catalog->model;
    const uint32_t items = ranker->catalog->items;
    if (part == VITRINE_PART_NETWORK) return fill_network(ranker, view);
    if (part == VITRINE_PART_CONTENT) return fill_content(ranker, view);
    memset(ranker->part, 0, items * sizeof(float));
    if (is_sparse(part)) {
        const gathered sum = gather_part(ranker, view, part);
        for (uint32_t i = 0; i < sum.found; i++)
            ranker->part[ranker->order[i]] = ranker->sparse[ranker->order[i]];
        let_go(ranker, &sum);
        return sum.total;
    }
    vitrine_popularities(model, ranker->part);
    return model->kernels->sum(ranker->part, items);
}

void vitrine_part_add(vitrine_ranker *ranker, const vitrine_view *view, vitrine_part part, float weight,
                      float *scores)
{
    if (is_sparse(part)) {
        const gathered sum = gather_part(ranker, view, part);
        const float share = sum.total > 0.0f ? weight / sum.total : 0.0f;
        for (uint32_t i = 0; i < sum.found; i++) {
            const uint32_t item = ranker->order[i];
            scores[item] += share * ranker->sparse[item];
        }
        let_go(ranker, &sum);
        return;
    }
    const float total = vitrine_part_fill(ranker, view, part);
    if (total > 0.0f)
        ranker->catalog->model->kernels->axpby(scores, weight / total, ranker->part, 1.0f,
                                               ranker->catalog->items);
}

void vitrine_view_weights(const vitrine_view *view, float weights[VITRINE_PARTS])
{
    const vitrine_model *model = view->profile->catalog->model;
    uint32_t items[VITRINE_MAX_TAIL];
    float evidence[VITRINE_MAX_TAIL];
    /* Nobody asks an unfused model for other parts. */
    const uint32_t count = model->config.fused == 0 ? 0 : vitrine_profile_evidence(
        view->profile, view->without, 1.0f, items, evidence);
    const bool stepped = view->steps > 0 && model->config.net.cell != VITRINE_CELL_NONE;
    memset(weights, 0, VITRINE_PARTS * sizeof *weights);
    if (model->config.fused == 0)
        weights[VITRINE_PART_NETWORK] = 1.0f;
    else if (count > 0 || stepped)
        memcpy(weights, model->fuse + (size_t)vitrine_view_context(view) * VITRINE_PARTS,
               VITRINE_PARTS * sizeof *weights);
    if (!stepped) weights[VITRINE_PART_NETWORK] = 0.0f;
    if (count == 0)
        weights[VITRINE_PART_NEIGHBOURS] = weights[VITRINE_PART_CONTENT] =
            weights[VITRINE_PART_RECENT] = 0.0f;
    float sum = 0.0f;
    for (uint32_t p = 0; p < VITRINE_PARTS; p++) sum += weights[p];
    if (sum > 0.0f)
        for (uint32_t p = 0; p < VITRINE_PARTS; p++) weights[p] /= sum;
    else
        weights[VITRINE_PART_POPULARITY] = 1.0f;
}

uint32_t vitrine_view_shares(vitrine_ranker *ranker, const vitrine_view *view,
                             const float need[VITRINE_PARTS], const uint32_t *items, uint32_t count,
                             float *shares)
{
    uint32_t speak = 0;
    memset(shares, 0, (size_t)count * VITRINE_PARTS * sizeof *shares);
    for (uint32_t p = 0; p < VITRINE_PARTS; p++) {
        const vitrine_part part = (vitrine_part)p;
        if (need[p] == 0.0f) continue;
        gathered sum = {0, 0.0f};
        if (is_sparse(part)) sum = gather_part(ranker, view, part);
        else sum.total = vitrine_part_fill(ranker, view, part);
        const float *evidence = is_sparse(part) ? ranker->sparse : ranker->part;
        if (sum.total > 0.0f) speak |= 1u << p;
        for (uint32_t i = 0; sum.total > 0.0f && i < count; i++)
            shares[(size_t)i * VITRINE_PARTS + p] = evidence[items[i]] / sum.total;
        let_go(ranker, &sum);
    }
    return speak;
}

vitrine_status vitrine_ranker_parts(vitrine_ranker *ranker, const vitrine_profile *profile,
                                    const uint32_t *items, uint32_t count, float *parts)
{
    static const float all[VITRINE_PARTS] = {1, 1, 1, 1, 1};
    for (uint32_t i = 0; i < count; i++)
        if (items[i] >= ranker->catalog->items) return VITRINE_UNKNOWN_ITEM;
    const vitrine_view view = vitrine_view_of(profile);
    memset(ranker->sparse, 0, ranker->catalog->items * sizeof *ranker->sparse);
    (void)vitrine_view_shares(ranker, &view, all, items, count, parts);
    return VITRINE_OK;
}
