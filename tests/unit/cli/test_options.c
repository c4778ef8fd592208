/* Option parsing: what is understood, and that mistakes are refused with exit code 2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "cli/command.h"
#include "cli/options.h"

static const cli_option OPTIONS[] = {{"output", 'o', "FILE", "Where."},
                                     {"count", 0, "N", "How many."},
                                     {"gap", 0, "SPAN", "How long."},
                                     {"quiet", 'q', NULL, "Hush."},
                                     {NULL, 0, NULL, NULL}};
static const cli_group GROUPS[] = {{"Options", OPTIONS}, {NULL, NULL}};
static const cli_syntax SYNTAX = {.command = "test", .arguments = "FILE", .about = "A test.",
                                  .groups = GROUPS, .min_arguments = 0, .max_arguments = 2};

static int parse(cli_options *options, const char *a, const char *b, const char *c)
{
    char *argv[] = {(char *)(uintptr_t)"test", (char *)(uintptr_t)a, (char *)(uintptr_t)b,
                    (char *)(uintptr_t)c, NULL};
    int argc = 1;
    while (argc < 4 && argv[argc] != NULL) argc++;
    return cli_parse(options, &SYNTAX, argc, argv);
}

static void values_come_behind_an_equals_sign_a_blank_or_a_letter(void **state)
{
    (void)state;
    cli_options options;
    assert_int_equal(parse(&options, "--output=a=b", NULL, NULL), CLI_GO_ON);
    assert_string_equal(cli_value(&options, "output"), "a=b");
    assert_int_equal(parse(&options, "--output", "-", NULL), CLI_GO_ON);
    assert_string_equal(cli_value(&options, "output"), "-");
    assert_int_equal(parse(&options, "-qoout", "-", "x"), CLI_GO_ON);
    assert_string_equal(cli_value(&options, "output"), "out");
    assert_true(cli_has(&options, "quiet"));
    assert_int_equal(options.argument_count, 2);
    assert_int_equal(parse(&options, "--", "--output", NULL), CLI_GO_ON);
    assert_string_equal(options.arguments[0], "--output");
    assert_null(cli_value(&options, "output"));
}

static void mistakes_are_usage_errors(void **state)
{
    (void)state;
    cli_options options;
    assert_int_equal(parse(&options, "--outptu=x", NULL, NULL), CLI_USAGE);
    assert_int_equal(parse(&options, "--output", NULL, NULL), CLI_USAGE);
    assert_int_equal(parse(&options, "--quiet=yes", NULL, NULL), CLI_USAGE);
    assert_int_equal(parse(&options, "-x", NULL, NULL), CLI_USAGE);
    assert_int_equal(parse(&options, "a", "b", "c"), CLI_USAGE);
}

static void numbers_are_whole_and_within_their_range_or_refused(void **state)
{
    (void)state;
    cli_options options;
    uint32_t count = 7;
    assert_int_equal(parse(&options, "--count=10", NULL, NULL), CLI_GO_ON);
    assert_true(cli_u32(&options, "count", 1, 10, &count));
    assert_int_equal(count, 10);
    static const char *const wrong[] = {"--count=11", "--count=0", "--count=-1", "--count=1x", "--count=",
                                        "--count=18446744073709551617"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(parse(&options, wrong[i], NULL, NULL), CLI_GO_ON);
        assert_false(cli_u32(&options, "count", 1, 10, &count));
        assert_int_equal(count, 10);
    }
    uint32_t list[3];
    size_t length;
    assert_int_equal(parse(&options, "--count=5,10,20", NULL, NULL), CLI_GO_ON);
    assert_true(cli_u32_list(&options, "count", 1, 100, list, 3, &length));
    assert_int_equal(length, 3);
    assert_int_equal(list[2], 20);
    assert_false(cli_u32_list(&options, "count", 1, 100, list, 2, &length));
}

static void spans_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t seconds;
    } cases[] = {{"--gap=90", 90}, {"--gap=90s", 90}, {"--gap=30m", 1800}, {"--gap=12h", 43200}, {"--gap=7d", 604800}};
    cli_options options;
    uint32_t gap = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(parse(&options, cases[i].text, NULL, NULL), CLI_GO_ON);
        assert_true(cli_seconds(&options, "gap", 0, 604800, &gap));
        assert_int_equal(gap, cases[i].seconds);
    }
    assert_int_equal(parse(&options, "--gap=8d", NULL, NULL), CLI_GO_ON);
    assert_false(cli_seconds(&options, "gap", 0, 604800, &gap));
    assert_int_equal(parse(&options, "--gap=m", NULL, NULL), CLI_GO_ON);
    assert_false(cli_seconds(&options, "gap", 0, 604800, &gap));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_behind_an_equals_sign_a_blank_or_a_letter),
        cmocka_unit_test(mistakes_are_usage_errors),
        cmocka_unit_test(numbers_are_whole_and_within_their_range_or_refused),
        cmocka_unit_test(spans_have_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
