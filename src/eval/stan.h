/* STAN, sequence- and time-aware neighbourhood (Garg, Gupta, Malhotra, Vig and Shroff, SIGIR 2019)
 * over a training log: recent sessions like the current one vote for the items near what both share.
 *
 *   w1(i)  = exp(-(length - place of i's last occurrence in the history))
 *   candidates = the 5000 latest sessions that share an item, by their end: session_index.h
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

#include "eval/session_index.h"

#define VITRINE_STAN_LATEST 5000u

/* Scores items for a history [length], oldest first, whose last event is at `now` (0: unknown), by an
 * index VITRINE_BY_LAST_EVENT and a query of VITRINE_STAN_LATEST. The answer is in the query. */
void vitrine_stan_score(const vitrine_session_index *index, const uint32_t *history,
                        uint32_t length, int64_t now, vitrine_session_query *query);

#endif
