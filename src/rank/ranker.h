/* The ranker's inside, and the view of a visitor that all ranking starts from. */
#ifndef VITRINE_RANK_RANKER_H
#define VITRINE_RANK_RANKER_H

#include "profile/profile.h"
#include "vitrine/rank.h"

/* What was to be learnt from one event (learning.c). */
typedef struct vitrine_lesson {
    uint64_t event; /* its number since the profile began, plus 1; 0: none */
    float praise, answered[VITRINE_PARTS], weight[VITRINE_PARTS];
} vitrine_lesson;

#define VITRINE_LESSONS 32u /* of the newest events */

struct vitrine_ranker {
    const vitrine_catalog *catalog;
    float *scores;       /* [items padded] of the profile below */
    float *part, *logit; /* [items padded] scratch */
    uint64_t *wide;      /* [items padded] scratch: part and order together */
    bool rounded;        /* scores are those of int8 rows, of an exact model (exact.h), or of less (split.h) */
    float *exact_query;  /* [dim] they are of; VITRINE_EXACT alone; of split rows, room for four of them behind it */
    float query_scale;   /* query_q8: value = (q - 64) * query_scale */
    float query_length, query_left; /* of the exact query, and of what 7 bits leave of it */
    uint32_t exact_rows; /* scored in full for the last list */
    uint32_t *order;     /* [items] scratch */
    float *most;         /* [panels] the largest logit of each panel of the model's items */
    const float *most_of; /* scores or logit: the array that `most` is of now; null: of none */
    float *length;       /* [items] of the item vectors; made on first use */
    bool lengths_known;
    uint8_t *allowed;    /* [items] */
    float *factor;       /* [items] of boosts and fatigue; shelves alone */
    float *sparse;       /* [items] evidence of parts that speak about few items; zeros between uses;
                            of an unfused model it is factor, and vitrine_ranker_parts sees to zeros */
    float *affinity;     /* [attributes] */
    float *query;        /* [dim padded] */
    float *vector;       /* [dim padded] */
    uint8_t *query_q8;   /* [dim padded to 4] */
    float *scratch;      /* network scratch */
    vitrine_state what_if;
    const vitrine_profile *scored; /* whose scores these are; null: nobody's */
    uint64_t scored_revision;
    uint32_t catalog_revision;

    const vitrine_profile *learner; /* whose behaviour changes the ranking; null: nobody's */
    float strength, drift;
    float gain[VITRINE_PARTS]; /* what the parts' weights are multiplied by */
    bool biased;               /* bias is not all 0 */
    float *bias;               /* [items] logarithm of what scores are multiplied by; scratch where
                                  they are not */
    vitrine_lesson *lesson;    /* [VITRINE_LESSONS] event e at e % VITRINE_LESSONS */
    uint64_t lessons_epoch, seen_revision;
};

/* A visitor as ranking sees them, one event perhaps left out. */
typedef struct vitrine_view {
    const vitrine_profile *profile;
    uint32_t without; /* event index, or VITRINE_NO_EVENT */
    const float *h, *x;
    uint32_t steps;
} vitrine_view;

/* The visitor as they are. */
vitrine_view vitrine_view_of(const vitrine_profile *profile);
/* The visitor without event `index`, one of the newest VITRINE_SNAPSHOTS; uses ranker->what_if. */
vitrine_view vitrine_view_without(vitrine_ranker *ranker, const vitrine_profile *profile,
                                  uint32_t index);

/* The weights of the parts for a view, adding up to 1: the context's row of the model over the parts
 * that have something to say, popularity alone when none has. */
void vitrine_view_weights(const vitrine_view *view, float weights[VITRINE_PARTS]);

/* 0 .. VITRINE_CONTEXTS-1: which row of the fusion weights a view reads (model.h). */
uint32_t vitrine_view_context(const vitrine_view *view);

/* Fills ranker->part [items] with one part's evidence and returns its sum over the items; the share
 * of item j is part[j] / sum. 0: the part has nothing to say, and part is not to be read. */
float vitrine_part_fill(vitrine_ranker *ranker, const vitrine_view *view, vitrine_part part);
/* Adds weight * share to scores [items padded], with the bits that vitrine_part_fill would give. */
void vitrine_part_add(vitrine_ranker *ranker, const vitrine_view *view, vitrine_part part, float weight,
                      float *scores);

/* Shares of all parts for some items, unweighted: shares [count][VITRINE_PARTS]; parts whose need is
 * 0 are skipped and left 0. Returns which parts have something to say: bits 1 << part. */
uint32_t vitrine_view_shares(vitrine_ranker *ranker, const vitrine_view *view,
                             const float need[VITRINE_PARTS], const uint32_t *items, uint32_t count,
                             float *shares);

/* How far item-to-item neighbours of dismissed items sink: multiplies scores [items]. */
void vitrine_sink_dismissed(const vitrine_profile *profile, float *scores);

/* The network's logits for a query: ranker->logit [items]. Whoever changes them afterwards sets
 * ranker->most_of to null. Of split rows they are rounded further, as rank/split.h says. */
void vitrine_logits_rounded(vitrine_ranker *ranker, const float *query);
/* The largest of ranker->logit, as they were left. */
float vitrine_largest_logit(const vitrine_ranker *ranker);

/* Similarity of every item to one: ranker->logit [items]. */
void vitrine_similarities(vitrine_ranker *ranker, uint32_t item, vitrine_similarity by);

/* Brings ranker->scores up to date for a profile; of an exact model they may be left rounded. */
void vitrine_score_rounded(vitrine_ranker *ranker, const vitrine_profile *profile);
/* The same, and never rounded. */
void vitrine_score_all(vitrine_ranker *ranker, const vitrine_profile *profile);

/* Every part's share for some items, for those who learn fusion weights: parts
 * [count][VITRINE_PARTS]. VITRINE_UNKNOWN_ITEM for an item past the catalog. */
vitrine_status vitrine_ranker_parts(vitrine_ranker *ranker, const vitrine_profile *profile,
                                    const uint32_t *items, uint32_t count, float *parts);

/* ranker->allowed from stock, the visitor's flags and a filter (which may be null); profile may be
 * null too. */
void vitrine_mask(vitrine_ranker *ranker, const vitrine_profile *profile,
                  const vitrine_filter *filter);

/* Best k of scores [items] under ranker->allowed, into out. Uses part and order. */
uint32_t vitrine_best(vitrine_ranker *ranker, const float *scores, uint32_t k, vitrine_scored *out);

/* Best k of what vitrine_score_rounded left, by exact scores where the model has them. */
uint32_t vitrine_best_scored(vitrine_ranker *ranker, uint32_t k, vitrine_scored *out);

/* What it left for items [count], by exact scores likewise. */
void vitrine_scores_of(const vitrine_ranker *ranker, const uint32_t *items, uint32_t count, float *out);

#endif
