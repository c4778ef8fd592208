/* Small logs of every format; what they hold is written out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/data/log_text.h"

static vitrine_dataset data;
static vitrine_log_report report;
static vitrine_problem problem;

static void expect(const char *text, const vitrine_log_options *options, const char *want)
{
    char got[1024];
    if (!log_read(text, options, NULL, &data, &report, &problem)) fail_msg("%s", problem.text);
    log_show(&data, got, sizeof got);
    assert_string_equal(got, want);
}

static void refuse(const char *text, const vitrine_log_options *options, vitrine_problem_kind kind,
                   const char *word)
{
    assert_false(log_read(text, options, NULL, &data, &report, &problem));
    assert_int_equal(problem.kind, kind);
    if (strstr(problem.text, word) == NULL) fail_msg("'%s' is not in: %s", word, problem.text);
    assert_null(data.item);
}

static void sessions_are_rows_and_items_sort_by_length_and_bytes(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    options.format = VITRINE_LOG_SESSIONS;
    expect("10 9 b\n\n9 a\r\n", &options, "0: 10 9 b | 2: 9 a");
    assert_int_equal(data.items, 4);
    static const char *const ids[] = {"9", "a", "b", "10"};
    for (uint32_t i = 0; i < 4; i++) {
        size_t length;
        const char *id = vitrine_strings_get(&data.item_ids, i, &length);
        assert_int_equal(length, strlen(ids[i]));
        assert_memory_equal(id, ids[i], length);
    }
    assert_false(data.timed);
    assert_null(data.price);
    assert_int_equal(data.kind[0], VITRINE_VIEW_ITEM);
    assert_int_equal(report.reject[VITRINE_REJECT_BAD_ROW].rows, 1); /* the blank line */
    vitrine_dataset_free(&data);
}

static void pairs_end_with_their_target(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    expect("1 2\t3\n1\t2\n", &options, "0: 1 2 3 | 1: 1 2"); /* the format is guessed */
    assert_int_equal(report.format, VITRINE_LOG_PAIRS);
    vitrine_dataset_free(&data);
    options.format = VITRINE_LOG_PAIRS;
    expect("1 2\t3\n\t4\n5\t6 7\n8\n", &options, "0: 1 2 3");
    assert_int_equal(report.reject[VITRINE_REJECT_BAD_ROW].rows, 3);
    assert_int_equal(report.reject[VITRINE_REJECT_BAD_ROW].line, 2);
    vitrine_dataset_free(&data);
}

static void sequences_are_named_by_their_user(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    options.format = VITRINE_LOG_SEQUENCES;
    expect("u1 1 2 3\nu2 4\nu3\n", &options, "u1: 1 2 3 | u2: 4");
    assert_int_equal(report.reject[VITRINE_REJECT_BAD_ROW].line, 3);
    vitrine_dataset_free(&data);
}

static void events_sort_by_time_and_sessions_by_their_last_event(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    expect("SessionId,ItemId,Time\n"
           "s1,a,1600000500.5\n"
           "s2,b,1600000000\n"
           "s1,c,1600000500.25\n"
           "s2,d,1600000001\n"
           "s2,e,1600000001\n", &options, "s2: b d e | s1: c a");
    assert_true(data.timed);
    assert_int_equal(data.time[3], 1600000500);
    vitrine_dataset_free(&data);
}

static void a_pause_ends_a_session_when_only_users_are_known(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    static const char text[] = "user_id\titem_id\ttimestamp\n"
                               "u\ta\t1600000000\n"
                               "u\tb\t1600001800\n"  /* exactly 30 minutes: still the same */
                               "u\tc\t1600003601\n"; /* a second more: a new one */
    expect(text, &options, "u:1: a b | u:2: c");
    vitrine_dataset_free(&data);
    options.session_gap = 0;
    expect(text, &options, "u: a b c");
    vitrine_dataset_free(&data);
    options.session_gap = 60;
    expect(text, &options, "u:1: a | u:2: b | u:3: c");
    vitrine_dataset_free(&data);
}

static void a_map_names_the_columns_and_their_types_become_kinds(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    options.columns = "session=visit,item=article,type=what,price=cost,quantity=n";
    options.type_map = "glance=view_item,noise=";
    expect("visit;article;what;cost;n\n"
           "v;a;glance;1.5;\n"
           "v;b;add-to-cart;;2\n"
           "v;c;noise;1;1\n"
           "v;d;frobnicate;1;1\n", &options, "v: a b");
    assert_int_equal(data.kind[0], VITRINE_VIEW_ITEM);
    assert_int_equal(data.kind[1], VITRINE_ADD_TO_CART);
    assert_true(data.price[0] == 1.5f);
    assert_true(data.price[1] != data.price[1]); /* NAN: unknown */
    assert_true(data.value[1] == 2.0f);
    assert_int_equal(report.reject[VITRINE_REJECT_DROPPED_TYPE].line, 4);
    assert_int_equal(report.reject[VITRINE_REJECT_UNKNOWN_TYPE].line, 5);
    assert_string_equal(report.reject[VITRINE_REJECT_UNKNOWN_TYPE].sample, "frobnicate");
    vitrine_dataset_free(&data);
}

static void a_table_without_a_header_is_mapped_by_numbers(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    options.format = VITRINE_LOG_EVENTS;
    options.no_header = true;
    options.columns = "user=1,item=2,type=4,time=5";
    expect("1,2268318,2520377,pv,1511544070\n1,5,7,buy,1511544071\n1,9,7,pv\n", &options,
           "1:1: 2268318 5");
    assert_int_equal(data.kind[1], VITRINE_PURCHASE);
    assert_int_equal(report.reject[VITRINE_REJECT_BAD_ROW].line, 3);
    vitrine_dataset_free(&data);
}

static void recbole_headers_carry_types_and_ratings_become_shares(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    expect("user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
           "1\t7\t4\t881250949\n1\t8\t6\t881250950\n", &options, "1:1: 7");
    assert_int_equal(report.format, VITRINE_LOG_RECBOLE);
    assert_int_equal(data.kind[0], VITRINE_RATE);
    assert_true(data.value[0] == 0.8f);
    assert_int_equal(report.reject[VITRINE_REJECT_BAD_RATING].rows, 1);
    vitrine_dataset_free(&data);
}

static void ga4_lines_give_an_event_for_each_item(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    expect("{\"event_name\":\"view_item\",\"event_timestamp\":\"1609459200500000\",\"user_pseudo_id\":\"7.1\","
           "\"event_params\":[{\"key\":\"page\",\"value\":{\"string_value\":\"/\"}},"
           "{\"key\":\"ga_session_id\",\"value\":{\"int_value\":\"55\"}}],"
           "\"items\":[{\"item_id\":\"A\",\"price\":9.5}]}\n"
           "{\"event_name\":\"purchase\",\"event_timestamp\":1609459260000000,\"user_pseudo_id\":\"7.1\","
           "\"event_params\":[{\"key\":\"ga_session_id\",\"value\":{\"int_value\":55}}],"
           "\"items\":[{\"item_id\":\"B\",\"price\":\"2\",\"quantity\":\"3\"},{\"item_id\":\"C\"}]}\n"
           "{\"event_name\":\"page_view\",\"event_timestamp\":\"1609459200000000\",\"user_pseudo_id\":\"7.1\"}\n"
           "{\"event_name\":\"view_item\",\"event_timestamp\":\"1609459200000000\",\"user_pseudo_id\":\"8\","
           "\"event_params\":[],\"items\":[{\"item_id\":\"A\"}]}\n"
           "{broken\n", &options, "7.1.55: A B C");
    assert_int_equal(report.format, VITRINE_LOG_GA4);
    assert_int_equal(data.kind[2], VITRINE_PURCHASE);
    assert_int_equal(data.time[0], 1609459200);
    assert_true(data.price[0] == 9.5f && data.price[1] == 2.0f && data.value[1] == 3.0f);
    assert_int_equal(report.rows, 6);
    assert_int_equal(report.reject[VITRINE_REJECT_DROPPED_TYPE].line, 3);
    assert_int_equal(report.reject[VITRINE_REJECT_MISSING_SESSION].line, 4);
    assert_int_equal(report.reject[VITRINE_REJECT_BAD_ROW].line, 5);
    vitrine_dataset_free(&data);
}

static void segment_calls_give_an_event_for_each_product(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    expect("{\"type\":\"track\",\"event\":\"Product Viewed\",\"userId\":\"u1\",\"timestamp\":\"2021-01-01T00:00:00.500Z\","
           "\"properties\":{\"product_id\":\"A\",\"price\":9.5,\"name\":\"Lamp\"}}\n"
           "{\"type\":\"page\",\"userId\":\"u1\",\"timestamp\":\"2021-01-01T00:00:01Z\"}\n"
           "{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":\"u1\",\"timestamp\":\"2021-01-01T00:01:00Z\","
           "\"properties\":{\"order_id\":\"o\",\"products\":[{\"sku\":\"B\",\"quantity\":3,\"price\":\"2\"},{\"product_id\":17}]}}\n"
           "{\"event\":\"Product Reviewed\",\"anonymousId\":\"n\",\"timestamp\":\"2021-01-01T00:02:00Z\","
           "\"properties\":{\"product_id\":\"A\",\"rating\":\"4\"}}\n"
           "{\"event\":\"Products Searched\",\"anonymousId\":\"n\",\"timestamp\":\"2021-01-01T00:02:00Z\",\"properties\":{\"query\":\"x\"}}\n"
           "{\"event\":\"Product Viewed\",\"timestamp\":\"2021-01-01T00:02:00Z\",\"properties\":{\"product_id\":\"A\"}}\n"
           "[1]\n", &options, "u1:1: A B 17 | n:1: A");
    assert_int_equal(report.format, VITRINE_LOG_SEGMENT);
    assert_int_equal(data.kind[0], VITRINE_VIEW_ITEM);
    assert_int_equal(data.kind[2], VITRINE_PURCHASE);
    assert_int_equal(data.kind[3], VITRINE_RATE);
    assert_true(data.price[0] == 9.5f && data.price[1] == 2.0f && data.value[1] == 3.0f);
    assert_true(data.value[3] == 0.8f);
    assert_int_equal(data.time[0], 1609459200);
    assert_int_equal(report.rows, 8);
    assert_int_equal(report.reject[VITRINE_REJECT_DROPPED_TYPE].rows, 2);
    assert_int_equal(report.reject[VITRINE_REJECT_DROPPED_TYPE].line, 2);
    assert_int_equal(report.reject[VITRINE_REJECT_MISSING_USER].line, 6);
    assert_int_equal(report.reject[VITRINE_REJECT_BAD_ROW].line, 7);
    vitrine_dataset_free(&data);
}

static void algolias_conversions_are_purchases_unless_they_say_otherwise(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    expect("userToken,timestamp,objectID,eventType,eventName\n"
           "u,1609459200000,A,view,Page Viewed\nu,1609459201000,A,click,\"Clicked, twice\"\n"
           "u,1609459202000,A,conversion,Bought\n", &options, "u:1: A A A");
    assert_int_equal(report.format, VITRINE_LOG_ALGOLIA);
    assert_int_equal(data.kind[0], VITRINE_VIEW_ITEM);
    assert_int_equal(data.kind[1], VITRINE_SELECT_ITEM);
    assert_int_equal(data.kind[2], VITRINE_PURCHASE);
    vitrine_dataset_free(&data);
    expect("userToken,timestamp,objectID,eventType,eventSubtype\n"
           "u,2021-01-01,A,conversion,addToCart\nu,2021-01-02,A,conversion,\n", &options, "u:1: A | u:2: A");
    assert_int_equal(data.kind[0], VITRINE_ADD_TO_CART);
    assert_int_equal(data.kind[1], VITRINE_PURCHASE);
    vitrine_dataset_free(&data);
}

static void a_file_of_types_means_what_the_same_map_would(void **state)
{
    (void)state;
    char path[LOG_PATH];
    vitrine_log_options options = vitrine_log_options_default();
    static const char text[] = "session,item,type\ns,a,play\ns,b,like, it\ns,c,skip\ns,d,buy\n";
    log_write(path, "{\"play\": \"view_item\", \"like\": \"add_to_wishlist\", \"skip\": null, \"buy\": \"add_to_cart\"}\n");
    options.type_map_file = path;
    expect(text, &options, "s: a b d");
    assert_int_equal(data.kind[0], VITRINE_VIEW_ITEM);
    assert_int_equal(data.kind[1], VITRINE_ADD_TO_WISHLIST);
    assert_int_equal(data.kind[2], VITRINE_ADD_TO_CART);
    assert_int_equal(report.reject[VITRINE_REJECT_DROPPED_TYPE].rows, 1);
    vitrine_dataset_free(&data);
    unlink(path);
    static const char *const wrong[][2] = {
        {"[1]", "an object"}, {"{\"a\": \"fly\"}", "'a'"}, {"{\"a\": 3}", "'a'"}, {"{", "byte 1"}, {"", "byte 0"}};
    for (int i = 0; i < 5; i++) {
        log_write(path, wrong[i][0]);
        refuse(text, &options, VITRINE_PROBLEM_INPUT, wrong[i][1]);
        assert_non_null(strstr(problem.text, path));
        unlink(path);
    }
    refuse(text, &options, VITRINE_PROBLEM_IO, path);
}

static void a_vocabulary_fixes_the_rows_and_marks_strangers(void **state)
{
    (void)state;
    static const uint32_t offset[] = {0, 1, 2, 4};
    const vitrine_strings model = {.offset = offset, .bytes = "ab10", .count = 3};
    vitrine_log_options options = vitrine_log_options_default();
    options.format = VITRINE_LOG_SESSIONS;
    options.min_item_count = 5; /* of a training log: not applied here */
    assert_true(log_read("10 x a\n", &options, &model, &data, &report, &problem));
    assert_int_equal(data.items, 3);
    assert_int_equal(data.item[0], 2);
    assert_int_equal(data.item[1], UINT32_MAX);
    assert_int_equal(data.item[2], 0);
    assert_int_equal(report.unknown_items, 1);
    assert_memory_equal(data.item_ids.bytes, "ab10", 4);
    vitrine_dataset_free(&data);
}

static void several_files_are_one_log(void **state)
{
    (void)state;
    char a[LOG_PATH], b[LOG_PATH], got[256];
    log_write(a, "session,item,time\ns,1,1600000002\n");
    log_write(b, "item,time,session\n2,1600000001,s\n3,1600000003,t\n");
    const char *files[] = {a, b};
    const vitrine_log_options options = vitrine_log_options_default();
    memset(&problem, 0, sizeof problem);
    assert_true(vitrine_log_read(files, 2, &options, NULL, &data, &report, &problem));
    log_show(&data, got, sizeof got);
    assert_string_equal(got, "s: 2 1 | t: 3");
    vitrine_dataset_free(&data);
    unlink(a);
    unlink(b);
}

static void what_cannot_be_guessed_is_asked_for_with_the_candidates(void **state)
{
    (void)state;
    const vitrine_log_options options = vitrine_log_options_default();
    refuse("1 2 3\n4 5\n", &options, VITRINE_PROBLEM_USAGE, "sequences");
    refuse("foo,bar\n1,2\n", &options, VITRINE_PROBLEM_USAGE, "--columns");
    refuse("session,item,time\ns,a,01/02/2021\n", &options, VITRINE_PROBLEM_USAGE, "line 2: cannot tell how the time");
    refuse("{\"x\":1}\n", &options, VITRINE_PROBLEM_USAGE, "ga4-bigquery");
}

static void wrong_columns_are_named_with_what_the_header_has(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    options.format = VITRINE_LOG_EVENTS;
    options.columns = "session=Visit,item=Item";
    refuse("visit,Item\ns,a\n", &options, VITRINE_PROBLEM_USAGE, "no column 'Visit'");
    assert_non_null(strstr(problem.text, "visit, Item"));
    options.columns = "sesion=visit,item=Item";
    refuse("visit,Item\ns,a\n", &options, VITRINE_PROBLEM_USAGE, "'sesion=visit'");
    options.columns = "item=Item";
    refuse("visit,Item\ns,a\n", &options, VITRINE_PROBLEM_USAGE, "neither a user nor a session");
    options.columns = NULL;
    options.time = "sometimes";
    refuse("session,item\ns,a\n", &options, VITRINE_PROBLEM_USAGE, "--time");
    options.time = NULL;
    options.type_map = "view=fly";
    refuse("session,item\ns,a\n", &options, VITRINE_PROBLEM_USAGE, "--type-map");
    options.type_map = NULL;
    options.item_pattern = "(";
    refuse("session,item\ns,a\n", &options, VITRINE_PROBLEM_USAGE, "--item-pattern");
}

static void an_empty_log_is_a_problem_and_no_dataset(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    refuse("", &options, VITRINE_PROBLEM_INPUT, "empty");
    refuse("session,item\n", &options, VITRINE_PROBLEM_INPUT, "not one usable event");
    refuse("session,item\n,a\n", &options, VITRINE_PROBLEM_INPUT, "in 1 rows");
    options.format = VITRINE_LOG_SESSIONS;
    refuse("", &options, VITRINE_PROBLEM_INPUT, "not one usable event");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_rows_and_items_sort_by_length_and_bytes),
        cmocka_unit_test(pairs_end_with_their_target),
        cmocka_unit_test(sequences_are_named_by_their_user),
        cmocka_unit_test(events_sort_by_time_and_sessions_by_their_last_event),
        cmocka_unit_test(a_pause_ends_a_session_when_only_users_are_known),
        cmocka_unit_test(a_map_names_the_columns_and_their_types_become_kinds),
        cmocka_unit_test(a_table_without_a_header_is_mapped_by_numbers),
        cmocka_unit_test(recbole_headers_carry_types_and_ratings_become_shares),
        cmocka_unit_test(ga4_lines_give_an_event_for_each_item),
        cmocka_unit_test(segment_calls_give_an_event_for_each_product),
        cmocka_unit_test(algolias_conversions_are_purchases_unless_they_say_otherwise),
        cmocka_unit_test(a_file_of_types_means_what_the_same_map_would),
        cmocka_unit_test(a_vocabulary_fixes_the_rows_and_marks_strangers),
        cmocka_unit_test(several_files_are_one_log),
        cmocka_unit_test(what_cannot_be_guessed_is_asked_for_with_the_candidates),
        cmocka_unit_test(wrong_columns_are_named_with_what_the_header_has),
        cmocka_unit_test(an_empty_log_is_a_problem_and_no_dataset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
