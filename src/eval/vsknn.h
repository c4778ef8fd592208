/* Vector session kNN (Ludewig and Jannach, "Evaluation of session-based recommendation algorithms",
 * 2018) over a training log: sessions like the current one vote for their items.
 *
 *   weight(i)  = place of i's last occurrence in the history / length of the history
 *   candidates = the 500 latest sessions that share an item, by their start: session_index.h
 *   sim(s)     = sum of the weights of the items that s shares; the 100 best, equal ones: the later
 *   score(j)   = sum over neighbours with j of sim * (1 - 0.1 * steps), steps counting back from the
 *                end of the history to the last shared item, which is 1 for the last one */
#ifndef VITRINE_EVAL_VSKNN_H
#define VITRINE_EVAL_VSKNN_H

#include "eval/session_index.h"

#define VITRINE_VSKNN_LATEST 500u

/* Scores items for a history [length], oldest first, by an index VITRINE_BY_FIRST_EVENT and a query
 * of VITRINE_VSKNN_LATEST. The answer is in the query. */
void vitrine_vsknn_score(const vitrine_session_index *index, const uint32_t *history,
                         uint32_t length, vitrine_session_query *query);

#endif
