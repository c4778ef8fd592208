/* CSV by RFC 4180, section 2, and TSV. The records expected are written by hand from its rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "data/csv.h"

/* Fields joined by '|' and records by '/', for short expectations; '!' marks a malformed record. */
static void expect_records(const char *text, char delimiter, const char *want)
{
    vitrine_problem problem = {0};
    char got[512] = "";
    vitrine_text *source = vitrine_text_memory("t", text, strlen(text), 0, &problem);
    vitrine_csv csv;
    assert_non_null(source);
    assert_true(vitrine_csv_open(&csv, source, delimiter, &problem));
    vitrine_step step;
    while ((step = vitrine_csv_next(&csv, &problem)) == VITRINE_STEP_ONE) {
        if (got[0] != 0) strcat(got, "/");
        if (csv.malformed) strcat(got, "!");
        for (uint32_t i = 0; i < csv.fields; i++) {
            if (i > 0) strcat(got, "|");
            strncat(got, csv.field[i].text, csv.field[i].length);
        }
    }
    assert_int_equal(step, VITRINE_STEP_END);
    assert_string_equal(got, want);
    vitrine_csv_close(&csv);
    vitrine_text_close(source);
}

static void plain_records_split_at_the_delimiter(void **state)
{
    (void)state;
    expect_records("a,b,c\n1,2,3\n", ',', "a|b|c/1|2|3");
    expect_records("a,b\r\n1,2", ',', "a|b/1|2");
    expect_records("a,,\n,", ',', "a||/|");
    expect_records("a;b\n", ';', "a|b");
    expect_records("\n\na\n\n", ',', "a");
}

static void quoted_fields_hold_delimiters_breaks_and_quotes(void **state)
{
    (void)state;
    expect_records("\"a,b\",c\n", ',', "a,b|c");
    expect_records("\"a\"\"b\",\"\"\n", ',', "a\"b|");
    expect_records("\"two\nlines\",x\ny,z\n", ',', "two\nlines|x/y|z");
    expect_records("\"two\r\n\r\nbreaks\",x\n", ',', "two\n\nbreaks|x");
    expect_records("x,\"\"\"\"\n", ',', "x|\"");
}

static void a_quote_inside_an_unquoted_field_is_a_character(void **state)
{
    (void)state;
    expect_records("5\" disk,x\n", ',', "5\" disk|x");
}

static void text_behind_a_closing_quote_makes_a_record_malformed(void **state)
{
    (void)state;
    expect_records("\"a\"b,c\nd,e\n", ',', "!a/d|e");
}

static void tabs_have_no_quoting(void **state)
{
    (void)state;
    expect_records("\"a\tb\n\"c\td\"\n", '\t', "\"a|b/\"c|d\"");
}

static void a_byte_order_mark_is_no_part_of_the_first_field(void **state)
{
    (void)state;
    expect_records("\xef\xbb\xbf" "item,time\n", ',', "item|time");
}

static void records_know_the_line_they_begin_at(void **state)
{
    (void)state;
    static const char text[] = "h\n\"a\nb\nc\",1\nlast\n";
    vitrine_problem problem = {0};
    vitrine_text *source = vitrine_text_memory("t", text, strlen(text), 0, &problem);
    vitrine_csv csv;
    assert_true(vitrine_csv_open(&csv, source, ',', &problem));
    static const uint64_t lines[] = {1, 2, 5};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(vitrine_csv_next(&csv, &problem), VITRINE_STEP_ONE);
        assert_int_equal(csv.line, lines[i]);
    }
    vitrine_csv_close(&csv);
    vitrine_text_close(source);
}

static void a_quote_that_never_closes_is_refused_with_its_line(void **state)
{
    (void)state;
    static const char text[] = "a,b\n1,\"open\nx\n";
    vitrine_problem problem = {0};
    vitrine_text *source = vitrine_text_memory("log.csv", text, strlen(text), 0, &problem);
    vitrine_csv csv;
    assert_true(vitrine_csv_open(&csv, source, ',', &problem));
    assert_int_equal(vitrine_csv_next(&csv, &problem), VITRINE_STEP_ONE);
    assert_int_equal(vitrine_csv_next(&csv, &problem), VITRINE_STEP_BAD);
    assert_int_equal(problem.kind, VITRINE_PROBLEM_INPUT);
    assert_non_null(strstr(problem.text, "log.csv, line 2"));
    vitrine_csv_close(&csv);
    vitrine_text_close(source);
}

static void the_delimiter_is_read_off_the_header(void **state)
{
    (void)state;
    assert_int_equal(vitrine_csv_delimiter("a,b;c,d", 7), ',');
    assert_int_equal(vitrine_csv_delimiter("a;b;c", 5), ';');
    assert_int_equal(vitrine_csv_delimiter("a,b\tc", 5), '\t');
    assert_int_equal(vitrine_csv_delimiter("a|b", 3), '|');
    assert_int_equal(vitrine_csv_delimiter("\"a;b;c\",d", 9), ',');
    assert_int_equal(vitrine_csv_delimiter("one", 3), ',');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_records_split_at_the_delimiter),
        cmocka_unit_test(quoted_fields_hold_delimiters_breaks_and_quotes),
        cmocka_unit_test(a_quote_inside_an_unquoted_field_is_a_character),
        cmocka_unit_test(text_behind_a_closing_quote_makes_a_record_malformed),
        cmocka_unit_test(tabs_have_no_quoting),
        cmocka_unit_test(a_byte_order_mark_is_no_part_of_the_first_field),
        cmocka_unit_test(records_know_the_line_they_begin_at),
        cmocka_unit_test(a_quote_that_never_closes_is_refused_with_its_line),
        cmocka_unit_test(the_delimiter_is_read_off_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
