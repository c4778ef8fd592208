/* Building rules: every node and value is checked as it is added, so that what is evaluated later
 * needs no checks. */
#include "rank/rules.h"

#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/strings.h"

/* In the order of the ops and of the fields, each ended by a zero. */
static const char OPS[] = "all\0any\0not\0eq\0in\0between\0less\0greater\0exists\0";
static const char FIELDS[] = "title\0brand\0category\0image_link\0link\0item_group_id\0currency\0tags\0";
static const char MORE[] = "price\0sale_price\0sales\0created\0availability\0sensitive\0"
                           "repurchasable\0on_sale\0item_id\0now\0";

/* Which word of a list, or the number of words. */
static uint32_t word_of(const char *list, const char *word, size_t length)
{
    uint32_t n = 0;
    for (; *list != '\0'; n++) {
        const size_t size = strlen(list);
        if (vitrine_string_order(list, size, word, length) == 0) break;
        list += size + 1;
    }
    return n;
}

vitrine_rule_op vitrine_rule_op_of(const char *word, size_t length)
{
    return (vitrine_rule_op)word_of(OPS, word, length);
}

static uint32_t field_of(const vitrine_catalog *catalog, const char *name, size_t length)
{
    const uint32_t text = word_of(FIELDS, name, length);
    if (text < VITRINE_TEXT_OWN_1) return text;
    for (uint32_t i = 0; i < VITRINE_OWN_FIELDS; i++)
        if (length > 0 && vitrine_string_order(catalog->own_name[i], catalog->own_length[i], name, length) == 0)
            return VITRINE_TEXT_OWN_1 + i;
    return VITRINE_FIELD_PRICE + word_of(MORE, name, length);
}

static vitrine_rules *layout(vitrine_arena *arena, const vitrine_catalog *catalog,
                             vitrine_rules *fields)
{
    vitrine_rules *rules = VITRINE_TAKE(arena, vitrine_rules, 1);
    bool coded = false;
    for (uint32_t f = 0; f < VITRINE_TEXT_FIELDS; f++) {
        /* Titles and links are distinct, or nearly so: nothing is gained by numbering them. */
        const bool distinct = f == VITRINE_TEXT_TITLE || f == VITRINE_TEXT_LINK || f == VITRINE_TEXT_IMAGE_LINK;
        if (catalog->text[f].count == 0 || distinct) continue;
        fields->code[f] = VITRINE_TAKE(arena, uint32_t, catalog->items);
        coded = true;
    }
    if (!coded) return rules;
    fields->table_size = 16;
    while (fields->table_size < catalog->items / 2 * 3) fields->table_size *= 2;
    fields->table = VITRINE_TAKE(arena, uint32_t, fields->table_size);
    return rules;
}

vitrine_status vitrine_rules_size(const vitrine_catalog *catalog, size_t *need)
{
    vitrine_arena arena = {0};
    vitrine_rules fields;
    (void)layout(&arena, catalog, &fields);
    *need = arena.used;
    return VITRINE_OK;
}

vitrine_status vitrine_rules_init(void *mem, size_t mem_size, const vitrine_catalog *catalog,
                                  vitrine_rules **out)
{
    vitrine_arena arena = {mem, mem_size, 0, false};
    vitrine_rules fields;
    *out = NULL;
    if (mem == NULL || ((uintptr_t)mem & (VITRINE_ALIGN - 1)) != 0) return VITRINE_BAD_ARGUMENT;
    memset(&fields, 0, sizeof fields);
    vitrine_rules *rules = layout(&arena, catalog, &fields);
    if (arena.failed) return VITRINE_NO_SPACE;
    *rules = fields;
    rules->catalog = catalog;
    rules->ended = true;
    *out = rules;
    return VITRINE_OK;
}

void vitrine_rules_clear(vitrine_rules *rules)
{
    memset(&rules->fault, 0, sizeof rules->fault);
    rules->nodes = rules->values = rules->trees = rules->text_used = rules->pins = rules->hidden = 0;
    rules->missing = rules->depth = rules->left[0] = 0;
    rules->ended = true;
}

/* The first refusal stays. */
static vitrine_status refuse(vitrine_rules *rules, const char *field, uint64_t found, uint64_t limit)
{
    if (rules->fault.status == VITRINE_OK)
        (void)vitrine_refuse(&rules->fault, VITRINE_BAD_ARGUMENT, field, rules->nodes, found, limit);
    return rules->fault.status;
}

/* Refused for the node that was added last. */
static vitrine_status refuse_value(vitrine_rules *rules, const char *field, uint64_t found,
                                   uint64_t limit)
{
    const bool first = rules->fault.status == VITRINE_OK;
    const vitrine_status status = refuse(rules, field, found, limit);
    if (first && rules->nodes > 0) rules->fault.offset = rules->nodes - 1;
    return status;
}

/* Whether the trees so far are complete; open groups that got all their nodes are closed. */
static bool complete(vitrine_rules *rules)
{
    while (rules->depth > 0 && rules->left[rules->depth] == 0) rules->depth--;
    return rules->left[rules->depth] == 0 && rules->missing == 0;
}

vitrine_status vitrine_rules_begin(vitrine_rules *rules, float mul)
{
    if (rules->fault.status != VITRINE_OK) return rules->fault.status;
    if (!complete(rules)) return refuse_value(rules, "a node or value is missing", rules->left[0], 0);
    if (rules->trees == VITRINE_RULE_NODES)
        return refuse(rules, "too many trees", rules->trees, VITRINE_RULE_NODES);
    if (!(mul >= 0.0f && mul <= 1000.0f)) return refuse(rules, "mul", 0, 1000);
    const vitrine_rule_tree tree = {rules->nodes, mul};
    rules->tree[rules->trees++] = tree;
    rules->left[0] = 1;
    rules->ended = false;
    return VITRINE_OK;
}

static vitrine_status add_node(vitrine_rules *rules, vitrine_rule_op op, uint32_t field, uint32_t count)
{
    if (rules->missing > 0) return refuse_value(rules, "a value is missing", 0, rules->missing);
    if (complete(rules)) return refuse(rules, "a node outside a tree", rules->nodes, 0);
    if (rules->nodes == VITRINE_RULE_NODES)
        return refuse(rules, "too many nodes", rules->nodes, VITRINE_RULE_NODES);
    if (rules->depth >= VITRINE_RULE_DEPTH)
        return refuse(rules, "too deep", rules->depth, VITRINE_RULE_DEPTH);
    const vitrine_rule_node node = {(uint8_t)op, (uint8_t)field, (uint16_t)count,
                                    (uint16_t)rules->values};
    rules->node[rules->nodes++] = node;
    rules->left[rules->depth]--;
    return VITRINE_OK;
}

vitrine_status vitrine_rules_group(vitrine_rules *rules, vitrine_rule_op op, uint32_t children)
{
    if (rules->fault.status != VITRINE_OK) return rules->fault.status;
    if (op > VITRINE_RULE_NOT) return refuse(rules, "op", op, VITRINE_RULE_NOT);
    if (op == VITRINE_RULE_NOT && children != 1) return refuse(rules, "not wants one node", children, 1);
    if (children > VITRINE_RULE_NODES)
        return refuse(rules, "too many nodes", children, VITRINE_RULE_NODES);
    const vitrine_status status = add_node(rules, op, 0, children);
    if (status == VITRINE_OK) rules->left[++rules->depth] = children;
    return status;
}

static bool is_number(uint32_t field)
{
    return (field >= VITRINE_FIELD_PRICE && field <= VITRINE_FIELD_CREATED) || field == VITRINE_FIELD_NOW;
}
static bool is_flag(uint32_t field)
{
    return field >= VITRINE_FIELD_AVAILABILITY && field <= VITRINE_FIELD_ON_SALE;
}

vitrine_status vitrine_rules_test(vitrine_rules *rules, vitrine_rule_op op, const char *field,
                                  size_t length, uint32_t values)
{
    if (rules->fault.status != VITRINE_OK) return rules->fault.status;
    const uint32_t which = field_of(rules->catalog, field, length);
    if (which >= VITRINE_FIELD_NOW) return refuse(rules, "no such field", which, VITRINE_FIELD_NOW);
    if (op < VITRINE_RULE_EQ || op >= VITRINE_RULE_OPS)
        return refuse(rules, "op", op, VITRINE_RULE_OPS);
    if (op >= VITRINE_RULE_BETWEEN && op <= VITRINE_RULE_GREATER && !is_number(which))
        return refuse(rules, "only numbers are less, greater or between", which, 0);
    const uint32_t want = op == VITRINE_RULE_BETWEEN ? 2 : op == VITRINE_RULE_IN ? values : 1;
    if (values != want || values == 0) return refuse(rules, "number of values", values, want);
    if (values > VITRINE_RULE_VALUES - rules->values)
        return refuse(rules, "too many values", rules->values + values, VITRINE_RULE_VALUES);
    const vitrine_status status = add_node(rules, op, which, values);
    if (status == VITRINE_OK) rules->missing = values;
    return status;
}

/* Room for one more value of the last test, or null after a refusal. */
static vitrine_rule_value *add_value(vitrine_rules *rules, uint32_t kind)
{
    if (rules->fault.status != VITRINE_OK) return NULL;
    if (rules->missing == 0) {
        (void)refuse_value(rules, "a value too many", rules->values, rules->values);
        return NULL;
    }
    rules->missing--;
    vitrine_rule_value *value = &rules->value[rules->values++];
    memset(value, 0, sizeof *value);
    value->kind = (uint8_t)kind;
    return value;
}

vitrine_status vitrine_rules_number(vitrine_rules *rules, double number)
{
    vitrine_rule_value *value = add_value(rules, VITRINE_VALUE_NUMBER);
    if (value == NULL) return rules->fault.status;
    const vitrine_rule_node *node = &rules->node[rules->nodes - 1];
    const bool yes_or_no = is_flag(node->field) || node->op == VITRINE_RULE_EXISTS;
    if (!yes_or_no && !is_number(node->field)) return refuse_value(rules, "a text is wanted", 0, 0);
    if (yes_or_no && number != 0.0 && number != 1.0)
        return refuse_value(rules, "true or false is wanted", 0, 1);
    if (!(number >= -1e15 && number <= 1e15)) return refuse_value(rules, "the number is not finite", 0, 0);
    value->number = number;
    return VITRINE_OK;
}

/* "2026-01-31", and whatever of a time may follow, as seconds since 1970; negative when it is none. */
static double date_of(const char *text, size_t length)
{
    static const char SHAPE[] = "0000-00-00";
    int32_t part[3] = {0, 0, 0}, p = 0;
    if (length < 10 || (length > 10 && text[10] != 'T' && text[10] != ' ')) return -1.0;
    for (size_t i = 0; i < 10; i++) {
        if (SHAPE[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9') return -1.0;
        if (SHAPE[i] == '-')
            p++;
        else
            part[p] = part[p] * 10 + (text[i] - '0');
    }
    const int32_t month = part[1], day = part[2];
    if (part[0] < 1970 || month < 1 || month > 12 || day < 1 || day > 31) return -1.0;
    /* Years from March on, so that a leap day is a year's last: Howard Hinnant's days_from_civil. */
    const int32_t year = part[0] - (month <= 2), century = year / 100;
    const int32_t days = year * 365 + year / 4 - century + century / 4 +
                         (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1 - 719468;
    return (double)days * 86400.0;
}

vitrine_status vitrine_rules_text(vitrine_rules *rules, const char *text, size_t length)
{
    vitrine_rule_value *value = add_value(rules, VITRINE_VALUE_TEXT);
    if (value == NULL) return rules->fault.status;
    const vitrine_rule_node *node = &rules->node[rules->nodes - 1];
    if (node->field == VITRINE_FIELD_AVAILABILITY || node->field == VITRINE_FIELD_CREATED) {
        const uint32_t stock = word_of("out_of_stock\0in_stock\0", text, length);
        value->kind = VITRINE_VALUE_NUMBER;
        value->number = node->field == VITRINE_FIELD_CREATED ? date_of(text, length) : (double)stock;
        if (node->field == VITRINE_FIELD_CREATED ? value->number < 0.0 : stock > 1)
            return refuse_value(rules, "text is no such value", 0, 0);
        return VITRINE_OK;
    }
    if (node->op == VITRINE_RULE_EXISTS) return refuse_value(rules, "true or false is wanted", 0, 1);
    if (is_number(node->field) || is_flag(node->field))
        return refuse_value(rules, "a number is wanted", 0, 0);
    if (length > VITRINE_RULE_TEXT - rules->text_used)
        return refuse_value(rules, "too much text", rules->text_used + length, VITRINE_RULE_TEXT);
    value->text = rules->text_used;
    value->length = (uint32_t)length;
    if (length > 0) memcpy(rules->text + rules->text_used, text, length);
    rules->text_used += (uint32_t)length;
    return VITRINE_OK;
}

vitrine_status vitrine_rules_context(vitrine_rules *rules, const char *field, size_t length,
                                     double mul, double add)
{
    vitrine_rule_value *value = add_value(rules, VITRINE_VALUE_CONTEXT);
    if (value == NULL) return rules->fault.status;
    const vitrine_rule_node *node = &rules->node[rules->nodes - 1];
    const uint32_t which = field_of(rules->catalog, field, length);
    if (which >= VITRINE_FIELDS) return refuse_value(rules, "no such field", which, VITRINE_FIELDS);
    if (node->op == VITRINE_RULE_EXISTS) return refuse_value(rules, "true or false is wanted", 0, 1);
    if (is_number(which) != is_number(node->field) || is_flag(which) != is_flag(node->field) ||
        (which == VITRINE_FIELD_ITEM_ID) != (node->field == VITRINE_FIELD_ITEM_ID))
        return refuse_value(rules, "fields of one sort are compared", which, node->field);
    if (!(mul >= -1e6 && mul <= 1e6 && add >= -1e15 && add <= 1e15))
        return refuse_value(rules, "the number is not finite", 0, 0);
    value->field = (uint8_t)which;
    value->number = mul;
    value->add = add;
    return VITRINE_OK;
}

vitrine_status vitrine_rules_pin(vitrine_rules *rules, uint32_t item, uint32_t position)
{
    if (rules->fault.status != VITRINE_OK) return rules->fault.status;
    if (item >= rules->catalog->items) return VITRINE_UNKNOWN_ITEM;
    if (rules->pins == VITRINE_RULE_PINS)
        return refuse(rules, "too many pins", rules->pins, VITRINE_RULE_PINS);
    if (position >= VITRINE_RULE_HIDDEN) return refuse(rules, "position", position, VITRINE_RULE_HIDDEN);
    uint32_t at = rules->pins++;
    for (; at > 0 && rules->pin[at - 1].position > position; at--) rules->pin[at] = rules->pin[at - 1];
    const vitrine_rule_pin pin = {item, position};
    rules->pin[at] = pin;
    return VITRINE_OK;
}

vitrine_status vitrine_rules_hide(vitrine_rules *rules, uint32_t item)
{
    if (rules->fault.status != VITRINE_OK) return rules->fault.status;
    if (item >= rules->catalog->items) return VITRINE_UNKNOWN_ITEM;
    if (rules->hidden == VITRINE_RULE_HIDDEN)
        return refuse(rules, "too many hidden items", rules->hidden, VITRINE_RULE_HIDDEN);
    rules->hide[rules->hidden++] = item;
    return VITRINE_OK;
}

vitrine_status vitrine_rules_end(vitrine_rules *rules)
{
    if (rules->fault.status != VITRINE_OK) return rules->fault.status;
    if (!complete(rules)) return refuse_value(rules, "a node or value is missing", 0, 0);
    rules->ended = true;
    return VITRINE_OK;
}

const vitrine_fault *vitrine_rules_fault(const vitrine_rules *rules) { return &rules->fault; }
