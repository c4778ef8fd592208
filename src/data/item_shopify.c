/* Shopify's product export as CSV: a product is the rows of one handle, which stand together. The
 * first row has its title, vendor, type and tags; each row may be a variant, a further picture, or
 * both.
 *
 * By default a product is one item, named by its handle: the price is that of its first variant, and
 * it is there when one of its variants is. With --catalog-columns that name the id, each variant is an
 * item, and blank texts are those of the product. */
#include <stdlib.h>
#include <string.h>

#include "data/item_builder.h"

enum { HANDLE, PUBLISHED, STATUS, STOCK, TRACKER, POLICY, VARIANT_PRICE, COLUMNS };

static const vitrine_column_name NAMES[COLUMNS] = {
    {"handle", "handle"},
    {"published", "published"},
    {"status", "status"},
    {"stock", "variantinventoryqty"},
    {"tracker", "variantinventorytracker"},
    {"policy", "variantinventorypolicy"},
    {"variant_price", "variantprice"},
};

/* The product that the rows at hand belong to. */
typedef struct product {
    char handle[VITRINE_ID_MAX + 1];
    size_t handle_length;
    bool any;      /* rows have been read */
    bool available, known; /* a variant is there; a variant said so */
    uint64_t line;
    char *text;    /* [capacity] fields of the first row that had them */
    size_t used, capacity;
    size_t start[VITRINE_ITEM_FIELDS], length[VITRINE_ITEM_FIELDS];
    bool hidden;   /* draft, archived or not published */
} product;

static vitrine_field at(const vitrine_csv *csv, int column)
{
    const vitrine_field nothing = {NULL, 0};
    return column != VITRINE_NO_COLUMN && (uint32_t)column < csv->fields ? csv->field[column] : nothing;
}

static bool is(vitrine_field field, const char *word)
{
    if (field.length != strlen(word)) return false;
    for (size_t i = 0; i < field.length; i++)
        if ((field.text[i] | 0x20) != word[i]) return false;
    return true;
}

static bool keep(product *p, int which, vitrine_field field)
{
    if (field.length == 0 || p->length[which] > 0) return true;
    if (field.length > p->capacity - p->used) {
        const size_t wider = (p->capacity + field.length) * 2;
        char *grown = realloc(p->text, wider);
        if (grown == NULL) return false;
        p->text = grown;
        p->capacity = wider;
    }
    memcpy(p->text + p->used, field.text, field.length);
    p->start[which] = p->used;
    p->length[which] = field.length;
    p->used += field.length;
    return true;
}

static vitrine_field kept(const product *p, int which)
{
    const vitrine_field field = {p->length[which] > 0 ? p->text + p->start[which] : NULL, p->length[which]};
    return field;
}

static void begin(product *p, vitrine_field handle, uint64_t line)
{
    char *const text = p->text;
    const size_t capacity = p->capacity;
    const product empty = {.text = text, .capacity = capacity, .line = line};
    *p = empty;
    p->handle_length = handle.length < VITRINE_ID_MAX ? handle.length : VITRINE_ID_MAX;
    if (p->handle_length > 0) memcpy(p->handle, handle.text, p->handle_length);
}

static const vitrine_field THERE = {"in stock", 8}, GONE = {"out of stock", 12};

/* A variant can be bought when nobody counts it, it is sold beyond its stock, or some are left. */
static bool in_stock(const vitrine_csv *csv, const int *column)
{
    const vitrine_field stock = at(csv, column[STOCK]);
    if (column[TRACKER] != VITRINE_NO_COLUMN && at(csv, column[TRACKER]).length == 0) return true;
    if (is(at(csv, column[POLICY]), "continue")) return true;
    return stock.length > 0 && stock.text[0] != '-' && !is(stock, "0");
}

static bool end(vitrine_item_builder *builder, product *p, vitrine_problem *problem)
{
    if (!p->any) return true;
    vitrine_field field[VITRINE_ITEM_FIELDS];
    for (int i = 0; i < VITRINE_ITEM_FIELDS; i++) field[i] = kept(p, i);
    field[VITRINE_ITEM_ID].text = p->handle;
    field[VITRINE_ITEM_ID].length = p->handle_length;
    if (p->hidden) field[VITRINE_ITEM_AVAILABILITY] = GONE;
    else if (p->known) field[VITRINE_ITEM_AVAILABILITY] = p->available ? THERE : GONE;
    return vitrine_item_builder_record(builder, field, p->line, problem);
}

/* One row, into the product or as an item of its own. */
static bool add_row(vitrine_item_builder *builder, const vitrine_csv *csv, const int *known, const int *column,
                    product *p, vitrine_problem *problem)
{
    const bool variants = builder->options->columns != NULL;
    const vitrine_field handle = at(csv, column[HANDLE]);
    if (!p->any || handle.length != p->handle_length || memcmp(handle.text, p->handle, handle.length) != 0) {
        if (!variants && !end(builder, p, problem)) return false;
        begin(p, handle, csv->line);
    }
    p->any = true;
    p->hidden = p->hidden || is(at(csv, column[PUBLISHED]), "false") || is(at(csv, column[STATUS]), "draft") ||
                is(at(csv, column[STATUS]), "archived");
    const bool variant = at(csv, column[VARIANT_PRICE]).length > 0;
    if (variant && column[STOCK] != VITRINE_NO_COLUMN) {
        p->known = true;
        p->available = p->available || in_stock(csv, column);
    }
    for (int i = 0; i < VITRINE_ITEM_FIELDS; i++)
        if (!keep(p, i, at(csv, known[i]))) return vitrine_problem_memory(problem);
    if (!variants || !variant) return true;
    vitrine_field field[VITRINE_ITEM_FIELDS];
    for (int i = 0; i < VITRINE_ITEM_FIELDS; i++) {
        field[i] = at(csv, known[i]);
        if (field[i].length == 0 && i >= VITRINE_ITEM_TEXT) field[i] = kept(p, i);
    }
    const int group = VITRINE_ITEM_TEXT + VITRINE_TEXT_GROUP;
    if (known[group] == VITRINE_NO_COLUMN) {
        field[group].text = p->handle;
        field[group].length = p->handle_length;
    }
    if (p->hidden) field[VITRINE_ITEM_AVAILABILITY] = GONE;
    else if (known[VITRINE_ITEM_AVAILABILITY] == VITRINE_NO_COLUMN && column[STOCK] != VITRINE_NO_COLUMN)
        field[VITRINE_ITEM_AVAILABILITY] = in_stock(csv, column) ? THERE : GONE;
    return vitrine_item_builder_record(builder, field, csv->line, problem);
}

bool vitrine_item_is_shopify(const vitrine_field *header, uint32_t fields)
{
    int column[COLUMNS];
    vitrine_problem ignored = {0};
    return vitrine_columns_find(NAMES, COLUMNS, NULL, false, header, fields, NULL, column, &ignored) &&
           column[HANDLE] != VITRINE_NO_COLUMN && column[VARIANT_PRICE] != VITRINE_NO_COLUMN;
}

bool vitrine_item_shopify(vitrine_item_builder *builder, vitrine_csv *csv, const int *known,
                          vitrine_problem *problem)
{
    product p = {.any = false};
    int column[COLUMNS];
    bool ok = vitrine_columns_find(NAMES, COLUMNS, NULL, false, csv->field, csv->fields, NULL, column, problem);
    while (ok) {
        const vitrine_step step = vitrine_csv_next(csv, problem);
        if (step != VITRINE_STEP_ONE) {
            ok = step == VITRINE_STEP_END && (builder->options->columns != NULL || end(builder, &p, problem));
            break;
        }
        if (csv->malformed || csv->fields <= (uint32_t)column[HANDLE]) {
            builder->report.rows++;
            vitrine_item_builder_reject(builder, VITRINE_ITEM_BAD_ROW, csv->line, csv->field[0].text,
                                        csv->field[0].length);
            continue;
        }
        ok = add_row(builder, csv, known, column, &p, problem);
    }
    free(p.text);
    return ok;
}
