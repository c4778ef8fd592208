/* Shelves: one question for a list of items, with the rules, the visitor's exclusions, variants,
 * fatigue and diversity observed before and while the best are chosen, and a chain of rungs that
 * fills the shelf when the first one comes up short. */
#ifndef VITRINE_PLACEMENTS_H
#define VITRINE_PLACEMENTS_H

#include "vitrine/rank.h"
#include "vitrine/rules.h"

typedef enum vitrine_placement {
    VITRINE_PLACE_FOR_YOU = 0,
    VITRINE_PLACE_RELATED = 1,
    VITRINE_PLACE_BOUGHT_TOGETHER = 2, /* with all of the seeds */
    VITRINE_PLACE_CART_ADDONS = 3,     /* the same; without seeds: with what is in the cart */
    VITRINE_PLACE_TRENDING = 4,        /* momentum: more now than before */
    VITRINE_PLACE_BESTSELLERS = 5,     /* volume */
    VITRINE_PLACE_NEW_ARRIVALS = 6,    /* by `created`, the newest first */
    VITRINE_PLACE_RECENTLY_VIEWED = 7, /* the visitor's own items, the newest first; may be empty */
    VITRINE_PLACE_MORE_LIKE_THIS = 8,  /* content: attributes and vectors of the last seed */
    VITRINE_PLACE_BECAUSE_YOU_VIEWED = 9, /* seeded with what the visitor viewed last */
    VITRINE_PLACES = 10
} vitrine_placement;

/* Where an item came from: the rungs of the chain, and what stands beside it. */
typedef enum vitrine_rung {
    VITRINE_RUNG_MODEL = 0,    /* the fused score */
    VITRINE_RUNG_ITEM_KNN = 1, /* item-to-item table of the seeds */
    VITRINE_RUNG_CONTENT = 2,
    VITRINE_RUNG_TRENDING = 3, /* momentum, where the model has it */
    VITRINE_RUNG_POPULAR = 4,
    VITRINE_RUNG_STATIC = 5, /* the catalog's order: nothing is known of what is left */
    VITRINE_RUNG_NEW = 6,
    VITRINE_RUNG_RECENT = 7,
    VITRINE_RUNG_PINNED = 8,
    VITRINE_RUNGS = 9
} vitrine_rung;

#define VITRINE_SHELF_CAPS 4u
#define VITRINE_SHELF_LIMIT 1000u
#define VITRINE_SHELF_SEEDS 32u /* newest count; older seeds are passed over */

typedef struct vitrine_shelf_request {
    vitrine_placement placement;
    uint32_t limit;          /* 1 .. VITRINE_SHELF_LIMIT */
    uint32_t exclude_flags;  /* of the visitor; purchased items that are repurchasable stay */
    const uint32_t *seeds;   /* [seed_count], the newest last; the last is the rules' context item */
    uint32_t seed_count;
    const uint32_t *shown;   /* [shown_count] items on the page already: they and their siblings go */
    uint32_t shown_count;
    const uint8_t *allowed;  /* [items] 0: left out; null: all */
    uint32_t must_match;     /* bits 1 << vitrine_text_field: the same text as the last seed's */
    float diversity;         /* 0 .. 1: how much unlikeness to the items above counts (MMR) */
    float min_relevance;     /* 0 .. 1 of the best score: nothing below it; 0: no bound */
    float fatigue;           /* views after which an item has sunk to a half; 0: none */
    float fatigue_half_life; /* s until a view counts half; 0: it always counts */
    int64_t now;             /* s; 0: unknown, the visitor's newest event instead */
    struct {
        vitrine_text_field field; /* VITRINE_TEXT_CATEGORY: the first level */
        uint32_t most;            /* items of one value; 0: no cap. Unknown values are not capped */
    } cap[VITRINE_SHELF_CAPS];
} vitrine_shelf_request;

typedef struct vitrine_placed {
    uint32_t item;
    float score;  /* of its rung, times factor */
    float factor; /* boosts and fatigue */
    vitrine_rung rung;
} vitrine_placed;

typedef struct vitrine_shelf {
    uint32_t count;    /* of items written */
    vitrine_rung rung; /* of the first item that is not pinned */
    uint32_t seed;     /* the item the shelf starts from, or VITRINE_NO_ITEM */
    uint32_t seeded;   /* 1: scores of rung MODEL are the seeds' profile's, 0: the visitor's */
    uint32_t relaxed;  /* 1: exclusions were lifted, as nothing else was left */
} vitrine_shelf;

/* Fill a shelf.
 *
 *   rules    [in,out]  may be null
 *   visitor  [in]      the visitor
 *   seeds    [in,out]  a small profile of the caller's, made anew for placements with seeds, so that
 *                      vitrine_explain can be asked about it afterwards
 *   out      [limit]
 *
 * Items that are unavailable, dismissed, hidden or false to the filter are in no list. When
 * exclusions, caps and variants leave nothing at all they are lifted, except for recently_viewed. */
vitrine_status vitrine_recommend(vitrine_ranker *ranker, vitrine_rules *rules,
                                 const vitrine_profile *visitor, vitrine_profile *seeds,
                                 const vitrine_shelf_request *request, vitrine_placed *out,
                                 vitrine_shelf *shelf);

/* What a promotion, an offer or a banner, is worth showing to a visitor: the promotion is about the
 * items that the filter of `rules` lets through (its target, and when it may be shown at all, such as
 * tests of the context item), and that are in stock and not dismissed.
 *
 *   share   how much of the visitor's ranking falls on those items, 0..1
 *   appeal  that share against the share of their popularity, both with 0.02 added, so that what is
 *           about a handful of items is not judged by noise: above 1 the visitor cares for it more
 *           than most
 *   items   how many they are; 0: not to be shown, and share and appeal are 0
 *   best    the one of them that ranks highest, or VITRINE_NO_ITEM
 *
 * Show promotions by falling appeal. */
typedef struct vitrine_promotion {
    float share, appeal;
    uint32_t items, best;
} vitrine_promotion;
vitrine_status vitrine_promote(vitrine_ranker *ranker, vitrine_rules *rules, const vitrine_profile *visitor,
                               uint32_t context, int64_t now, vitrine_promotion *out);

/* Order a list that somebody else made.
 *
 *   items   [count]  distinct, count <= VITRINE_SHELF_LIMIT
 *   keep    [count]  1: the item at this place stays there; may be null
 *   most             how many places an item may move at most
 *   out     [count]  every item; score 0 and last by rank where it is hidden, false to the filter,
 *                    unavailable or dismissed. Pinned items of the list take their position. */
vitrine_status vitrine_rerank_within(vitrine_ranker *ranker, vitrine_rules *rules,
                                     const vitrine_profile *profile, const uint32_t *items,
                                     uint32_t count, const uint8_t *keep, uint32_t most,
                                     int64_t now, vitrine_placed *out);

#endif
