/* The difference between a catalog file and what a shop says now, as a delta. */
#ifndef VITRINE_CLI_IMPORT_DELTA_H
#define VITRINE_CLI_IMPORT_DELTA_H

#include "catalog/catalog_writer.h"
#include "data/item_table.h"
#include "model/container.h"

/* A catalog file, opened for comparing: views into `bytes`, which the caller frees. */
typedef struct import_base {
    const char *path;
    void *bytes;
    vitrine_container container;
    vitrine_strings ids, text[VITRINE_TEXT_FIELDS];
    const float *price, *trend;
    const uint8_t *available;
} import_base;

typedef struct import_changes {
    uint32_t items;       /* in the delta */
    uint32_t prices, stock, trends;
    uint32_t gone;        /* no longer listed: out of stock now */
    uint32_t added, other; /* new items, and texts or prices that a delta cannot say: these need a new catalog */
} import_changes;

/* CLI_OK, or the exit code after a message. */
int import_base_open(const char *path, import_base *base);

/* Writes to `path` what differs. `whole`: the table is the shop's whole list, so what it lacks is gone;
 * otherwise only its momentum counts. version 0: one above the base's. */
int import_write_delta(const import_base *base, const vitrine_item_table *table, bool whole, uint64_t version,
                       const char *path, import_changes *changes);

#endif
