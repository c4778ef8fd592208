/* Evaluating rules over the whole catalog.
 *
 * A test of texts is decided once for each distinct text and kept as a bit; an item then only looks
 * up the bit of the first item with its text. Numbers are compared as they come. Both in blocks, so
 * that a tree's intermediate answers stay in the nearest cache. */
#include "rank/rules.h"

#include <string.h>

#include "catalog/features.h"

enum { BLOCK = 256, EMPTY = 0 };

static bool same(const char *a, size_t a_length, const char *b, size_t b_length)
{
    return a_length == b_length && memcmp(a, b, a_length) == 0;
}

const uint32_t *vitrine_rules_codes(vitrine_rules *rules, uint32_t field)
{
    const vitrine_catalog *catalog = rules->catalog;
    uint32_t *const code = rules->code[field], mask = rules->table_size - 1;
    if (code == NULL || rules->coded[field]) return code;
    memset(rules->table, EMPTY, rules->table_size * sizeof *rules->table);
    for (uint32_t i = 0; i < catalog->items; i++) {
        size_t length, there;
        const char *text = vitrine_catalog_text(catalog, i, (vitrine_text_field)field, &length);
        uint32_t hash = 2166136261u; /* FNV-1a */
        for (size_t b = 0; b < length; b++) hash = (hash ^ (uint8_t)text[b]) * 16777619u;
        uint32_t at = (hash ^ hash >> 15) & mask;
        for (; rules->table[at] != EMPTY; at = (at + 1) & mask) {
            const char *first = vitrine_catalog_text(catalog, rules->table[at] - 1,
                                                     (vitrine_text_field)field, &there);
            if (same(text, length, first, there)) break;
        }
        if (rules->table[at] == EMPTY) rules->table[at] = i + 1;
        code[i] = rules->table[at] - 1;
    }
    rules->coded[field] = true;
    return code;
}

/* Whether a path is another one or lies below it, level by level. */
static bool below(const char *path, size_t length, const char *top, size_t top_length)
{
    const char *a, *b;
    size_t a_length, b_length;
    bool any = false;
    while (vitrine_text_part(&top, &top_length, '/', '>', &b, &b_length)) {
        any = true;
        if (!vitrine_text_part(&path, &length, '/', '>', &a, &a_length) ||
            !same(a, a_length, b, b_length))
            return false;
    }
    return any;
}

/* Whether one of these tags is among the others. */
static bool share_tag(const char *tags, size_t length, const char *others, size_t others_length)
{
    const char *a, *b;
    size_t a_length, b_length;
    while (vitrine_text_part(&tags, &length, ',', ',', &a, &a_length)) {
        const char *rest = others;
        size_t left = others_length;
        while (vitrine_text_part(&rest, &left, ',', ',', &b, &b_length))
            if (same(a, a_length, b, b_length)) return true;
    }
    return false;
}

/* A test of a text field, for one text. */
static bool text_is(const vitrine_rules *rules, const vitrine_rule_node *node, uint32_t context,
                    const char *text, size_t length)
{
    if (node->op == VITRINE_RULE_EXISTS) return (length > 0) == (rules->value[node->first].number > 0.0);
    for (uint32_t v = node->first; v < (uint32_t)node->first + node->count; v++) {
        const vitrine_rule_value *value = &rules->value[v];
        const char *want = rules->text + value->text;
        size_t want_length = value->length;
        if (value->kind == VITRINE_VALUE_CONTEXT) {
            if (context == VITRINE_NO_ITEM) continue;
            want = vitrine_catalog_text(rules->catalog, context, (vitrine_text_field)value->field,
                                        &want_length);
        }
        if (length == 0 || want_length == 0) continue;
        if (node->field == VITRINE_TEXT_CATEGORY ? below(text, length, want, want_length)
            : node->field == VITRINE_TEXT_TAGS   ? share_tag(text, length, want, want_length)
                                                 : same(text, length, want, want_length))
            return true;
    }
    return false;
}

/* Sets the bit of test n where it is true: at the first item of each text, or at the items named. */
static void decide_texts(vitrine_rules *rules, uint32_t n, uint32_t context)
{
    const vitrine_catalog *catalog = rules->catalog;
    const vitrine_rule_node *node = &rules->node[n];
    const uint64_t bit = (uint64_t)1 << n;
    size_t length;
    if (node->field == VITRINE_FIELD_ITEM_ID) {
        const bool exists = node->op == VITRINE_RULE_EXISTS;
        for (uint32_t i = 0; exists && i < catalog->items; i++)
            if (rules->value[node->first].number > 0.0) rules->verdict[i] |= bit;
        for (uint32_t v = node->first; !exists && v < (uint32_t)node->first + node->count; v++) {
            const vitrine_rule_value *value = &rules->value[v];
            const uint32_t item =
                value->kind == VITRINE_VALUE_CONTEXT
                    ? context
                    : vitrine_catalog_find(catalog, rules->text + value->text, value->length);
            if (item != VITRINE_NO_ITEM) rules->verdict[item] |= bit;
        }
        return;
    }
    const uint32_t *code = vitrine_rules_codes(rules, node->field);
    for (uint32_t i = 0; i < catalog->items; i++) {
        if (code != NULL && code[i] != i) continue;
        const char *text = vitrine_catalog_text(catalog, i, (vitrine_text_field)node->field, &length);
        if (text_is(rules, node, context, text, length)) rules->verdict[i] |= bit;
    }
}

/* Numbers of a block of items; unknown ones are NAN, which no comparison holds for. */
static void numbers(const vitrine_catalog *catalog, uint32_t field, uint32_t from, uint32_t count,
                    double *out)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t item = from + i, row = catalog->row[item];
        const bool listed = row != VITRINE_NO_ITEM;
        const uint32_t marks = listed && catalog->marks != NULL ? catalog->marks[row] : 0;
        double value = -1.0;
        switch (field) {
        case VITRINE_FIELD_PRICE: value = (double)catalog->price[item]; break;
        case VITRINE_FIELD_SALE_PRICE:
            if ((marks & VITRINE_IS_ON_SALE) != 0) value = (double)catalog->price[item];
            break;
        case VITRINE_FIELD_SALES:
            if (listed && catalog->sales != NULL) value = (double)catalog->sales[row];
            break;
        case VITRINE_FIELD_CREATED:
            if (listed && catalog->created != NULL && catalog->created[row] != 0)
                value = (double)catalog->created[row];
            break;
        case VITRINE_FIELD_AVAILABILITY: value = catalog->available[item]; break;
        case VITRINE_FIELD_SENSITIVE: value = (marks & VITRINE_IS_SENSITIVE) != 0; break;
        case VITRINE_FIELD_REPURCHASABLE: value = (marks & VITRINE_IS_REPURCHASABLE) != 0; break;
        default: value = (marks & VITRINE_IS_ON_SALE) != 0; break;
        }
        out[i] = value >= 0.0 ? value : (double)__builtin_nanf("");
    }
}

/* What the numbers of all tests are for this context: prices and sales as the catalog keeps them. */
static void resolve(vitrine_rules *rules, uint32_t context, int64_t now)
{
    for (uint32_t n = 0; n < rules->nodes; n++) {
        const vitrine_rule_node *node = &rules->node[n];
        for (uint32_t v = node->first; v < (uint32_t)node->first + node->count; v++) {
            if (node->op <= VITRINE_RULE_NOT) break;
            const vitrine_rule_value *value = &rules->value[v];
            double number = value->number;
            if (value->kind == VITRINE_VALUE_CONTEXT && value->field >= VITRINE_FIELD_PRICE) {
                double of = (double)__builtin_nanf("");
                if (value->field == VITRINE_FIELD_NOW && now > 0) of = (double)now;
                if (value->field != VITRINE_FIELD_NOW && context != VITRINE_NO_ITEM)
                    numbers(rules->catalog, value->field, context, 1, &of);
                number = of * number + value->add;
            }
            if (node->field <= VITRINE_FIELD_SALES) number = (double)(float)number;
            rules->number[v] = number;
        }
    }
}

static void test_block(const vitrine_rules *rules, uint32_t n, uint32_t from, uint32_t count, uint8_t *out)
{
    const vitrine_rule_node *node = &rules->node[n];
    const double *want = rules->number + node->first;
    double x[BLOCK];
    if (node->field < VITRINE_TEXT_FIELDS || node->field == VITRINE_FIELD_ITEM_ID) {
        const uint32_t *code = node->field < VITRINE_TEXT_FIELDS ? rules->code[node->field] : NULL;
        for (uint32_t i = 0; i < count; i++)
            out[i] = rules->verdict[code != NULL ? code[from + i] : from + i] >> n & 1;
        return;
    }
    numbers(rules->catalog, node->field, from, count, x);
    switch (node->op) {
    case VITRINE_RULE_BETWEEN:
        for (uint32_t i = 0; i < count; i++) out[i] = x[i] >= want[0] && x[i] <= want[1];
        break;
    case VITRINE_RULE_LESS:
        for (uint32_t i = 0; i < count; i++) out[i] = x[i] < want[0];
        break;
    case VITRINE_RULE_GREATER:
        for (uint32_t i = 0; i < count; i++) out[i] = x[i] > want[0];
        break;
    case VITRINE_RULE_EXISTS:
        for (uint32_t i = 0; i < count; i++) out[i] = (x[i] >= 0.0) == (want[0] > 0.0);
        break;
    default: /* equal to one of them */
        memset(out, 0, count);
        for (uint32_t v = 0; v < node->count; v++)
            for (uint32_t i = 0; i < count; i++) out[i] |= x[i] == want[v];
        break;
    }
}

/* Node n and all below it for a block of items; returns the node after them. */
static uint32_t evaluate(const vitrine_rules *rules, uint32_t n, uint32_t from, uint32_t count,
                         uint8_t *out)
{
    const vitrine_rule_node *node = &rules->node[n];
    if (node->op > VITRINE_RULE_NOT) {
        test_block(rules, n, from, count, out);
        return n + 1;
    }
    uint8_t child[BLOCK];
    memset(out, node->op == VITRINE_RULE_ALL, count);
    n++;
    for (uint32_t c = 0; c < node->count; c++) {
        n = evaluate(rules, n, from, count, child);
        for (uint32_t i = 0; i < count; i++)
            out[i] = node->op == VITRINE_RULE_ALL   ? out[i] & child[i]
                     : node->op == VITRINE_RULE_ANY ? out[i] | child[i]
                                                    : !child[i];
    }
    return n;
}

void vitrine_rules_apply(vitrine_rules *rules, uint32_t context, int64_t now, uint8_t *allowed,
                         float *factor)
{
    const uint32_t items = rules->catalog->items;
    if (!rules->ended || rules->fault.status != VITRINE_OK) return;
    for (uint32_t h = 0; h < rules->hidden; h++) allowed[rules->hide[h]] = 0;
    if (rules->trees == 0) return;
    resolve(rules, context, now);
    memset(rules->verdict, 0, items * sizeof *rules->verdict);
    for (uint32_t n = 0; n < rules->nodes; n++) {
        const vitrine_rule_node *node = &rules->node[n];
        if (node->op > VITRINE_RULE_NOT &&
            (node->field < VITRINE_TEXT_FIELDS || node->field == VITRINE_FIELD_ITEM_ID))
            decide_texts(rules, n, context);
    }
    uint8_t holds[BLOCK];
    for (uint32_t from = 0; from < items; from += BLOCK) {
        const uint32_t count = items - from < BLOCK ? items - from : BLOCK;
        for (uint32_t t = 0; t < rules->trees; t++) {
            const float mul = rules->tree[t].mul;
            if (mul > 0.0f && factor == NULL) continue;
            (void)evaluate(rules, rules->tree[t].node, from, count, holds);
            for (uint32_t i = 0; i < count; i++) {
                if (mul == 0.0f)
                    allowed[from + i] &= holds[i];
                else if (holds[i])
                    factor[from + i] *= mul;
            }
        }
    }
}
