/* A shelf while it is filled. */
#ifndef VITRINE_RANK_SHELF_H
#define VITRINE_RANK_SHELF_H

#include "rank/ranker.h"
#include "rank/rules.h"
#include "vitrine/placements.h"

typedef struct vitrine_filling {
    vitrine_ranker *ranker;
    vitrine_rules *rules; /* may be null */
    const vitrine_shelf_request *request;
    vitrine_placed *out; /* [limit]; item VITRINE_NO_ITEM: a free place */
    uint32_t limit;
    uint32_t placed, next; /* items placed; the first place that may be free */
    const uint32_t *seeds; /* [seed_count] none of them sensitive */
    uint32_t seed_count;
    float *factor; /* [items] of boosts and fatigue; null: all are 1 */
    bool strict; /* caps and variants count; false once exclusions are lifted */
    bool as_scored; /* the rung's scores are the ranker's, rounded or not */
} vitrine_filling;

/* Scores of a rung: ranker->logit [items], or what the ranker has scored when filling->as_scored;
 * larger is better, 0 or less is nothing to say.
 * `profile` for VITRINE_RUNG_MODEL and _RECENT. Returns false when the rung knows nothing at all. */
bool vitrine_rung_scores(vitrine_filling *filling, vitrine_rung rung, const vitrine_profile *profile);

/* Of things that are seen together, those of the seed's own category replace it rather than go with
 * it; without a table of what is bought together they count this much. */
#define VITRINE_SUBSTITUTE 0.25f

/* ranker->factor, all 1. */
float *vitrine_factors(vitrine_ranker *ranker);

/* A score with its factor, which multiplies shares: score * factor, or score + log(factor) of a logit. */
float vitrine_boosted(float score, float factor, bool logit);

/* Places the best of those scores among ranker->allowed into the free places, with
 * caps, variants, diversity and the bound of relevance; what is placed is no longer allowed. */
void vitrine_pick(vitrine_filling *filling, vitrine_rung rung);

/* Whether two items have the same text in a field, or the same first level of a path, and one at all. */
bool vitrine_same_text(const vitrine_catalog *catalog, uint32_t a, uint32_t b, vitrine_text_field field,
                       bool first_level);

/* Whether two items are variants of one: the same item_group_id. */
bool vitrine_siblings(const vitrine_catalog *catalog, uint32_t a, uint32_t b);

/* Cosine of two items' attribute vectors, of their vectors, or the mean of both where both exist;
 * in 0..1. */
float vitrine_likeness(vitrine_ranker *ranker, uint32_t a, uint32_t b);

#endif
