#include "data/item_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/item_builder.h"
#include "data/parse.h"

static const char *const REASONS[VITRINE_ITEM_REJECTS] = {
    "bad_row", "missing_id", "replaced", "bad_price", "bad_sales", "bad_availability",
    "bad_created", "bad_mark"};

const char *vitrine_item_reject_name(vitrine_item_reject reason) { return REASONS[reason]; }

void vitrine_item_table_free(vitrine_item_table *table)
{
    vitrine_strings_free(&table->ids);
    for (int i = 0; i < VITRINE_TEXT_FIELDS; i++) vitrine_strings_free(&table->text[i]);
    free(table->price);
    free(table->sales);
    free(table->available);
    free(table->marks);
    free(table->created);
    free(table->trend);
    free(table->vectors);
    const vitrine_item_table empty = {0};
    *table = empty;
}

void vitrine_item_builder_free(vitrine_item_builder *builder)
{
    vitrine_id_set_free(&builder->id);
    vitrine_id_set_free(&builder->text);
    free(builder->item);
    free(builder->squeezed);
}

void vitrine_item_builder_reject(vitrine_item_builder *builder, vitrine_item_reject reason,
                                 uint64_t line, const char *sample, size_t length)
{
    vitrine_reject_count_add(&builder->report.reject[reason], builder->file, line, sample, length);
}

vitrine_field vitrine_item_builder_squeeze(vitrine_item_builder *builder, vitrine_field field)
{
    vitrine_field result = {"", 0};
    if (field.length > builder->squeezed_capacity) {
        char *grown = realloc(builder->squeezed, field.length * 2);
        if (grown == NULL) {
            result.text = NULL;
            return result;
        }
        builder->squeezed = grown;
        builder->squeezed_capacity = field.length * 2;
    }
    bool blank = true; /* at the start none is written */
    for (size_t i = 0; i < field.length; i++) {
        const unsigned char c = (unsigned char)field.text[i];
        if (c > ' ' && c != 0x7f) builder->squeezed[result.length++] = (char)c;
        else if (!blank) builder->squeezed[result.length++] = ' ';
        blank = c <= ' ' || c == 0x7f;
    }
    if (result.length > 0 && builder->squeezed[result.length - 1] == ' ') result.length--;
    if (result.length > 0) result.text = builder->squeezed;
    return result;
}

bool vitrine_item_builder_text(vitrine_item_builder *builder, vitrine_field field, uint32_t *number)
{
    const vitrine_field text = vitrine_item_builder_squeeze(builder, field);
    *number = VITRINE_NO_STRING;
    if (text.text == NULL) return false;
    return text.length == 0 || vitrine_id_set_add(&builder->text, text.text, text.length, number);
}

/* A number with a currency before or behind it: "12.50 GBP", "£12.50". The currency comes back when
 * it is a code of three capitals. */
static bool parse_price(vitrine_field text, double *price, vitrine_field *currency)
{
    const char *at = text.text, *end = text.text + text.length;
    currency->length = 0;
    while (at < end && !(*at >= '0' && *at <= '9') && *at != '.' && *at != '-' && *at != '+') at++;
    while (end > at && !(end[-1] >= '0' && end[-1] <= '9') && end[-1] != '.') end--;
    vitrine_field before = {text.text, (size_t)(at - text.text)};
    vitrine_field behind = {end, (size_t)(text.text + text.length - end)};
    for (int side = 0; side < 2; side++) {
        vitrine_field code = side == 0 ? before : behind;
        while (code.length > 0 && *code.text == ' ') code.text++, code.length--;
        while (code.length > 0 && code.text[code.length - 1] == ' ') code.length--;
        if (code.length > 4) return false; /* a word, no currency */
        bool capitals = code.length == 3;
        for (size_t i = 0; i < code.length; i++)
            capitals = capitals && code.text[i] >= 'A' && code.text[i] <= 'Z';
        if (capitals) *currency = code;
    }
    return vitrine_parse_number(at, (size_t)(end - at), price) && *price >= 0 && *price <= 1e9;
}

/* Words of Google Merchant, schema.org (its last path part), Shopify and plain tables; a number is a
 * stock. 1, 0, or -1 when it says neither. */
static int parse_availability(vitrine_field text)
{
    static const char *const yes[] = {"instock", "available", "true", "yes", "limitedavailability",
                                      "preorder", "presale", "backorder", "onlineonly", "instoreonly"};
    static const char *const no[] = {"outofstock", "unavailable", "false", "no", "soldout",
                                     "discontinued"};
    char word[24];
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
        if (c == '/') length = 0;
        else if (c >= 'a' && c <= 'z' && length + 1 < sizeof word) word[length++] = c;
    }
    word[length] = 0;
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        if (strcmp(word, yes[i]) == 0) return 1;
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        if (strcmp(word, no[i]) == 0) return 0;
    double stock;
    if (length == 0 && vitrine_parse_number(text.text, text.length, &stock)) return stock > 0;
    return -1;
}

static bool grow(vitrine_item_builder *builder)
{
    if (builder->id.count <= builder->capacity) return true;
    const uint32_t capacity = builder->id.count * 2 + 64;
    vitrine_built_item *grown = realloc(builder->item, capacity * sizeof *grown);
    if (grown == NULL) return false;
    builder->item = grown;
    builder->capacity = capacity;
    return true;
}

/* A path with '/' between its levels, whatever stood there. */
static bool add_category(vitrine_item_builder *builder, vitrine_field raw, uint32_t *number)
{
    const vitrine_field text = vitrine_item_builder_squeeze(builder, raw);
    *number = VITRINE_NO_STRING;
    if (text.text == NULL) return false;
    if (text.length == 0) return true;
    const char *divider = builder->options->category_separator;
    if (divider == NULL || *divider == 0) divider = ">";
    const size_t length = strlen(divider);
    char *const start = builder->squeezed, *to = start; /* text lies here; it only shrinks */
    const char *at = start, *const end = start + text.length;
    while (at < end) {
        if ((size_t)(end - at) >= length && memcmp(at, divider, length) == 0) {
            while (to > start && to[-1] == ' ') to--;
            *to++ = '/';
            at += length;
            while (at < end && *at == ' ') at++;
        } else {
            *to++ = *at++;
        }
    }
    return vitrine_id_set_add(&builder->text, start, (size_t)(to - start), number);
}

/* One mark from a text that says yes or no. */
static void add_mark(vitrine_item_builder *builder, const vitrine_raw_item *raw, vitrine_field text, uint8_t mark,
                     vitrine_built_item *item)
{
    if (text.length == 0) return;
    const int yes = parse_availability(text); /* the same words: true, yes, 1 */
    if (yes == 1) item->marks |= mark;
    if (yes < 0) vitrine_item_builder_reject(builder, VITRINE_ITEM_BAD_MARK, raw->line, text.text, text.length);
}

/* A sale price that is lower is what is paid; dates; sensitive, repurchasable. */
static void fill_marks(vitrine_item_builder *builder, const vitrine_raw_item *raw, vitrine_built_item *item)
{
    double value;
    vitrine_field code;
    if (raw->sale_price.length > 0) {
        if (!parse_price(raw->sale_price, &value, &code)) {
            vitrine_item_builder_reject(builder, VITRINE_ITEM_BAD_PRICE, raw->line, raw->sale_price.text,
                                        raw->sale_price.length);
        } else if (isnan(item->price) || (float)value < item->price) {
            item->price = (float)value;
            item->marks |= VITRINE_IS_ON_SALE;
        }
    }
    if (raw->created.length > 0) {
        vitrine_time_format format;
        int64_t time;
        if (vitrine_time_guess(raw->created.text, raw->created.length, &format) &&
            vitrine_time_parse(&format, raw->created.text, raw->created.length, &time) && time > 0 &&
            time / 1000000 < UINT32_MAX)
            item->created = (uint32_t)(time / 1000000);
        else
            vitrine_item_builder_reject(builder, VITRINE_ITEM_BAD_CREATED, raw->line, raw->created.text,
                                        raw->created.length);
    }
    add_mark(builder, raw, raw->sensitive, VITRINE_IS_SENSITIVE, item);
    add_mark(builder, raw, raw->repurchasable, VITRINE_IS_REPURCHASABLE, item);
}

static bool fill(vitrine_item_builder *builder, const vitrine_raw_item *raw, vitrine_built_item *item)
{
    double value;
    vitrine_field code = {"", 0};
    item->price = item->sales = NAN;
    item->available = 1;
    item->marks = 0;
    item->created = 0;
    if (raw->price.length > 0) {
        if (parse_price(raw->price, &value, &code)) item->price = (float)value;
        else vitrine_item_builder_reject(builder, VITRINE_ITEM_BAD_PRICE, raw->line, raw->price.text,
                                         raw->price.length);
    }
    if (raw->sales.length > 0) {
        if (vitrine_parse_number(raw->sales.text, raw->sales.length, &value) && value >= 0 && value <= 1e12)
            item->sales = (float)value;
        else vitrine_item_builder_reject(builder, VITRINE_ITEM_BAD_SALES, raw->line, raw->sales.text,
                                         raw->sales.length);
    }
    if (raw->availability.length > 0) {
        const int known = parse_availability(raw->availability);
        if (known >= 0) item->available = (uint8_t)known;
        else vitrine_item_builder_reject(builder, VITRINE_ITEM_BAD_AVAILABILITY, raw->line,
                                         raw->availability.text, raw->availability.length);
    }
    fill_marks(builder, raw, item);
    for (int i = 0; i < VITRINE_TEXT_FIELDS; i++) {
        const vitrine_field field =
            i == VITRINE_TEXT_CURRENCY && raw->text[i].length == 0 ? code : raw->text[i];
        const bool ok = i == VITRINE_TEXT_CATEGORY
                            ? add_category(builder, field, &item->text[i])
                            : vitrine_item_builder_text(builder, field, &item->text[i]);
        if (!ok) return false;
    }
    return true;
}

bool vitrine_item_builder_add(vitrine_item_builder *builder, const vitrine_raw_item *raw)
{
    builder->report.rows++;
    vitrine_field id = raw->id;
    while (id.length > 0 && (*id.text == ' ' || *id.text == '\t')) id.text++, id.length--;
    while (id.length > 0 && (id.text[id.length - 1] == ' ' || id.text[id.length - 1] == '\t')) id.length--;
    if (id.length == 0 || id.length > VITRINE_ID_MAX) {
        vitrine_item_builder_reject(builder, id.length == 0 ? VITRINE_ITEM_MISSING_ID : VITRINE_ITEM_BAD_ROW,
                                    raw->line, id.text, id.length);
        return true;
    }
    char name[VITRINE_ID_MAX];
    vitrine_item_id(builder->options->item_case, id, name);
    const uint32_t before = builder->id.count;
    uint32_t index;
    if (!vitrine_id_set_add(&builder->id, name, id.length, &index) || !grow(builder)) return false;
    if (index < before)
        vitrine_item_builder_reject(builder, VITRINE_ITEM_REPLACED, raw->line, id.text, id.length);
    return fill(builder, raw, &builder->item[index]);
}

/* One text column in the table's order, or none when no item has it. */
static bool finish_text(const vitrine_item_builder *builder, const uint32_t *place, int field,
                        vitrine_item_table *table, uint32_t *from, uint32_t nothing)
{
    bool any = false;
    for (uint32_t i = 0; i < builder->id.count; i++) {
        const uint32_t text = builder->item[i].text[field];
        from[place[i]] = text == VITRINE_NO_STRING ? nothing : text;
        any = any || text != VITRINE_NO_STRING;
    }
    const vitrine_strings texts = vitrine_id_set_view(&builder->text);
    return !any || vitrine_strings_gather(&texts, from, builder->id.count, &table->text[field]);
}

static bool finish_numbers(const vitrine_item_builder *builder, const uint32_t *place,
                           vitrine_item_table *table)
{
    bool price = false, sales = false, gone = false, marked = false, dated = false;
    for (uint32_t i = 0; i < builder->id.count; i++) {
        price = price || !isnan(builder->item[i].price);
        sales = sales || !isnan(builder->item[i].sales);
        gone = gone || builder->item[i].available == 0;
        marked = marked || builder->item[i].marks != 0;
        dated = dated || builder->item[i].created != 0;
    }
    const size_t n = builder->id.count;
    if (price && (table->price = malloc(n * sizeof *table->price)) == NULL) return false;
    if (sales && (table->sales = malloc(n * sizeof *table->sales)) == NULL) return false;
    if (gone && (table->available = malloc(n)) == NULL) return false;
    if (marked && (table->marks = malloc(n)) == NULL) return false;
    if (dated && (table->created = malloc(n * sizeof *table->created)) == NULL) return false;
    for (uint32_t i = 0; i < n; i++) {
        if (price) table->price[place[i]] = builder->item[i].price;
        if (sales) table->sales[place[i]] = builder->item[i].sales;
        if (gone) table->available[place[i]] = builder->item[i].available;
        if (marked) table->marks[place[i]] = builder->item[i].marks;
        if (dated) table->created[place[i]] = builder->item[i].created;
    }
    return true;
}

bool vitrine_item_builder_finish(vitrine_item_builder *builder, vitrine_item_table *table)
{
    const uint32_t n = builder->id.count;
    uint32_t *place = malloc(((size_t)n + 1) * sizeof *place);
    uint32_t *from = malloc(((size_t)n + 1) * sizeof *from);
    uint32_t nothing;
    bool ok = place != NULL && from != NULL && vitrine_id_set_add(&builder->text, "", 0, &nothing) &&
              vitrine_id_set_sorted(&builder->id, NULL, &table->ids, place);
    for (int field = 0; ok && field < VITRINE_TEXT_FIELDS; field++)
        ok = finish_text(builder, place, field, table, from, nothing);
    ok = ok && finish_numbers(builder, place, table);
    for (int f = 0; ok && f < VITRINE_OWN_TEXTS; f++)
        if (builder->own[f][0][0] != 0) strcat(strcat(table->own, builder->own[f][0]), "\n");
    table->items = n;
    free(place);
    free(from);
    if (!ok) vitrine_item_table_free(table);
    return ok;
}
