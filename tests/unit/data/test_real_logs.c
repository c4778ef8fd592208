/* Published data sets, when they are there (../shared/data beside the source): the counts are those
 * of their publishers and of an independent count. Skipped otherwise: they may not be passed on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/data/log_text.h"

static const char FOLDER[] = VITRINE_SOURCE_DIR "/../shared/data/";

typedef struct expected {
    const char *file, *columns;
    vitrine_log_format format;
    uint64_t events;
    uint32_t sessions, items; /* 0: not known */
} expected;

static void expect_counts(const expected *want)
{
    char path[512];
    const char *files[] = {path};
    vitrine_log_options options = vitrine_log_options_default();
    vitrine_dataset data;
    vitrine_log_report report;
    vitrine_problem problem = {0};
    snprintf(path, sizeof path, "%s%s", FOLDER, want->file);
    options.format = want->format;
    options.columns = want->columns;
    if (!vitrine_log_read(files, 1, &options, NULL, &data, &report, &problem)) fail_msg("%s", problem.text);
    assert_int_equal(data.events, want->events);
    assert_int_equal(data.sessions, want->sessions);
    if (want->items > 0) assert_int_equal(data.items, want->items);
    vitrine_dataset_free(&data);
}

static void the_counts_are_the_published_ones(void **state)
{
    (void)state;
    static const expected wanted[] = {
        {"rsc15-100k/yoochoose-clicks-100k_train_full.txt.gz", "session=SessionId,item=ItemId,time=Time",
         VITRINE_LOG_EVENTS, 70278, 17794, 2933},
        {"rsc15-100k/yoochoose-clicks-100k_test.txt.gz", NULL, VITRINE_LOG_GUESS, 13568, 3416, 1771},
        {"sessions/diginetica/train_sessions.txt.gz", NULL, VITRINE_LOG_SESSIONS, 906140, 186670, 43097},
        {"sessions/nowplaying/train_sessions.txt.gz", NULL, VITRINE_LOG_SESSIONS, 953381, 128077, 60416},
        {"sessions/retailrocket/train_sessions.txt.gz", NULL, VITRINE_LOG_SESSIONS, 685984, 126168, 36968},
        {"s3rec/Beauty.txt.gz", NULL, VITRINE_LOG_SEQUENCES, 198502, 22363, 12101},
        {"s3rec/LastFM.txt.gz", NULL, VITRINE_LOG_SEQUENCES, 52551, 1090, 3646},
        {"rees46-sample/2019-Oct-sample.csv", NULL, VITRINE_LOG_GUESS, 1000, 372, 534}};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) expect_counts(&wanted[i]);
}

static void pairs_of_the_benchmarks_are_all_read(void **state)
{
    (void)state;
    static const expected wanted = {"sessions/diginetica/test.tsv.gz", NULL, VITRINE_LOG_GUESS,
                                    306404, 60858, 0}; /* zcat | wc -w; zcat | wc -l */
    expect_counts(&wanted);
}

static void a_year_of_orders_keeps_the_rows_that_its_rules_keep(void **state)
{
    (void)state;
    static const char *const names[] = {"2010-12_2011-04", "2011-05_2011-08", "2011-09_2011-11-09"};
    char path[3][512];
    const char *files[3];
    for (int i = 0; i < 3; i++) {
        snprintf(path[i], sizeof path[i], "%sonline-retail/online_retail_%s.csv.gz", FOLDER, names[i]);
        files[i] = path[i];
    }
    vitrine_log_options options = vitrine_log_options_default();
    options.columns = "user=CustomerID,session=InvoiceNo,item=StockCode,time=InvoiceDate,type=,"
                      "price=UnitPrice,quantity=Quantity";
    options.default_type = "purchase";
    options.item_pattern = "[0-9]{5}[A-Za-z]*";
    options.item_case = VITRINE_CASE_UPPER;
    options.min_price = 0.001;
    vitrine_dataset data;
    vitrine_log_report report;
    vitrine_problem problem = {0};
    if (!vitrine_log_read(files, 3, &options, NULL, &data, &report, &problem)) fail_msg("%s", problem.text);
    assert_int_equal(report.rows, 453843);
    assert_int_equal(data.events, 332302);
    assert_int_equal(data.sessions, 15733);
    assert_int_equal(data.items, 3622);
    assert_int_equal(data.kind[0], VITRINE_PURCHASE);
    assert_int_equal(data.time[0], 1291191960);
    vitrine_dataset_free(&data);
}

static void a_last_line_that_is_cut_off_costs_one_row(void **state)
{
    (void)state;
    char path[512];
    const char *files[] = {path};
    snprintf(path, sizeof path, "%staobao-userbehavior-sample/UserBehavior.csv.gz", FOLDER);
    vitrine_log_options options = vitrine_log_options_default();
    options.no_header = true;
    options.columns = "user=1,item=2,category=3,type=4,time=5";
    vitrine_dataset data;
    vitrine_log_report report;
    vitrine_problem problem = {0};
    if (!vitrine_log_read(files, 1, &options, NULL, &data, &report, &problem)) fail_msg("%s", problem.text);
    assert_int_equal(data.events, 84475);
    assert_int_equal(report.reject[VITRINE_REJECT_BAD_ROW].rows, 1);
    assert_int_equal(report.reject[VITRINE_REJECT_BAD_ROW].line, 84476);
    uint64_t bought = 0;
    for (uint64_t i = 0; i < data.events; i++) bought += data.kind[i] == VITRINE_PURCHASE;
    assert_int_equal(bought, 1750);
    vitrine_dataset_free(&data);
}

int main(void)
{
    if (access(FOLDER, R_OK) != 0) {
        printf("skipped: no data in %s\n", FOLDER);
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_counts_are_the_published_ones),
        cmocka_unit_test(pairs_of_the_benchmarks_are_all_read),
        cmocka_unit_test(a_year_of_orders_keeps_the_rows_that_its_rules_keep),
        cmocka_unit_test(a_last_line_that_is_cut_off_costs_one_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
