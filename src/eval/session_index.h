/* A training log by session and by item, and the search that session neighbourhoods share: which of
 * the latest sessions have an item of the history. V-SKNN (vsknn.h) and STAN (stan.h) differ in how
 * alike they find a session and how it votes. */
#ifndef VITRINE_EVAL_SESSION_INDEX_H
#define VITRINE_EVAL_SESSION_INDEX_H

#include "data/dataset.h"
#include "vitrine/status.h"

typedef enum vitrine_session_order {
    VITRINE_BY_FIRST_EVENT = 0,
    VITRINE_BY_LAST_EVENT = 1
} vitrine_session_order;

/* Read-only once made. Owned. */
typedef struct vitrine_session_index {
    uint32_t items, sessions;
    int64_t *date;           /* [sessions] time of the first or last event; 0 unknown */
    uint64_t *session_start; /* [sessions + 1] into the next two */
    uint32_t *session_item;  /* distinct items of each session, oldest session first */
    uint32_t *session_place; /* last place of each in its session, from 1 */
    uint64_t *item_start;    /* [items + 1] into item_session */
    uint32_t *item_session;  /* sessions of each item, oldest first */
} vitrine_session_index;

/* Sessions are ordered by date where times are known, otherwise by their order in the log. Events about
 * items >= items are passed over. VITRINE_NO_SPACE leaves the index empty. */
vitrine_status vitrine_session_index_make(const vitrine_dataset *training,
                                          vitrine_session_order order,
                                          vitrine_session_index *index);
void vitrine_session_index_free(vitrine_session_index *index);

typedef struct vitrine_session_neighbour {
    double similarity;
    uint32_t session;
} vitrine_session_neighbour;

/* One thread's scratch, and the answer: `scored` and `score`, until the next query. Owned. */
typedef struct vitrine_session_query {
    uint32_t latest;     /* candidates at most */
    uint32_t *place;     /* [items] last place in the history from 1; 0 = not in it */
    uint32_t *met;       /* [sessions] query that took the session as a candidate */
    uint32_t query;
    uint32_t *candidate; /* [sessions] */
    vitrine_session_neighbour *neighbour; /* [latest] */
    double *score;    /* [items] 0 outside scored */
    uint32_t *scored; /* [items] items with a score */
    uint32_t size;    /* of scored */
} vitrine_session_query;

vitrine_status vitrine_session_query_make(const vitrine_session_index *index, uint32_t latest,
                                          vitrine_session_query *query);
void vitrine_session_query_free(vitrine_session_query *query);

/* Begin with a history [length], oldest first: no scores, places as the history has them. Candidates
 * are, for each of its items, the `latest` sessions with it, and of these the latest `latest`; their
 * sessions are written to `neighbour`, latest first. Returns how many. */
uint32_t vitrine_session_query_begin(const vitrine_session_index *index, const uint32_t *history,
                                     uint32_t length, vitrine_session_query *query);
/* Orders neighbours by falling similarity, equal ones: the later session first. */
void vitrine_session_query_sort(vitrine_session_query *query, uint32_t count);
/* Adds a vote for an item. */
void vitrine_session_query_vote(vitrine_session_query *query, uint32_t item, double vote);
/* End: the places are taken back. */
void vitrine_session_query_end(const uint32_t *history, uint32_t length,
                               vitrine_session_query *query);

#endif
