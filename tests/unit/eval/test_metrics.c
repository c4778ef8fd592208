/* Metrics by hand: every expected number is worked out in the comment above it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "eval/metrics.h"

/* Ranks 1, 3, none, 6 at k = 5: two of four found; (1 + 1/3) / 4; (1 + 1/2) / 4 as log2(4) = 2. */
static void means_of_four_cases_by_hand(void **state)
{
    (void)state;
    const uint32_t rank[] = { 1, 3, 0, 6 };
    const vitrine_quality five = vitrine_quality_at(rank, NULL, 4, 5);
    assert_int_equal(five.cases, 4);
    assert_float_equal(five.recall, 0.5, 1e-12);
    assert_float_equal(five.mrr, 1.0 / 3, 1e-12);
    assert_float_equal(five.ndcg, 0.375, 1e-12);
    /* At 6 the last one adds 1/6 and 1 / log2(7) = 0.3562071871. */
    const vitrine_quality six = vitrine_quality_at(rank, NULL, 4, 6);
    assert_float_equal(six.recall, 0.75, 1e-12);
    assert_float_equal(six.mrr, 0.375, 1e-12);
    assert_float_equal(six.ndcg, (1.5 + 0.3562071871) / 4, 1e-9);
}

static void chosen_cases_alone_count(void **state)
{
    (void)state;
    const uint32_t rank[] = { 1, 3, 0, 6 };
    const uint8_t chosen[] = { 0, 1, 1, 0 };
    const vitrine_quality q = vitrine_quality_at(rank, chosen, 4, 5);
    assert_int_equal(q.cases, 2);
    assert_float_equal(q.recall, 0.5, 1e-12);
    assert_float_equal(q.mrr, 1.0 / 6, 1e-12);
    const uint8_t none[] = { 0, 0, 0, 0 };
    assert_true(vitrine_quality_at(rank, none, 4, 5).mrr == 0.0);
}

static void rank_counts_from_one_and_zero_is_absent(void **state)
{
    (void)state;
    const uint32_t list[] = { 7, 4, 9 };
    assert_int_equal(vitrine_rank_of(7, list, 3), 1);
    assert_int_equal(vitrine_rank_of(9, list, 3), 3);
    assert_int_equal(vitrine_rank_of(9, list, 2), 0);
}

/* Three lists of two hold the items 0 0 0 1 1 2: 3 of 4 are covered. Recommended
 * popularity: (3 * .4 + 2 * .3 + .2) / 6 = 1/3; targets 0, 3 (one unknown passed over):
 * (.4 + .1) / 2 = 1/4; bias 4/3. */
static void coverage_and_bias_by_hand(void **state)
{
    (void)state;
    const uint32_t recommended[] = { 3, 2, 1, 0 }, target[] = { 0, 3, UINT32_MAX };
    const float popularity[] = { 0.4f, 0.3f, 0.2f, 0.1f };
    const vitrine_spread spread = vitrine_spread_of(recommended, popularity, 4, target, 3);
    assert_float_equal(spread.coverage, 0.75, 1e-12);
    assert_float_equal(spread.bias, 4.0 / 3, 1e-6);
}

/* 400 sessions of one case, half of them hits at rank 1: the mean is .5, and its standard error
 * sqrt(.25 / 400) = .025, so 95 % lie within about .049 of it. */
static void bootstrap_interval_has_the_textbook_width(void **state)
{
    (void)state;
    enum { N = 400, SAMPLES = 4000 };
    static double sums[N * 3], means[SAMPLES * 4];
    uint32_t rank[N], better[N];
    uint64_t start[N + 1];
    for (uint32_t n = 0; n < N; n++) {
        rank[n] = n % 2;
        better[n] = n % 10 == 1 ? 0 : 1;
        start[n] = n;
    }
    start[N] = N;
    const vitrine_bootstrap one =
        vitrine_bootstrap_of(rank, NULL, start, N, 20, SAMPLES, 1, sums, means);
    assert_float_equal(one.recall.low, 0.451, 0.006);
    assert_float_equal(one.recall.high, 0.549, 0.006);
    /* Never better by chance: the difference is -.4 for certain enough. */
    const vitrine_bootstrap worse =
        vitrine_bootstrap_of(rank, better, start, N, 20, SAMPLES, 1, sums, means);
    assert_true(worse.p_recall == 1.0 && worse.recall.high < 0.0);
    const vitrine_bootstrap won =
        vitrine_bootstrap_of(better, rank, start, N, 20, SAMPLES, 1, sums, means);
    assert_true(won.p_recall == 0.0 && won.mrr.low > 0.0);
}

/* Two sessions with 1 and 99 cases: drawn as sessions, the mean is 0, 1, or 99/100 or 1/100. */
static void bootstrap_draws_whole_sessions(void **state)
{
    (void)state;
    enum { SAMPLES = 1000 };
    static double sums[2 * 3], means[SAMPLES * 4];
    uint32_t rank[100] = { 1 };
    const uint64_t start[] = { 0, 1, 100 };
    const vitrine_bootstrap b =
        vitrine_bootstrap_of(rank, NULL, start, 2, 20, SAMPLES, 3, sums, means);
    assert_float_equal(b.recall.low, 0.0, 1e-12);
    assert_float_equal(b.recall.high, 1.0, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_of_four_cases_by_hand),
        cmocka_unit_test(chosen_cases_alone_count),
        cmocka_unit_test(rank_counts_from_one_and_zero_is_absent),
        cmocka_unit_test(coverage_and_bias_by_hand),
        cmocka_unit_test(bootstrap_interval_has_the_textbook_width),
        cmocka_unit_test(bootstrap_draws_whole_sessions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
