/* Baselines against lists worked by hand and against their definitions written out once more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "eval/baseline.h"
#include "eval/stan.h"
#include "support/small_shop.h"
#include "support/tiny_log.h"
#include "train/popularity.h"

enum { ITEMS = 30, LONGEST = 12 };

/* The list of a baseline after a history; returns its length. */
static uint32_t list_of(vitrine_baseline_kind kind, const vitrine_dataset *log,
                        const uint32_t *history, uint32_t length, const uint8_t *allowed,
                        uint32_t k, uint32_t *items)
{
    float popularity[ITEMS];
    vitrine_baseline *baseline;
    vitrine_lister lister;
    assert_int_equal(vitrine_popularity(log, 0, log->sessions, NULL, 0, popularity), VITRINE_OK);
    assert_int_equal(vitrine_baseline_make(kind, log->items, popularity, log, 2, &baseline),
                     VITRINE_OK);
    assert_int_equal(vitrine_baseline_lister(baseline, LONGEST, &lister), VITRINE_OK);
    uint32_t count = 0;
    for (int twice = 0; twice < 2; twice++) { /* the second visit starts as the first */
        lister.start(lister.self);
        for (uint32_t n = 0; n < length; n++) {
            const vitrine_event event = { .item = history[n] };
            lister.observe(lister.self, &event);
        }
        count = lister.list(lister.self, allowed, k, items);
    }
    lister.destroy(lister.self);
    vitrine_baseline_destroy(baseline);
    return count;
}

static void expect(vitrine_baseline_kind kind, const char *text, const char *history_text,
                   const char *want)
{
    uint32_t items[ITEMS];
    char got[200] = "";
    vitrine_dataset log = tiny_log(6, text), history = tiny_log(6, history_text);
    const uint32_t count =
        list_of(kind, &log, history.item, (uint32_t)history.events, NULL, 4, items);
    for (uint32_t n = 0; n < count; n++)
        sprintf(got + strlen(got), "%s%u", n > 0 ? " " : "", items[n]);
    assert_string_equal(got, want);
    vitrine_dataset_free(&log);
    vitrine_dataset_free(&history);
}

static void popular_items_first_and_ties_by_the_lower_item(void **state)
{
    (void)state;
    expect(VITRINE_BASELINE_POP, "3 3 3 1 1 0 0 5", "5", "3 0 1 5");
}

/* 2 twice, then 5 and 4 once each in the order met, then the popular ones that are not there yet. */
static void own_items_come_before_popular_ones(void **state)
{
    (void)state;
    expect(VITRINE_BASELINE_SPOP, "3 3 3 1 1 2", "2 5 2 4", "2 5 4 3");
}

/* After 0: 1 at one step twice and 2 at two steps once and at one step once: 2 against 1.5. */
static void sequential_rules_prefer_near_steps(void **state)
{
    (void)state;
    expect(VITRINE_BASELINE_SR, "0 1 2 | 0 1 | 0 2 0", "4 0", "1 2");
    expect(VITRINE_BASELINE_SR, "0 1 2 | 0 1 | 0 2 0", "0 4", "");
}

/* Together with 0: 2 in two sessions, 1 and 3 in one; 3 is the more frequent of these. */
static void association_rules_count_sessions(void **state)
{
    (void)state;
    expect(VITRINE_BASELINE_AR, "0 1 1 1 2 | 2 0 3 | 3 3 3 3", "0", "2 3 1");
}

/* Damped cosine: beside 0 (3 sessions) stand 1 in 2 sessions of 2, and 2 in 2 sessions of 9. */
static void item_knn_is_damped_cosine(void **state)
{
    (void)state;
    expect(VITRINE_BASELINE_ITEMKNN, "0 1 2|0 1 2|0|2|2|2|2|2|2|2", "0", "1 2");
}

static void masked_items_are_passed_over(void **state)
{
    (void)state;
    vitrine_dataset log = tiny_log(6, "0 1 2 3 | 0 1 2 | 0 1");
    const uint8_t allowed[6] = { 1, 0, 1, 1, 0, 1 };
    const uint32_t history[] = { 0 };
    for (uint32_t kind = 0; kind < VITRINE_BASELINES; kind++) {
        uint32_t items[ITEMS];
        const uint32_t count =
            list_of((vitrine_baseline_kind)kind, &log, history, 1, allowed, 6, items);
        assert_true(count >= 2);
        for (uint32_t n = 0; n < count; n++) assert_true(allowed[items[n]]);
    }
    vitrine_dataset_free(&log);
}

/* V-SKNN by the words of vsknn.h, without limits that 300 sessions do not reach. Scores [ITEMS]. */
static void naive_vsknn(const vitrine_dataset *log, const uint32_t *history, uint32_t length,
                        double *score)
{
    double weight[ITEMS] = {0}, similarity[300];
    uint32_t order[300];
    for (uint32_t n = 0; n < length; n++) weight[history[n]] = (n + 1.0) / length;
    for (uint32_t s = 0; s < log->sessions; s++) {
        bool in[ITEMS] = {false};
        for (uint64_t e = log->session_start[s]; e < log->session_start[s + 1]; e++)
            in[log->item[e]] = true;
        similarity[s] = 0;
        for (uint32_t i = 0; i < ITEMS; i++) similarity[s] += in[i] ? weight[i] : 0;
        order[s] = s;
    }
    for (uint32_t a = 0; a < log->sessions; a++) /* selection sort: best first, then the later */
        for (uint32_t b = a + 1; b < log->sessions; b++) {
            const uint32_t x = order[a], y = order[b];
            const double gap = similarity[y] - similarity[x];
            if (gap > 1e-12 || (fabs(gap) <= 1e-12 && y > x)) {
                order[a] = y;
                order[b] = x;
            }
        }
    memset(score, 0, ITEMS * sizeof *score);
    for (uint32_t n = 0; n < 100; n++) {
        const uint32_t s = order[n];
        bool in[ITEMS] = {false};
        if (!(similarity[s] > 0)) break;
        for (uint64_t e = log->session_start[s]; e < log->session_start[s + 1]; e++)
            in[log->item[e]] = true;
        uint32_t steps = 1;
        while (!in[history[length - steps]]) steps++;
        for (uint32_t i = 0; i < ITEMS; i++)
            if (in[i] && steps < 10) score[i] += similarity[s] * (1 - 0.1 * steps);
    }
}

/* 300 sessions of one to seven events. */
static vitrine_dataset random_log(uint64_t *random)
{
    enum { SESSIONS = 300 };
    static uint32_t item[SESSIONS * 8];
    uint64_t start[SESSIONS + 1] = {0};
    for (uint32_t s = 0; s < SESSIONS; s++) {
        const uint32_t length = 1 + (uint32_t)(small_shop_random(random) % 7);
        for (uint32_t n = 0; n < length; n++)
            item[start[s] + n] = (uint32_t)(small_shop_random(random) % ITEMS);
        start[s + 1] = start[s] + length;
    }
    return tiny_log_of(ITEMS, SESSIONS, start, item);
}

static void vsknn_is_its_definition(void **state)
{
    (void)state;
    uint64_t random = 5;
    vitrine_dataset log = random_log(&random);
    for (int round = 0; round < 40; round++) {
        uint32_t history[LONGEST], items[ITEMS];
        double score[ITEMS];
        const uint32_t length = 1 + (uint32_t)(small_shop_random(&random) % LONGEST);
        for (uint32_t n = 0; n < length; n++)
            history[n] = (uint32_t)(small_shop_random(&random) % ITEMS);
        naive_vsknn(&log, history, length, score);
        const uint32_t count =
            list_of(VITRINE_BASELINE_VSKNN, &log, history, length, NULL, ITEMS, items);
        uint32_t scored = 0;
        for (uint32_t i = 0; i < ITEMS; i++) scored += score[i] > 0;
        assert_int_equal(count, scored);
        for (uint32_t n = 1; n < count; n++)
            assert_true(score[items[n - 1]] >= score[items[n]] - 1e-9);
    }
    vitrine_dataset_free(&log);
}

/* STAN by the words of stan.h, without limits that 300 sessions do not reach. Scores [ITEMS]. */
static void naive_stan(const vitrine_dataset *log, const uint32_t *history, uint32_t length,
                       int64_t now, double *score)
{
    uint32_t place[ITEMS] = {0};
    for (uint32_t n = 0; n < length; n++) place[history[n]] = n + 1;
    memset(score, 0, ITEMS * sizeof *score);
    for (uint32_t s = 0; s < log->sessions; s++) {
        uint32_t there[ITEMS] = {0}, distinct = 0, shared = ITEMS;
        double similarity = 0;
        const uint64_t first = log->session_start[s], end = log->session_start[s + 1];
        for (uint64_t e = first; e < end; e++) there[log->item[e]] = (uint32_t)(e - first) + 1;
        for (uint32_t i = 0; i < ITEMS; i++) {
            distinct += there[i] > 0;
            if (there[i] == 0 || place[i] == 0) continue;
            similarity += exp(-(double)(length - place[i]));
            if (shared == ITEMS || place[i] > place[shared]) shared = i;
        }
        if (shared == ITEMS) continue;
        similarity /= sqrt((double)length * distinct);
        similarity *= exp(-(double)(now - log->time[end - 1]) / 864000.0);
        for (uint32_t i = 0; i < ITEMS; i++)
            if (there[i] > 0)
                score[i] += similarity * exp(-fabs((double)there[shared] - there[i]) / 3.0);
    }
}

static void stan_is_its_definition(void **state)
{
    (void)state;
    uint64_t random = 9;
    vitrine_dataset log = random_log(&random);
    const int64_t now = 40 * 86400;
    log.timed = true;
    for (uint64_t e = 0; e < log.events; e++)
        log.time[e] = 1 + (int64_t)(small_shop_random(&random) % (uint64_t)now);
    vitrine_session_index index;
    vitrine_session_query query;
    assert_int_equal(vitrine_session_index_make(&log, VITRINE_BY_LAST_EVENT, &index), VITRINE_OK);
    assert_int_equal(vitrine_session_query_make(&index, VITRINE_STAN_LATEST, &query), VITRINE_OK);
    for (int round = 0; round < 40; round++) {
        uint32_t history[LONGEST], scored = 0;
        double score[ITEMS];
        const uint32_t length = 1 + (uint32_t)(small_shop_random(&random) % LONGEST);
        for (uint32_t n = 0; n < length; n++)
            history[n] = (uint32_t)(small_shop_random(&random) % ITEMS);
        naive_stan(&log, history, length, now, score);
        vitrine_stan_score(&index, history, length, now, &query);
        for (uint32_t i = 0; i < ITEMS; i++) {
            assert_true(fabs(query.score[i] - score[i]) <= 1e-9 * (1.0 + score[i]));
            scored += score[i] > 0;
        }
        assert_int_equal(query.size, scored);
    }
    vitrine_session_query_free(&query);
    vitrine_session_index_free(&index);
    vitrine_dataset_free(&log);
}

static void names_and_needs(void **state)
{
    (void)state;
    for (uint32_t kind = 0; kind < VITRINE_BASELINES; kind++) {
        const char *name = vitrine_baseline_name(kind);
        assert_int_equal(vitrine_baseline_of(name, strlen(name)), kind);
    }
    assert_int_equal(vitrine_baseline_of("po", 2), VITRINE_BASELINES);
    assert_int_equal(vitrine_baseline_of("popular", 7), VITRINE_BASELINES);
    assert_null(vitrine_baseline_name(VITRINE_BASELINES));
    vitrine_baseline *baseline = NULL;
    const float popularity[1] = { 1 };
    assert_int_equal(
        vitrine_baseline_make(VITRINE_BASELINE_SR, 1, popularity, NULL, 1, &baseline),
        VITRINE_BAD_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(popular_items_first_and_ties_by_the_lower_item),
        cmocka_unit_test(own_items_come_before_popular_ones),
        cmocka_unit_test(sequential_rules_prefer_near_steps),
        cmocka_unit_test(association_rules_count_sessions),
        cmocka_unit_test(item_knn_is_damped_cosine),
        cmocka_unit_test(masked_items_are_passed_over),
        cmocka_unit_test(vsknn_is_its_definition),
        cmocka_unit_test(stan_is_its_definition),
        cmocka_unit_test(names_and_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
