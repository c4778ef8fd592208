/* Vector session kNN (Ludewig and Jannach, "Evaluation of session-based recommendation algorithms",
 * 2018) over a training log: sessions like the current one vote for their items.
 *
 *   weight(i)  = place of i's last occurrence in the history / length of the history
 *   candidates = for each item of the history the 500 latest sessions with it, of these the 500
 *                latest; by start when times are known, otherwise by their order in the log
 *   sim(s)     = sum of the weights of the items that s shares; the 100 best, equal ones: the later
 *   score(j)   = sum over neighbours with j of sim * (1 - 0.1 * steps), steps counting back from the
 *                end of the history to the last shared item, which is 1 for the last one */
#ifndef VITRINE_EVAL_VSKNN_H
#define VITRINE_EVAL_VSKNN_H

#include "data/dataset.h"
#include "vitrine/status.h"

/* Read-only once made. Owned. */
typedef struct vitrine_vsknn {
    uint32_t items, sessions;
    uint64_t *session_start; /* [sessions + 1] into session_item */
    uint32_t *session_item;  /* distinct items of each session, oldest session first */
    uint64_t *item_start;    /* [items + 1] into item_session */
    uint32_t *item_session;  /* sessions of each item, oldest first */
} vitrine_vsknn;

/* Events about items >= items are passed over. VITRINE_NO_SPACE leaves it empty. */
vitrine_status vitrine_vsknn_make(const vitrine_dataset *training, vitrine_vsknn *knn);
void vitrine_vsknn_free(vitrine_vsknn *knn);

/* One thread's scratch. Owned. */
typedef struct vitrine_vsknn_query {
    uint32_t *place;     /* [items] last place in the history from 1; 0 = not in it */
    uint32_t *met;       /* [sessions] query that took the session as a candidate */
    uint32_t query;
    uint32_t *candidate; /* [sessions] */
    struct vitrine_vsknn_neighbour {
        uint64_t similarity; /* times the length of the history */
        uint32_t session;
    } *neighbour; /* [500] */
    double *score;     /* [items] 0 outside scored */
    uint32_t *scored;  /* [items] items with a score */
    uint32_t size;     /* of scored */
} vitrine_vsknn_query;

vitrine_status vitrine_vsknn_query_make(const vitrine_vsknn *knn, vitrine_vsknn_query *query);
void vitrine_vsknn_query_free(vitrine_vsknn_query *query);

/* Scores items for a history [length], oldest first. The answer is query->scored and query->score,
 * valid until the next call. */
void vitrine_vsknn_score(const vitrine_vsknn *knn, const uint32_t *history, uint32_t length,
                         vitrine_vsknn_query *query);

#endif
