/* The catalog's inside. Rooms above read it directly; only catalog.c writes. */
#ifndef VITRINE_CATALOG_CATALOG_H
#define VITRINE_CATALOG_CATALOG_H

#include "vitrine/catalog.h"
#include "catalog/features.h"
#include "model/container.h"
#include "model/model.h"

/* Section ids of kind catalog. Text field f has the ids 't','x','0'+f, 'o' (offsets) or 'b' (bytes). */
enum {
    VITRINE_C_HEAD = VITRINE_ID('h', 'e', 'a', 'd'), /* u32 items, u32 vector_dim */
    VITRINE_C_ID_OFFSET = VITRINE_ID('i', 'd', 'o', 'f'),
    VITRINE_C_ID_BYTES = VITRINE_ID('i', 'd', 'b', 'y'),
    VITRINE_C_PRICE = VITRINE_ID('p', 'r', 'i', 'c'),     /* f32 [items], -1 unknown */
    VITRINE_C_SALES = VITRINE_ID('s', 'a', 'l', 'e'),     /* f32 [items], -1 unknown */
    VITRINE_C_AVAILABLE = VITRINE_ID('a', 'v', 'a', 'i'), /* u8 [items], 0 or 1 */
    VITRINE_C_MARKS = VITRINE_ID('m', 'a', 'r', 'k'),     /* u8 [items], bits VITRINE_IS_... */
    VITRINE_C_CREATED = VITRINE_ID('c', 'r', 'e', 'a'),   /* u32 [items] s since 1970, 0 unknown */
    VITRINE_C_OWN = VITRINE_ID('o', 'w', 'n', 'f'), /* names of the own fields, each ended by '\n' */
    VITRINE_C_TREND = VITRINE_ID('t', 'r', 'e', 'n'), /* f32 [items] momentum, 0 none, -1 unknown */
    VITRINE_C_VECTORS = VITRINE_ID('v', 'e', 'c', 't')    /* f32 [items][vector_dim] */
};
/* Own fields follow '9' as 'a' and 'b'. */
#define VITRINE_C_TEXT(field, part) \
    VITRINE_ID('t', 'x', (field) < 10 ? '0' + (field) : 'a' + (field) - 10, part)
#define VITRINE_OWN_FIELDS ((uint32_t)VITRINE_TEXT_FIELDS - VITRINE_TEXT_OWN_1)
#define VITRINE_MAX_OWN_NAME 64u /* bytes */

struct vitrine_catalog {
    const vitrine_model *model;
    uint32_t items; /* model's and cold ones */
    uint32_t cold;  /* items the model does not know: model items .. items-1 */
    uint32_t revision; /* counts the changes that move scores */
    uint32_t stock_revision; /* counts the changes of availability */

    vitrine_strings ids; /* of the file, sorted; count 0 without a file */
    vitrine_strings text[VITRINE_TEXT_FIELDS];
    const uint32_t *row; /* [items] row in the file, or VITRINE_NO_ITEM; null without a file */
    const float *sales;      /* of the file, by row; null: absent */
    const uint8_t *marks;    /* the same */
    const uint32_t *created; /* the same */
    const char *own_name[VITRINE_OWN_FIELDS];
    size_t own_length[VITRINE_OWN_FIELDS]; /* 0: no such field */

    /* Of the file, by row, null where absent; what a delta starts from. */
    const float *base_price, *base_trend;
    const uint8_t *base_available;
    uint8_t hash[32]; /* of the file; zeros without one */
    uint64_t version; /* of the file, then of the delta that was applied last */

    float *price;        /* [items] -1 unknown */
    float *trend;        /* [items] momentum, 0 none; null: nothing says any */
    uint8_t *available;  /* [items] */
    uint8_t *band;       /* [items] price band or VITRINE_NO_BAND; null: the model has no bands */
    float *inverse_norm; /* [items] 1 / length of the attribute vector; 0 when it is empty; null: the model has
                            no attributes */

    /* Cold items: what the model's sections hold for its own, rows 0 .. cold-1. */
    int8_t *cold_q8;
    float *cold_f32, *cold_scale, *cold_bias;
    int32_t *cold_row_sum;
    uint16_t *cold_attr; /* [cold][VITRINE_MAX_ITEM_ATTRIBUTES] */
    uint8_t *cold_attr_count;
};

/* vitrine_catalog_open for a caller that has the SHA-256 of each section; see vitrine_container_verify. */
vitrine_status vitrine_catalog_open_summed(void *mem, size_t mem_size, const vitrine_model *model,
                                           const void *bytes, size_t size, const uint8_t *sums,
                                           vitrine_catalog **catalog, vitrine_fault *fault);

/* Attributes of an item but its price band, ascending. */
static inline const uint16_t *vitrine_catalog_attributes(const vitrine_catalog *catalog,
                                                         uint32_t item, uint32_t *count)
{
    const vitrine_model *model = catalog->model;
    const uint32_t known = model->config.items;
    if (item >= known) {
        *count = catalog->cold_attr_count[item - known];
        return catalog->cold_attr + (size_t)(item - known) * VITRINE_MAX_ITEM_ATTRIBUTES;
    }
    if (model->attr_offset == NULL) {
        *count = 0;
        return NULL;
    }
    *count = model->attr_offset[item + 1] - model->attr_offset[item];
    return model->attr_index + model->attr_offset[item];
}

/* The attribute of the item's price band, or VITRINE_NO_ATTRIBUTE. */
static inline uint32_t vitrine_catalog_band(const vitrine_catalog *catalog, uint32_t item)
{
    const uint32_t band = catalog->band != NULL ? catalog->band[item] : VITRINE_NO_BAND;
    return band < VITRINE_PRICE_BANDS ? catalog->model->band_attribute[band] : VITRINE_NO_ATTRIBUTE;
}

/* The item's row in the file, or VITRINE_NO_ITEM. */
static inline uint32_t vitrine_catalog_row(const vitrine_catalog *catalog, uint32_t item)
{
    return catalog->row != NULL ? catalog->row[item] : VITRINE_NO_ITEM;
}

/* Prices, stock and momentum back to those of the file. */
void vitrine_catalog_rebase(vitrine_catalog *catalog);

/* The item's vector as ranking sees it: out [dim]. */
void vitrine_catalog_vector(const vitrine_catalog *catalog, uint32_t item, float *out);

#endif
