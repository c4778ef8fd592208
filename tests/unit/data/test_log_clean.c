/* Every cleaning rule on a log that breaks it once: counted under its reason, with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/data/log_text.h"

static vitrine_dataset data;
static vitrine_log_report report;
static vitrine_problem problem;

static void read_log(const char *text, const vitrine_log_options *options)
{
    if (!log_read(text, options, NULL, &data, &report, &problem)) fail_msg("%s", problem.text);
}

static void expect_reject(vitrine_reject reason, uint64_t rows, uint64_t line, const char *sample)
{
    const vitrine_reject_count *count = &report.reject[reason];
    if (count->rows != rows || count->line != line || strcmp(count->sample, sample) != 0)
        fail_msg("%s: %llu rows, first in line %llu, '%s'", vitrine_reject_name(reason),
                 (unsigned long long)count->rows, (unsigned long long)count->line, count->sample);
}

static void each_bad_field_has_its_reason(void **state)
{
    (void)state;
    const vitrine_log_options options = vitrine_log_options_default();
    read_log("user,session,item,time,type,price,quantity\n"
             "u,s,a,2021-01-01,view,1,1\n"           /* line 2: good */
             ",s,a,2021-01-01,view,1,1\n"            /* 3 */
             "u,,a,2021-01-01,view,1,1\n"            /* 4 */
             "u,s,,2021-01-01,view,1,1\n"            /* 5 */
             "u,s,a,2021-99-01,view,1,1\n"           /* 6 */
             "u,s,a,1970-01-01,view,1,1\n"           /* 7: before there were shops on the web */
             "u,s,a,2199-01-01,view,1,1\n"           /* 8: and long after */
             "u,s,a,2021-01-01,teleport,1,1\n"       /* 9 */
             "u,s,a,2021-01-01,view,-1,1\n"          /* 10 */
             "u,s,a,2021-01-01,view,nan,1\n"         /* 11 */
             "u,s,a,2021-01-01,view,1,0\n"           /* 12 */
             "u,s,a,2021-01-01,view,1,-2\n"          /* 13 */
             "u,C536,a,2021-01-01,view,1,-2\n"       /* 14: a cancelled invoice */
             "u,s,a,2021-01-01,view,1\n"             /* 15: a field short */
             "u,s,,2021-01-01,search,,\n"            /* 16: about no item, no mistake */
             "u,s,b,2021-01-02,view,,\n", &options); /* 17: good */
    assert_int_equal(report.rows, 16);
    assert_int_equal(report.kept, 2);
    assert_int_equal(data.events, 2);
    expect_reject(VITRINE_REJECT_MISSING_USER, 1, 3, "a");
    expect_reject(VITRINE_REJECT_MISSING_SESSION, 1, 4, "a");
    expect_reject(VITRINE_REJECT_MISSING_ITEM, 1, 5, "");
    expect_reject(VITRINE_REJECT_BAD_TIME, 1, 6, "2021-99-01");
    expect_reject(VITRINE_REJECT_TIME_RANGE, 2, 7, "1970-01-01");
    expect_reject(VITRINE_REJECT_UNKNOWN_TYPE, 1, 9, "teleport");
    expect_reject(VITRINE_REJECT_BAD_PRICE, 2, 10, "-1");
    expect_reject(VITRINE_REJECT_BAD_QUANTITY, 1, 12, "0");
    expect_reject(VITRINE_REJECT_RETURNED, 1, 13, "-2");
    expect_reject(VITRINE_REJECT_CANCELLED, 1, 14, "-2");
    expect_reject(VITRINE_REJECT_BAD_ROW, 1, 15, "u");
    expect_reject(VITRINE_REJECT_DROPPED_TYPE, 1, 16, "");
    vitrine_dataset_free(&data);
}

static void every_row_is_kept_or_counted_once(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    options.min_item_count = 2;
    options.min_session = 2;
    options.dedupe = true;
    read_log("session,item,time\ns,a,1600000000\ns,a,1600000000\ns,b,1600000001\nt,a,1600000002\n"
             "t,c,1600000003\nt,b,1600000004\nv,a,x\n,a,1600000003\n", &options);
    uint64_t rejected = 0;
    for (int i = 0; i < VITRINE_REJECTS; i++) rejected += report.reject[i].rows;
    assert_int_equal(report.rows, 8);
    assert_int_equal(report.kept + rejected, report.rows);
    expect_reject(VITRINE_REJECT_DUPLICATE, 1, 3, "a");
    expect_reject(VITRINE_REJECT_RARE_ITEM, 1, 6, "c");
    vitrine_dataset_free(&data);
}

static void items_must_fit_the_whole_pattern(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    options.item_pattern = "[0-9]{5}[A-Za-z]*|gift";
    options.item_case = VITRINE_CASE_UPPER;
    read_log("session,item\ns,85123a\ns,POST\ns,123456\ns,85123A\ns,POST\n", &options);
    assert_int_equal(data.items, 1);
    assert_int_equal(data.events, 2);
    assert_memory_equal(data.item_ids.bytes, "85123A", 6);
    expect_reject(VITRINE_REJECT_ITEM_PATTERN, 3, 3, "POST");
    vitrine_dataset_free(&data);
}

static void a_price_far_from_the_items_median_is_an_outlier(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    static const char text[] = "session,item,price\ns,a,2\ns,a,2.5\ns,a,1.5\ns,a,2\ns,a,2\ns,a,2001\ns,a,0.0015\n"
                               "s,a,1999\ns,b,1\ns,b,100\n"; /* b has too few prices to judge */
    read_log(text, &options);
    assert_int_equal(data.events, 8);
    expect_reject(VITRINE_REJECT_PRICE_OUTLIER, 2, 7, "a");
    vitrine_dataset_free(&data);
    options.max_price_ratio = 0;
    read_log(text, &options);
    assert_int_equal(data.events, 10);
    vitrine_dataset_free(&data);
    options.min_price = 1;
    read_log(text, &options);
    assert_int_equal(data.events, 9);
    expect_reject(VITRINE_REJECT_BAD_PRICE, 1, 8, "0.0015");
    vitrine_dataset_free(&data);
}

/* A session of `count` views, one every `step` milliseconds, in `text`. */
static void add_session(char *text, const char *name, int count, int step, const char *type)
{
    char *at = text + strlen(text);
    for (int i = 0; i < count; i++)
        at += sprintf(at, "%s,i%d,%lld,%s\n", name, i, 1600000000000LL + (long long)i * step, type);
}

static void machines_are_too_many_events_or_too_fast_views(void **state)
{
    (void)state;
    static char text[1 << 16];
    strcpy(text, "session,item,time,type\n");
    add_session(text, "person", 60, 5000, "view");
    add_session(text, "quick", 21, 50, "view");      /* 20 gaps of 50 ms */
    add_session(text, "hasty", 20, 50, "view");      /* as fast, but no more than 19 gaps */
    add_session(text, "basket", 60, 0, "purchase");  /* lines of one order */
    add_session(text, "lines", 130, 0, "view");      /* of an order whose log knows no types */
    add_session(text, "crawler", 101, 9000, "view");
    vitrine_log_options options = vitrine_log_options_default();
    options.max_events_per_session = 100;
    read_log(text, &options);
    assert_int_equal(data.sessions, 4);
    assert_int_equal(data.events, 60 + 20 + 60 + 130);
    expect_reject(VITRINE_REJECT_BOT, 21 + 101, 62, "quick");
    vitrine_dataset_free(&data);
    options.max_events_per_session = 0;
    options.max_rate = 0;
    read_log(text, &options);
    assert_int_equal(data.sessions, 6);
    vitrine_dataset_free(&data);
}

/* Looks of `count` items in each of `seconds` seconds, with or without a column of types. */
static void bursts(char *text, const char *name, int seconds, int count, int pause, bool typed)
{
    char *at = text + strlen(text);
    for (int s = 0; s < seconds; s++)
        for (int i = 0; i < count; i++)
            at += sprintf(at, "%s,i%d,%d%s\n", name, i, 1600000000 + s * pause, typed ? ",view" : "");
}

static void whole_seconds_hide_no_machine_and_make_none_of_orders(void **state)
{
    (void)state;
    static char text[1 << 16];
    const vitrine_log_options options = vitrine_log_options_default();
    for (int typed = 0; typed < 2; typed++) {
        strcpy(text, typed ? "session,item,time,type\n" : "session,item,time\n");
        bursts(text, "machine", 4, 12, 1, typed);  /* 12 looks a second, second after second */
        bursts(text, "person", 40, 1, 1, typed);
        bursts(text, "orders", 3, 40, 600, typed); /* three orders of 40 lines */
        bursts(text, "order", 1, 40, 1, typed);    /* one, and a look a second later */
        strcat(text, typed ? "order,i1,1600000001,view\n" : "order,i1,1600000001\n");
        read_log(text, &options);
        assert_int_equal(data.sessions, 3);
        expect_reject(VITRINE_REJECT_BOT, 4 * 12, 2, "machine");
        vitrine_dataset_free(&data);
    }
}

static void duplicates_go_only_when_asked_and_only_next_to_each_other(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    static const char text[] = "session,item,time,quantity\ns,a,1600000000,1\ns,a,1600000000,1\n"
                               "s,a,1600000000,2\ns,b,1600000000,1\ns,a,1600000000,1\n";
    read_log(text, &options);
    assert_int_equal(data.events, 5);
    vitrine_dataset_free(&data);
    options.dedupe = true;
    read_log(text, &options);
    assert_int_equal(data.events, 4);
    vitrine_dataset_free(&data);
}

static void rare_items_go_first_and_then_short_sessions(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    options.format = VITRINE_LOG_SESSIONS;
    options.min_item_count = 2;
    options.min_session = 2;
    char got[256];
    read_log("a b a\nb c\na b\n", &options);
    log_show(&data, got, sizeof got);
    assert_string_equal(got, "0: a b a | 2: a b");
    expect_reject(VITRINE_REJECT_RARE_ITEM, 1, 2, "c");
    expect_reject(VITRINE_REJECT_SHORT_SESSION, 1, 2, "1");
    assert_int_equal(data.items, 2);
    vitrine_dataset_free(&data);
}

static void since_and_until_cut_the_log(void **state)
{
    (void)state;
    vitrine_log_options options = vitrine_log_options_default();
    options.since = 1600000001;
    options.until = 1600000003;
    char got[64];
    read_log("session,item,time\ns,a,1600000000\ns,b,1600000001\ns,c,1600000002.9\ns,d,1600000003\n", &options);
    log_show(&data, got, sizeof got);
    assert_string_equal(got, "s: b c");
    vitrine_dataset_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bad_field_has_its_reason),
        cmocka_unit_test(every_row_is_kept_or_counted_once),
        cmocka_unit_test(items_must_fit_the_whole_pattern),
        cmocka_unit_test(a_price_far_from_the_items_median_is_an_outlier),
        cmocka_unit_test(machines_are_too_many_events_or_too_fast_views),
        cmocka_unit_test(whole_seconds_hide_no_machine_and_make_none_of_orders),
        cmocka_unit_test(duplicates_go_only_when_asked_and_only_next_to_each_other),
        cmocka_unit_test(rare_items_go_first_and_then_short_sessions),
        cmocka_unit_test(since_and_until_cut_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
