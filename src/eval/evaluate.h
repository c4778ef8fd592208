/* Plays held-out sessions to one recommender and keeps where each true next item stood. */
#ifndef VITRINE_EVAL_EVALUATE_H
#define VITRINE_EVAL_EVALUATE_H

#include "eval/cases.h"
#include "eval/lister.h"

/* Cut-offs, ascending; the last one is the length of the lists that are made. */
enum { VITRINE_MAX_CUTS = 8 };

typedef struct vitrine_ranks {
    uint32_t cuts;
    uint32_t cut[VITRINE_MAX_CUTS];
    uint32_t longest;       /* entries of a list: the last cut, or more when lists are kept */
    uint32_t *rank;         /* [cases] from 1; 0: not in the list */
    uint32_t *recommended;  /* [cuts][items] in how many lists each item is within the cut */
    uint32_t *list;         /* [cases][longest] VITRINE_NO_ITEM fills short ones; null: not kept */
} vitrine_ranks;

/* `keep` keeps the lists. VITRINE_NO_SPACE when memory is out; nothing needs a free then. */
vitrine_status vitrine_ranks_make(const vitrine_cases *cases, const uint32_t *cut, uint32_t cuts,
                                  uint32_t longest, bool keep, vitrine_ranks *ranks);
void vitrine_ranks_free(vitrine_ranks *ranks);

/* One lister per thread; each takes every threads-th session, so the result does not depend on
 * how many there are. `watch` may be null; it hears from the first thread how
 * many sessions are about done.
 * VITRINE_NO_SPACE when memory is out. */
vitrine_status vitrine_evaluate(const vitrine_cases *cases, const vitrine_lister *listers,
                                uint32_t threads, void (*watch)(void *context, uint32_t sessions),
                                void *context, vitrine_ranks *ranks);

#endif
