/* Quality of ranked lists against true next items. Every function works on ranks alone: rank[c] is
 * the place of the target of case c in its list, from 1, or 0 when the list lacks it.
 *
 *   recall@k  share of cases with 1 <= rank <= k (one relevant item: also the hit rate)
 *   MRR@k     mean of 1 / rank, 0 past k
 *   NDCG@k    mean of 1 / log2(rank + 1), 0 past k: the ideal gain of one relevant item is 1
 *
 * Jarvelin and Kekalainen (2002) for NDCG, Voorhees (1999) for MRR. */
#ifndef VITRINE_EVAL_METRICS_H
#define VITRINE_EVAL_METRICS_H

#include <stdint.h>

typedef struct vitrine_quality {
    uint64_t cases;
    double recall, mrr, ndcg; /* means; 0 when there is no case */
} vitrine_quality;

/* rank [count]; chosen [count]: cases with 0 are left out; null takes all. */
vitrine_quality vitrine_quality_at(const uint32_t *rank, const uint8_t *chosen, uint32_t count,
                                   uint32_t k);

/* Place of an item in a list of `count`, from 1; 0 when absent. */
uint32_t vitrine_rank_of(uint32_t item, const uint32_t *list, uint32_t count);

/* What the lists are made of. */
typedef struct vitrine_spread {
    double coverage; /* share of items that are in at least one list */
    double bias; /* mean popularity of what was recommended / mean popularity of what was wanted: 1 is
                  * even, above 1 leans to the popular (average recommendation popularity of Yin and
                  * others, 2012, relative to the targets'); 0 when a side is empty */
} vitrine_spread;

/* recommended [items]: in how many lists each item is; popularity [items]: shares; target [cases]:
 * items, others (>= items) are passed over. */
vitrine_spread vitrine_spread_of(const uint32_t *recommended, const float *popularity,
                                 uint32_t items, const uint32_t *target, uint32_t cases);

/* Intervals of 95 % by resampling whole sessions (Efron's bootstrap, percentiles): cases of one
 * session hang together, so they are drawn together. */
typedef struct vitrine_interval {
    double low, high;
} vitrine_interval;

typedef struct vitrine_bootstrap {
    vitrine_interval recall, mrr, ndcg;
    /* Share of the samples in which the system is not better than the other, paired: the one-sided
     * p-value of "better". */
    double p_recall, p_mrr, p_ndcg;
} vitrine_bootstrap;

/* The intervals are of the system's means or, with `other` (ranks of the system to compare with),
 * of the differences system - other. case_start [sessions + 1]; sums [sessions][3] and
 * means [samples][4] are scratch. The same seed gives the same answer. */
vitrine_bootstrap vitrine_bootstrap_of(const uint32_t *rank, const uint32_t *other,
                                       const uint64_t *case_start, uint32_t sessions, uint32_t k,
                                       uint32_t samples, uint64_t seed, double *sums, double *means);

#endif
