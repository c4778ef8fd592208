#include "cli/import_delta.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog.h"
#include "catalog/read_columns.h"
#include "cli/command.h"
#include "cli/model_file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "data/id_set.h"

static const char command[] = "import";

static vitrine_status read_base(import_base *base, size_t size, vitrine_fault *fault)
{
    vitrine_container *file = &base->container;
    vitrine_status status = vitrine_container_open(file, base->bytes, size, VITRINE_KIND_CATALOG, fault);
    if (status == VITRINE_OK) status = vitrine_container_verify(file, NULL, fault);
    vitrine_section head;
    if (status != VITRINE_OK) return status;
    (void)vitrine_container_find(file, VITRINE_C_HEAD, &head);
    uint32_t items = 0;
    if (head.size == 8) memcpy(&items, head.bytes, sizeof items);
    status = vitrine_column_strings(file, VITRINE_C_ID_OFFSET, VITRINE_C_ID_BYTES, "ids", items, &base->ids, fault);
    for (uint32_t f = 0; status == VITRINE_OK && f < VITRINE_TEXT_FIELDS; f++)
        status = vitrine_column_strings(file, VITRINE_C_TEXT(f, 'o'), VITRINE_C_TEXT(f, 'b'), "text", items,
                                        &base->text[f], fault);
    if (status == VITRINE_OK)
        status = vitrine_column_floats(file, VITRINE_C_PRICE, "price", items, false, &base->price, fault);
    if (status == VITRINE_OK)
        status = vitrine_column_floats(file, VITRINE_C_TREND, "trend", items, false, &base->trend, fault);
    if (status == VITRINE_OK)
        status = vitrine_column_bytes(file, VITRINE_C_AVAILABLE, "availability", items, 1, &base->available, fault);
    return status;
}

int import_base_open(const char *path, import_base *base)
{
    vitrine_problem problem = {0};
    vitrine_fault fault = {0};
    size_t size;
    memset(base, 0, sizeof *base);
    base->path = path;
    if (!cli_input_file(path, VITRINE_MAX_FILE, &base->bytes, &size, &problem)) return cli_problem(command, &problem);
    const vitrine_status status = read_base(base, cli_file_end(base->bytes, size), &fault);
    if (status == VITRINE_OK && base->ids.count > 0) return CLI_OK;
    if (status == VITRINE_OK) return cli_fail(command, CLI_INPUT, "%s: a catalog without items", path);
    return cli_refusal(command, path, base->bytes, size, status, &fault);
}

/* Rows of a delta on the way, one for each item of the base that changed. */
typedef struct rows {
    uint32_t *from; /* row of the base */
    float *price, *trend;
    uint8_t *available;
    uint32_t count;
} rows;

static bool texts_differ(const import_base *base, uint32_t i, const vitrine_item_table *table, uint32_t j)
{
    for (int f = 0; f < VITRINE_TEXT_FIELDS; f++) {
        size_t a_length = 0, b_length = 0;
        const char *a = base->text[f].count > 0 ? vitrine_strings_get(&base->text[f], i, &a_length) : "";
        const char *b = table->text[f].count > 0 ? vitrine_strings_get(&table->text[f], j, &b_length) : "";
        if (a_length != b_length || memcmp(a, b, a_length) != 0) return true;
    }
    return false;
}

/* What is different about item i of the base; j is its row in the table, or VITRINE_NO_STRING. */
static void compare(const import_base *base, uint32_t i, const vitrine_item_table *table, uint32_t j, bool whole,
                    rows *to, import_changes *changes)
{
    const float old_price = base->price != NULL ? base->price[i] : -1.0f;
    const float old_trend = base->trend != NULL && base->trend[i] > 0 ? base->trend[i] : 0.0f;
    const uint8_t old_stock = base->available != NULL ? base->available[i] : 1;
    float price = NAN, trend = NAN;
    uint8_t stock = 2;
    if (j != VITRINE_NO_STRING) {
        const float now = table->price != NULL ? table->price[j] : NAN;
        const uint8_t there = table->available != NULL ? table->available[j] : 1;
        if (whole && !isnan(now) && now != old_price) price = now;
        if (whole && there != old_stock) stock = there;
        if (table->trend != NULL && table->trend[j] != old_trend) trend = table->trend[j];
        changes->other += whole && ((isnan(now) && old_price >= 0) || texts_differ(base, i, table, j));
    } else if (whole && old_stock == 1) {
        stock = 0;
        changes->gone++;
    }
    if (isnan(price) && isnan(trend) && stock == 2) return;
    to->from[to->count] = i;
    to->price[to->count] = price;
    to->trend[to->count] = trend;
    to->available[to->count++] = stock;
    changes->prices += isnan(price) ? 0 : 1;
    changes->trends += isnan(trend) ? 0 : 1;
    changes->stock += stock != 2;
}

static int write_rows(const import_base *base, const rows *from, const import_changes *changes, uint64_t version,
                      const char *path)
{
    static const uint32_t nothing[1] = {0};
    vitrine_problem problem = {0};
    vitrine_fault fault = {0};
    vitrine_delta_columns columns = {.version = version,
                                     .base = base->container.hash,
                                     .ids = {nothing, "", 0},
                                     .price = changes->prices > 0 ? from->price : NULL,
                                     .available = changes->stock > 0 ? from->available : NULL,
                                     .trend = changes->trends > 0 ? from->trend : NULL};
    vitrine_strings ids = {0};
    if (from->count > 0 && !vitrine_strings_gather(&base->ids, from->from, from->count, &ids))
        return cli_fail(command, CLI_IO, "out of memory");
    if (from->count > 0) columns.ids = ids;
    const size_t bound = vitrine_delta_write_bound(&columns);
    void *out = aligned_alloc(64, (bound + 64) / 64 * 64);
    size_t size;
    int code = CLI_OK;
    if (out == NULL) code = cli_fail(command, CLI_IO, "out of memory");
    else if (vitrine_delta_write(&columns, out, bound, &size, &fault) != VITRINE_OK)
        code = cli_fail(command, CLI_INPUT, "%s: the delta was refused: %s", path, fault.field);
    else if (!cli_output_file(path, out, size, &problem)) code = cli_problem(command, &problem);
    free(out);
    vitrine_strings_free(&ids);
    return code;
}

int import_write_delta(const import_base *base, const vitrine_item_table *table, bool whole, uint64_t version,
                       const char *path, import_changes *changes)
{
    const size_t items = base->ids.count;
    memset(changes, 0, sizeof *changes);
    if (version == 0) version = base->container.version + 1;
    if (version <= base->container.version)
        return cli_fail(command, CLI_USAGE, "--content-version %" PRIu64 " is no newer than %" PRIu64 " of %s", version,
                        base->container.version, base->path);
    rows found = {.from = malloc(items * sizeof *found.from),
                  .price = malloc(items * sizeof *found.price),
                  .trend = malloc(items * sizeof *found.trend),
                  .available = malloc(items)};
    int code = CLI_OK;
    if (found.from == NULL || found.price == NULL || found.trend == NULL || found.available == NULL)
        code = cli_fail(command, CLI_IO, "out of memory");
    uint32_t both = 0;
    for (uint32_t i = 0; code == CLI_OK && i < items; i++) {
        size_t length;
        const char *id = vitrine_strings_get(&base->ids, i, &length);
        const uint32_t j = vitrine_strings_find(&table->ids, id, length);
        both += j != VITRINE_NO_STRING;
        compare(base, i, table, j, whole, &found, changes);
    }
    changes->items = found.count;
    changes->added = whole && table->items > both ? table->items - both : 0;
    if (code == CLI_OK) code = write_rows(base, &found, changes, version, path);
    free(found.from);
    free(found.price);
    free(found.trend);
    free(found.available);
    return code;
}
