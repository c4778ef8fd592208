/* The options of commands that read a catalog as text, and reading with them. */
#ifndef VITRINE_CLI_CATALOG_OPTIONS_H
#define VITRINE_CLI_CATALOG_OPTIONS_H

#include "cli/options.h"
#include "data/item_reader.h"

/* For a command's groups: { "Catalog", cli_catalog_input }. --catalog, --catalog-columns, ... */
extern const cli_option cli_catalog_input[];

/* Read the files given with --catalog (text, not .vitrine) and --vectors; rejected rows are reported
 * on stderr unless --quiet was given. --item-case of the log options applies here too. CLI_OK, or the
 * exit code after a message; the caller frees the table. */
int cli_read_catalog(const cli_options *options, vitrine_item_table *table, vitrine_item_report *report);

void cli_print_item_report(const char *command, const char *const *files,
                           const vitrine_item_report *report);

#endif
