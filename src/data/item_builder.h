/* Items as they come, in any order, on their way to an item table. */
#ifndef VITRINE_DATA_ITEM_BUILDER_H
#define VITRINE_DATA_ITEM_BUILDER_H

#include "data/columns.h"
#include "data/id_set.h"
#include "data/item_reader.h"

/* What a record of any format is asked for: a vitrine_field for each, see item_reader.c. */
enum {
    VITRINE_ITEM_ID = 0,
    VITRINE_ITEM_PRICE,
    VITRINE_ITEM_SALES,
    VITRINE_ITEM_AVAILABILITY,
    VITRINE_ITEM_SALE_PRICE,
    VITRINE_ITEM_CREATED,
    VITRINE_ITEM_SENSITIVE,
    VITRINE_ITEM_REPURCHASABLE,
    VITRINE_ITEM_TEXT,                                            /* + vitrine_text_field */
    VITRINE_ITEM_LEVELS = VITRINE_ITEM_TEXT + VITRINE_TEXT_FIELDS, /* GA4's item_category2 .. 5 */
    VITRINE_ITEM_FIELDS = VITRINE_ITEM_LEVELS + 4
};

enum { VITRINE_OWN_TEXTS = VITRINE_TEXT_FIELDS - VITRINE_TEXT_OWN_1, VITRINE_OWN_TEXT = 64 };

/* Texts of one item; a field that is absent has a null text. */
typedef struct vitrine_raw_item {
    vitrine_field id, text[VITRINE_TEXT_FIELDS], price, sales, availability;
    vitrine_field sale_price, created, sensitive, repurchasable;
    uint64_t line;
} vitrine_raw_item;

typedef struct vitrine_built_item {
    uint32_t text[VITRINE_TEXT_FIELDS]; /* numbers in the builder's set, or VITRINE_NO_STRING */
    float price, sales;                 /* NAN: unknown */
    uint8_t available, marks;           /* VITRINE_IS_... */
    uint32_t created;                   /* s since 1970, 0: unknown */
} vitrine_built_item;

typedef struct vitrine_item_builder {
    const vitrine_item_options *options;
    vitrine_column_name known[VITRINE_ITEM_FIELDS]; /* what fields are called */
    char own[VITRINE_OWN_TEXTS][2][VITRINE_OWN_TEXT + 1]; /* names of own fields, and plain */
    vitrine_id_set id, text;
    vitrine_built_item *item; /* [id.count] */
    uint32_t capacity;
    char *squeezed;           /* scratch for one text */
    size_t squeezed_capacity;
    uint32_t file;
    vitrine_item_report report;
} vitrine_item_builder;

/* The usual names, and those of options->own. False with `problem` when these are not good. */
bool vitrine_item_builder_names(vitrine_item_builder *builder, vitrine_problem *problem);
void vitrine_item_builder_free(vitrine_item_builder *builder);

/* Check and keep one item. False when memory ran out; a bad row or field is counted. */
bool vitrine_item_builder_add(vitrine_item_builder *builder, const vitrine_raw_item *raw);
void vitrine_item_builder_reject(vitrine_item_builder *builder, vitrine_item_reject reason,
                                 uint64_t line, const char *sample, size_t length);
/* Runs of blanks and control characters become one blank, none at the ends. Holds until the next
 * call; a null text when memory ran out. */
vitrine_field vitrine_item_builder_squeeze(vitrine_item_builder *builder, vitrine_field field);
/* The number of a text (VITRINE_NO_STRING when empty). False when memory ran out. */
bool vitrine_item_builder_text(vitrine_item_builder *builder, vitrine_field field, uint32_t *number);
/* A column that no item has stays absent. False when memory ran out. */
bool vitrine_item_builder_finish(vitrine_item_builder *builder, vitrine_item_table *table);

/* The formats that are no plain tables. */
bool vitrine_item_json(vitrine_item_builder *builder, vitrine_text *source, vitrine_problem *problem);
bool vitrine_item_xml(vitrine_item_builder *builder, vitrine_text *source, vitrine_problem *problem);
/* Shopify's export, known by its header; `csv` stands behind it, and known [VITRINE_ITEM_FIELDS] says
 * which of its columns hold the fields. */
bool vitrine_item_is_shopify(const vitrine_field *header, uint32_t fields);
bool vitrine_item_shopify(vitrine_item_builder *builder, vitrine_csv *csv, const int *known,
                          vitrine_problem *problem);

/* Add a record whose fields were found. False with `problem` when memory ran out. */
bool vitrine_item_builder_record(vitrine_item_builder *builder, const vitrine_field *field,
                                 uint64_t line, vitrine_problem *problem);

#endif
