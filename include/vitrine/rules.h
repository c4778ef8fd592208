/* What a shop wants of its lists: a filter, boosts, pins and hidden items, applied before the best
 * items are chosen, so that they hold for every item of the catalog and for every placement.
 *
 * The caller walks the shop's JSON (docs/rules.md) and adds node by node; texts, numbers and limits
 * are checked here, in one place for the browser and the command line:
 *
 *   vitrine_rules_clear(rules);
 *   vitrine_rules_begin(rules, 0.0f);                            filter: { all: [
 *   vitrine_rules_group(rules, VITRINE_RULE_ALL, 2);
 *   vitrine_rules_test(rules, VITRINE_RULE_EQ, "brand", 5, 1);     { field: 'brand', eq: 'Acme' },
 *   vitrine_rules_text(rules, "Acme", 4);
 *   vitrine_rules_test(rules, VITRINE_RULE_LESS, "price", 5, 1);   { field: 'price', less: 50 } ] }
 *   vitrine_rules_number(rules, 50.0);
 *   status = vitrine_rules_end(rules);
 *
 * A call that is refused returns VITRINE_BAD_ARGUMENT or VITRINE_NO_SPACE; vitrine_rules_fault then
 * says what was wrong (`field`) and with which node, counted from 0 in the order they were added
 * (`offset`). Later calls are refused too until vitrine_rules_clear. */
#ifndef VITRINE_RULES_H
#define VITRINE_RULES_H

#include "vitrine/catalog.h"

/* Opaque. Belongs to one thread; keeps a pointer to its catalog. */
typedef struct vitrine_rules vitrine_rules;

#define VITRINE_RULE_NODES 64u  /* in all trees together */
#define VITRINE_RULE_DEPTH 32u
#define VITRINE_RULE_VALUES 256u /* of all tests together */
#define VITRINE_RULE_PINS 64u
#define VITRINE_RULE_HIDDEN 1024u

typedef enum vitrine_rule_op {
    VITRINE_RULE_ALL = 0, /* groups: of the nodes that follow; empty: true */
    VITRINE_RULE_ANY = 1, /* empty: false */
    VITRINE_RULE_NOT = 2, /* of one node */
    VITRINE_RULE_EQ = 3,  /* tests: of one field */
    VITRINE_RULE_IN = 4,  /* equal to one of the values */
    VITRINE_RULE_BETWEEN = 5, /* two values, both included */
    VITRINE_RULE_LESS = 6,
    VITRINE_RULE_GREATER = 7,
    VITRINE_RULE_EXISTS = 8, /* value 1: the catalog knows the field of the item; 0: it does not */
    VITRINE_RULE_OPS = 9
} vitrine_rule_op;

/* The op a word of the JSON means ("all", "between", ...), or VITRINE_RULE_OPS. */
vitrine_rule_op vitrine_rule_op_of(const char *word, size_t length);

vitrine_status vitrine_rules_size(const vitrine_catalog *catalog, size_t *need);
vitrine_status vitrine_rules_init(void *mem, size_t mem_size, const vitrine_catalog *catalog,
                                  vitrine_rules **rules);

/* Nothing filtered, boosted, pinned or hidden. */
void vitrine_rules_clear(vitrine_rules *rules);

/* Start a tree: mul 0 the filter (items for which it is false are left out), mul > 0 up to 1000 a
 * boost (scores of items for which it is true are multiplied; below 1 it buries). The nodes of the
 * tree follow, each group before its children. Several filters all hold. */
vitrine_status vitrine_rules_begin(vitrine_rules *rules, float mul);
/* A group of so many nodes. */
vitrine_status vitrine_rules_group(vitrine_rules *rules, vitrine_rule_op op, uint32_t children);
/* A test, whose values follow. Fields: price, sale_price, sales, created; availability, sensitive,
 * repurchasable, on_sale; title, brand, item_group_id, currency, link, image_link and the catalog's
 * own fields; category (equal means: this path or below it), tags (equal means: one of them),
 * item_id. A test of something unknown is false. */
vitrine_status vitrine_rules_test(vitrine_rules *rules, vitrine_rule_op op, const char *field,
                                  size_t length, uint32_t values);
/* Values. Numbers of fields of texts are refused, and the other way round, but for: availability as
 * "in_stock" and "out_of_stock" and created as "2026-01-31", which are texts. */
vitrine_status vitrine_rules_number(vitrine_rules *rules, double value);
vitrine_status vitrine_rules_text(vitrine_rules *rules, const char *text, size_t length);
/* The context item's value of a field ("price"), or "now" in seconds; times mul plus add when it is a
 * number. Without a context item, or when its field is unknown, the test is false. */
vitrine_status vitrine_rules_context(vitrine_rules *rules, const char *field, size_t length,
                                     double mul, double add);

/* The item stands at this position (0 first) in every list, unless it is unavailable, dismissed,
 * hidden or shown already. Of two pins for one position the second takes the next. */
vitrine_status vitrine_rules_pin(vitrine_rules *rules, uint32_t item, uint32_t position);
/* The item is in no list. */
vitrine_status vitrine_rules_hide(vitrine_rules *rules, uint32_t item);

/* Whether every tree is complete; call it after the last node. */
vitrine_status vitrine_rules_end(vitrine_rules *rules);
/* The refusal since the last clear; status VITRINE_OK when there was none. */
const vitrine_fault *vitrine_rules_fault(const vitrine_rules *rules);

/* Evaluate for a context item (VITRINE_NO_ITEM: none) at a time (s, 0 unknown):
 *
 *   scratch [items]
 *   allowed [items]  set to 0 where a filter is false or the item is hidden
 *   factor  [items]  multiplied by the boosts that are true; may be null
 *
 * Pins are not applied. The rules must have passed vitrine_rules_end, else nothing happens. */
void vitrine_rules_apply(vitrine_rules *rules, uint32_t context, int64_t now, uint64_t *scratch,
                         uint8_t *allowed, float *factor);

#endif
