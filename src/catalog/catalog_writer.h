/* From columns to the bytes of a .vitrine file of kind catalog. Used by the importer and by the page
 * that hands its items over as objects. No files: bytes out. */
#ifndef VITRINE_CATALOG_CATALOG_WRITER_H
#define VITRINE_CATALOG_CATALOG_WRITER_H

#include "vitrine/catalog.h"
#include "base/strings.h"

/* Columns of equal length; views, nothing owned. */
typedef struct vitrine_catalog_columns {
    uint64_t version;
    vitrine_strings ids; /* sorted by (length, bytes), distinct, not empty; count = items */
    vitrine_strings text[VITRINE_TEXT_FIELDS]; /* count 0: column absent, else = items */
    const float *price;       /* [items] NAN where unknown, else finite >= 0; null: absent */
    const float *sales;       /* [items] the same */
    const uint8_t *available; /* [items] 0 or 1; null: all available */
    const uint8_t *marks;     /* [items] bits VITRINE_IS_...; null: none */
    const uint32_t *created;  /* [items] s since 1970, 0 unknown; null: absent */
    const char *own;          /* names of text fields VITRINE_TEXT_OWN_1.., each ended by '\n' */
    size_t own_size;          /* 0: no own fields */
    const float *trend;       /* [items] momentum >= 0, NAN unknown; null: absent */
    const float *vectors;     /* [items][vector_dim]; null: none */
    uint32_t vector_dim;
} vitrine_catalog_columns;

size_t vitrine_catalog_write_bound(const vitrine_catalog_columns *columns);
vitrine_status vitrine_catalog_write(const vitrine_catalog_columns *columns, void *out, size_t size,
                                     size_t *written, vitrine_fault *fault);

/* Changes since a catalog file: columns of one row for each item that changed. */
typedef struct vitrine_delta_columns {
    uint64_t version;     /* above that of the catalog */
    const uint8_t *base;  /* [32] hash of the catalog file */
    vitrine_strings ids;  /* sorted by (length, bytes), distinct; may be empty */
    const float *price;   /* [ids.count] NAN: unchanged; null: no price has changed */
    const uint8_t *available; /* [ids.count] 0, 1, or 2: unchanged; null: no stock has changed */
    const float *trend;   /* [ids.count] NAN: unchanged; null: momentum has not changed */
} vitrine_delta_columns;

size_t vitrine_delta_write_bound(const vitrine_delta_columns *columns);
vitrine_status vitrine_delta_write(const vitrine_delta_columns *columns, void *out, size_t size,
                                   size_t *written, vitrine_fault *fault);

#endif
