/* What is asked of a recommender: for each position of a held-out session, the next item.
 *
 * The protocol is that of docs/evaluation.md: position p is the list made after the
 * event p of a session, its target is event p + 1; positions count what is left of the session. */
#ifndef VITRINE_EVAL_CASES_H
#define VITRINE_EVAL_CASES_H

#include "data/dataset.h"
#include "vitrine/catalog.h"

/* What becomes of items of the history. DROP: they are no candidates, and targets among them no cases.
 * ONLY: they alone are candidates, so that other targets are misses. */
typedef enum vitrine_repeat { VITRINE_REPEAT_KEEP, VITRINE_REPEAT_DROP, VITRINE_REPEAT_ONLY } vitrine_repeat;

typedef struct vitrine_case_rules {
    bool last_only;    /* pairs, sequences: only the last event is a target */
    bool unknown_miss; /* events about unknown items stay: a target among them is a miss, and in the
                        * history they say nothing. Otherwise they go before positions are counted */
    vitrine_repeat repeat;
    uint32_t targets;  /* bit k: events of kind k are targets; 0 = all */
    uint32_t limit;    /* sessions at most, evenly spaced; 0 = all */
} vitrine_case_rules;

/* Session s is event[session_start[s]] .. event[session_start[s + 1]] and has the cases
 * case_start[s] .. case_start[s + 1]. Owned. */
typedef struct vitrine_cases {
    uint32_t items;          /* of the vocabulary */
    uint32_t sessions;       /* with a case */
    uint64_t *session_start; /* [sessions + 1] */
    uint64_t *case_start;    /* [sessions + 1] */
    uint32_t *row;           /* [sessions] the session of the dataset */
    vitrine_event *event;    /* item VITRINE_NO_ITEM: unknown */
    uint32_t cases;
    uint32_t *position;      /* [cases] index in its session of the newest event known */
    uint32_t *target;        /* [cases] or VITRINE_NO_ITEM */
    uint8_t *repeated;       /* [cases] the target is in the history */
    uint64_t unknown_events; /* events whose item is not in the vocabulary */
    vitrine_repeat repeat;   /* as the rules said: for those who make the lists */
} vitrine_cases;

/* The dataset's items are rows of one vocabulary; others are VITRINE_NO_ITEM. VITRINE_NO_SPACE
 * when memory is out; the cases are then empty and need no free. */
vitrine_status vitrine_cases_make(const vitrine_dataset *dataset, const vitrine_case_rules *rules,
                                  vitrine_cases *cases);
void vitrine_cases_free(vitrine_cases *cases);

#endif
