/* Fusion weights: the mixture finds the weights that made the data, and what the learning says about
 * ranking is what the ranker then does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/evaluate.h"
#include "eval/metrics.h"
#include "support/small_shop.h"
#include "support/tiny_log.h"
#include "train/fuse.h"

static double uniform(uint64_t *random)
{
    return (double)(small_shop_random(random) >> 11) / 9007199254740992.0;
}

/* An index drawn from shares [count]. */
static uint32_t draw(const float *share, uint32_t count, uint64_t *random)
{
    double left = uniform(random);
    for (uint32_t j = 0; j + 1 < count; j++) {
        left -= (double)share[j];
        if (left < 0) return j;
    }
    return count - 1;
}

enum { PARTS = 3, KINDS = 12, POSITIONS = 40000 };

/* Three fixed distributions over twelve items; position by position one of them draws the truth. */
static void make_mixture(const double *weight, bool masked, float *share, float *mass)
{
    static float part[PARTS][KINDS];
    uint64_t random = 11;
    for (int k = 0; k < PARTS; k++) {
        float sum = 0;
        for (int j = 0; j < KINDS; j++) sum += part[k][j] = (float)pow(uniform(&random), 3);
        for (int j = 0; j < KINDS; j++) part[k][j] /= sum;
    }
    for (uint32_t n = 0; n < POSITIONS;) {
        const double u = uniform(&random);
        const int k = u < weight[0] ? 0 : u < weight[0] + weight[1] ? 1 : 2;
        const uint32_t j = draw(part[k], KINDS, &random);
        /* Masked: items n and n + 1 (mod 12) are no candidates here; a truth among them is drawn anew. */
        const uint32_t a = n % KINDS, b = (n + 1) % KINDS;
        if (masked && (j == a || j == b)) continue;
        for (int p = 0; p < PARTS; p++) {
            share[n * PARTS + (uint32_t)p] = part[p][j];
            mass[n * PARTS + (uint32_t)p] = masked ? 1 - part[p][a] - part[p][b] : 1;
        }
        n++;
    }
}

static void the_mixture_finds_the_weights_that_made_the_data(void **state)
{
    (void)state;
    static float share[POSITIONS * PARTS], mass[POSITIONS * PARTS];
    const double truth[PARTS] = { 0.6, 0.3, 0.1 };
    for (int masked = 0; masked < 2; masked++) {
        float weight[PARTS] = { 0.2f, 0.2f, 0.6f };
        make_mixture(truth, masked, share, mass);
        const double found =
            vitrine_fuse_mixture(share, masked ? mass : NULL, POSITIONS, PARTS, NULL, 0, weight);
        for (int k = 0; k < PARTS; k++) assert_float_equal(weight[k], truth[k], 0.03);
        /* No neighbouring weights are more likely. */
        for (int k = 0; k < PARTS; k++) {
            double likelihood = 0, other[PARTS];
            for (int p = 0; p < PARTS; p++) other[p] = (double)weight[p] - 0.02 / (PARTS - 1);
            other[k] = (double)weight[k] + 0.02;
            for (uint32_t n = 0; n < POSITIONS; n++) {
                double p = 0, all = 0;
                for (uint32_t q = 0; q < PARTS; q++) {
                    p += other[q] * (double)share[n * PARTS + q];
                    all += other[q] * (double)mass[n * PARTS + q];
                }
                likelihood += log(p / all);
            }
            assert_true(likelihood / POSITIONS < found + 1e-7);
        }
    }
}

static void a_strong_prior_holds_the_weights(void **state)
{
    (void)state;
    static float share[POSITIONS * PARTS], mass[POSITIONS * PARTS];
    const double truth[PARTS] = { 0.8, 0.1, 0.1 };
    const float prior[PARTS] = { 0.2f, 0.3f, 0.5f };
    make_mixture(truth, false, share, mass);
    float weak[PARTS] = { 0.2f, 0.3f, 0.5f }, strong[PARTS] = { 0.2f, 0.3f, 0.5f };
    vitrine_fuse_mixture(share, NULL, 500, PARTS, prior, 1, weak);
    vitrine_fuse_mixture(share, NULL, 500, PARTS, prior, 1e6f, strong);
    for (int k = 0; k < PARTS; k++) assert_float_equal(strong[k], prior[k], 0.01);
    assert_true(weak[0] > 0.5f);
}

/* Sessions of six over the shop's items, each next item drawn by `next`. */
static vitrine_dataset sessions_by(uint32_t items, uint32_t sessions,
                                   uint32_t (*next)(const small_shop *shop, const uint32_t *history,
                                                    uint32_t length, uint64_t *random),
                                   const small_shop *shop)
{
    uint64_t *start = calloc(sessions + 1, sizeof *start), random = 3;
    uint32_t *item = calloc((size_t)sessions * 6, sizeof *item);
    assert_true(start != NULL && item != NULL);
    for (uint32_t s = 0; s < sessions; s++) {
        uint32_t *history = item + (size_t)s * 6;
        start[s + 1] = start[s] + 6;
        history[0] = (uint32_t)(small_shop_random(&random) % items);
        for (uint32_t n = 1; n < 6; n++) history[n] = next(shop, history, n, &random);
    }
    vitrine_dataset log = tiny_log_of(items, sessions, start, item);
    free(start);
    free(item);
    return log;
}

/* Four times in five to a neighbour of the last item, otherwise anywhere. */
static uint32_t by_neighbours(const small_shop *shop, const uint32_t *history, uint32_t length,
                              uint64_t *random)
{
    const uint64_t *offset = shop->parts.table_offset;
    const uint32_t last = history[length - 1];
    const uint64_t size = offset[last + 1] - offset[last];
    if (size == 0 || small_shop_random(random) % 5 == 0)
        return (uint32_t)(small_shop_random(random) % shop->parts.config.items);
    return shop->parts.table_neighbour[offset[last] + small_shop_random(random) % size];
}

/* Four times in five back to an earlier item. */
static uint32_t by_habit(const small_shop *shop, const uint32_t *history, uint32_t length,
                         uint64_t *random)
{
    if (small_shop_random(random) % 5 == 0)
        return (uint32_t)(small_shop_random(random) % shop->parts.config.items);
    return history[small_shop_random(random) % length];
}

/* The same neighbours, but nothing that the session has had. */
static uint32_t by_neighbours_once(const small_shop *shop, const uint32_t *history, uint32_t length,
                                   uint64_t *random)
{
    for (;;) {
        const uint32_t item = by_neighbours(shop, history, length, random);
        uint32_t n = 0;
        while (n < length && history[n] != item) n++;
        if (n == length) return item;
    }
}

static void learn(const small_shop *shop, const vitrine_dataset *log,
                  const vitrine_fuse_options *options, vitrine_fusion *fusion,
                  vitrine_fuse_report *report)
{
    vitrine_fault fault = {0};
    assert_int_equal(vitrine_fuse_learn(&shop->parts, log, 0, log->sessions, options, fusion, report,
                                        &fault),
                     VITRINE_OK);
    for (int c = 0; c < VITRINE_CONTEXTS; c++) {
        float sum = 0;
        for (int k = 0; k < VITRINE_PARTS; k++) {
            const float w = fusion->fuse[c * VITRINE_PARTS + k];
            assert_true(w == 0.0f || (w >= 0.005f && w <= 1.0f));
            sum += w;
        }
        assert_float_equal(sum, 1.0, 1e-5);
    }
}

static double mean_weight(const vitrine_fusion *fusion, const vitrine_fuse_report *report, int part)
{
    double sum = 0;
    for (int c = 0; c < VITRINE_CONTEXTS; c++)
        sum += (double)report->in_context[c] * (double)fusion->fuse[c * VITRINE_PARTS + part];
    return sum / (double)report->positions;
}

static void the_part_that_makes_the_sessions_gets_the_weight(void **state)
{
    (void)state;
    small_shop shop;
    const small_shop_options options = small_shop_usual();
    const vitrine_fuse_options fuse = { .threads = 2, .shrink = 100 };
    vitrine_fusion fusion;
    vitrine_fuse_report report;
    small_shop_make(&shop, &options);

    vitrine_dataset log = sessions_by(options.items, 300, by_neighbours, &shop);
    learn(&shop, &log, &fuse, &fusion, &report);
    assert_int_equal(report.positions, 1500);
    /* All items are as popular: that part's weight orders nothing but what the session has had. */
    assert_true(mean_weight(&fusion, &report, VITRINE_PART_NEIGHBOURS) >
                0.9 * (1 - mean_weight(&fusion, &report, VITRINE_PART_POPULARITY)));
    vitrine_dataset_free(&log);

    log = sessions_by(options.items, 300, by_habit, &shop);
    learn(&shop, &log, &fuse, &fusion, &report);
    assert_true(mean_weight(&fusion, &report, VITRINE_PART_RECENT) > 0.6);
    vitrine_dataset_free(&log);
    small_shop_free(&shop);
}

/* Writes the model with the fusion and evaluates it as `vitrine evaluate` does. */
static vitrine_quality evaluate(const small_shop *shop, vitrine_fusion *fusion,
                                const vitrine_dataset *log, bool repeat_drop)
{
    vitrine_model_parts parts = shop->parts;
    const uint32_t items = parts.config.items, dim = parts.config.dim, cut[] = { 20 };
    float *bias = malloc(items * sizeof *bias), *gain = malloc(dim * sizeof *gain),
          *shift = malloc(dim * sizeof *shift);
    assert_true(bias != NULL && gain != NULL && shift != NULL);
    memcpy(bias, parts.bias, items * sizeof *bias);
    parts.bias = bias;
    if (parts.norm_gain != NULL) {
        memcpy(gain, parts.norm_gain, dim * sizeof *gain);
        memcpy(shift, parts.norm_bias, dim * sizeof *shift);
        parts.norm_gain = gain;
        parts.norm_bias = shift;
    }
    vitrine_fuse_apply(fusion, &parts, bias, gain, shift);
    const size_t bound = vitrine_model_write_bound(&parts);
    void *bytes = aligned_alloc(64, (bound + 64) / 64 * 64);
    vitrine_fault fault = {0};
    size_t size;
    assert_non_null(bytes);
    assert_int_equal(vitrine_model_write(&parts, bytes, bound, &size, &fault), VITRINE_OK);

    const vitrine_case_rules rules = { .repeat = repeat_drop ? VITRINE_REPEAT_DROP : VITRINE_REPEAT_KEEP };
    vitrine_cases cases;
    vitrine_ranks ranks;
    vitrine_lister lister;
    assert_int_equal(vitrine_cases_make(log, &rules, &cases), VITRINE_OK);
    assert_int_equal(vitrine_ranks_make(&cases, cut, 1, 0, false, &ranks), VITRINE_OK);
    assert_int_equal(vitrine_model_lister(bytes, size, 10, &lister, &fault), VITRINE_OK);
    assert_int_equal(vitrine_evaluate(&cases, &lister, 1, NULL, NULL, &ranks), VITRINE_OK);
    const vitrine_quality quality = vitrine_quality_at(ranks.rank, NULL, cases.cases, 20);
    lister.destroy(lister.self);
    vitrine_ranks_free(&ranks);
    vitrine_cases_free(&cases);
    free(bytes);
    free(bias);
    free(gain);
    free(shift);
    return quality;
}

static void what_was_learnt_is_what_the_ranker_does(void **state)
{
    (void)state;
    small_shop shop;
    const small_shop_options options = small_shop_usual();
    small_shop_make(&shop, &options);
    vitrine_dataset log = sessions_by(options.items, 200, by_neighbours, &shop);
    for (int drop = 0; drop < 2; drop++)
        for (int tune = 0; tune < 2; tune++) {
            const vitrine_fuse_options fuse = { .threads = 2, .shrink = 100, .drop_seen = drop == 1,
                                                .tune = tune == 1 };
            vitrine_fusion fusion;
            vitrine_fuse_report report;
            learn(&shop, &log, &fuse, &fusion, &report);
            const vitrine_quality ranked = evaluate(&shop, &fusion, &log, drop == 1);
            assert_int_equal(ranked.cases, report.positions);
            /* Shares are rounded in another order here and there: a tie in a thousand may turn. */
            assert_float_equal(ranked.recall, report.final.recall20, 0.004);
            assert_float_equal(ranked.mrr, report.final.mrr20, 0.004);
            assert_true(report.final.recall20 + report.final.mrr20 >=
                        report.mixture.recall20 + report.mixture.mrr20 - 0.01);
        }
    vitrine_dataset_free(&log);
    small_shop_free(&shop);
}

static void repeats_are_held_down_only_where_there_are_none(void **state)
{
    (void)state;
    small_shop shop;
    small_shop_options options = small_shop_usual();
    const vitrine_fuse_options fuse = { .threads = 2, .shrink = 100 };
    vitrine_fusion fusion;
    vitrine_fuse_report report;
    options.items = 40; /* so few that the parts often name what the session has had */
    small_shop_make(&shop, &options);

    vitrine_dataset log = sessions_by(options.items, 300, by_neighbours_once, &shop);
    learn(&shop, &log, &fuse, &fusion, &report);
    assert_true(fusion.repeat_penalty >= 0.9f);
    vitrine_quality ranked = evaluate(&shop, &fusion, &log, false);
    assert_float_equal(ranked.recall, report.final.recall20, 0.004);
    assert_float_equal(ranked.mrr, report.final.mrr20, 0.004);
    fusion.repeat_penalty = 0.0f;
    ranked = evaluate(&shop, &fusion, &log, false);
    assert_true(ranked.recall + ranked.mrr < report.final.recall20 + report.final.mrr20 - 0.05);
    vitrine_dataset_free(&log);

    log = sessions_by(options.items, 300, by_habit, &shop);
    learn(&shop, &log, &fuse, &fusion, &report);
    assert_true(fusion.repeat_penalty == 0.0f);
    vitrine_dataset_free(&log);
    small_shop_free(&shop);
}

static void the_result_does_not_depend_on_the_threads(void **state)
{
    (void)state;
    small_shop shop;
    const small_shop_options options = small_shop_usual();
    small_shop_make(&shop, &options);
    vitrine_dataset log = sessions_by(options.items, 60, by_habit, &shop);
    vitrine_fusion fusion[2];
    for (uint32_t t = 0; t < 2; t++) {
        const vitrine_fuse_options fuse = { .threads = 1 + 2 * t, .shrink = 50, .tune = true };
        vitrine_fuse_report report;
        learn(&shop, &log, &fuse, &fusion[t], &report);
    }
    assert_memory_equal(fusion[0].fuse, fusion[1].fuse, sizeof fusion[0].fuse);
    assert_true(fusion[0].item_decay == fusion[1].item_decay);
    assert_true(fusion[0].sharpness == fusion[1].sharpness);
    vitrine_dataset_free(&log);
    small_shop_free(&shop);
}

static void targets_can_be_limited(void **state)
{
    (void)state;
    small_shop shop;
    const small_shop_options options = small_shop_usual();
    small_shop_make(&shop, &options);
    vitrine_dataset log = sessions_by(options.items, 100, by_habit, &shop);
    vitrine_fusion fusion;
    vitrine_fuse_report report;
    vitrine_fuse_options fuse = { .threads = 1, .shrink = 50, .last_only = true };
    learn(&shop, &log, &fuse, &fusion, &report);
    assert_int_equal(report.positions, 100);
    fuse = (vitrine_fuse_options){ .threads = 1, .shrink = 50, .positions = 100 };
    learn(&shop, &log, &fuse, &fusion, &report);
    assert_in_range(report.positions, 95, 110);
    /* None of the targets was trained: the weights are the usual ones. */
    uint8_t *known = calloc(options.items, 1);
    assert_non_null(known);
    fuse = (vitrine_fuse_options){ .threads = 1, .shrink = 50, .known = known };
    learn(&shop, &log, &fuse, &fusion, &report);
    assert_int_equal(report.positions, 0);
    assert_float_equal(fusion.fuse[VITRINE_PART_NETWORK], 0.5, 1e-6);
    free(known);
    vitrine_dataset_free(&log);
    small_shop_free(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mixture_finds_the_weights_that_made_the_data),
        cmocka_unit_test(a_strong_prior_holds_the_weights),
        cmocka_unit_test(the_part_that_makes_the_sessions_gets_the_weight),
        cmocka_unit_test(what_was_learnt_is_what_the_ranker_does),
        cmocka_unit_test(repeats_are_held_down_only_where_there_are_none),
        cmocka_unit_test(the_result_does_not_depend_on_the_threads),
        cmocka_unit_test(targets_can_be_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
