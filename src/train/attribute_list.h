/* What training knows about items beside their ids: the attribute vocabulary, how telling each
 * attribute is, and price bands. */
#ifndef VITRINE_TRAIN_ATTRIBUTE_LIST_H
#define VITRINE_TRAIN_ATTRIBUTE_LIST_H

#include "catalog/features.h"
#include "data/item_table.h"
#include "model/model_writer.h"

/* Items are those of the dataset. Owned. */
typedef struct vitrine_attribute_list {
    uint32_t mode, attributes;
    vitrine_strings names; /* sorted by (length, bytes); indexed only */
    float *weight;         /* [attributes] log(1 + items / items with it) */
    uint32_t *offset;      /* [items + 1] without the price band */
    uint32_t *index;
    uint8_t *band;         /* [items] */
    uint32_t bands;
    float edge[VITRINE_PRICE_BANDS - 1];
} vitrine_attribute_list;

/* An indexed vocabulary holds the names that two items of the catalog have. `ids` are the dataset's;
 * items that the table does not list have no attributes. Price bands are eighths of the known
 * prices. VITRINE_NO_SPACE when memory is out; the attributes are then empty. */
vitrine_status vitrine_attribute_list_make(const vitrine_item_table *table,
                                            const vitrine_strings *ids, uint32_t mode,
                                            uint32_t buckets, vitrine_attribute_list *attributes);
void vitrine_attribute_list_free(vitrine_attribute_list *attributes);

/* The attribute of a price band, or VITRINE_NO_ATTRIBUTE. */
uint32_t vitrine_attribute_list_band(const vitrine_attribute_list *attributes, uint32_t band);

/* A row of the table as the core knows items. */
vitrine_item_fields vitrine_item_table_fields(const vitrine_item_table *table, uint32_t row);

/* Points the parts at them and sets their part of the configuration. A catalog that names nothing
 * leaves the parts as they are. */
void vitrine_attribute_list_set(const vitrine_attribute_list *attributes,
                                 vitrine_model_parts *parts);

#endif
