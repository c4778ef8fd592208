/* The rungs of the fallback chain: each scores the whole catalog in its own way. */
#include "rank/shelf.h"

#include <string.h>

#include "catalog/features.h"
#include "kernels/activation.h"
#include "rank/attributes.h"

#define MONTH (30.0f * 86400.0f) /* an arrival's score halves in it */
#define LN2 0.693147181f

/* By the model's counts; by the catalog's sales where the model knows none of its items. */
static bool popular(vitrine_ranker *ranker)
{
    const vitrine_catalog *catalog = ranker->catalog;
    const uint32_t known = catalog->model->config.items;
    bool any = false;
    vitrine_popularities(catalog->model, ranker->logit);
    for (uint32_t i = 0; !any && i < known; i++) any = catalog->available[i] && ranker->logit[i] > 0.0f;
    for (uint32_t i = known; i < catalog->items; i++) {
        const float sales = any ? 0.0f : vitrine_catalog_sales(catalog, i);
        ranker->logit[i] = sales > 0.0f ? sales : 0.0f;
    }
    return true;
}

/* Neighbours of the seeds, each seed's heaviest counting 1. */
static bool neighbours(vitrine_filling *filling)
{
    vitrine_ranker *ranker = filling->ranker;
    const vitrine_catalog *catalog = ranker->catalog;
    const vitrine_placement placement = filling->request->placement;
    const bool complements = placement == VITRINE_PLACE_BOUGHT_TOGETHER || placement == VITRINE_PLACE_CART_ADDONS;
    bool any = false;
    memset(ranker->logit, 0, catalog->items * sizeof(float));
    for (uint32_t s = 0; s < filling->seed_count; s++) {
        const uint32_t seed = filling->seeds[s];
        float heaviest = 0.0f;
        vitrine_neighbour n;
        for (vitrine_table_walk w = vitrine_table_row(catalog->model, seed); vitrine_table_next(&w, &n);)
            if (n.weight > heaviest) heaviest = n.weight;
        if (!(heaviest > 0.0f)) continue;
        any = true;
        for (vitrine_table_walk w = vitrine_table_row(catalog->model, seed); vitrine_table_next(&w, &n);) {
            const bool same = complements && vitrine_same_text(catalog, seed, n.item, VITRINE_TEXT_CATEGORY, false);
            ranker->logit[n.item] += n.weight / heaviest * (same ? VITRINE_SUBSTITUTE : 1.0f);
        }
    }
    return any;
}

/* Likeness to the last seed: cosine of attributes, cosine of vectors, the mean where both exist. */
static bool content(vitrine_filling *filling)
{
    vitrine_ranker *ranker = filling->ranker;
    const vitrine_catalog *catalog = ranker->catalog;
    const vitrine_model *model = catalog->model;
    if (filling->seed_count == 0) return false;
    const uint32_t seed = filling->seeds[filling->seed_count - 1];
    const bool vectors = model->config.net.cell != VITRINE_CELL_NONE;
    const bool attributes = catalog->inverse_norm != NULL && catalog->inverse_norm[seed] > 0.0f;
    if (vectors)
        vitrine_similarities(ranker, seed, VITRINE_COSINE);
    else
        memset(ranker->logit, 0, catalog->items * sizeof(float));
    if (!attributes) return vectors;
    memset(ranker->affinity, 0, model->config.attributes * sizeof(float));
    vitrine_attributes_add(catalog, seed, 1.0f, ranker->affinity);
    vitrine_attributes_dot(catalog, ranker->affinity, vectors ? 0.5f : 1.0f, ranker->part);
    for (uint32_t j = 0; j < catalog->items; j++)
        ranker->logit[j] = (vectors ? ranker->logit[j] * 0.5f : 0.0f) + ranker->part[j];
    return true;
}

/* By the catalog's momentum. */
static bool trending(vitrine_ranker *ranker)
{
    const vitrine_catalog *catalog = ranker->catalog;
    bool any = false;
    if (catalog->trend == NULL) return false;
    memcpy(ranker->logit, catalog->trend, catalog->items * sizeof(float));
    for (uint32_t i = 0; !any && i < catalog->items; i++) any = catalog->trend[i] > 0.0f;
    return any;
}

/* By `created`; where the catalog does not say, what the model has never seen is new. */
static bool arrivals(vitrine_filling *filling)
{
    vitrine_ranker *ranker = filling->ranker;
    const vitrine_catalog *catalog = ranker->catalog;
    uint32_t newest = 0;
    for (uint32_t i = 0; i < catalog->items; i++) {
        const uint32_t created = vitrine_catalog_created(catalog, i);
        if (created > newest) newest = created;
    }
    for (uint32_t i = 0; i < catalog->items; i++) {
        const uint32_t created = vitrine_catalog_created(catalog, i);
        const float age = (float)(newest - created);
        ranker->logit[i] = newest == 0   ? (float)(i >= catalog->model->config.items)
                           : created > 0 ? vitrine_exp_scalar(-age / MONTH * LN2)
                                         : 0.0f;
    }
    return newest > 0 || catalog->cold > 0;
}

/* The visitor's items, the newest 1, the one before 1/2, and so on. */
static bool recent(vitrine_filling *filling, const vitrine_profile *profile)
{
    vitrine_ranker *ranker = filling->ranker;
    uint32_t rank = 0;
    memset(ranker->logit, 0, ranker->catalog->items * sizeof(float));
    for (uint32_t i = profile->count; i-- > 0;) {
        const vitrine_event *event = vitrine_profile_at(profile, i);
        if (ranker->logit[event->item] == 0.0f && (profile->flags[event->item] & VITRINE_WAS_VIEWED) != 0)
            ranker->logit[event->item] = 1.0f / (float)++rank;
    }
    return rank > 0;
}

float vitrine_boosted(float score, float factor, bool logit)
{
    /* A logit is the logarithm of a share: what multiplies the one is added to the other. */
    return !logit ? score * factor : factor != 1.0f ? score + vitrine_log(factor) : score;
}

bool vitrine_rung_scores(vitrine_filling *filling, vitrine_rung rung, const vitrine_profile *profile)
{
    vitrine_ranker *ranker = filling->ranker;
    const uint32_t items = ranker->catalog->items;
    const float *factor = filling->factor;
    bool logits = false, any = false;
    filling->as_scored = rung == VITRINE_RUNG_MODEL && factor == NULL;
    if (filling->as_scored) {
        vitrine_score_rounded(ranker, profile);
        return true;
    }
    switch (rung) {
    case VITRINE_RUNG_MODEL:
        vitrine_score_all(ranker, profile);
        memcpy(ranker->logit, ranker->scores, items * sizeof(float));
        logits = ranker->catalog->model->config.fused == 0;
        any = true;
        break;
    case VITRINE_RUNG_ITEM_KNN: any = neighbours(filling); break;
    case VITRINE_RUNG_CONTENT: any = content(filling); break;
    case VITRINE_RUNG_TRENDING: any = trending(ranker); break;
    case VITRINE_RUNG_POPULAR: any = popular(ranker); break;
    case VITRINE_RUNG_STATIC:
        memset(ranker->logit, 0, items * sizeof(float));
        return true;
    case VITRINE_RUNG_NEW: any = arrivals(filling); break;
    case VITRINE_RUNG_RECENT: any = recent(filling, profile); break;
    case VITRINE_RUNG_PINNED:
    case VITRINE_RUNGS: break;
    }
    if (!any) return false;
    for (uint32_t i = 0; factor != NULL && i < items; i++)
        ranker->logit[i] = vitrine_boosted(ranker->logit[i], factor[i], logits);
    return true;
}
