#include "cli/options.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "data/parse.h"

static void print(FILE *out, const char *format, va_list arguments)
{
    vfprintf(out, format, arguments);
    fputc('\n', out);
}

int cli_fail(const char *command, int code, const char *format, ...)
{
    fprintf(stderr, "vitrine %s: ", command);
    va_list arguments;
    va_start(arguments, format);
    print(stderr, format, arguments);
    va_end(arguments);
    return code;
}

int cli_usage(const cli_options *options, const char *format, ...)
{
    fprintf(stderr, "vitrine %s: ", options->syntax->command);
    va_list arguments;
    va_start(arguments, format);
    print(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "vitrine %s --help lists the options.\n", options->syntax->command);
    return CLI_USAGE;
}

int cli_problem(const char *command, const vitrine_problem *problem)
{
    const int code = problem->kind == VITRINE_PROBLEM_USAGE   ? CLI_USAGE
                     : problem->kind == VITRINE_PROBLEM_INPUT ? CLI_INPUT
                                                              : CLI_IO;
    return cli_fail(command, code, "%s", problem->text);
}

/* --- help ------------------------------------------------------------------------------------ */

enum { HELP_COLUMN = 32 };

static void print_option(const cli_option *option)
{
    char left[64];
    snprintf(left, sizeof left, "  %c%c%s--%s%s%s", option->letter != 0 ? '-' : ' ',
             option->letter != 0 ? option->letter : ' ', option->letter != 0 ? ", " : "  ",
             option->name, option->value != NULL ? " " : "",
             option->value != NULL ? option->value : "");
    printf("%s", left);
    int at = (int)strlen(left);
    const char *help = option->help;
    if (at > HELP_COLUMN - 2) {
        putchar('\n');
        at = 0;
    }
    for (;;) {
        const int length = (int)strcspn(help, "\n");
        printf("%*s%.*s\n", HELP_COLUMN - at, "", length, help);
        help += length;
        if (*help == 0) return;
        help++;
        at = 0;
    }
}

static int print_help(const cli_syntax *syntax)
{
    static const cli_option help = {"help", 'h', NULL, "This text."};
    printf("Usage: vitrine %s [options]%s%s\n\n%s\n", syntax->command,
           syntax->arguments != NULL ? " " : "", syntax->arguments != NULL ? syntax->arguments : "",
           syntax->about);
    for (const cli_group *group = syntax->groups; group->title != NULL; group++) {
        printf("\n%s:\n", group->title);
        for (const cli_option *option = group->options; option->name != NULL; option++)
            print_option(option);
    }
    putchar('\n');
    print_option(&help);
    return CLI_OK;
}

/* --- parsing --------------------------------------------------------------------------------- */

static const cli_option *find(const cli_syntax *syntax, const char *name, size_t length)
{
    for (const cli_group *group = syntax->groups; group->title != NULL; group++)
        for (const cli_option *option = group->options; option->name != NULL; option++)
            if (strlen(option->name) == length && memcmp(option->name, name, length) == 0)
                return option;
    return NULL;
}

static const cli_option *find_letter(const cli_syntax *syntax, char letter)
{
    for (const cli_group *group = syntax->groups; group->title != NULL; group++)
        for (const cli_option *option = group->options; option->name != NULL; option++)
            if (option->letter == letter) return option;
    return NULL;
}

/* Letters to add, remove, change (Levenshtein), for names of up to 63 letters. */
static size_t distance(const char *a, size_t a_length, const char *b)
{
    const size_t b_length = strlen(b);
    size_t row[64];
    if (b_length >= 64) return SIZE_MAX;
    for (size_t j = 0; j <= b_length; j++) row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            const size_t changed = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
            corner = row[j];
            if (row[j - 1] < row[j]) row[j] = row[j - 1];
            row[j]++;
            if (changed < row[j]) row[j] = changed;
        }
    }
    return row[b_length];
}

static int unknown(const cli_options *options, const char *name, size_t length)
{
    const cli_option *best = NULL;
    size_t least = SIZE_MAX;
    for (const cli_group *group = options->syntax->groups; length < 64 && group->title != NULL; group++)
        for (const cli_option *option = group->options; option->name != NULL; option++) {
            const size_t far = distance(name, length, option->name);
            if (far < least) {
                least = far;
                best = option;
            }
        }
    if (best != NULL && least <= 1 + length / 3)
        return cli_usage(options, "no option --%.*s; did you mean --%s?", (int)length, name, best->name);
    return cli_usage(options, "no option --%.*s", (int)length, name);
}

static int give(cli_options *options, const cli_option *option, const char *value)
{
    if (options->givens == CLI_MAX_GIVEN)
        return cli_usage(options, "more than %d options", CLI_MAX_GIVEN);
    options->given[options->givens].option = option;
    options->given[options->givens++].value = value;
    return CLI_GO_ON;
}

static int parse_long(cli_options *options, const char *text, char **argv, int argc, int *i)
{
    const size_t length = strcspn(text, "=");
    if (length == 4 && memcmp(text, "help", 4) == 0) return print_help(options->syntax);
    const cli_option *option = find(options->syntax, text, length);
    if (option == NULL) return unknown(options, text, length);
    if (option->value == NULL) {
        if (text[length] == '=') return cli_usage(options, "--%s takes no value", option->name);
        return give(options, option, NULL);
    }
    if (text[length] == '=') return give(options, option, text + length + 1);
    if (*i + 1 >= argc) return cli_usage(options, "--%s needs a value: %s", option->name, option->value);
    return give(options, option, argv[++*i]);
}

static int parse_short(cli_options *options, const char *text, char **argv, int argc, int *i)
{
    for (; *text != 0; text++) {
        if (*text == 'h') return print_help(options->syntax);
        const cli_option *option = find_letter(options->syntax, *text);
        if (option == NULL) return cli_usage(options, "no option -%c", *text);
        if (option->value != NULL) {
            if (text[1] != 0) return give(options, option, text + 1);
            if (*i + 1 >= argc) return cli_usage(options, "-%c needs a value: %s", *text, option->value);
            return give(options, option, argv[++*i]);
        }
        const int code = give(options, option, NULL);
        if (code != CLI_GO_ON) return code;
    }
    return CLI_GO_ON;
}

int cli_parse(cli_options *options, const cli_syntax *syntax, int argc, char **argv)
{
    options->syntax = syntax;
    options->givens = 0;
    options->argument_count = 0;
    bool only_arguments = false;
    for (int i = 1; i < argc; i++) {
        const char *text = argv[i];
        int code = CLI_GO_ON;
        if (only_arguments || text[0] != '-' || text[1] == 0) {
            if (options->argument_count == CLI_MAX_ARGUMENTS ||
                options->argument_count == syntax->max_arguments)
                return cli_usage(options, "'%s' is one argument too many", text);
            options->arguments[options->argument_count++] = text;
        } else if (strcmp(text, "--") == 0) {
            only_arguments = true;
        } else if (text[1] == '-') {
            code = parse_long(options, text + 2, argv, argc, &i);
        } else {
            code = parse_short(options, text + 1, argv, argc, &i);
        }
        if (code != CLI_GO_ON) return code;
    }
    if (options->argument_count < syntax->min_arguments)
        return cli_usage(options, "expected %s", syntax->arguments);
    return CLI_GO_ON;
}

/* --- what was given -------------------------------------------------------------------------- */

bool cli_has(const cli_options *options, const char *name)
{
    for (size_t i = 0; i < options->givens; i++)
        if (strcmp(options->given[i].option->name, name) == 0) return true;
    return false;
}

const char *cli_value(const cli_options *options, const char *name)
{
    for (size_t i = options->givens; i-- > 0;)
        if (strcmp(options->given[i].option->name, name) == 0) return options->given[i].value;
    return NULL;
}

size_t cli_values(const cli_options *options, const char *name, const char **values, size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; i < options->givens && count < capacity; i++)
        if (strcmp(options->given[i].option->name, name) == 0) values[count++] = options->given[i].value;
    return count;
}

/* Decimal digits, nothing else. */
static bool parse_u64(const char *text, size_t length, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        const uint64_t digit = (uint64_t)(text[i] - '0');
        if (*value > (UINT64_MAX - digit) / 10) return false;
        *value = *value * 10 + digit;
    }
    return length > 0;
}

bool cli_u64(const cli_options *options, const char *name, uint64_t min, uint64_t max, uint64_t *value)
{
    const char *text = cli_value(options, name);
    if (text == NULL) return true;
    uint64_t number;
    if (parse_u64(text, strlen(text), &number) && number >= min && number <= max) {
        *value = number;
        return true;
    }
    cli_usage(options, "--%s: '%s' is no whole number %llu..%llu", name, text, (unsigned long long)min,
              (unsigned long long)max);
    return false;
}

bool cli_u32(const cli_options *options, const char *name, uint32_t min, uint32_t max, uint32_t *value)
{
    uint64_t wide = *value;
    if (!cli_u64(options, name, min, max, &wide)) return false;
    *value = (uint32_t)wide;
    return true;
}

bool cli_double(const cli_options *options, const char *name, double min, double max, double *value)
{
    const char *text = cli_value(options, name);
    if (text == NULL) return true;
    double number;
    if (vitrine_parse_number(text, strlen(text), &number) && number >= min && number <= max) {
        *value = number;
        return true;
    }
    cli_usage(options, "--%s: '%s' is no number %g..%g", name, text, min, max);
    return false;
}

bool cli_float(const cli_options *options, const char *name, float min, float max, float *value)
{
    double wide = (double)*value;
    if (!cli_double(options, name, (double)min, (double)max, &wide)) return false;
    if (cli_has(options, name)) *value = (float)wide;
    return true;
}

bool cli_seconds(const cli_options *options, const char *name, uint32_t min, uint32_t max, uint32_t *value)
{
    const char *text = cli_value(options, name);
    if (text == NULL) return true;
    size_t length = strlen(text);
    uint64_t unit = 1, number;
    if (length > 0) {
        const char last = text[length - 1];
        unit = last == 'm' ? 60 : last == 'h' ? 3600 : last == 'd' ? 86400 : 1;
        if (unit > 1 || last == 's') length--;
    }
    if (parse_u64(text, length, &number) && number <= max / unit && number * unit >= min) {
        *value = (uint32_t)(number * unit);
        return true;
    }
    cli_usage(options, "--%s: '%s' is no span of %u to %u seconds, such as 90s, 30m, 12h or 7d", name,
              text, min, max);
    return false;
}

bool cli_choice(const cli_options *options, const char *name, const char *const *choices, int *index)
{
    const char *text = cli_value(options, name);
    if (text == NULL) return true;
    char all[256] = "";
    for (int i = 0; choices[i] != NULL; i++) {
        if (strcmp(text, choices[i]) == 0) {
            *index = i;
            return true;
        }
        const size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i == 0 ? "" : ", ", choices[i]);
    }
    cli_usage(options, "--%s: '%s' is none of: %s", name, text, all);
    return false;
}

bool cli_u32_list(const cli_options *options, const char *name, uint32_t min, uint32_t max,
                  uint32_t *list, size_t capacity, size_t *count)
{
    const char *text = cli_value(options, name), *at = text;
    if (text == NULL) return true;
    *count = 0;
    for (;;) {
        const size_t length = strcspn(at, ",");
        uint64_t number;
        if (*count == capacity || !parse_u64(at, length, &number) || number < min || number > max) {
            cli_usage(options, "--%s: '%s' is no list of up to %zu whole numbers %u..%u, such as 5,10,20",
                      name, text, capacity, min, max);
            return false;
        }
        list[(*count)++] = (uint32_t)number;
        at += length;
        if (*at == 0) return true;
        at++;
    }
}
