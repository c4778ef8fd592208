#include "train/intent_visits.h"

#include <stdlib.h>
#include "profile/intent.h"

/* The visit that is being read. */
typedef struct open_visit {
    vitrine_event event[VITRINE_INTENT_EVENTS];
    uint32_t length;
    int64_t last; /* time of the newest event */
} open_visit;

static void end_visit(open_visit *open, bool bought, const vitrine_dataset *log,
                      const float *popularity, vitrine_intent_visits *visits)
{
    uint64_t at = visits->start[visits->count];
    if (open->length == 0) return;
    for (uint32_t i = 0; i < open->length; i++, at++)
        vitrine_intent_input(open->event, i, popularity[open->event[i].item] * (float)log->items,
                             visits->x + at * VITRINE_INTENT_INPUTS);
    visits->bought[visits->count++] = bought;
    visits->start[visits->count] = at;
    open->length = 0;
    open->last = 0;
}

vitrine_status vitrine_intent_visits_make(const vitrine_dataset *log, const float *popularity,
                                          uint32_t gap, vitrine_intent_visits *visits)
{
    open_visit open = { .length = 0 };
    *visits = (vitrine_intent_visits){
        .start = calloc((size_t)log->events + 1, sizeof *visits->start),
        .x = malloc(((size_t)log->events + 1) * VITRINE_INTENT_INPUTS * sizeof *visits->x),
        .bought = malloc((size_t)log->events + 1),
    };
    if (visits->start == NULL || visits->x == NULL || visits->bought == NULL) {
        vitrine_intent_visits_free(visits);
        return VITRINE_NO_SPACE;
    }
    for (uint32_t s = 0; s < log->sessions; s++) {
        for (uint64_t e = log->session_start[s]; e < log->session_start[s + 1]; e++) {
            const vitrine_event event = { .item = log->item[e], .kind = log->kind[e],
                                          .time = log->time[e], .value = log->value[e] };
            if (event.item >= log->items) continue;
            if (event.kind == VITRINE_PURCHASE) end_visit(&open, true, log, popularity, visits);
            if (!vitrine_intent_takes(event.kind)) continue;
            if (open.last > 0 && event.time > 0 && event.time - open.last > (int64_t)gap)
                end_visit(&open, false, log, popularity, visits);
            open.last = event.time;
            if (open.length < VITRINE_INTENT_EVENTS) open.event[open.length++] = event;
        }
        end_visit(&open, false, log, popularity, visits);
    }
    return VITRINE_OK;
}

void vitrine_intent_visits_free(vitrine_intent_visits *visits)
{
    free(visits->start);
    free(visits->x);
    free(visits->bought);
    *visits = (vitrine_intent_visits){ 0 };
}
