/* Which positions are asked for, and what a list line looks like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval/evaluate.h"
#include "eval/lists.h"
#include "eval/slices.h"
#include "support/tiny_log.h"

/* "session.position>target" of every case, in order; '-' for an unknown target. */
static void describe(const vitrine_dataset *log, const vitrine_case_rules *rules, char *out)
{
    vitrine_cases cases;
    assert_int_equal(vitrine_cases_make(log, rules, &cases), VITRINE_OK);
    *out = '\0';
    for (uint32_t s = 0; s < cases.sessions; s++)
        for (uint64_t c = cases.case_start[s]; c < cases.case_start[s + 1]; c++) {
            char target[16] = "-";
            if (cases.target[c] != VITRINE_NO_ITEM) sprintf(target, "%u", cases.target[c]);
            sprintf(out + strlen(out), "%s%u.%u>%s", *out ? " " : "", cases.row[s],
                    cases.position[c], target);
        }
    assert_int_equal(cases.cases, cases.case_start[cases.sessions]);
    vitrine_cases_free(&cases);
}

static void expect(const char *text, vitrine_case_rules rules, const char *want)
{
    char got[1000];
    vitrine_dataset log = tiny_log(9, text);
    describe(&log, &rules, got);
    assert_string_equal(got, want);
    vitrine_dataset_free(&log);
}

static void every_position_of_a_session_is_asked(void **state)
{
    (void)state;
    expect("1 2 3 | 4 | 5 6", (vitrine_case_rules){0}, "0.0>2 0.1>3 2.0>6");
}

static void only_the_last_event_of_pairs_is_asked(void **state)
{
    (void)state;
    expect("1 2 3 | 4 | 5 6", (vitrine_case_rules){ .last_only = true }, "0.1>3 2.0>6");
}

static void dropped_unknown_items_do_not_count_as_positions(void **state)
{
    (void)state;
    expect("1 - 3 4 | - 2 | - 2 3 -", (vitrine_case_rules){0}, "0.0>3 0.1>4 2.0>3");
    /* A row of pairs whose target is unknown is no row; an unknown item before it is left out. */
    expect("1 2 - | 1 - 2 | - 2", (vitrine_case_rules){ .last_only = true }, "1.0>2");
}

static void missed_unknown_items_count(void **state)
{
    (void)state;
    expect("1 - 3", (vitrine_case_rules){ .unknown_miss = true }, "0.0>- 0.1>3");
    expect("1 2 - | - 2", (vitrine_case_rules){ .unknown_miss = true, .last_only = true },
           "0.1>- 1.0>2");
}

static void repeated_targets_are_no_cases_when_dropped(void **state)
{
    (void)state;
    expect("1 2 1 2 3", (vitrine_case_rules){ .repeat = VITRINE_REPEAT_DROP }, "0.0>2 0.3>3");
    expect("1 2 1 2 3", (vitrine_case_rules){0}, "0.0>2 0.1>1 0.2>2 0.3>3");
}

static void only_items_of_the_history_may_be_listed(void **state)
{
    (void)state;
    /* Every target is a case, met or not. */
    expect("1 2 1 2 3", (vitrine_case_rules){ .repeat = VITRINE_REPEAT_ONLY }, "0.0>2 0.1>1 0.2>2 0.3>3");
}

static void only_events_of_the_wanted_kinds_are_targets(void **state)
{
    (void)state;
    vitrine_dataset log = tiny_log(9, "1 2 3 4 | 5 6");
    char got[1000];
    for (uint64_t e = 0; e < log.events; e++) log.kind[e] = VITRINE_VIEW_ITEM;
    log.kind[0] = log.kind[2] = VITRINE_PURCHASE; /* the first has no history */
    log.kind[3] = VITRINE_ADD_TO_CART;
    describe(&log, &(vitrine_case_rules){ .targets = 1u << VITRINE_PURCHASE }, got);
    assert_string_equal(got, "0.1>3");
    describe(&log, &(vitrine_case_rules){ .targets = 1u << VITRINE_PURCHASE | 1u << VITRINE_ADD_TO_CART },
             got);
    assert_string_equal(got, "0.1>3 0.2>4");
    vitrine_dataset_free(&log);
}

static void a_limit_spreads_over_the_sessions(void **state)
{
    (void)state;
    expect("1 2 | 2 3 | 3 4 | 4 5 | 5 6 | 6 7", (vitrine_case_rules){ .limit = 3 },
           "0.0>2 2.0>4 4.0>6");
}

static void slices_part_the_cases(void **state)
{
    (void)state;
    vitrine_dataset log = tiny_log(9, "1 2 1 2 3 4 5 6 7 8 1 2 1");
    const vitrine_case_rules rules = {0};
    vitrine_cases cases;
    assert_int_equal(vitrine_cases_make(&log, &rules, &cases), VITRINE_OK);
    /* Twelve positions after 1 .. 12 events; the targets 1 2 and 1 2 1 had been met. */
    uint8_t band[9];
    /* Seven items were met, hence two are the head: 1 and 2, three targets each; 8 is cold. */
    const float popularity[9] = { 0, 4, 3, 1, 1, 1, 1, 1, 0 };
    assert_int_equal(vitrine_bands_of(popularity, 9, band), VITRINE_OK);
    const uint32_t want[VITRINE_SLICES] = { 1, 1, 2, 5, 3, 5, 7, 6, 5, 1 };
    for (uint32_t slice = 0; slice < VITRINE_SLICES; slice++) {
        uint8_t chosen[12];
        uint32_t size = 0;
        vitrine_slice_choose(&cases, band, slice, chosen);
        for (int c = 0; c < 12; c++) size += chosen[c];
        assert_int_equal(size, want[slice]);
    }
    vitrine_cases_free(&cases);
    vitrine_dataset_free(&log);
}

/* A lister that always answers 3, 2, 1 as far as it may. */
static void start(void *self) { (void)self; }
static void observe(void *self, const vitrine_event *event)
{
    (void)event;
    ++*(uint32_t *)self;
}
static uint32_t list(void *self, const uint8_t *allowed, uint32_t k, uint32_t *items)
{
    uint32_t count = 0;
    (void)self;
    for (uint32_t i = 3; i >= 1 && count < k; i--)
        if (allowed == NULL || allowed[i]) items[count++] = i;
    return count;
}

static void lists_are_ranked_and_written_as_documented(void **state)
{
    (void)state;
    vitrine_dataset log = tiny_log(4, "1 2 3 | 2 -");
    const vitrine_case_rules rules = { .unknown_miss = true, .repeat = VITRINE_REPEAT_DROP };
    const uint32_t cut[] = { 1, 2 };
    uint32_t observed[2] = { 0, 0 };
    const vitrine_lister listers[2] = {
        { .self = &observed[0], .start = start, .observe = observe, .list = list },
        { .self = &observed[1], .start = start, .observe = observe, .list = list },
    };
    for (uint32_t threads = 1; threads <= 2; threads++) {
        vitrine_cases cases;
        vitrine_ranks ranks;
        char *line = NULL;
        size_t capacity = 0;
        assert_int_equal(vitrine_cases_make(&log, &rules, &cases), VITRINE_OK);
        assert_int_equal(vitrine_ranks_make(&cases, cut, 2, 0, true, &ranks), VITRINE_OK);
        assert_int_equal(vitrine_evaluate(&cases, listers, threads, NULL, NULL, &ranks), VITRINE_OK);
        /* After 1: 3 2, target 2. After 1 2: 3, target 3. After 2: 3 1, unknown target. */
        assert_int_equal(ranks.rank[0], 2);
        assert_int_equal(ranks.rank[1], 1);
        assert_int_equal(ranks.rank[2], 0);
        const uint32_t within_two[] = { 0, 1, 1, 3 };
        assert_memory_equal(ranks.recommended + 4, within_two, sizeof within_two);
        const char *const want[] = { "0\t0\t3,2\n", "0\t1\t3\n", "1\t0\t3,1\n" };
        const uint32_t session[] = { 0, 0, 1 };
        for (uint32_t c = 0; c < 3; c++) {
            const size_t length = vitrine_lists_line(&log, &log.item_ids, &cases, &ranks,
                                                     session[c], c, &line, &capacity);
            assert_int_equal(length, strlen(want[c]));
            assert_memory_equal(line, want[c], length);
        }
        free(line);
        vitrine_ranks_free(&ranks);
        vitrine_cases_free(&cases);
    }
    vitrine_dataset_free(&log);
}

static void ids_are_percent_encoded(void **state)
{
    (void)state;
    char out[64];
    const char id[] = "a,b%c\td\r\n\xc3\xa9";
    const size_t length = vitrine_lists_encode(id, sizeof id - 1, out);
    out[length] = '\0';
    assert_string_equal(out, "a%2Cb%25c%09d%0D%0A\xc3\xa9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_position_of_a_session_is_asked),
        cmocka_unit_test(only_the_last_event_of_pairs_is_asked),
        cmocka_unit_test(dropped_unknown_items_do_not_count_as_positions),
        cmocka_unit_test(missed_unknown_items_count),
        cmocka_unit_test(repeated_targets_are_no_cases_when_dropped),
        cmocka_unit_test(only_items_of_the_history_may_be_listed),
        cmocka_unit_test(only_events_of_the_wanted_kinds_are_targets),
        cmocka_unit_test(a_limit_spreads_over_the_sessions),
        cmocka_unit_test(slices_part_the_cases),
        cmocka_unit_test(lists_are_ranked_and_written_as_documented),
        cmocka_unit_test(ids_are_percent_encoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
