/* A log in memory: sessions of events over items, whatever format it came in. */
#ifndef VITRINE_DATA_DATASET_H
#define VITRINE_DATA_DATASET_H

#include <stdbool.h>
#include "vitrine/event.h"
#include "base/strings.h"

typedef struct vitrine_dataset {
    uint32_t items;
    uint32_t sessions;
    uint64_t events;
    uint64_t *session_start; /* [sessions + 1]; session s is events session_start[s] .. [s+1] */
    uint32_t *item;          /* [events] row of item_ids */
    uint8_t *kind;           /* [events] vitrine_event_kind */
    int64_t *time;           /* [events] seconds since 1970; 0 when the format has none */
    float *value;            /* [events] quantity, or rating in 0..1; 0 when unknown */
    float *price;            /* [events] NAN when unknown; null when the format has none */
    vitrine_strings item_ids;    /* sorted by (length, bytes), distinct: the order of a model's rows */
    vitrine_strings session_ids; /* [sessions] as in the file, or the row number from 0 */
    bool timed;              /* times are known: sessions are in the order of their last event */
} vitrine_dataset;

/* Every pointer above is owned; zeroes the struct. */
void vitrine_dataset_free(vitrine_dataset *dataset);

#endif
