/* Which rungs a placement stands on, and what may not be on its shelf. */
#include "rank/shelf.h"

#include <string.h>

#include "kernels/activation.h"

/* Rungs by placement; the ones below fill what the first leaves free. */
enum { CHAIN = 5, END = VITRINE_RUNGS };
static const uint8_t CHAINS[VITRINE_PLACES][CHAIN] = {
    [VITRINE_PLACE_FOR_YOU] = {VITRINE_RUNG_MODEL, VITRINE_RUNG_POPULAR, VITRINE_RUNG_TRENDING, VITRINE_RUNG_STATIC, END},
    [VITRINE_PLACE_RELATED] = {VITRINE_RUNG_MODEL, VITRINE_RUNG_CONTENT, VITRINE_RUNG_TRENDING, VITRINE_RUNG_POPULAR, VITRINE_RUNG_STATIC},
    [VITRINE_PLACE_BOUGHT_TOGETHER] = {VITRINE_RUNG_ITEM_KNN, VITRINE_RUNG_MODEL, VITRINE_RUNG_CONTENT, VITRINE_RUNG_POPULAR, VITRINE_RUNG_STATIC},
    [VITRINE_PLACE_CART_ADDONS] = {VITRINE_RUNG_ITEM_KNN, VITRINE_RUNG_MODEL, VITRINE_RUNG_CONTENT, VITRINE_RUNG_POPULAR, VITRINE_RUNG_STATIC},
    [VITRINE_PLACE_TRENDING] = {VITRINE_RUNG_TRENDING, VITRINE_RUNG_POPULAR, VITRINE_RUNG_STATIC, END, END},
    [VITRINE_PLACE_BESTSELLERS] = {VITRINE_RUNG_POPULAR, VITRINE_RUNG_STATIC, END, END, END},
    [VITRINE_PLACE_NEW_ARRIVALS] = {VITRINE_RUNG_NEW, VITRINE_RUNG_TRENDING, VITRINE_RUNG_POPULAR, VITRINE_RUNG_STATIC, END},
    [VITRINE_PLACE_RECENTLY_VIEWED] = {VITRINE_RUNG_RECENT, END, END, END, END},
    [VITRINE_PLACE_MORE_LIKE_THIS] = {VITRINE_RUNG_CONTENT, VITRINE_RUNG_ITEM_KNN, VITRINE_RUNG_TRENDING, VITRINE_RUNG_POPULAR, VITRINE_RUNG_STATIC},
    [VITRINE_PLACE_BECAUSE_YOU_VIEWED] = {VITRINE_RUNG_MODEL, VITRINE_RUNG_CONTENT, VITRINE_RUNG_TRENDING, VITRINE_RUNG_POPULAR, VITRINE_RUNG_STATIC},
};

float *vitrine_factors(vitrine_ranker *ranker)
{
    for (uint32_t i = 0; i < ranker->catalog->items; i++) ranker->factor[i] = 1.0f;
    return ranker->factor;
}

static bool sensitive(const vitrine_catalog *catalog, uint32_t item)
{
    return (vitrine_catalog_marks(catalog, item) & VITRINE_IS_SENSITIVE) != 0;
}

/* ranker->allowed and filling->factor for a request; relaxed: what the visitor had and what stands on the
 * page may be listed again. */
static void admit(vitrine_filling *filling, const vitrine_profile *visitor, bool relaxed)
{
    vitrine_ranker *ranker = filling->ranker;
    const vitrine_catalog *catalog = ranker->catalog;
    const vitrine_shelf_request *request = filling->request;
    const uint32_t items = catalog->items;
    const uint32_t gone = relaxed ? 0 : request->exclude_flags;
    const uint32_t last =
        filling->seed_count > 0 ? filling->seeds[filling->seed_count - 1] : VITRINE_NO_ITEM;
    const bool again = catalog->marks != NULL && (gone & VITRINE_WAS_PURCHASED) != 0;
    const vitrine_filter filter = {again ? gone & ~(uint32_t)VITRINE_WAS_PURCHASED : gone, request->allowed};
    vitrine_mask(ranker, visitor, &filter);
    for (uint32_t i = 0; again && i < items; i++)
        if ((visitor->flags[i] & VITRINE_WAS_PURCHASED) != 0 &&
            (vitrine_catalog_marks(catalog, i) & VITRINE_IS_REPURCHASABLE) == 0)
            ranker->allowed[i] = 0;
    filling->factor = NULL;
    for (uint32_t s = 0; s < filling->seed_count; s++) ranker->allowed[filling->seeds[s]] = 0;
    for (uint32_t s = 0; !relaxed && s < request->shown_count; s++)
        ranker->allowed[request->shown[s]] = 0;
    for (uint32_t f = 0; f < VITRINE_TEXT_FIELDS && last != VITRINE_NO_ITEM; f++) {
        const vitrine_text_field field = (vitrine_text_field)f;
        if ((request->must_match >> f & 1) == 0 || !vitrine_same_text(catalog, last, last, field, false)) continue;
        for (uint32_t i = 0; i < items; i++)
            if (!vitrine_same_text(catalog, last, i, field, false)) ranker->allowed[i] = 0;
    }
    if (vitrine_rules_boost(filling->rules)) filling->factor = vitrine_factors(ranker);
    if (filling->rules != NULL)
        vitrine_rules_apply(filling->rules, last, request->now, ranker->wide, ranker->allowed,
                            filling->factor);
    /* Views in part, what was taken up in logit: both are scratch until the first rung. */
    if (!(request->fatigue > 0.0f) || request->placement == VITRINE_PLACE_RECENTLY_VIEWED) return;
    if (vitrine_seen_views(visitor, request->now, request->fatigue_half_life, ranker->part,
                           ranker->logit) == 0)
        return;
    if (filling->factor == NULL) filling->factor = vitrine_factors(ranker);
    for (uint32_t i = 0; i < items; i++)
        if (ranker->part[i] > 0.0f)
            filling->factor[i] *= vitrine_exp_scalar(ranker->part[i] / request->fatigue * -0.693147181f);
}

/* The items that were put in place by hand. A pin stands above the filter, not above stock, a
 * dismissal, or what is hidden or on the page already. */
static void place_pins(vitrine_filling *filling, const vitrine_profile *visitor)
{
    const vitrine_rules *rules = filling->rules;
    const vitrine_catalog *catalog = filling->ranker->catalog;
    const vitrine_shelf_request *request = filling->request;
    if (rules == NULL || !rules->ended || rules->fault.status != VITRINE_OK) return;
    for (uint32_t p = 0; p < rules->pins; p++) {
        const uint32_t item = rules->pin[p].item;
        uint32_t at = rules->pin[p].position;
        bool out = !catalog->available[item] || (visitor->flags[item] & VITRINE_WAS_DISMISSED) != 0;
        for (uint32_t h = 0; h < rules->hidden; h++) out |= rules->hide[h] == item;
        for (uint32_t s = 0; s < request->shown_count; s++) out |= request->shown[s] == item;
        for (uint32_t s = 0; s < filling->seed_count; s++) out |= filling->seeds[s] == item;
        for (uint32_t s = 0; s < filling->limit; s++) out |= filling->out[s].item == item;
        while (at < filling->limit && filling->out[at].item != VITRINE_NO_ITEM) at++;
        if (out || at >= filling->limit) continue;
        const vitrine_placed pinned = {item, 0.0f, 1.0f, VITRINE_RUNG_PINNED};
        filling->out[at] = pinned;
        filling->placed++;
        filling->ranker->allowed[item] = 0;
    }
}

/* The newest item that the visitor looked at and did not dismiss, or VITRINE_NO_ITEM. */
static uint32_t last_viewed(const vitrine_profile *visitor)
{
    for (uint32_t i = visitor->count; i-- > 0;) {
        const uint32_t item = vitrine_profile_at(visitor, i)->item;
        const uint32_t flags = visitor->flags[item];
        if ((flags & VITRINE_WAS_VIEWED) != 0 && (flags & VITRINE_WAS_DISMISSED) == 0) return item;
    }
    return VITRINE_NO_ITEM;
}

/* What is in the cart, the newest last, at most VITRINE_SHELF_SEEDS. */
static uint32_t cart_of(const vitrine_profile *visitor, uint32_t *items)
{
    uint32_t count = 0;
    for (uint32_t i = visitor->count; i-- > 0 && count < VITRINE_SHELF_SEEDS;) {
        const uint32_t item = vitrine_profile_at(visitor, i)->item;
        bool known = (visitor->flags[item] & VITRINE_IN_CART) == 0;
        for (uint32_t s = 0; s < count; s++) known |= items[s] == item;
        if (!known) items[count++] = item;
    }
    for (uint32_t i = 0; i < count / 2; i++) {
        const uint32_t swap = items[i];
        items[i] = items[count - 1 - i];
        items[count - 1 - i] = swap;
    }
    return count;
}

/* Whether a profile says more than popularity does. */
static bool speaks(const vitrine_profile *profile)
{
    float weights[VITRINE_PARTS];
    const vitrine_view view = vitrine_view_of(profile);
    vitrine_view_weights(&view, weights);
    return weights[VITRINE_PART_POPULARITY] < 1.0f;
}

/* From here on, items of a seed's own category count less. */
static void lower_substitutes(vitrine_filling *filling)
{
    vitrine_ranker *ranker = filling->ranker;
    if (ranker->catalog->text[VITRINE_TEXT_CATEGORY].count == 0) return;
    if (filling->factor == NULL) filling->factor = vitrine_factors(ranker);
    for (uint32_t i = 0; i < ranker->catalog->items; i++)
        for (uint32_t s = 0; s < filling->seed_count; s++)
            if (vitrine_same_text(ranker->catalog, filling->seeds[s], i, VITRINE_TEXT_CATEGORY, false)) {
                filling->factor[i] *= VITRINE_SUBSTITUTE;
                break;
            }
}

static void fill(vitrine_filling *filling, const vitrine_profile *visitor, const vitrine_profile *seeds,
                 vitrine_shelf *shelf)
{
    const vitrine_placement placement = filling->request->placement;
    const uint32_t known = filling->ranker->catalog->model->config.items;
    bool cold = true; /* the model knows none of the seeds */
    for (uint32_t s = 0; s < filling->seed_count; s++) cold &= filling->seeds[s] >= known;
    const vitrine_profile *profile = filling->seed_count > 0 ? seeds : visitor;
    if (placement == VITRINE_PLACE_FOR_YOU && speaks(visitor)) profile = visitor;
    shelf->seeded = profile == seeds;
    for (uint32_t c = 0; c < CHAIN && filling->placed < filling->limit; c++) {
        const uint32_t rung = CHAINS[placement][c];
        const uint32_t before = filling->placed;
        if (rung == END) break;
        if (c == 1 && CHAINS[placement][0] == VITRINE_RUNG_ITEM_KNN) lower_substitutes(filling);
        if (rung == VITRINE_RUNG_MODEL && (!speaks(profile) || (profile == seeds && cold))) continue;
        if (!vitrine_rung_scores(filling, (vitrine_rung)rung, rung == VITRINE_RUNG_RECENT ? visitor : profile))
            continue;
        vitrine_pick(filling, (vitrine_rung)rung);
        if (filling->placed == before) continue;
        if (shelf->rung == VITRINE_RUNG_PINNED) shelf->rung = (vitrine_rung)rung;
        if (filling->request->min_relevance > 0.0f) break;
    }
}

static bool in_range(float x, float low, float high) { return x >= low && x <= high; }

static vitrine_status check(const vitrine_ranker *ranker, const vitrine_shelf_request *r)
{
    if (r->placement >= VITRINE_PLACES || r->limit == 0 || r->limit > VITRINE_SHELF_LIMIT)
        return VITRINE_BAD_ARGUMENT;
    if (!in_range(r->diversity, 0, 1) || !in_range(r->min_relevance, 0, 1) ||
        !in_range(r->fatigue, 0, 1e6f) || !in_range(r->fatigue_half_life, 0, 1e9f) || r->now < 0 ||
        r->must_match >> VITRINE_TEXT_FIELDS != 0)
        return VITRINE_BAD_VALUE;
    for (uint32_t c = 0; c < VITRINE_SHELF_CAPS; c++)
        if (r->cap[c].field >= VITRINE_TEXT_FIELDS) return VITRINE_BAD_VALUE;
    for (uint32_t s = 0; s < r->seed_count; s++)
        if (r->seeds[s] >= ranker->catalog->items) return VITRINE_UNKNOWN_ITEM;
    for (uint32_t s = 0; s < r->shown_count; s++)
        if (r->shown[s] >= ranker->catalog->items) return VITRINE_UNKNOWN_ITEM;
    return VITRINE_OK;
}

/* Seeds of the request, or those that the placement finds itself; none of them sensitive. */
static uint32_t find_seeds(const vitrine_catalog *catalog, const vitrine_profile *visitor,
                           const vitrine_shelf_request *request, uint32_t *seeds)
{
    uint32_t count = 0;
    const uint32_t from =
        request->seed_count > VITRINE_SHELF_SEEDS ? request->seed_count - VITRINE_SHELF_SEEDS : 0;
    if (request->placement == VITRINE_PLACE_BECAUSE_YOU_VIEWED) {
        seeds[0] = last_viewed(visitor);
        return seeds[0] != VITRINE_NO_ITEM;
    }
    for (uint32_t s = from; s < request->seed_count; s++)
        if (!sensitive(catalog, request->seeds[s])) seeds[count++] = request->seeds[s];
    if (count == 0 && request->placement == VITRINE_PLACE_CART_ADDONS) count = cart_of(visitor, seeds);
    return count;
}

vitrine_status vitrine_recommend(vitrine_ranker *ranker, vitrine_rules *rules,
                                 const vitrine_profile *visitor, vitrine_profile *seeds,
                                 const vitrine_shelf_request *request, vitrine_placed *out,
                                 vitrine_shelf *shelf)
{
    uint32_t seed[VITRINE_SHELF_SEEDS];
    memset(shelf, 0, sizeof *shelf);
    shelf->seed = VITRINE_NO_ITEM;
    shelf->rung = VITRINE_RUNG_PINNED;
    const vitrine_status status = check(ranker, request);
    if (status != VITRINE_OK) return status;
    const vitrine_catalog *catalog = ranker->catalog;
    vitrine_filling filling = {ranker, rules, request, out, request->limit, 0, 0, seed, 0, NULL, true, false};
    filling.seed_count = find_seeds(catalog, visitor, request, seed);
    if (filling.limit > catalog->items) filling.limit = catalog->items;
    if (filling.seed_count > 0) {
        shelf->seed = seed[filling.seed_count - 1];
        (void)vitrine_profile_forget_all(seeds);
        for (uint32_t s = 0; s < filling.seed_count; s++) {
            const vitrine_event event = {seed[s], VITRINE_VIEW_ITEM, 0, 0.0f};
            (void)vitrine_profile_observe(seeds, &event);
        }
    }
    for (uint32_t at = 0; at < filling.limit; at++) out[at].item = VITRINE_NO_ITEM;
    admit(&filling, visitor, false);
    place_pins(&filling, visitor);
    fill(&filling, visitor, seeds, shelf);
    if (filling.placed == 0 && request->placement != VITRINE_PLACE_RECENTLY_VIEWED) {
        admit(&filling, visitor, true);
        filling.strict = false;
        fill(&filling, visitor, seeds, shelf);
        shelf->relaxed = filling.placed > 0;
    }
    /* Pins below the last item that was found move up. */
    for (uint32_t at = 0; at < filling.limit; at++)
        if (out[at].item != VITRINE_NO_ITEM) out[shelf->count++] = out[at];
    return VITRINE_OK;
}
