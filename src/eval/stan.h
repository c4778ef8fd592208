/* STAN, sequence- and time-aware neighbourhood (Garg, Gupta, Malhotra, Vig and Shroff, SIGIR 2019)
 * over a training log: recent sessions like the current one vote for the items near what both share.
 *
 *   w1(i)  = exp(-(length - place of i's last occurrence in the history))
 *   candidates = for each item of the history the 5000 latest sessions with it, of these the 5000
 *            latest; by their last event when times are known, otherwise by their order in the log
 *   sim(n) = sum of w1 over the items that n shares / sqrt(length * items of n) * exp(-age(n) / 10 d)
 *            the 500 best, equal ones: the later; age from n's last event to the history's, 0 when
 *            either has no time
 *   score(j) = sum over these with j of sim * exp(-|place of i* - place of j| / 3), where i* is the
 *            newest item of the history that n holds, and places in n are those of last occurrences
 *
 * The three factors are the paper's. The constants were chosen once, on the validation part of a
 * log of clicks, and are the same for every log. */
#ifndef VITRINE_EVAL_STAN_H
#define VITRINE_EVAL_STAN_H

#include "data/dataset.h"
#include "vitrine/status.h"

/* Read-only once made. Owned. */
typedef struct vitrine_stan {
    uint32_t items, sessions;
    int64_t *ended;          /* [sessions] time of the last event; 0 unknown */
    uint64_t *session_start; /* [sessions + 1] into the next two */
    uint32_t *session_item;  /* distinct items of each session, oldest session first */
    uint32_t *session_place; /* last place of each in its session, from 1 */
    uint64_t *item_start;    /* [items + 1] into item_session */
    uint32_t *item_session;  /* sessions of each item, oldest first */
} vitrine_stan;

/* Events about items >= items are passed over. VITRINE_NO_SPACE leaves it empty. */
vitrine_status vitrine_stan_make(const vitrine_dataset *training, vitrine_stan *stan);
void vitrine_stan_free(vitrine_stan *stan);

/* One thread's scratch. Owned. */
typedef struct vitrine_stan_query {
    uint32_t *place;     /* [items] last place in the history from 1; 0 = not in it */
    uint32_t *met;       /* [sessions] query that took the session as a candidate */
    uint32_t query;
    uint32_t *candidate; /* [sessions] */
    struct vitrine_stan_neighbour {
        double similarity;
        uint32_t session;
    } *neighbour;      /* [5000] */
    double *score;     /* [items] 0 outside scored */
    uint32_t *scored;  /* [items] items with a score */
    uint32_t size;     /* of scored */
} vitrine_stan_query;

vitrine_status vitrine_stan_query_make(const vitrine_stan *stan, vitrine_stan_query *query);
void vitrine_stan_query_free(vitrine_stan_query *query);

/* Scores items for a history [length], oldest first, whose last event is at `now` (0: unknown). The
 * answer is query->scored and query->score, valid until the next call. */
void vitrine_stan_score(const vitrine_stan *stan, const uint32_t *history, uint32_t length,
                        int64_t now, vitrine_stan_query *query);

#endif
