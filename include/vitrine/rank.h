/* Ranking: profile + catalog -> the best k items, each with its reason. */
#ifndef VITRINE_RANK_H
#define VITRINE_RANK_H

#include "vitrine/profile.h"

/* Opaque scratch of one thread: one score per item, reused by every call; allocates nothing. */
typedef struct vitrine_ranker vitrine_ranker;

typedef struct vitrine_scored {
    uint32_t item;
    float score;
} vitrine_scored;

/* The evidence that the fused score adds up. */
typedef enum vitrine_part {
    VITRINE_PART_NETWORK = 0,    /* the recurrent network */
    VITRINE_PART_NEIGHBOURS = 1, /* item-to-item table: collaborative filtering */
    VITRINE_PART_CONTENT = 2,    /* shared category, brand, price band, tags */
    VITRINE_PART_RECENT = 3,     /* the visitor's own items, come back to */
    VITRINE_PART_POPULARITY = 4,
    VITRINE_PARTS = 5
} vitrine_part;

vitrine_status vitrine_ranker_size(const vitrine_catalog *catalog, size_t *need);
vitrine_status vitrine_ranker_init(void *mem, size_t mem_size, const vitrine_catalog *catalog,
                                   vitrine_ranker **ranker);

/* What to leave out before the best are chosen. */
typedef struct vitrine_filter {
    uint32_t exclude_flags; /* items with any of these VITRINE_WAS_... bits; dismissed ones always go */
    const uint8_t *allowed; /* [items] 0 = left out; null = all */
} vitrine_filter;

/* Rank the whole catalog for one profile and write the best `k`, best first.
 *
 *   filter  [in]   null: only unavailable and dismissed items are left out
 *   out     [k]    the caller's
 *   count   [out]  how many were written: min(k, items that are left)
 *
 * score is the fused share of probability in 0..1 (the network's logit when the model fuses
 * nothing); equal scores order by the lower item. The same model, catalog and events give the same
 * list on every device. A second call for an unchanged profile reuses the scores.
 * VITRINE_BAD_ARGUMENT when k is 0. */
vitrine_status vitrine_rank(vitrine_ranker *ranker, const vitrine_profile *profile,
                            const vitrine_filter *filter, uint32_t k, vitrine_scored *out,
                            uint32_t *count);

/* From now on the behaviour of this visitor changes their own ranking, at once and over time: which
 * parts had foreseen what they took up or dismissed shifts the parts' weights (at most fourfold), and
 * what they dismissed, rated or passed over on shelves moves items like it (at most twofold). All of
 * it is a function of the events and impressions that are kept. strength 0: off, as at the start; 1:
 * in full. Lists of other profiles are not touched. VITRINE_BAD_VALUE outside 0..1. */
vitrine_status vitrine_ranker_learn(vitrine_ranker *ranker, const vitrine_profile *profile, float strength);
/* How far the ranking has moved from the model's, of what it may: 0..1. */
float vitrine_ranker_drift(vitrine_ranker *ranker);

/* Order a given list by the same scores; equal scores keep the given order. items [count] distinct,
 * each < vitrine_catalog_items; out [count] holds all of them, unavailable and dismissed ones last. */
vitrine_status vitrine_rerank(vitrine_ranker *ranker, const vitrine_profile *profile,
                              const uint32_t *items, uint32_t count, vitrine_scored *out);

/* Why an item stands where it stands. */
typedef struct vitrine_reason {
    vitrine_part kind;          /* the part with the largest share */
    float share;                /* of that part in the score, 0..1 */
    float parts[VITRINE_PARTS]; /* the shares of all parts; they add up to 1 (0 when score is 0) */
    uint32_t event;  /* index (vitrine_profile_event) of the event that carried most; or UINT32_MAX */
    uint32_t source; /* that event's item; or VITRINE_NO_ITEM */
    float lost;      /* share of the fused score that goes when that event is forgotten, > 0; or 0 */
    float factor;    /* the score is the sum of the parts times this: below 1 near dismissed items, and
                      * either way by what was learnt from the visitor (vitrine_ranker_learn) */
} vitrine_reason;

/* Reasons for items as they stand now, at most VITRINE_EXPLAIN_ITEMS in one call. The event named is
 * the one whose removal costs the item most, found by replaying without it (the newest
 * VITRINE_EXPLAIN_EVENTS events are tried, with what was learnt from the others as it is); none is
 * named when no removal costs anything. Of a sensitive item nothing is said: all shares are 0. */
#define VITRINE_EXPLAIN_EVENTS 8u
#define VITRINE_EXPLAIN_ITEMS 256u
vitrine_status vitrine_explain(vitrine_ranker *ranker, const vitrine_profile *profile,
                               const uint32_t *items, uint32_t count, vitrine_reason *out);

/* The most similar items to one item, by their vectors, which a model without a network has not: BAD_ARGUMENT. */
typedef enum vitrine_similarity {
    VITRINE_COSINE = 0,
    VITRINE_DOT = 1,
    VITRINE_EUCLIDEAN = 2 /* score is minus the distance, so that larger is better */
} vitrine_similarity;
vitrine_status vitrine_similar(vitrine_ranker *ranker, uint32_t item, vitrine_similarity by,
                               const vitrine_profile *profile, const vitrine_filter *filter,
                               uint32_t k, vitrine_scored *out, uint32_t *count);

/* Similarity of a profile's query vector and one item. */
vitrine_status vitrine_profile_similarity(vitrine_ranker *ranker, const vitrine_profile *profile,
                                          uint32_t item, vitrine_similarity by, float *similarity);

/* The most popular items, by the model's counts. */
vitrine_status vitrine_popular(vitrine_ranker *ranker, const vitrine_profile *profile,
                               const vitrine_filter *filter, uint32_t k, vitrine_scored *out,
                               uint32_t *count);

#endif
