#include "cli/catalog_options.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/log_options.h"

const cli_option cli_catalog_input[] = {
    {"catalog", 0, "FILE", "Items as TSV, CSV, JSON or JSONL, plain or .gz; a Google Merchant\n"
                           "feed; or {\"item\": [attribute ids]}. May be repeated."},
    {"catalog-columns", 0, "MAP", "item=..,title=..,brand=..,category=..,price=..,sales=..,\n"
                                  "availability=..,image_link=..,link=..,group=..,currency=..,\n"
                                  "tags=..,sale_price=..,created=..,sensitive=..,\n"
                                  "repurchasable=.. and own fields; without it usual names are found."},
    {"own-fields", 0, "LIST", "Up to four more columns that rules may use, as gender,material."},
    {"category-separator", 0, "TEXT", "Between the levels of a category path, such as '.' or ' | ';\n"
                                      "'/' and '>' are known."},
    {"vectors", 0, "FILE", "Free numbers of items (of texts, pictures): id, tab, numbers; or\n"
                          "matrices and their ids from a .safetensors file."},
    {NULL, 0, NULL, NULL}};

int cli_read_catalog(const cli_options *options, vitrine_item_table *table, vitrine_item_report *report)
{
    const char *const command = options->syntax->command;
    const char *files[CLI_MAX_FILES];
    const size_t count = cli_values(options, "catalog", files, CLI_MAX_FILES);
    const char *vectors = cli_value(options, "vectors");
    vitrine_log_options log;
    vitrine_item_report own = {0};
    vitrine_problem problem = {0};
    if (report == NULL) report = &own;
    if (!cli_log_options(options, &log)) return CLI_USAGE;
    const vitrine_item_options how = {.columns = cli_value(options, "catalog-columns"),
                                      .own = cli_value(options, "own-fields"),
                                      .category_separator = cli_value(options, "category-separator"),
                                      .item_case = log.item_case,
                                      .max_bytes = log.max_bytes};
    bool ok = vitrine_item_table_read(files, count, &how, table, report, &problem);
    if (!cli_has(options, "quiet")) cli_print_item_report(command, files, report);
    uint64_t unknown = 0;
    if (ok && vectors != NULL) {
        ok = vitrine_item_table_vectors(table, vectors, &unknown, &problem);
        if (ok && unknown > 0 && !cli_has(options, "quiet"))
            fprintf(stderr, "vitrine %s: %s: %llu vectors of items that the catalog does not list\n",
                    command, vectors, (unsigned long long)unknown);
    }
    if (ok) return CLI_OK;
    vitrine_item_table_free(table);
    return cli_problem(command, &problem);
}

void cli_print_item_report(const char *command, const char *const *files,
                           const vitrine_item_report *report)
{
    bool any = false;
    for (int i = 0; i < VITRINE_ITEM_REJECTS; i++) any = any || report->reject[i].rows > 0;
    if (!any) return;
    fprintf(stderr, "vitrine %s: of %llu rows of the catalog, rows or fields were left out:\n", command,
            (unsigned long long)report->rows);
    for (int i = 0; i < VITRINE_ITEM_REJECTS; i++) {
        const vitrine_reject_count *count = &report->reject[i];
        if (count->rows > 0)
            fprintf(stderr, "  %-16s %9llu  first: %s, line %llu: '%s'\n",
                    vitrine_item_reject_name((vitrine_item_reject)i), (unsigned long long)count->rows,
                    files[count->file], (unsigned long long)count->line, count->sample);
    }
}
