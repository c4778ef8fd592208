/* What purchase intent looks at: sixteen numbers for each event of a visit.
 *
 *   0..9  which kind of event, VITRINE_VIEW_ITEM to VITRINE_DISMISS; others are passed over
 *   10    g / (g + 60)     g: seconds since the event before; 0 for the first and when unknown
 *   11    e / (e + 600)    e: seconds since the first event of the visit
 *   12    n / (n + 8)      n: events before
 *   13    1 when the event before was about the same item
 *   14    m / (m + 2)      m: earlier events of the visit about this item
 *   15    r / (r + 1)      r: the item's popularity over that of the average item
 *
 * Quotients instead of logarithms: the same bits on every machine, and bounded. A visit begins after
 * a pause longer than the model's gap, and after a purchase. */
#ifndef VITRINE_PROFILE_INTENT_H
#define VITRINE_PROFILE_INTENT_H

#include "model/intent.h"
#include "vitrine/event.h"

/* Whether events of a kind are looked at. */
static inline bool vitrine_intent_takes(uint32_t kind)
{
    return kind <= VITRINE_DISMISS && kind != VITRINE_PURCHASE;
}

/* The features of event `index` of a visit [index + 1], oldest first, all of kinds that are taken;
 * `popularity` is r above. x [VITRINE_INTENT_INPUTS]. */
void vitrine_intent_input(const vitrine_event *visit, uint32_t index, float popularity, float *x);

#endif
