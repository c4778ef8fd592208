#include "data/item_reader.h"

#include <stdio.h>
#include <string.h>

#include "data/item_builder.h"

/* Names of GA4, Google Merchant, Shopify, WooCommerce and RecBole's .item files. */
static const vitrine_column_name USUAL[VITRINE_ITEM_FIELDS] = {
    [VITRINE_ITEM_ID] = {"item", "item itemid id productid product sku stockcode handle asin"},
    [VITRINE_ITEM_PRICE] = {"price", "price itemprice unitprice variantprice regularprice"},
    [VITRINE_ITEM_SALES] = {"sales", "sales purchases unitssold totalsales"},
    [VITRINE_ITEM_AVAILABILITY] = {"availability", "availability available instock stock stockstatus"},
    [VITRINE_ITEM_SALE_PRICE] = {"sale_price", "saleprice"},
    [VITRINE_ITEM_CREATED] = {"created", "created createdat datecreated dateadded publishedat"},
    [VITRINE_ITEM_SENSITIVE] = {"sensitive", "sensitive"},
    [VITRINE_ITEM_REPURCHASABLE] = {"repurchasable", "repurchasable"},
    [VITRINE_ITEM_TEXT + VITRINE_TEXT_TITLE] = {"title", "title itemname name productname movietitle"},
    [VITRINE_ITEM_TEXT + VITRINE_TEXT_BRAND] = {"brand", "brand itembrand vendor manufacturer"},
    [VITRINE_ITEM_TEXT + VITRINE_TEXT_CATEGORY] =
        {"category", "category producttype itemcategory categories categorycode googleproductcategory type"},
    [VITRINE_ITEM_TEXT + VITRINE_TEXT_IMAGE_LINK] = {"image_link", "imagelink image imageurl imagesrc"},
    [VITRINE_ITEM_TEXT + VITRINE_TEXT_LINK] = {"link", "link url permalink"},
    [VITRINE_ITEM_TEXT + VITRINE_TEXT_GROUP] = {"group", "itemgroupid groupid group parent"},
    [VITRINE_ITEM_TEXT + VITRINE_TEXT_CURRENCY] = {"currency", "currency pricecurrency"},
    [VITRINE_ITEM_TEXT + VITRINE_TEXT_TAGS] = {"tags", "tags tag"},
    /* Own fields have no usual names; a blank is in no column's. */
    [VITRINE_ITEM_TEXT + VITRINE_TEXT_OWN_1] = {" 1", ""},
    [VITRINE_ITEM_TEXT + VITRINE_TEXT_OWN_2] = {" 2", ""},
    [VITRINE_ITEM_TEXT + VITRINE_TEXT_OWN_3] = {" 3", ""},
    [VITRINE_ITEM_TEXT + VITRINE_TEXT_OWN_4] = {" 4", ""},
    [VITRINE_ITEM_LEVELS] = {"category2", "itemcategory2 category2"},
    [VITRINE_ITEM_LEVELS + 1] = {"category3", "itemcategory3 category3"},
    [VITRINE_ITEM_LEVELS + 2] = {"category4", "itemcategory4 category4"},
    [VITRINE_ITEM_LEVELS + 3] = {"category5", "itemcategory5 category5"},
};

enum { PATH_SIZE = 1024 };

bool vitrine_item_builder_names(vitrine_item_builder *builder, vitrine_problem *problem)
{
    const char *at = builder->options->own;
    memcpy(builder->known, USUAL, sizeof USUAL);
    for (int f = 0; at != NULL && *at != 0; f++) {
        const size_t length = strcspn(at, ",");
        if (f == VITRINE_OWN_TEXTS || length == 0 || length > VITRINE_OWN_TEXT || memchr(at, ' ', length) != NULL)
            return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                       "own fields: '%s': up to four names, without blanks, of at most 64 bytes, "
                                       "as in gender,material", builder->options->own);
        char *const name = builder->own[f][0], *const plain = builder->own[f][1];
        size_t used = 0;
        memcpy(name, at, length);
        for (size_t i = 0; i < length; i++) { /* as columns are compared */
            const char c = at[i];
            if (c != '_' && c != '-') plain[used++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
        for (int i = 0; i < VITRINE_ITEM_FIELDS; i++)
            if (strcmp(builder->known[i].name, name) == 0)
                return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE, "own fields: '%s' is a usual field or there twice", name);
        builder->known[VITRINE_ITEM_TEXT + VITRINE_TEXT_OWN_1 + f] = (vitrine_column_name){name, plain};
        at += length + (at[length] == ',');
    }
    return true;
}

bool vitrine_item_builder_record(vitrine_item_builder *builder, const vitrine_field *field,
                                 uint64_t line, vitrine_problem *problem)
{
    vitrine_raw_item raw = {.id = field[VITRINE_ITEM_ID],
                            .price = field[VITRINE_ITEM_PRICE],
                            .sales = field[VITRINE_ITEM_SALES],
                            .availability = field[VITRINE_ITEM_AVAILABILITY],
                            .sale_price = field[VITRINE_ITEM_SALE_PRICE],
                            .created = field[VITRINE_ITEM_CREATED],
                            .sensitive = field[VITRINE_ITEM_SENSITIVE],
                            .repurchasable = field[VITRINE_ITEM_REPURCHASABLE],
                            .line = line};
    for (int i = 0; i < VITRINE_TEXT_FIELDS; i++) raw.text[i] = field[VITRINE_ITEM_TEXT + i];
    char path[PATH_SIZE];
    size_t used = 0;
    for (int i = -1; i < 4; i++) { /* the levels of GA4 as one path */
        const vitrine_field level = i < 0 ? raw.text[VITRINE_TEXT_CATEGORY] : field[VITRINE_ITEM_LEVELS + i];
        if (level.length == 0 || level.length + 1 > PATH_SIZE - used) continue;
        if (used > 0) path[used++] = '/';
        memcpy(path + used, level.text, level.length);
        used += level.length;
    }
    if (used > raw.text[VITRINE_TEXT_CATEGORY].length) {
        raw.text[VITRINE_TEXT_CATEGORY].text = path;
        raw.text[VITRINE_TEXT_CATEGORY].length = used;
    }
    return vitrine_item_builder_add(builder, &raw) || vitrine_problem_memory(problem);
}

/* Names of the columns that no field comes from, as many as there is room for. */
static void name_unused(vitrine_item_report *report, const vitrine_csv *csv, const int *column)
{
    size_t used = 0;
    report->unused[0] = 0;
    for (uint32_t c = 0; c < csv->fields; c++) {
        const vitrine_field *field = &csv->field[c];
        bool read = field->length == 0;
        for (int i = 0; i < VITRINE_ITEM_FIELDS; i++) read = read || column[i] == (int)c;
        if (read || used + field->length + 3 > sizeof report->unused) continue;
        used += (size_t)snprintf(report->unused + used, sizeof report->unused - used, "%s%.*s", used > 0 ? ", " : "",
                                 (int)field->length, field->text);
    }
}

static bool read_table(vitrine_item_builder *builder, vitrine_text *source, char delimiter,
                       vitrine_problem *problem)
{
    vitrine_csv csv;
    int column[VITRINE_ITEM_FIELDS];
    bool ok = vitrine_csv_open(&csv, source, delimiter, problem);
    const char *name = vitrine_text_name(source);
    if (ok) {
        const vitrine_step step = vitrine_csv_next(&csv, problem);
        if (step == VITRINE_STEP_END)
            vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: empty: a catalog was expected", name);
        ok = step == VITRINE_STEP_ONE;
    }
    for (uint32_t i = 0; ok && i < csv.fields; i++) { /* RecBole: "item_id:token" */
        const char *colon = memchr(csv.field[i].text, ':', csv.field[i].length);
        if (colon == NULL) continue;
        const size_t left = csv.field[i].length - (size_t)(colon - csv.field[i].text);
        if ((left >= 6 && memcmp(colon, ":token", 6) == 0) || (left >= 6 && memcmp(colon, ":float", 6) == 0))
            csv.field[i].length -= left;
    }
    ok = ok && vitrine_columns_find(builder->known, VITRINE_ITEM_FIELDS, builder->options->columns,
                                    false, csv.field, csv.fields, name, column, problem);
    if (ok && column[VITRINE_ITEM_ID] == VITRINE_NO_COLUMN)
        ok = vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                 "%s, line 1: no column of item ids: name it with --catalog-columns "
                                 "item=...,title=...,price=...", name);
    const bool shopify = ok && vitrine_item_is_shopify(csv.field, csv.fields);
    if (ok && !shopify) name_unused(&builder->report, &csv, column);
    if (shopify) ok = vitrine_item_shopify(builder, &csv, column, problem);
    while (ok && !shopify) {
        const vitrine_step step = vitrine_csv_next(&csv, problem);
        if (step != VITRINE_STEP_ONE) {
            ok = step == VITRINE_STEP_END;
            break;
        }
        vitrine_field field[VITRINE_ITEM_FIELDS] = {{NULL, 0}};
        bool whole = !csv.malformed;
        for (int i = 0; i < VITRINE_ITEM_FIELDS; i++) {
            if (column[i] == VITRINE_NO_COLUMN) continue;
            if ((uint32_t)column[i] < csv.fields) field[i] = csv.field[column[i]];
            else whole = false;
        }
        if (whole) {
            ok = vitrine_item_builder_record(builder, field, csv.line, problem);
        } else {
            builder->report.rows++;
            vitrine_item_builder_reject(builder, VITRINE_ITEM_BAD_ROW, csv.line, csv.field[0].text,
                                        csv.field[0].length);
        }
    }
    vitrine_csv_close(&csv);
    return ok;
}

static char folded(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

/* "<!doctype html" or "<html", in any case. */
static bool is_html(const char *text, size_t size)
{
    static const char *const starts[] = {"<!doctype html", "<html"};
    for (int i = 0; i < 2; i++) {
        size_t same = 0;
        while (same < size && starts[i][same] != 0 && folded(text[same]) == starts[i][same]) same++;
        if (starts[i][same] == 0) return true;
    }
    return false;
}

static bool read_source(vitrine_item_builder *builder, vitrine_text *source, vitrine_problem *problem)
{
    const char *head;
    size_t size, at = 0;
    if (!vitrine_text_peek(source, &head, &size, problem)) return false;
    while (at < size && (head[at] == ' ' || head[at] == '\n' || head[at] == '\r' || head[at] == '\t')) at++;
    if (at < size && (head[at] == '{' || head[at] == '[')) return vitrine_item_json(builder, source, problem);
    if (at < size && head[at] == '<') {
        if (is_html(head + at, size - at))
            return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                       "%s: a web page, not a catalog: check the address it came from",
                                       vitrine_text_name(source));
        return vitrine_item_xml(builder, source, problem);
    }
    const char *stop = size == 0 ? NULL : memchr(head, '\n', size);
    const char delimiter = vitrine_csv_delimiter(head, stop == NULL ? size : (size_t)(stop - head));
    return read_table(builder, source, delimiter, problem);
}

static bool finish(vitrine_item_builder *builder, bool ok, const char *name, vitrine_item_table *table,
                   vitrine_item_report *report, vitrine_problem *problem)
{
    const vitrine_item_table empty = {0};
    *table = empty;
    if (ok && builder->id.count == 0)
        ok = vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                 "%s: not one item in %llu rows: check --catalog-columns", name,
                                 (unsigned long long)builder->report.rows);
    if (ok && !vitrine_item_builder_finish(builder, table)) ok = vitrine_problem_memory(problem);
    if (report != NULL) *report = builder->report;
    vitrine_item_builder_free(builder);
    return ok;
}

bool vitrine_item_table_source(vitrine_text *source, const vitrine_item_options *options,
                               vitrine_item_table *table, vitrine_item_report *report,
                               vitrine_problem *problem)
{
    vitrine_item_builder builder = {.options = options};
    const bool ok = vitrine_item_builder_names(&builder, problem) && read_source(&builder, source, problem);
    return finish(&builder, ok, vitrine_text_name(source), table, report, problem);
}

bool vitrine_item_table_read(const char *const *files, size_t file_count,
                             const vitrine_item_options *options, vitrine_item_table *table,
                             vitrine_item_report *report, vitrine_problem *problem)
{
    vitrine_item_builder builder = {.options = options};
    bool ok = vitrine_item_builder_names(&builder, problem);
    for (size_t i = 0; ok && i < file_count; i++) {
        vitrine_text *source = vitrine_text_open(files[i], options->max_bytes, problem);
        ok = source != NULL && read_source(&builder, source, problem);
        vitrine_text_close(source);
        builder.file++;
    }
    return finish(&builder, ok, file_count > 0 ? files[0] : "no file", table, report, problem);
}
