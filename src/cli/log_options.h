/* The options that every command which reads a log has, and reading with them. */
#ifndef VITRINE_CLI_LOG_OPTIONS_H
#define VITRINE_CLI_LOG_OPTIONS_H

#include "cli/options.h"
#include "data/log_reader.h"

enum { CLI_MAX_FILES = 64 };

/* For a command's groups: { "Events", cli_log_input }, { "Cleaning", cli_log_cleaning }. */
extern const cli_option cli_log_input[];    /* --events, --format, --columns, ... */
extern const cli_option cli_log_cleaning[]; /* --item-pattern, --min-session, ... */

/* Everything but the files. False after a message: leave with CLI_USAGE. */
bool cli_log_options(const cli_options *options, vitrine_log_options *log);

/* An ISO date or Unix seconds. False, after a message, when it is neither. */
bool cli_moment(const cli_options *options, const char *name, int64_t *seconds);

/* Read the files given with --events and report rejected rows on stderr unless --quiet was given.
 * vocabulary as in vitrine_log_read. CLI_OK, or the exit code after a message. */
int cli_read_log(const cli_options *options, const vitrine_strings *vocabulary,
                 vitrine_dataset *dataset, vitrine_log_report *report);

/* The report as lines on stderr: one for the total, one for each reason. */
void cli_print_report(const char *command, const char *const *files, const vitrine_log_report *report);

#endif
