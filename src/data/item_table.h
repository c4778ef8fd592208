/* A shop's catalog as text fields, before it becomes features or a catalog file. */
#ifndef VITRINE_DATA_ITEM_TABLE_H
#define VITRINE_DATA_ITEM_TABLE_H

#include "vitrine/catalog.h"
#include "base/strings.h"

typedef struct vitrine_item_table {
    uint32_t items;
    vitrine_strings ids;                       /* sorted by (length, bytes), distinct */
    vitrine_strings text[VITRINE_TEXT_FIELDS]; /* each [items]; a count of 0 = column absent */
    float *price;      /* [items] NAN when unknown; null = column absent */
    float *sales;      /* [items] units sold, NAN when unknown; null = column absent */
    uint8_t *available; /* [items]; null = all available */
    uint8_t *marks;     /* [items] VITRINE_IS_...; null = none */
    uint32_t *created;  /* [items] s since 1970, 0 unknown; null = column absent */
    char own[4 * 65 + 1]; /* names of the own fields, each ended by a line break */
    float *trend;      /* [items] momentum, 0 none; null = absent */
    float *vectors;    /* [items][vector_dim] free numbers (text, image); null = none */
    uint32_t vector_dim;
} vitrine_item_table;

void vitrine_item_table_free(vitrine_item_table *table);

#endif
