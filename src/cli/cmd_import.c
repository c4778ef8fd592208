/* vitrine import: logs to canonical events, catalogs to a .vitrine file of kind catalog. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_writer.h"
#include "cli/catalog_options.h"
#include "cli/command.h"
#include "cli/import_delta.h"
#include "cli/json.h"
#include "cli/log_options.h"
#include "cli/output.h"
#include "data/item_trend.h"
#include "data/log.h"
#include "vitrine/event.h"

static const cli_option OUTPUT[] = {
    {"output", 'o', "FILE", "Canonical events as TSV (user session time type item price\n"
                            "quantity); .gz by name, \"-\" is standard output."},
    {"catalog-output", 0, "FILE", "The catalog as a .vitrine file. With --catalog alone, -o serves."},
    {"catalog-text", 0, "FILE", "The catalog as TSV (item title brand category price sales ...)."},
    {"catalog-from-events", 0, NULL, "Make the catalog from the log: commonest title, brand and\n"
                                     "category, median price, units sold."},
    {"delta", 0, "BASE.vitrine", "Write to -o what has changed since this catalog file: prices, stock\n"
                                 "and momentum, for pages that have it."},
    {"trend", 0, "SPAN", "Give items their momentum: events of the log's last 7d, say, against\n"
                         "four times that before."},
    {"content-version", 0, "N", "Version written into the file; it should grow: 1, or one above BASE's."},
    {"json", 0, NULL, "Counts and rejected rows as JSON on standard output."},
    {"quiet", 'q', NULL, "No report on standard error."},
    {NULL, 0, NULL, NULL}};

static const cli_group GROUPS[] = {{"Output", OUTPUT},
                                   {"Events", cli_log_input},
                                   {"Cleaning", cli_log_cleaning},
                                   {"Catalog", cli_catalog_input},
                                   {NULL, NULL}};

static const cli_syntax SYNTAX = {
    .command = "import",
    .about = "Reads logs of any supported format, cleans them, counts every rejected row by reason,\n"
             "and writes canonical events; reads catalogs and writes a catalog file for the page.\n\n"
             "  vitrine import --events log.csv.gz --columns user=CustomerID,session=InvoiceNo,\\\n"
             "    item=StockCode,time=InvoiceDate,type=,price=UnitPrice,quantity=Quantity \\\n"
             "    --default-type purchase -o events.tsv.gz\n"
             "  vitrine import --catalog items.tsv -o catalog.vitrine",
    .groups = GROUPS};

/* --- events ---------------------------------------------------------------------------------- */

typedef struct place {
    int64_t time;
    uint64_t row;
} place;

static int by_time(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* A field of a TSV: what would break the table becomes a blank. */
static void write_text(cli_output *out, const vitrine_id_set *set, uint32_t number)
{
    if (number == VITRINE_NO_STRING) return;
    const vitrine_strings names = vitrine_id_set_view(set);
    size_t length;
    const char *text = vitrine_strings_get(&names, number, &length);
    for (size_t i = 0; i < length; i++) {
        const char c = text[i] == '\t' || text[i] == '\n' || text[i] == '\r' ? ' ' : text[i];
        cli_output_write(out, &c, 1);
    }
}

/* Seconds, with a fraction only where the log had one. */
static void write_time(cli_output *out, int64_t time)
{
    const int64_t part = time % 1000000 < 0 ? time % 1000000 + 1000000 : time % 1000000;
    char text[48];
    int length = snprintf(text, sizeof text, "%lld", (long long)((time - part) / 1000000));
    if (part > 0) {
        length += snprintf(text + length, sizeof text - (size_t)length, ".%06lld", (long long)part);
        while (text[length - 1] == '0') length--;
    }
    cli_output_write(out, text, (size_t)length);
}

static void write_row(cli_output *out, const vitrine_log *log, const vitrine_row *row)
{
    write_text(out, &log->user, row->user);
    cli_output_write(out, "\t", 1);
    write_text(out, &log->session, row->session);
    cli_output_write(out, "\t", 1);
    if (log->timed) write_time(out, row->time);
    cli_output_printf(out, "\t%s\t", vitrine_event_name(row->kind));
    write_text(out, &log->item, row->item);
    cli_output_write(out, "\t", 1);
    if (!isnan(row->price)) cli_output_printf(out, "%.7g", (double)row->price);
    cli_output_write(out, "\t", 1);
    const bool rating = row->kind == VITRINE_RATE;
    if (row->value > 0 && !rating) cli_output_printf(out, "%.7g", (double)row->value);
    if (log->rated) {
        cli_output_write(out, "\t", 1);
        if (rating) cli_output_printf(out, "%.7g", (double)row->value * log->options.best_rating);
    }
    cli_output_write(out, "\n", 1);
}

/* By time, then by session and as they came: what a shop's own log looks like. */
static bool write_events(const vitrine_log *log, const char *path, vitrine_problem *problem)
{
    place *order = malloc((log->rows + 1) * sizeof *order);
    if (order == NULL) return vitrine_problem_memory(problem);
    for (uint64_t i = 0; i < log->rows; i++) {
        const place one = {log->row[i].time, i};
        order[i] = one;
    }
    if (log->timed) qsort(order, log->rows, sizeof *order, by_time);
    cli_output *out = cli_output_open(path, problem);
    if (out != NULL) {
        cli_output_printf(out, "user\tsession\ttime\ttype\titem\tprice\tquantity%s\n",
                          log->rated ? "\trating" : "");
        for (uint64_t i = 0; i < log->rows; i++) write_row(out, log, &log->row[order[i].row]);
    }
    free(order);
    return out != NULL && cli_output_commit(out, problem);
}

/* --- catalog --------------------------------------------------------------------------------- */

static bool write_catalog(const vitrine_item_table *table, const char *path, uint64_t version,
                          vitrine_problem *problem)
{
    vitrine_catalog_columns columns = {.version = version,
                                       .ids = table->ids,
                                       .price = table->price,
                                       .sales = table->sales,
                                       .available = table->available,
                                       .marks = table->marks,
                                       .created = table->created,
                                       .own = table->own,
                                       .own_size = strlen(table->own),
                                       .vectors = table->vectors,
                                       .vector_dim = table->vector_dim};
    columns.trend = table->trend;
    memcpy(columns.text, table->text, sizeof columns.text);
    const size_t size = vitrine_catalog_write_bound(&columns);
    void *bytes = NULL;
    if (posix_memalign(&bytes, 64, size + 64) != 0) return vitrine_problem_memory(problem);
    size_t written;
    vitrine_fault fault;
    const vitrine_status status = vitrine_catalog_write(&columns, bytes, size, &written, &fault);
    const bool ok =
        status == VITRINE_OK
            ? cli_output_file(path, bytes, written, problem)
            : vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: the catalog was refused: %s, %s",
                                  path, vitrine_status_name(status), fault.field);
    free(bytes);
    return ok;
}

static void write_field(cli_output *out, const vitrine_strings *column, uint32_t item)
{
    if (column->count == 0) return;
    size_t length;
    const char *text = vitrine_strings_get(column, item, &length);
    cli_output_write(out, text, length); /* squeezed on the way in: no tabs, no line breaks */
}

static bool write_catalog_text(const vitrine_item_table *table, const char *path, vitrine_problem *problem)
{
    static const char *const names[VITRINE_TEXT_OWN_1] = {
        "title", "brand", "category", "image_link", "link", "group", "currency", "tags"};
    const char *own = table->own;
    cli_output *out = cli_output_open(path, problem);
    if (out == NULL) return false;
    cli_output_printf(out, "item");
    for (int f = 0; f < VITRINE_TEXT_FIELDS; f++) {
        const size_t length = f < VITRINE_TEXT_OWN_1 ? strlen(names[f]) : strcspn(own, "\n");
        if (table->text[f].count > 0)
            cli_output_printf(out, "\t%.*s", (int)length, f < VITRINE_TEXT_OWN_1 ? names[f] : own);
        if (f >= VITRINE_TEXT_OWN_1) own += length + (own[length] != 0);
    }
    cli_output_printf(out, "%s%s%s%s%s\n", table->price != NULL ? "\tprice" : "",
                      table->sales != NULL ? "\tsales" : "",
                      table->available != NULL ? "\tavailability" : "",
                      table->marks != NULL ? "\tsensitive\trepurchasable" : "",
                      table->created != NULL ? "\tcreated" : "");
    for (uint32_t i = 0; i < table->items; i++) {
        write_field(out, &table->ids, i);
        for (int f = 0; f < VITRINE_TEXT_FIELDS; f++) {
            if (table->text[f].count == 0) continue;
            cli_output_write(out, "\t", 1);
            write_field(out, &table->text[f], i);
        }
        if (table->price != NULL) cli_output_write(out, "\t", 1);
        if (table->price != NULL && !isnan(table->price[i]))
            cli_output_printf(out, "%.7g", (double)table->price[i]);
        if (table->sales != NULL) cli_output_write(out, "\t", 1);
        if (table->sales != NULL && !isnan(table->sales[i]))
            cli_output_printf(out, "%.9g", (double)table->sales[i]);
        if (table->available != NULL)
            cli_output_printf(out, "\t%s", table->available[i] ? "in_stock" : "out_of_stock");
        if (table->marks != NULL)
            cli_output_printf(out, "\t%s\t%s", table->marks[i] & VITRINE_IS_SENSITIVE ? "true" : "false",
                              table->marks[i] & VITRINE_IS_REPURCHASABLE ? "true" : "false");
        if (table->created != NULL) cli_output_write(out, "\t", 1);
        if (table->created != NULL && table->created[i] > 0) cli_output_printf(out, "%u", table->created[i]);
        cli_output_write(out, "\n", 1);
    }
    return cli_output_commit(out, problem);
}

/* --- the report ------------------------------------------------------------------------------ */

static void add_reject(cJSON *list, const char *reason, const vitrine_reject_count *count,
                       const char *const *files)
{
    if (count->rows == 0) return;
    cJSON *entry = cli_json_object(list, NULL);
    if (entry == NULL) return;
    cli_json_text(entry, "reason", reason, strlen(reason));
    cli_json_number(entry, "rows", (double)count->rows);
    cJSON *first = cli_json_object(entry, "first");
    if (first == NULL) return;
    cli_json_text(first, "file", files[count->file], strlen(files[count->file]));
    cli_json_number(first, "line", (double)count->line);
    cli_json_text(first, "value", count->sample, strlen(count->sample));
}

typedef struct import {
    const cli_options *options;
    const char *event_files[CLI_MAX_FILES], *catalog_files[CLI_MAX_FILES];
    size_t events, catalogs;
    vitrine_log log;
    bool log_read;
    vitrine_item_table table;
    vitrine_item_report item_report;
    import_base base;       /* of a delta */
    import_changes changes;
    bool whole;             /* the table is the shop's whole list */
} import;

static bool print_json(const import *in, vitrine_problem *problem)
{
    cJSON *top = cJSON_CreateObject();
    if (top == NULL) return vitrine_problem_memory(problem);
    if (in->log_read) {
        const vitrine_log_report *report = &in->log.report;
        const char *format = vitrine_log_format_name(report->format);
        cJSON *events = cli_json_object(top, "events");
        cli_json_text(events, "format", format, strlen(format));
        cli_json_number(events, "rows", (double)report->rows);
        cli_json_number(events, "kept", (double)report->kept);
        cJSON *list = cli_json_array(events, "rejected");
        for (int i = 0; list != NULL && i < VITRINE_REJECTS; i++)
            add_reject(list, vitrine_reject_name((vitrine_reject)i), &report->reject[i], in->event_files);
    }
    if (in->base.path != NULL) {
        cJSON *delta = cli_json_object(top, "delta");
        cli_json_number(delta, "items", in->changes.items);
        cli_json_number(delta, "prices", in->changes.prices);
        cli_json_number(delta, "stock", in->changes.stock);
        cli_json_number(delta, "trends", in->changes.trends);
        cli_json_number(delta, "gone", in->changes.gone);
        cli_json_number(delta, "added", in->changes.added);
        cli_json_number(delta, "other", in->changes.other);
    }
    if (in->whole && in->table.items > 0) {
        cJSON *catalog = cli_json_object(top, "catalog");
        cli_json_number(catalog, "items", in->table.items);
        cli_json_number(catalog, "rows", (double)in->item_report.rows);
        cJSON *list = cli_json_array(catalog, "rejected");
        for (int i = 0; list != NULL && i < VITRINE_ITEM_REJECTS; i++)
            add_reject(list, vitrine_item_reject_name((vitrine_item_reject)i),
                       &in->item_report.reject[i], in->catalog_files);
    }
    return cli_json_print(top, stdout, problem);
}

/* What the pages will know of the items, and what they will not. */
static void tell_catalog(const vitrine_item_table *table, const char *unused)
{
    static const char *const texts[VITRINE_TEXT_OWN_1] = {
        "title", "brand", "category", "image_link", "link", "item_group_id", "currency", "tags"};
    const bool numbers[] = {table->price != NULL, table->sales != NULL, table->available != NULL, table->created != NULL};
    static const char *const names[] = {"price", "sales", "availability", "created"};
    for (int has = 1; has >= 0; has--) {
        const char *before = has ? "with " : "; without ";
        if (has) fprintf(stderr, "vitrine import: %u items ", table->items);
        for (int f = 0; f < VITRINE_TEXT_OWN_1; f++)
            if ((table->text[f].count > 0) == has) {
                fprintf(stderr, "%s%s", before, texts[f]);
                before = ", ";
            }
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
            if (numbers[n] == has) {
                fprintf(stderr, "%s%s", before, names[n]);
                before = ", ";
            }
    }
    fprintf(stderr, "\n");
    if (unused[0] != 0)
        fprintf(stderr, "vitrine import: columns not used: %s; --own-fields keeps up to four of them for rules\n", unused);
}

/* --- the command ----------------------------------------------------------------------------- */

static bool read_events(import *in, const vitrine_log_options *how, vitrine_problem *problem)
{
    bool ok = vitrine_log_begin(&in->log, how, problem);
    for (size_t i = 0; ok && i < in->events; i++)
        ok = vitrine_log_file(&in->log, in->event_files[i], problem);
    ok = ok && vitrine_log_clean(&in->log, true, problem);
    in->log_read = ok;
    if (!cli_has(in->options, "quiet")) cli_print_report("import", in->event_files, &in->log.report);
    if (ok && in->log.rows == 0)
        ok = vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                 "%s: not one usable event in %llu rows: check --format, --columns and "
                                 "--time against the reasons", in->event_files[0],
                                 (unsigned long long)in->log.report.rows);
    return ok;
}

/* Wrong combinations, before anything is read. CLI_OK when there are none. */
static int check(const import *in)
{
    const cli_options *options = in->options;
    const bool from_events = cli_has(options, "catalog-from-events");
    const bool catalog = in->catalogs > 0 || from_events, delta = cli_has(options, "delta");
    const bool catalog_out = cli_has(options, "catalog-output") || cli_has(options, "catalog-text") ||
                             (in->events == 0 && cli_has(options, "output"));
    if (in->events == 0 && in->catalogs == 0)
        return cli_usage(options, "nothing to import: --events FILE or --catalog FILE is missing");
    if (from_events && (in->events == 0 || in->catalogs > 0))
        return cli_usage(options, "--catalog-from-events needs --events, and no --catalog");
    if (in->events > 0 && !cli_has(options, "output") && !catalog_out)
        return cli_usage(options, "-o FILE is missing: where do the events go?");
    if (cli_has(options, "trend") && (in->events == 0 || !(catalog || delta)))
        return cli_usage(options, "--trend needs --events, and a catalog or --delta to write it to");
    if (delta) {
        if (!cli_has(options, "output")) return cli_usage(options, "-o FILE is missing: where does the delta go?");
        if (cli_has(options, "catalog-output") || cli_has(options, "catalog-text"))
            return cli_usage(options, "--delta writes a delta and no catalog");
        if (!catalog && !cli_has(options, "trend"))
            return cli_usage(options, "--delta needs what the shop says now: --catalog FILE, or --events with --trend");
        return CLI_OK;
    }
    if (catalog && !catalog_out)
        return cli_usage(options, "--catalog-output FILE is missing: where does the catalog go?");
    if (!catalog && catalog_out && in->events > 0)
        return cli_usage(options, "--catalog-output needs --catalog FILE or --catalog-from-events");
    if (cli_has(options, "vectors") && in->catalogs == 0)
        return cli_usage(options, "--vectors needs --catalog FILE");
    return CLI_OK;
}

static int write_delta(import *in, uint64_t version)
{
    vitrine_problem problem = {0};
    const import_changes *c = &in->changes;
    const int code = import_write_delta(&in->base, &in->table, in->whole, version, cli_value(in->options, "output"),
                                        &in->changes);
    if (code != CLI_OK) return code;
    if (!cli_has(in->options, "quiet")) {
        fprintf(stderr, "vitrine import: %u items changed: %u prices, %u in stock or out of it (%u no longer listed), "
                        "%u in momentum\n", c->items, c->prices, c->stock, c->gone, c->trends);
        if (c->added > 0 || c->other > 0)
            fprintf(stderr, "vitrine import: %u new items and other fields of %u are not in a delta: they need a new "
                            "catalog\n", c->added, c->other);
    }
    if (!cli_has(in->options, "json") || print_json(in, &problem)) return CLI_OK;
    return cli_problem("import", &problem);
}

static int run(import *in)
{
    const cli_options *options = in->options;
    vitrine_problem problem = {0};
    vitrine_log_options how;
    uint64_t version = 1;
    uint32_t window = 0;
    int code = check(in);
    if (code != CLI_OK) return code;
    if (!cli_log_options(options, &how) || !cli_seconds(options, "trend", 3600, 366 * 86400, &window) ||
        !cli_u64(options, "content-version", 1, UINT64_MAX / 2, &version))
        return CLI_USAGE;
    if (in->events > 0 && !read_events(in, &how, &problem)) return cli_problem("import", &problem);
    if (in->catalogs > 0) {
        code = cli_read_catalog(options, &in->table, &in->item_report);
        if (code != CLI_OK) return code;
    } else if (cli_has(options, "catalog-from-events") &&
               !vitrine_item_table_of_log(&in->log, &in->table, &problem)) {
        return cli_problem("import", &problem);
    }
    in->whole = in->catalogs > 0 || cli_has(options, "catalog-from-events");
    if (cli_has(options, "delta")) {
        code = import_base_open(cli_value(options, "delta"), &in->base);
        if (code != CLI_OK) return code;
        if (!in->whole && !vitrine_strings_gather(&in->base.ids, NULL, in->base.ids.count, &in->table.ids))
            return cli_fail("import", CLI_IO, "out of memory");
        if (!in->whole) in->table.items = in->base.ids.count;
    }
    if (window > 0 && !vitrine_item_table_trend(&in->table, &in->log, window, &problem))
        return cli_problem("import", &problem);
    if (in->base.path != NULL) return write_delta(in, cli_has(options, "content-version") ? version : 0);
    const char *events = in->events > 0 ? cli_value(options, "output") : NULL;
    const char *catalog = cli_value(options, "catalog-output");
    const char *text = cli_value(options, "catalog-text");
    if (in->events == 0 && catalog == NULL) catalog = cli_value(options, "output");
    bool ok = events == NULL || write_events(&in->log, events, &problem);
    ok = ok && (catalog == NULL || write_catalog(&in->table, catalog, version, &problem));
    ok = ok && (text == NULL || write_catalog_text(&in->table, text, &problem));
    if (ok && in->whole && !cli_has(options, "quiet")) tell_catalog(&in->table, in->item_report.unused);
    ok = ok && (!cli_has(options, "json") || print_json(in, &problem));
    return ok ? CLI_OK : cli_problem("import", &problem);
}

int cmd_import(int argc, char **argv)
{
    cli_options options;
    const int code = cli_parse(&options, &SYNTAX, argc, argv);
    if (code != CLI_GO_ON) return code;
    import in = {.options = &options};
    in.events = cli_values(&options, "events", in.event_files, CLI_MAX_FILES);
    in.catalogs = cli_values(&options, "catalog", in.catalog_files, CLI_MAX_FILES);
    const int result = run(&in);
    vitrine_log_free(&in.log);
    vitrine_item_table_free(&in.table);
    free(in.base.bytes);
    return result;
}
