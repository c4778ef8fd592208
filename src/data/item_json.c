/* Items as JSON: an array of objects, an object of objects by id, {"items": [...]}, JSONL, attribute
 * lists by id, or JSON-LD with its @graph and lists. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/item_builder.h"
#include "data/item_shapes.h"
#include "data/json.h"

/* A whole catalog is one value, so it may be larger than a value elsewhere. */
enum { WHOLE_MAX = 64 << 20, SCRATCH = 4096 };

/* Text of values that are none yet, one after the other. */
typedef struct scratch {
    char bytes[SCRATCH];
    size_t used;
} scratch;

static void append(scratch *room, const char *text, size_t length)
{
    if (length > SCRATCH - room->used) length = SCRATCH - room->used;
    memcpy(room->bytes + room->used, text, length);
    room->used += length;
}

/* Whole numbers without a point, so that an id written as a number stays the id. */
static void append_number(scratch *room, double value)
{
    char text[32];
    const int length = floor(value) == value && fabs(value) < 9007199254740992.0
                           ? snprintf(text, sizeof text, "%.0f", value)
                           : snprintf(text, sizeof text, "%.9g", value);
    append(room, text, (size_t)length);
}

static void append_value(scratch *room, const cJSON *value)
{
    if (cJSON_IsString(value)) append(room, value->valuestring, strlen(value->valuestring));
    else if (cJSON_IsNumber(value)) append_number(room, value->valuedouble);
    else if (cJSON_IsBool(value)) append(room, cJSON_IsTrue(value) ? "true" : "false", cJSON_IsTrue(value) ? 4 : 5);
}

/* Strings, numbers and booleans as they are, of objects the name; of arrays all elements for tags, all
 * plain ones for paths, else the first. Null: nothing. */
static vitrine_field text_of(const cJSON *value, int which, scratch *room)
{
    vitrine_field field = {NULL, 0};
    if (cJSON_IsObject(value)) value = vitrine_item_name_of(value);
    if (cJSON_IsString(value)) {
        field.text = value->valuestring;
        field.length = strlen(field.text);
        return field;
    }
    const size_t start = room->used;
    if (cJSON_IsArray(value)) {
        const char divider = which == VITRINE_ITEM_TEXT + VITRINE_TEXT_TAGS ? ',' : '/';
        const bool all = divider == ',' || which == VITRINE_ITEM_TEXT + VITRINE_TEXT_CATEGORY;
        const cJSON *element;
        cJSON_ArrayForEach(element, value)
        {
            if (room->used > start) append(room, &divider, 1);
            append_value(room, cJSON_IsObject(element) ? vitrine_item_name_of(element) : element);
            if (!all || (divider == '/' && cJSON_IsObject(element))) break; /* a shop's categories are no path */
        }
    } else {
        append_value(room, value);
    }
    field.text = room->bytes + start;
    field.length = room->used - start;
    return field;
}

/* The places of our fields among an object's members, and the members themselves. */
static bool find_members(const vitrine_item_builder *builder, const cJSON *object, int *column,
                         const cJSON **member, vitrine_problem *problem)
{
    vitrine_field header[VITRINE_CSV_FIELDS];
    uint32_t members = 0;
    const cJSON *child;
    cJSON_ArrayForEach(child, object)
    {
        if (members == VITRINE_CSV_FIELDS) break;
        header[members].text = child->string;
        header[members].length = strlen(child->string);
        member[members++] = child;
    }
    return vitrine_columns_find(builder->known, VITRINE_ITEM_FIELDS, builder->options->columns,
                                false, header, members, NULL, column, problem);
}

/* Fills the fields that are still empty from an object's members, and from what lies deeper unless the
 * user has named the members. */
static bool fill(const vitrine_item_builder *builder, const cJSON *object, vitrine_field *field, scratch *room,
                 vitrine_problem *problem)
{
    int column[VITRINE_ITEM_FIELDS];
    const cJSON *member[VITRINE_CSV_FIELDS];
    double price;
    if (!find_members(builder, object, column, member, problem)) return false;
    for (int i = 0; i < VITRINE_ITEM_FIELDS; i++) {
        const cJSON *value = column[i] != VITRINE_NO_COLUMN ? member[column[i]] : NULL;
        const cJSON *inside = builder->options->columns == NULL ? vitrine_item_inside(object, i, value) : NULL;
        if (field[i].length > 0) continue;
        field[i] = text_of(inside != NULL ? inside : value, i, room);
    }
    if (builder->options->columns != NULL) return true;
    if (field[VITRINE_ITEM_PRICE].length == 0 && vitrine_item_minor_price(object, &price)) {
        const size_t start = room->used;
        append_number(room, price);
        field[VITRINE_ITEM_PRICE].text = room->bytes + start;
        field[VITRINE_ITEM_PRICE].length = room->used - start;
    }
    if (vitrine_item_is_hidden(object)) {
        field[VITRINE_ITEM_AVAILABILITY].text = "false";
        field[VITRINE_ITEM_AVAILABILITY].length = 5;
    }
    return true;
}

static bool add_variants(vitrine_item_builder *builder, const cJSON *group, uint64_t line,
                         vitrine_problem *problem);

/* key: the id of an object that does not hold its own; null: it must. */
static bool add_object(vitrine_item_builder *builder, const cJSON *object, const char *key,
                       uint64_t line, vitrine_problem *problem)
{
    vitrine_field field[VITRINE_ITEM_FIELDS] = {{NULL, 0}};
    scratch room = {.used = 0};
    if (!cJSON_IsObject(object)) {
        builder->report.rows++;
        vitrine_item_builder_reject(builder, VITRINE_ITEM_BAD_ROW, line, key, key == NULL ? 0 : strlen(key));
        return true;
    }
    if (cJSON_IsArray(vitrine_json_member(object, "hasVariant"))) return add_variants(builder, object, line, problem);
    if (!fill(builder, object, field, &room, problem)) return false;
    if (field[VITRINE_ITEM_ID].length == 0 && key != NULL) {
        field[VITRINE_ITEM_ID].text = key;
        field[VITRINE_ITEM_ID].length = strlen(key);
    }
    return vitrine_item_builder_record(builder, field, line, problem);
}

/* schema.org's ProductGroup: each variant is an item, and what it does not say the group says. */
static bool add_variants(vitrine_item_builder *builder, const cJSON *group, uint64_t line,
                         vitrine_problem *problem)
{
    const cJSON *variant;
    cJSON_ArrayForEach(variant, vitrine_json_member(group, "hasVariant"))
    {
        vitrine_field field[VITRINE_ITEM_FIELDS] = {{NULL, 0}};
        scratch room = {.used = 0};
        const char *id = vitrine_json_text(group, "productGroupID");
        if (id != NULL) {
            field[VITRINE_ITEM_TEXT + VITRINE_TEXT_GROUP].text = id;
            field[VITRINE_ITEM_TEXT + VITRINE_TEXT_GROUP].length = strlen(id);
        }
        if (!fill(builder, variant, field, &room, problem)) return false;
        const vitrine_field own = field[VITRINE_ITEM_ID];
        if (!fill(builder, group, field, &room, problem)) return false;
        field[VITRINE_ITEM_ID] = own;
        if (!vitrine_item_builder_record(builder, field, line, problem)) return false;
    }
    return true;
}

static bool add_attributes(vitrine_item_builder *builder, const cJSON *list, vitrine_problem *problem)
{
    vitrine_field field[VITRINE_ITEM_FIELDS] = {{NULL, 0}};
    scratch room = {.used = 0};
    field[VITRINE_ITEM_ID].text = list->string;
    field[VITRINE_ITEM_ID].length = strlen(list->string);
    const int tags = VITRINE_ITEM_TEXT + VITRINE_TEXT_TAGS;
    field[tags] = text_of(list, tags, &room);
    return vitrine_item_builder_record(builder, field, 1, problem);
}

/* Items of a whole file have no line; their place in the list, from 1, is counted instead. */
static bool add_whole(vitrine_item_builder *builder, const cJSON *top, vitrine_problem *problem)
{
    static const char *const lists[] = {"items", "products", "@graph", "itemListElement"};
    const cJSON *list = top, *item;
    for (int i = 0; i < 4 && cJSON_IsObject(top) && list == top; i++)
        if (cJSON_IsArray(vitrine_json_member(top, lists[i]))) list = vitrine_json_member(top, lists[i]);
    if (list == top && cJSON_IsObject(top) && vitrine_json_member(top, "@type") != NULL)
        return add_object(builder, top, NULL, 1, problem); /* one Product */
    uint64_t place = 0;
    cJSON_ArrayForEach(item, list)
    {
        place++;
        const cJSON *listed = vitrine_json_member(item, "item"), *one = cJSON_IsObject(listed) ? listed : item;
        if (vitrine_item_is_other(one)) continue;
        const bool ok = cJSON_IsArray(one) && one->string != NULL
                            ? add_attributes(builder, one, problem)
                            : add_object(builder, one, item->string, place, problem);
        if (!ok) return false;
    }
    return true;
}

/* JSON lines: the first line alone is an object that holds an id. */
static bool is_lines(const vitrine_item_builder *builder, const char *text, size_t size)
{
    const char *stop = size == 0 ? NULL : memchr(text, '\n', size);
    const size_t length = stop == NULL ? size : (size_t)(stop - text);
    int column[VITRINE_ITEM_FIELDS];
    const cJSON *member[VITRINE_CSV_FIELDS];
    vitrine_problem ignored = {0};
    cJSON *value = vitrine_json_parse(text, length, VITRINE_JSON_VALUE, "", &ignored);
    bool lines = cJSON_IsObject(value) && find_members(builder, value, column, member, &ignored) &&
                 column[VITRINE_ITEM_ID] != VITRINE_NO_COLUMN;
    if (lines) {
        const cJSON *id = member[column[VITRINE_ITEM_ID]];
        lines = cJSON_IsString(id) || cJSON_IsNumber(id);
    }
    cJSON_Delete(value);
    return lines;
}

static bool read_lines(vitrine_item_builder *builder, vitrine_text *source, vitrine_problem *problem)
{
    for (;;) {
        char *line;
        size_t length;
        const vitrine_step step = vitrine_text_line(source, &line, &length, problem);
        if (step != VITRINE_STEP_ONE) return step == VITRINE_STEP_END;
        if (length == 0) continue;
        const uint64_t number = vitrine_text_line_number(source);
        vitrine_problem wrong = {0};
        cJSON *value = vitrine_json_parse(line, length, VITRINE_JSON_VALUE, "item", &wrong);
        bool ok = wrong.kind != VITRINE_PROBLEM_IO || vitrine_problem_memory(problem);
        if (ok && value == NULL) {
            builder->report.rows++;
            vitrine_item_builder_reject(builder, VITRINE_ITEM_BAD_ROW, number, line, length);
        } else if (ok) {
            ok = add_object(builder, value, NULL, number, problem);
        }
        cJSON_Delete(value);
        if (!ok) return false;
    }
}

bool vitrine_item_json(vitrine_item_builder *builder, vitrine_text *source, vitrine_problem *problem)
{
    const char *head;
    size_t size;
    if (!vitrine_text_peek(source, &head, &size, problem)) return false;
    if (is_lines(builder, head, size)) return read_lines(builder, source, problem);
    char *text;
    if (!vitrine_text_rest(source, WHOLE_MAX, &text, &size, problem)) return false;
    cJSON *top = vitrine_json_parse(text, size, WHOLE_MAX, vitrine_text_name(source), problem);
    free(text);
    const bool ok = top != NULL && add_whole(builder, top, problem);
    cJSON_Delete(top);
    return ok;
}
