/* One pass to size, one to fill: the arrays are made for the whole dataset, which they never pass. */
#include "eval/cases.h"

#include <stdlib.h>

/* A mark per item: whether the current session has met it. */
typedef struct seen_items {
    uint32_t *session; /* [items] session number + 1 that met the item last */
    uint32_t now;
} seen_items;

static bool met(seen_items *seen, uint32_t item)
{
    if (item == VITRINE_NO_ITEM) return false;
    if (seen->session[item] == seen->now) return true;
    seen->session[item] = seen->now;
    return false;
}

static void take_session(const vitrine_dataset *dataset, uint32_t row,
                         const vitrine_case_rules *rules, seen_items *seen,
                         vitrine_cases *cases)
{
    const uint64_t start = cases->session_start[cases->sessions];
    const uint32_t first_case = cases->cases;
    uint64_t end = start;
    for (uint64_t e = dataset->session_start[row]; e < dataset->session_start[row + 1]; e++) {
        const uint32_t item =
            dataset->item[e] < dataset->items ? dataset->item[e] : VITRINE_NO_ITEM;
        if (item == VITRINE_NO_ITEM) cases->unknown_events++;
        const bool target_is_gone = item == VITRINE_NO_ITEM && !rules->unknown_miss;
        /* Where only the last event counts, a row without it asks nothing. */
        if (target_is_gone && rules->last_only && e + 1 == dataset->session_start[row + 1]) return;
        if (target_is_gone) continue;
        cases->event[end++] = (vitrine_event){ .item = item, .kind = dataset->kind[e],
                                               .time = dataset->time[e], .value = dataset->value[e] };
    }
    seen->now++;
    for (uint64_t e = start; e < end; e++) {
        const bool repeated = met(seen, cases->event[e].item);
        if (e == start || (rules->last_only && e + 1 != end)) continue;
        if (repeated && rules->repeat == VITRINE_REPEAT_DROP) continue;
        if (rules->targets != 0 && (rules->targets >> cases->event[e].kind & 1) == 0) continue;
        cases->position[cases->cases] = (uint32_t)(e - start) - 1;
        cases->target[cases->cases] = cases->event[e].item;
        cases->repeated[cases->cases] = repeated;
        cases->cases++;
    }
    if (cases->cases == first_case) return;
    cases->row[cases->sessions] = row;
    cases->sessions++;
    cases->session_start[cases->sessions] = end;
    cases->case_start[cases->sessions] = cases->cases;
}

vitrine_status vitrine_cases_make(const vitrine_dataset *dataset, const vitrine_case_rules *rules,
                                  vitrine_cases *cases)
{
    const size_t sessions = dataset->sessions, events = dataset->events;
    *cases = (vitrine_cases){
        .items = dataset->items,
        .session_start = calloc(sessions + 1, sizeof *cases->session_start),
        .case_start = calloc(sessions + 1, sizeof *cases->case_start),
        .row = malloc((sessions + 1) * sizeof *cases->row),
        .event = malloc((events + 1) * sizeof *cases->event),
        .position = malloc((events + 1) * sizeof *cases->position),
        .target = malloc((events + 1) * sizeof *cases->target),
        .repeated = malloc((events + 1) * sizeof *cases->repeated),
        .repeat = rules->repeat,
    };
    seen_items seen = { .session = calloc((size_t)dataset->items + 1, sizeof *seen.session) };
    if (!cases->session_start || !cases->case_start || !cases->row || !cases->event ||
        !cases->position || !cases->target || !cases->repeated || !seen.session ||
        dataset->events > UINT32_MAX) {
        free(seen.session);
        vitrine_cases_free(cases);
        return VITRINE_NO_SPACE;
    }
    const uint64_t wanted = rules->limit == 0 || rules->limit > dataset->sessions
                                ? dataset->sessions : rules->limit;
    for (uint64_t s = 0; s < wanted; s++)
        take_session(dataset, (uint32_t)(s * dataset->sessions / wanted), rules, &seen, cases);
    free(seen.session);
    return VITRINE_OK;
}

void vitrine_cases_free(vitrine_cases *cases)
{
    free(cases->session_start);
    free(cases->case_start);
    free(cases->row);
    free(cases->event);
    free(cases->position);
    free(cases->target);
    free(cases->repeated);
    *cases = (vitrine_cases){0};
}
