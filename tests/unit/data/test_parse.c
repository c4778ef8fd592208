/* Numbers against strtod, times against `date -u -d ... +%s` of GNU coreutils. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "data/parse.h"

static void numbers_are_the_nearest_doubles(void **state)
{
    (void)state;
    static const char *const texts[] = {"0", "1", "-1", "+2.5", "0.1", ".5", "3.", "12345.6789", "1e3", "2.5E-7",
                                        "0.000000000000000000000000001", "123456789012345678901234567890",
                                        "9007199254740993", "1.7976931348623157e308", "0.3", "2.55", " 7 "};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double value;
        assert_true(vitrine_parse_number(texts[i], strlen(texts[i]), &value));
        assert_true(value == strtod(texts[i], NULL));
    }
}

static void random_prices_are_the_nearest_doubles(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 100000; i++) {
        char text[48];
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        snprintf(text, sizeof text, "%llu.%0*llu", (unsigned long long)(seed >> 44), 1 + i % 9,
                 (unsigned long long)(seed >> 20 & 0xffff));
        double value;
        assert_true(vitrine_parse_number(text, strlen(text), &value));
        assert_true(value == strtod(text, NULL));
    }
}

static void what_is_no_plain_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", " ", "-", ".", "nan", "NaN", "inf", "0x10", "1,5", "1e", "1e+", "1 2",
                                        "1.2.3", "1e999", "--1", "12a"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double value = -7;
        assert_false(vitrine_parse_number(texts[i], strlen(texts[i]), &value));
        assert_true(value == -7);
    }
}

static void expect_time(const char *how, const char *text, int64_t seconds, int64_t micro)
{
    vitrine_time_format format;
    int64_t got = -1;
    assert_true(vitrine_time_format_of(how, &format));
    assert_true(vitrine_time_parse(&format, text, strlen(text), &got));
    assert_int_equal(got, seconds * 1000000 + micro);
}

static void refuse_time(const char *how, const char *text)
{
    vitrine_time_format format;
    int64_t got;
    assert_true(vitrine_time_format_of(how, &format));
    assert_false(vitrine_time_parse(&format, text, strlen(text), &got));
}

static void unix_times_come_in_three_units_and_with_fractions(void **state)
{
    (void)state;
    expect_time("unix", "1396437466.94", 1396437466, 940000);
    expect_time("unix", "1609459200", 1609459200, 0);
    expect_time("unix", "1.6094592e9", 1609459200, 0);
    expect_time("unix-ms", "1609459200123", 1609459200, 123000);
    expect_time("unix-us", "1609459200123456", 1609459200, 123456);
    refuse_time("unix", "12x");
    refuse_time("unix", "");
    refuse_time("unix", "99999999999999999999");
}

static void iso_dates_may_have_a_time_a_fraction_and_a_zone(void **state)
{
    (void)state;
    expect_time("iso", "2010-12-01 08:26:00", 1291191960, 0); /* date -u -d '2010-12-01 08:26:00' +%s */
    expect_time("iso", "2019-10-01 00:00:00 UTC", 1569888000, 0);
    expect_time("iso", "2021-01-01", 1609459200, 0);
    expect_time("iso", "2021-01-01T00:00:00.25Z", 1609459200, 250000);
    expect_time("iso", "2021-01-01T02:00+02:00", 1609459200, 0);
    expect_time("iso", "2020-12-31T19:00:00-0500", 1609459200, 0);
    expect_time("iso", "2000-02-29T12:00Z", 951825600, 0);
    expect_time("iso", "1969-12-31T23:59:59Z", -1, 0);
    refuse_time("iso", "2021-02-29");
    refuse_time("iso", "1900-02-29");
    refuse_time("iso", "2021-13-01");
    refuse_time("iso", "2021-01-01T25:00");
    refuse_time("iso", "2021-01-01x");
}

static void patterns_name_the_parts_of_other_dates(void **state)
{
    (void)state;
    expect_time("%d/%m/%Y %H:%M", "1/12/2010 8:26", 1291191960, 0);
    expect_time("%m/%d/%y %I:%M %p", "12/01/10 08:26 AM", 1291191960, 0);
    expect_time("%d %b %Y", "01 Jan 2021", 1609459200, 0);
    expect_time("%Y%m%d%H%M%S", "20210101000000", 1609459200, 0);
    expect_time("%Y-%m-%d %H:%M:%S.%f %z", "2021-01-01 01:00:00.5 +01:00", 1609459200, 500000);
    refuse_time("%d/%m/%Y", "31/04/2021");
    refuse_time("%d/%m/%Y", "1/12/2010 8:26");
    vitrine_time_format format;
    assert_false(vitrine_time_format_of("%Q", &format));
    assert_false(vitrine_time_format_of("unix-weeks", &format));
    assert_false(vitrine_time_format_of("%", &format));
}

static void only_unambiguous_times_are_guessed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int unit;
    } cases[] = {{"1396437466.94", VITRINE_TIME_UNIX},   {"1609459200123", VITRINE_TIME_UNIX_MS},
                 {"1609459200123456", VITRINE_TIME_UNIX_US}, {"2021-01-01 10:00:00", VITRINE_TIME_ISO},
                 {"01/02/2021", 0},  {"20210101", 0}, {"42", 0}, {"yesterday", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        vitrine_time_format format;
        const bool known = vitrine_time_guess(cases[i].text, strlen(cases[i].text), &format);
        assert_int_equal(known, cases[i].unit != 0);
        if (known) assert_int_equal(format.unit, cases[i].unit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_the_nearest_doubles),
        cmocka_unit_test(random_prices_are_the_nearest_doubles),
        cmocka_unit_test(what_is_no_plain_number_is_refused),
        cmocka_unit_test(unix_times_come_in_three_units_and_with_fractions),
        cmocka_unit_test(iso_dates_may_have_a_time_a_fraction_and_a_zone),
        cmocka_unit_test(patterns_name_the_parts_of_other_dates),
        cmocka_unit_test(only_unambiguous_times_are_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
