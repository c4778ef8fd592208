/* GNU long options from one table, which also writes `vitrine <command> --help`.
 *
 * Understood: --name=value, --name value, --flag, -o value, -ovalue, "-" as an argument, and "--"
 * before arguments that begin with a dash. An unknown option is refused with the nearest name. */
#ifndef VITRINE_CLI_OPTIONS_H
#define VITRINE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "data/problem.h"

typedef struct cli_option {
    const char *name;  /* without dashes; null ends a table */
    char letter;       /* short form; 0: none */
    const char *value; /* what the help calls it ("FILE"); null: a flag */
    const char *help;  /* one sentence; "\n" starts a new line of help */
} cli_option;

/* Options under a heading of the help. A table of groups ends with a null `title`. */
typedef struct cli_group {
    const char *title;
    const cli_option *options;
} cli_group;

typedef struct cli_syntax {
    const char *command;   /* "train" */
    const char *arguments; /* behind the options in the usage line; null: none are allowed */
    const char *about;     /* a paragraph for the help */
    const cli_group *groups;
    int min_arguments, max_arguments;
} cli_syntax;

enum { CLI_MAX_GIVEN = 256, CLI_MAX_ARGUMENTS = 64, CLI_GO_ON = -1 };

/* What was given. Strings are those of argv. */
typedef struct cli_options {
    const cli_syntax *syntax;
    struct {
        const cli_option *option;
        const char *value; /* null for a flag */
    } given[CLI_MAX_GIVEN];
    size_t givens;
    const char *arguments[CLI_MAX_ARGUMENTS];
    int argument_count;
} cli_options;

/* Parse argv[1 ..]. CLI_GO_ON, or the exit code to leave with: CLI_OK after --help, CLI_USAGE after
 * a mistake, which has been printed. --help and -h need no table entry. */
int cli_parse(cli_options *options, const cli_syntax *syntax, int argc, char **argv);

/* The last value given for an option, or null. The name must be in the table. */
const char *cli_value(const cli_options *options, const char *name);
/* Whether an option or flag was given. */
bool cli_has(const cli_options *options, const char *name);
/* All values of an option that may be repeated, at most `capacity`; returns how many. */
size_t cli_values(const cli_options *options, const char *name, const char **values, size_t capacity);

/* Typed values. `value` keeps what it was when the option is absent. False, after a message on
 * stderr, when the text is no such number or lies outside min..max: leave with CLI_USAGE. */
bool cli_u32(const cli_options *options, const char *name, uint32_t min, uint32_t max, uint32_t *value);
bool cli_u64(const cli_options *options, const char *name, uint64_t min, uint64_t max, uint64_t *value);
bool cli_double(const cli_options *options, const char *name, double min, double max, double *value);
bool cli_float(const cli_options *options, const char *name, float min, float max, float *value);
/* A number of seconds written 90, 90s, 30m, 12h, 7d. */
bool cli_seconds(const cli_options *options, const char *name, uint32_t min, uint32_t max, uint32_t *value);
/* One of `choices`, which a null ends; `index` is its place. */
bool cli_choice(const cli_options *options, const char *name, const char *const *choices, int *index);
/* "5,10,20": count of numbers written to list, at most capacity. */
bool cli_u32_list(const cli_options *options, const char *name, uint32_t min, uint32_t max,
                  uint32_t *list, size_t capacity, size_t *count);

/* Messages on stderr, "vitrine <command>: " before and a line break behind. They return the exit
 * code, so that a command can `return cli_fail(...)`. */
int cli_fail(const char *command, int code, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;
/* CLI_USAGE, with a pointer to --help. */
int cli_usage(const cli_options *options, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* The problem's text and the exit code of its kind. */
int cli_problem(const char *command, const vitrine_problem *problem);

#endif
