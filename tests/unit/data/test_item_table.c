/* Catalogs in every format; what they hold is written out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "data/item_reader.h"
#include "unit/data/log_text.h"

static vitrine_item_table table;
static vitrine_item_report report;
static vitrine_problem problem;

static bool read_text(const char *text, const vitrine_item_options *options)
{
    memset(&problem, 0, sizeof problem);
    vitrine_text *source = vitrine_text_memory("items", text, strlen(text), 0, &problem);
    assert_non_null(source);
    const bool ok = vitrine_item_table_source(source, options, &table, &report, &problem);
    vitrine_text_close(source);
    return ok;
}

static void read_items(const char *text, const char *columns)
{
    const vitrine_item_options options = {.columns = columns};
    if (!read_text(text, &options)) fail_msg("%s", problem.text);
}

static void expect_text(const vitrine_strings *column, uint32_t item, const char *want)
{
    size_t length;
    assert_true(item < column->count);
    const char *got = vitrine_strings_get(column, item, &length);
    if (length != strlen(want) || memcmp(got, want, length) != 0) fail_msg("'%.*s', not '%s'", (int)length, got, want);
}

static void dates_marks_sale_prices_and_own_fields_are_kept(void **state)
{
    (void)state;
    const vitrine_item_options options = {.own = "gender,Made_Of"};
    assert_true(read_text("sku\tprice\tsale_price\tcreated\tsensitive\trepurchasable\tGender\tmade of\n"
               "1\t20 EUR\t15\t2024-02-29\tno\tyes\twomen\twool\n"
               "2\t30\t35\t1709287200\ttrue\t\tmen\t\n"
               "3\t30\t\tyesterday\tperhaps\t0\t\t\n", &options));
    assert_int_equal(table.items, 3);
    assert_true(table.price[0] == 15.0f && table.price[1] == 30.0f);
    assert_int_equal(table.marks[0], VITRINE_IS_REPURCHASABLE | VITRINE_IS_ON_SALE);
    assert_int_equal(table.marks[1], VITRINE_IS_SENSITIVE);
    assert_int_equal(table.marks[2], 0);
    assert_int_equal(table.created[0], 1709164800);
    assert_int_equal(table.created[1], 1709287200);
    assert_int_equal(table.created[2], 0);
    assert_string_equal(table.own, "gender\nMade_Of\n");
    expect_text(&table.text[VITRINE_TEXT_OWN_1], 1, "men");
    expect_text(&table.text[VITRINE_TEXT_OWN_2], 0, "wool");
    vitrine_item_table_free(&table);
}

static void a_merchant_feed_is_read_by_its_usual_names(void **state)
{
    (void)state;
    read_items("id\ttitle\tprice\tbrand\tproduct_type\tavailability\titem_group_id\tlink\timage_link\n"
               "10\t Red   mug \t12.50 GBP\tAcme\tHome > Kitchen\tin stock\tg1\thttps://a/1\thttps://a/1.jpg\n"
               "9\tBlue mug\t3\t\tHome\tout_of_stock\t\t\t\n", NULL);
    assert_int_equal(table.items, 2);
    expect_text(&table.ids, 0, "9");
    expect_text(&table.ids, 1, "10");
    expect_text(&table.text[VITRINE_TEXT_TITLE], 1, "Red mug");
    expect_text(&table.text[VITRINE_TEXT_CATEGORY], 1, "Home/Kitchen");
    expect_text(&table.text[VITRINE_TEXT_BRAND], 0, "");
    expect_text(&table.text[VITRINE_TEXT_GROUP], 1, "g1");
    expect_text(&table.text[VITRINE_TEXT_CURRENCY], 1, "GBP");
    assert_true(table.price[1] == 12.5f && table.price[0] == 3.0f);
    assert_int_equal(table.available[0], 0);
    assert_int_equal(table.available[1], 1);
    assert_null(table.sales);
    assert_int_equal(table.text[VITRINE_TEXT_TAGS].count, 0);
    vitrine_item_table_free(&table);
}

static void ga4_category_levels_become_one_path(void **state)
{
    (void)state;
    read_items("item_id,item_name,item_brand,item_category,item_category2,item_category3\n"
               "A,\"Mug, red\",Acme,Home,Kitchen,Mugs\nB,x,,Toys,,\n", NULL);
    expect_text(&table.text[VITRINE_TEXT_TITLE], 0, "Mug, red");
    expect_text(&table.text[VITRINE_TEXT_CATEGORY], 0, "Home/Kitchen/Mugs");
    expect_text(&table.text[VITRINE_TEXT_CATEGORY], 1, "Toys");
    vitrine_item_table_free(&table);
}

static void bad_fields_are_counted_and_their_rows_kept(void **state)
{
    (void)state;
    read_items("id,price,availability,sales\n"
               "a,1,yes,5\nb,cheap,0,1\nc,-1,perhaps,x\n,1,yes,1\na,2,no,6\nd\n", NULL);
    assert_int_equal(table.items, 3);
    assert_true(table.price[0] == 2.0f); /* the later row of a holds */
    assert_true(isnan(table.price[1]) && isnan(table.price[2]));
    assert_true(isnan(table.sales[2]) && table.sales[0] == 6.0f);
    assert_int_equal(table.available[0], 0);
    assert_int_equal(table.available[1], 0);
    assert_int_equal(table.available[2], 1);
    assert_int_equal(report.rows, 6);
    assert_int_equal(report.reject[VITRINE_ITEM_BAD_PRICE].rows, 2);
    assert_int_equal(report.reject[VITRINE_ITEM_BAD_PRICE].line, 3);
    assert_string_equal(report.reject[VITRINE_ITEM_BAD_AVAILABILITY].sample, "perhaps");
    assert_int_equal(report.reject[VITRINE_ITEM_MISSING_ID].line, 5);
    assert_int_equal(report.reject[VITRINE_ITEM_REPLACED].line, 6);
    assert_int_equal(report.reject[VITRINE_ITEM_BAD_ROW].line, 7);
    vitrine_item_table_free(&table);
}

static void json_comes_as_a_list_by_id_or_in_lines(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[{\"id\":\"1\",\"title\":\"a\",\"tags\":[\"x\",\"y\"]},{\"id\":2,\"title\":\"b\",\"price\":1.5}]",
        "{\"items\":[{\"id\":\"1\",\"title\":\"a\",\"tags\":\"x,y\"},{\"id\":2,\"title\":\"b\",\"price\":\"1.5\"}]}",
        "{\"1\":{\"title\":\"a\",\"tags\":[\"x\",\"y\"]},\"2\":{\"title\":\"b\",\"price\":1.5}}",
        "{\"id\":\"1\",\"title\":\"a\",\"tags\":[\"x\",\"y\"]}\n{\"id\":2,\"title\":\"b\",\"price\":1.5}\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        read_items(texts[i], NULL);
        assert_int_equal(table.items, 2);
        expect_text(&table.ids, 1, "2");
        expect_text(&table.text[VITRINE_TEXT_TITLE], 0, "a");
        expect_text(&table.text[VITRINE_TEXT_TAGS], 0, "x,y");
        assert_true(table.price[1] == 1.5f && isnan(table.price[0]));
        vitrine_item_table_free(&table);
    }
}

static void attribute_lists_by_item_become_tags(void **state)
{
    (void)state;
    read_items("{\"4\": [1, 2, 3], \"83\": [4]}", NULL);
    assert_int_equal(table.items, 2);
    expect_text(&table.text[VITRINE_TEXT_TAGS], 0, "1,2,3");
    expect_text(&table.text[VITRINE_TEXT_TAGS], 1, "4");
    vitrine_item_table_free(&table);
}

static void a_map_names_other_columns(void **state)
{
    (void)state;
    const vitrine_item_options options = {.columns = "item=code,title=label,category=path",
                                          .category_separator = ".",
                                          .item_case = VITRINE_CASE_UPPER};
    assert_true(read_text("code;label;path;price\nx1;A;home.kitchen;3\n", &options));
    expect_text(&table.ids, 0, "X1");
    expect_text(&table.text[VITRINE_TEXT_CATEGORY], 0, "home/kitchen");
    assert_null(table.price);
    vitrine_item_table_free(&table);
    assert_false(read_text("code;label\nx1;A\n", &options));
    assert_non_null(strstr(problem.text, "no column 'path'"));
}

static void what_is_no_catalog_is_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
    } cases[] = {{"", "empty"},
                 {"id,title\n", "not one item"},
                 {"foo,bar\n1,2\n", "--catalog-columns"},
                 {"<!doctype html><html>", "a web page"},
                 {"[{\"id\":\"1\"}] x", "behind"},
                 {"[{\"id\":\"1\",\"id\":\"2\"}]", "twice"},
                 {"[{\"id\":\"1\"", "no valid JSON"},
                 {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "deeper"}};
    const vitrine_item_options options = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(read_text(cases[i].text, &options));
        if (strstr(problem.text, cases[i].word) == NULL) fail_msg("'%s': %s", cases[i].word, problem.text);
        assert_null(table.ids.bytes);
    }
}

static void vectors_join_by_id_and_must_be_of_one_width(void **state)
{
    (void)state;
    char path[LOG_PATH];
    uint64_t unknown;
    read_items("id\na\nb\nc\n", NULL);
    log_write(path, "c\t1 2.5\nz\t9 9\na\t-1\t0\n");
    assert_true(vitrine_item_table_vectors(&table, path, &unknown, &problem));
    static const float want[] = {-1, 0, 0, 0, 1, 2.5f};
    assert_int_equal(table.vector_dim, 2);
    assert_memory_equal(table.vectors, want, sizeof want);
    assert_int_equal(unknown, 1);
    unlink(path);
    vitrine_item_table_free(&table);
    static const char *const wrong[] = {"a\t1 2\nb\t1\n", "a\t1 nan\n", "a 1 2\n", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        read_items("id\na\nb\n", NULL);
        log_write(path, wrong[i]);
        assert_false(vitrine_item_table_vectors(&table, path, &unknown, &problem));
        assert_int_equal(problem.kind, VITRINE_PROBLEM_INPUT);
        unlink(path);
        vitrine_item_table_free(&table);
    }
}

/* Two matrices and three ids, one of them unknown; written out by hand. */
static void vectors_come_from_safetensors_by_the_names_of_its_matrices(void **state)
{
    (void)state;
    char path[LOG_PATH + 16], base[LOG_PATH];
    uint64_t unknown;
    static const char header[] = "{\"text\":{\"dtype\":\"F32\",\"shape\":[3,1],\"data_offsets\":[0,12]},"
                                 "\"image\":{\"dtype\":\"F16\",\"shape\":[3,2],\"data_offsets\":[12,24]},"
                                 "\"ids\":{\"dtype\":\"U8\",\"shape\":[6],\"data_offsets\":[24,30]}}";
    static const float text[] = {1.5f, 9, -2};
    static const uint16_t image[] = {0x3c00, 0x4000, 0, 0, 0xbc00, 0x3800}; /* 1 2 0 0 -1 0.5 */
    const uint64_t length = sizeof header - 1;
    log_write(base, "");
    snprintf(path, sizeof path, "%s.safetensors", base);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fwrite(&length, 8, 1, file) == 1 && fwrite(header, length, 1, file) == 1 &&
                fwrite(text, sizeof text, 1, file) == 1 && fwrite(image, sizeof image, 1, file) == 1 &&
                fwrite("c\nz\na\n", 6, 1, file) == 1);
    fclose(file);
    read_items("id\na\nb\nc\n", NULL);
    if (!vitrine_item_table_vectors(&table, path, &unknown, &problem)) fail_msg("%s", problem.text);
    static const float want[] = {-1, 0.5f, -2, 0, 0, 0, 1, 2, 1.5f};
    assert_int_equal(table.vector_dim, 3);
    assert_memory_equal(table.vectors, want, sizeof want);
    assert_int_equal(unknown, 1);
    vitrine_item_table_free(&table);
    file = fopen(path, "r+b"); /* an id less: no matrix fits any more */
    assert_true(file != NULL && fseek(file, -5, SEEK_END) == 0 && fputc('y', file) == 'y');
    fclose(file);
    read_items("id\na\nb\nc\n", NULL);
    assert_false(vitrine_item_table_vectors(&table, path, &unknown, &problem));
    assert_non_null(strstr(problem.text, "is no matrix of 2 rows"));
    vitrine_item_table_free(&table);
    unlink(path);
    unlink(base);
}

static void a_log_gives_titles_medians_and_units_of_what_is_left(void **state)
{
    (void)state;
    char path[LOG_PATH];
    vitrine_log log;
    vitrine_log_options options = vitrine_log_options_default();
    options.columns = "session=s,item=i,type=t,price=p,quantity=q,title=d";
    options.item_pattern = "[0-9]+";
    log_write(path, "s,i,t,p,q,d\n1,7,purchase,2,3,RED  MUG\n1,7,purchase,4,1,wrong name\n"
                    "2,7,view,3,,RED MUG\n2,POST,purchase,9,1,POSTAGE\n2,8,purchase,5,,\n");
    memset(&problem, 0, sizeof problem);
    assert_true(vitrine_log_begin(&log, &options, &problem));
    assert_true(vitrine_log_file(&log, path, &problem));
    assert_true(vitrine_log_clean(&log, true, &problem));
    assert_true(vitrine_item_table_of_log(&log, &table, &problem));
    assert_int_equal(table.items, 2);
    expect_text(&table.ids, 0, "7");
    expect_text(&table.text[VITRINE_TEXT_TITLE], 0, "RED MUG");
    expect_text(&table.text[VITRINE_TEXT_TITLE], 1, "");
    assert_true(table.price[0] == 3.0f && table.price[1] == 5.0f);
    assert_true(table.sales[0] == 4.0f && table.sales[1] == 1.0f);
    vitrine_item_table_free(&table);
    vitrine_log_free(&log);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_marks_sale_prices_and_own_fields_are_kept),
        cmocka_unit_test(a_merchant_feed_is_read_by_its_usual_names),
        cmocka_unit_test(ga4_category_levels_become_one_path),
        cmocka_unit_test(bad_fields_are_counted_and_their_rows_kept),
        cmocka_unit_test(json_comes_as_a_list_by_id_or_in_lines),
        cmocka_unit_test(attribute_lists_by_item_become_tags),
        cmocka_unit_test(a_map_names_other_columns),
        cmocka_unit_test(what_is_no_catalog_is_refused_with_a_reason),
        cmocka_unit_test(vectors_join_by_id_and_must_be_of_one_width),
        cmocka_unit_test(vectors_come_from_safetensors_by_the_names_of_its_matrices),
        cmocka_unit_test(a_log_gives_titles_medians_and_units_of_what_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
