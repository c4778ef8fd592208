/* The rules' inside: nodes in the order they were added, each group before its children. */
#ifndef VITRINE_RANK_RULES_H
#define VITRINE_RANK_RULES_H

#include "catalog/catalog.h"
#include "vitrine/rules.h"

/* Fields of tests: the text fields by their own numbers, then these. */
enum {
    VITRINE_FIELD_PRICE = VITRINE_TEXT_FIELDS,
    VITRINE_FIELD_SALE_PRICE,
    VITRINE_FIELD_SALES,
    VITRINE_FIELD_CREATED,
    VITRINE_FIELD_AVAILABILITY, /* from here on 0 or 1 */
    VITRINE_FIELD_SENSITIVE,
    VITRINE_FIELD_REPURCHASABLE,
    VITRINE_FIELD_ON_SALE,
    VITRINE_FIELD_ITEM_ID,
    VITRINE_FIELD_NOW, /* of the context alone */
    VITRINE_FIELDS
};

typedef struct vitrine_rule_node {
    uint8_t op, field;
    uint16_t count; /* children or values */
    uint16_t first; /* the first value */
} vitrine_rule_node;

enum { VITRINE_VALUE_NUMBER, VITRINE_VALUE_TEXT, VITRINE_VALUE_CONTEXT };

typedef struct vitrine_rule_value {
    uint8_t kind, field;   /* field: of a context value */
    uint32_t text, length; /* in vitrine_rules.text */
    double number, add;    /* number: the value, or what a context's number is multiplied by */
} vitrine_rule_value;

/* Keys of numbers, low .. low + span (see rules_apply.c). */
typedef struct vitrine_rule_range {
    uint32_t low, span;
} vitrine_rule_range;

typedef struct vitrine_rule_tree {
    uint32_t node;
    float mul; /* 0: the filter */
} vitrine_rule_tree;

typedef struct vitrine_rule_pin {
    uint32_t item, position;
} vitrine_rule_pin;

#define VITRINE_RULE_TEXT 8192u /* bytes of all texts together */

struct vitrine_rules {
    const vitrine_catalog *catalog;
    vitrine_fault fault;
    uint32_t nodes, values, trees, text_used, pins, hidden;
    uint32_t missing; /* values that the last test waits for */
    uint32_t depth, left[VITRINE_RULE_DEPTH + 1]; /* nodes that each open group waits for */
    bool ended;
    vitrine_rule_node node[VITRINE_RULE_NODES];
    vitrine_rule_value value[VITRINE_RULE_VALUES];
    vitrine_rule_tree tree[VITRINE_RULE_NODES];
    vitrine_rule_pin pin[VITRINE_RULE_PINS];
    uint32_t hide[VITRINE_RULE_HIDDEN];
    char text[VITRINE_RULE_TEXT];

    /* Evaluation. */
    vitrine_rule_range range[VITRINE_RULE_VALUES]; /* of tests of numbers */
    uint64_t *verdict; /* [items] lent; bit n: test n of texts is true of the item and of all with its text */
    uint32_t *code[VITRINE_TEXT_FIELDS]; /* [items] the first item with the same text; null: itself */
    bool coded[VITRINE_TEXT_FIELDS];     /* code is made; on first use */
    uint32_t *table; /* [table_size] scratch for that; null where no text has a code */
    uint32_t table_size;
};

/* The first item with the same text in a field, for every item; null: no two are known to be alike. */
const uint32_t *vitrine_rules_codes(vitrine_rules *rules, uint32_t field);

/* Whether any tree boosts or buries; rules may be null. */
bool vitrine_rules_boost(const vitrine_rules *rules);

#endif
