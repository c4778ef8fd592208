/* A log as purchase intent is trained on it: visits, each with the features of its events and whether
 * it ended in a purchase. */
#ifndef VITRINE_TRAIN_INTENT_VISITS_H
#define VITRINE_TRAIN_INTENT_VISITS_H

#include "data/dataset.h"
#include "model/intent.h"

/* Visit v is steps start[v] .. start[v + 1], at least one. Owned. */
typedef struct vitrine_intent_visits {
    uint32_t count;
    uint64_t *start; /* [count + 1] */
    float *x;        /* [steps][VITRINE_INTENT_INPUTS] */
    uint8_t *bought; /* [count] */
} vitrine_intent_visits;

/* A session of the log is cut where the device cuts: after a pause longer than `gap` and at each
 * purchase, which is not part of the visit that it ends. Events about items outside the log and of
 * kinds that are not taken are passed over; of a long visit the first VITRINE_INTENT_EVENTS count.
 * popularity [items] shares. Visits are in the order of the log.
 * VITRINE_NO_SPACE when memory is out; nothing needs a free then. */
vitrine_status vitrine_intent_visits_make(const vitrine_dataset *log, const float *popularity,
                                          uint32_t gap, vitrine_intent_visits *visits);
void vitrine_intent_visits_free(vitrine_intent_visits *visits);

#endif
