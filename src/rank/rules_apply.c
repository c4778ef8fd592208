/* Evaluating rules over the whole catalog.
 *
 * A test of texts is decided once for each distinct text and kept as a bit; an item then only looks
 * up the bit of the first item with its text. Numbers are compared as they come. Both in blocks, so
 * that a tree's intermediate answers stay in the nearest cache. */
#include "rank/rules.h"

#include <string.h>

#include "base/strings.h"
#include "catalog/features.h"

enum { BLOCK = 256, EMPTY = 0 };

static bool same(const char *a, size_t a_length, const char *b, size_t b_length)
{
    return vitrine_string_order(a, a_length, b, b_length) == 0;
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
    const vitrine_strings *texts = &catalog->text[node->field];
    /* Texts that are as long as none of the values are the most by far. */
    uint64_t lengths = 0;
    const bool parts = node->field == VITRINE_TEXT_CATEGORY || node->field == VITRINE_TEXT_TAGS;
    for (uint32_t v = node->first; v < (uint32_t)node->first + node->count; v++) {
        const bool constant = rules->value[v].kind == VITRINE_VALUE_TEXT && !parts;
        lengths |= constant ? (uint64_t)1 << (rules->value[v].length & 63) : UINT64_MAX;
    }
    for (uint32_t i = 0; i < catalog->items; i++) {
        const uint32_t row = vitrine_catalog_row(catalog, i);
        if (code != NULL && code[i] != i) continue;
        const bool there = row != VITRINE_NO_ITEM && texts->count > 0;
        const char *text = there ? vitrine_strings_get(texts, row, &length) : "";
        if (!there) length = 0;
        if ((lengths >> (length & 63) & 1) != 0 && text_is(rules, node, context, text, length))
            rules->verdict[i] |= bit;
    }
}

/* Numbers are compared as keys: whole numbers are their own, and those of floats >= 0 are their bits,
 * which are in the same order. What is unknown has a key beyond NONE (a float's -1 has its sign bit),
 * so every test is one of ranges. */
static const uint32_t WHOLE_MOST = 0xfffffffdu, FLOAT_MOST = 0x7f800000u, UNKNOWN = 0xffffffffu;

static bool is_float(uint32_t field) { return field <= VITRINE_FIELD_SALES; }

static uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* Keys of a field for a block of items. */
static void keys(const vitrine_catalog *catalog, uint32_t field, uint32_t from, uint32_t count,
                 uint32_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t item = from + i, row = vitrine_catalog_row(catalog, item);
        const bool listed = row != VITRINE_NO_ITEM;
        const uint32_t marks = listed && catalog->marks != NULL ? catalog->marks[row] : 0;
        uint32_t key = UNKNOWN;
        switch (field) {
        case VITRINE_FIELD_PRICE: key = bits_of(catalog->price[item]); break;
        case VITRINE_FIELD_SALE_PRICE:
            if ((marks & VITRINE_IS_ON_SALE) != 0) key = bits_of(catalog->price[item]);
            break;
        case VITRINE_FIELD_SALES:
            if (listed && catalog->sales != NULL) key = bits_of(catalog->sales[row]);
            break;
        case VITRINE_FIELD_CREATED:
            if (listed && catalog->created != NULL && catalog->created[row] != 0)
                key = catalog->created[row];
            break;
        case VITRINE_FIELD_AVAILABILITY: key = catalog->available[item]; break;
        default: /* sensitive, repurchasable, on_sale: bits 0, 1, 2 */
            key = marks >> (field - VITRINE_FIELD_SENSITIVE) & 1;
            break;
        }
        out[i] = key;
    }
}

/* The smallest key not below a number, or the largest not above it. */
static uint32_t key_of(double number, bool whole, bool up)
{
    if (!whole) return number > 0.0 ? bits_of((float)number) : 0;
    const uint32_t key = number >= 4e9 ? WHOLE_MOST : number > 0.0 ? (uint32_t)number : 0;
    return key + (up && (double)key < number);
}

static vitrine_rule_range range_of(uint32_t op, bool whole, double a, double b)
{
    const vitrine_rule_range none = {0xfffffffeu, 0};
    const uint32_t most = whole ? WHOLE_MOST : FLOAT_MOST;
    uint32_t low = 0, high = most;
    if (!(a == a && b == b)) return none; /* unknown */
    switch (op) {
    case VITRINE_RULE_EXISTS:
        if (a == 0.0) low = most + 1, high = UNKNOWN;
        break;
    case VITRINE_RULE_LESS:
        if (a <= 0.0) return none;
        high = key_of(a, whole, true) - 1;
        break;
    case VITRINE_RULE_GREATER:
        if (a >= 0.0) low = key_of(a, whole, false) + 1;
        break;
    default: /* from a to b, which are the same where values are equal to one */
        if (b < 0.0) return none;
        low = key_of(a, whole, true);
        high = key_of(b, whole, false);
        break;
    }
    const vitrine_rule_range range = {low, high - low};
    return low <= high ? range : none;
}

/* A value as a number, for this context; NAN when it is unknown. */
static double number_of(const vitrine_rules *rules, uint32_t v, uint32_t context, int64_t now)
{
    const vitrine_rule_value *value = &rules->value[v];
    if (value->kind != VITRINE_VALUE_CONTEXT) return value->number;
    double of = now > 0 ? (double)now : -1.0;
    if (value->field != VITRINE_FIELD_NOW) {
        uint32_t key = UNKNOWN;
        float single;
        if (context != VITRINE_NO_ITEM) keys(rules->catalog, value->field, context, 1, &key);
        memcpy(&single, &key, sizeof single);
        of = key > (is_float(value->field) ? FLOAT_MOST : WHOLE_MOST) ? -1.0
             : is_float(value->field)                                 ? (double)single
                                                                      : (double)key;
    }
    return of >= 0.0 ? of * value->number + value->add : (double)__builtin_nanf("");
}

/* What the tests of numbers accept, for this context. */
static void resolve(vitrine_rules *rules, uint32_t context, int64_t now)
{
    for (uint32_t n = 0; n < rules->nodes; n++) {
        const vitrine_rule_node *node = &rules->node[n];
        const bool two = node->op == VITRINE_RULE_BETWEEN;
        if (node->op <= VITRINE_RULE_NOT || node->field < VITRINE_FIELD_PRICE) continue;
        for (uint32_t v = node->first; v < (uint32_t)node->first + node->count; v++)
            rules->range[v] =
                range_of(node->op, !is_float(node->field),
                         number_of(rules, two ? node->first : v, context, now),
                         number_of(rules, two ? node->first + 1u : v, context, now));
    }
}

static void test_block(const vitrine_rules *rules, uint32_t n, uint32_t from, uint32_t count, uint8_t *out)
{
    const vitrine_rule_node *node = &rules->node[n];
    uint32_t key[BLOCK];
    if (node->field < VITRINE_TEXT_FIELDS || node->field == VITRINE_FIELD_ITEM_ID) {
        const uint32_t *code = node->field < VITRINE_TEXT_FIELDS ? rules->code[node->field] : NULL;
        for (uint32_t i = 0; i < count; i++)
            out[i] = rules->verdict[code != NULL ? code[from + i] : from + i] >> n & 1;
        return;
    }
    keys(rules->catalog, node->field, from, count, key);
    memset(out, 0, count);
    for (uint32_t v = node->first; v < (uint32_t)node->first + node->count; v++) {
        const uint32_t low = rules->range[v].low, span = rules->range[v].span;
        for (uint32_t i = 0; i < count; i++) out[i] |= key[i] - low <= span;
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

bool vitrine_rules_boost(const vitrine_rules *rules)
{
    bool any = false;
    for (uint32_t t = 0; rules != NULL && t < rules->trees; t++) any |= rules->tree[t].mul != 0.0f;
    return any;
}

void vitrine_rules_apply(vitrine_rules *rules, uint32_t context, int64_t now, uint64_t *scratch,
                         uint8_t *allowed, float *factor)
{
    const uint32_t items = rules->catalog->items;
    if (!rules->ended || rules->fault.status != VITRINE_OK) return;
    for (uint32_t h = 0; h < rules->hidden; h++) allowed[rules->hide[h]] = 0;
    if (rules->trees == 0) return;
    resolve(rules, context, now);
    rules->verdict = scratch;
    memset(scratch, 0, items * sizeof *scratch);
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
            const bool filters = mul == 0.0f;
            if (!filters && factor == NULL) continue;
            (void)evaluate(rules, rules->tree[t].node, from, count, holds);
            for (uint32_t i = 0; i < count; i++) {
                if (filters)
                    allowed[from + i] &= holds[i];
                else if (holds[i])
                    factor[from + i] *= mul;
            }
        }
    }
}
