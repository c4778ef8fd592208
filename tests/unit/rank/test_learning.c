/* Learning on the device: off it changes nothing; on, it is a function of what is kept, bounded, and
 * gone after a reset. What it gains on real visitors is in docs/learning.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rank/learning.h"
#include "support/rich_shop.h"

enum { ITEMS = 160, MOST = 2 * ITEMS };

static rich_shop rich;
static uint32_t items;

static int open_shop_once(void **state)
{
    (void)state;
    rich_shop_make(&rich, ITEMS, 21);
    items = vitrine_catalog_items(rich.catalog);
    return 0;
}

static int close_shop(void **state)
{
    (void)state;
    rich_shop_free(&rich);
    return 0;
}

static int start(void **state)
{
    (void)state;
    (void)vitrine_profile_forget_all(rich.visitor);
    return vitrine_ranker_learn(rich.ranker, rich.visitor, 1.0f) != VITRINE_OK;
}

static void observe(uint32_t item, uint32_t kind, int64_t time, float value)
{
    const vitrine_event event = {item, kind, time, value};
    (void)vitrine_profile_observe(rich.visitor, &event);
}

/* Some events of every teaching sort; most are views, some of them again. */
static void visit(uint64_t seed, uint32_t events, uint32_t without)
{
    static const uint32_t KINDS[] = {VITRINE_VIEW_ITEM, VITRINE_VIEW_ITEM, VITRINE_VIEW_ITEM, VITRINE_ADD_TO_CART,
                                     VITRINE_PURCHASE,  VITRINE_RATE,      VITRINE_DISMISS,   VITRINE_REC_VIEW};
    uint64_t random = seed;
    for (uint32_t e = 0; e < events; e++) {
        const uint32_t item = (uint32_t)(small_shop_random(&random) % (e % 3 == 0 ? 6 : items));
        const uint32_t kind = KINDS[small_shop_random(&random) % 8];
        const float value = (float)(small_shop_random(&random) % 5) / 4.0f;
        if (item != without) observe(item, kind, 1000 + 60 * (int64_t)e, value);
    }
}

static void scores_now(float *out)
{
    vitrine_score_all(rich.ranker, rich.visitor);
    memcpy(out, rich.ranker->scores, items * sizeof *out);
}

static void off_changes_no_score(void **state)
{
    (void)state;
    float learnt[MOST], off[MOST], never[MOST];
    visit(1, 40, VITRINE_NO_ITEM);
    scores_now(learnt);
    assert_int_equal(vitrine_ranker_learn(rich.ranker, rich.visitor, 0.0f), VITRINE_OK);
    scores_now(off);
    assert_true(vitrine_ranker_drift(rich.ranker) == 0.0f);
    assert_int_equal(vitrine_ranker_learn(rich.ranker, rich.seeds, 1.0f), VITRINE_OK);
    scores_now(never); /* another visitor's learning */
    assert_memory_equal(off, never, items * sizeof *off);
    assert_memory_not_equal(off, learnt, items * sizeof *off);
    assert_int_equal(vitrine_ranker_learn(rich.ranker, rich.visitor, 1.5f), VITRINE_BAD_VALUE);
    assert_int_equal(vitrine_ranker_learn(rich.ranker, rich.visitor, NAN), VITRINE_BAD_VALUE);
}

static void what_is_forgotten_has_taught_nothing(void **state)
{
    (void)state;
    float after[MOST], never[MOST];
    for (uint32_t round = 0; round < 20; round++) {
        start(NULL);
        visit(100 + round, 50, VITRINE_NO_ITEM);
        scores_now(after); /* so that lessons are there to be unlearnt */
        (void)vitrine_profile_forget_item(rich.visitor, round % 6);
        scores_now(after);
        const float drift = vitrine_ranker_drift(rich.ranker);
        start(NULL);
        visit(100 + round, 50, round % 6);
        scores_now(never);
        assert_memory_equal(after, never, items * sizeof *after);
        assert_true(drift == vitrine_ranker_drift(rich.ranker));
    }
}

static void event_by_event_or_all_at_once_it_learns_the_same(void **state)
{
    (void)state;
    float each[MOST], once[MOST];
    uint64_t random = 5;
    for (uint32_t e = 0; e < 60; e++) {
        observe((uint32_t)(small_shop_random(&random) % items), VITRINE_VIEW_ITEM, 1000 + e, 0);
        scores_now(each);
    }
    start(NULL);
    random = 5;
    for (uint32_t e = 0; e < 60; e++)
        observe((uint32_t)(small_shop_random(&random) % items), VITRINE_VIEW_ITEM, 1000 + e, 0);
    scores_now(once);
    assert_memory_equal(each, once, items * sizeof *each);
}

static void a_saved_profile_ranks_as_before_reset_included(void **state)
{
    (void)state;
    for (int reset = 0; reset < 2; reset++) {
        float before[MOST], after[MOST];
        uint32_t skipped;
        size_t written;
        start(NULL);
        visit(7, 30, VITRINE_NO_ITEM);
        if (reset) vitrine_profile_reset_learning(rich.visitor);
        visit(8, 10, VITRINE_NO_ITEM);
        scores_now(before);
        const size_t size = vitrine_profile_save_size(rich.visitor);
        void *bytes = aligned_alloc(64, (size + 63) / 64 * 64);
        assert_non_null(bytes);
        assert_int_equal(vitrine_profile_save(rich.visitor, bytes, size, &written), VITRINE_OK);
        start(NULL);
        assert_int_equal(vitrine_profile_load(rich.visitor, bytes, written, &skipped, NULL), VITRINE_OK);
        scores_now(after);
        assert_int_equal(skipped, 0);
        assert_memory_equal(before, after, items * sizeof *before);
        free(bytes);
    }
}

static void it_stays_within_its_bounds_and_says_how_far_it_went(void **state)
{
    (void)state;
    float still[MOST], learnt[MOST];
    assert_true(vitrine_ranker_drift(rich.ranker) == 0.0f);
    for (uint32_t e = 0; e < 50; e++) observe(e % 2 ? 3 : 4, VITRINE_VIEW_ITEM, 1000 + e, 0);
    for (uint32_t e = 0; e < 10; e++) observe(20 + e, VITRINE_DISMISS, 2000 + e, 0);
    for (uint32_t e = 0; e < 40; e++) assert_true(vitrine_profile_seen(rich.visitor, 60, 3000 + e) != VITRINE_BAD_VALUE);
    scores_now(learnt);
    const float drift = vitrine_ranker_drift(rich.ranker);
    assert_true(drift > 0.1f && drift <= 1.0f);
    for (uint32_t p = 0; p < VITRINE_PARTS; p++) assert_in_range((int)(rich.ranker->gain[p] * 1000), 249, 4001);
    for (uint32_t j = 0; j < items; j++) assert_true(fabsf(rich.ranker->bias[j]) <= 0.6932f);
    assert_int_equal(vitrine_ranker_learn(rich.ranker, rich.visitor, 0.0f), VITRINE_OK);
    scores_now(still);
    /* A gain of at most 4 against one of at least 1/4, and a bias of 2: 32 at the very most. */
    for (uint32_t j = 0; j < items; j++) assert_true(learnt[j] < 33 * still[j] + 1e-9f && still[j] < 33 * learnt[j] + 1e-9f);
}

static void who_comes_back_to_things_sees_them_further_up(void **state)
{
    (void)state;
    float still[MOST], learnt[MOST];
    for (uint32_t e = 0; e < 24; e++) observe(3 + e % 3, VITRINE_VIEW_ITEM, 1000 + e, 0);
    scores_now(learnt);
    assert_true(rich.ranker->gain[VITRINE_PART_RECENT] > 1.1f);
    assert_true(rich.ranker->gain[VITRINE_PART_POPULARITY] < 1.0f);
    assert_int_equal(vitrine_ranker_learn(rich.ranker, rich.visitor, 0.0f), VITRINE_OK);
    scores_now(still);
    for (uint32_t j = 3; j < 6; j++) assert_true(learnt[j] > still[j]);
}

static void what_is_dismissed_passed_over_or_badly_rated_sinks_and_what_is_well_rated_rises(void **state)
{
    (void)state;
    const uint32_t kinds[] = {VITRINE_RATE, VITRINE_RATE, VITRINE_REC_VIEW, VITRINE_DISMISS};
    const float values[] = {1.0f, 0.0f, 0.0f, 0.0f};
    for (int c = 0; c < 4; c++) {
        uint32_t item = 30;
        start(NULL);
        while (rich.catalog->inverse_norm[item] == 0.0f ||
               (vitrine_catalog_marks(rich.catalog, item) & VITRINE_IS_SENSITIVE) != 0)
            item++;
        observe(3, VITRINE_VIEW_ITEM, 1000, 0);
        observe(item, kinds[c], 1001, values[c]);
        vitrine_score_all(rich.ranker, rich.visitor);
        assert_true(rich.ranker->biased);
        if (c == 0) assert_true(rich.ranker->bias[item] > 0.1f);
        else assert_true(rich.ranker->bias[item] < -0.05f);
    }
}

static void a_reset_starts_anew_and_keeps_the_events(void **state)
{
    (void)state;
    float reset[MOST], still[MOST];
    visit(3, 45, VITRINE_NO_ITEM);
    const uint32_t events = vitrine_profile_events(rich.visitor);
    vitrine_profile_reset_learning(rich.visitor);
    scores_now(reset);
    assert_true(vitrine_ranker_drift(rich.ranker) == 0.0f);
    assert_int_equal(vitrine_profile_events(rich.visitor), events);
    assert_int_equal(vitrine_ranker_learn(rich.ranker, rich.visitor, 0.0f), VITRINE_OK);
    scores_now(still);
    for (uint32_t j = 0; j < items; j++) assert_true(fabsf(reset[j] - still[j]) <= 1e-6f * still[j]);
}

static void explanations_add_up_to_the_score_with_what_was_learnt(void **state)
{
    (void)state;
    float learnt[MOST];
    vitrine_reason reason[8];
    uint32_t asked[8];
    visit(4, 40, VITRINE_NO_ITEM);
    scores_now(learnt);
    for (uint32_t i = 0; i < 8; i++) asked[i] = i * 9;
    assert_int_equal(vitrine_explain(rich.ranker, rich.visitor, asked, 8, reason), VITRINE_OK);
    for (uint32_t i = 0; i < 8; i++) {
        /* The parts once more, from outside: shares times weights times gains. */
        float parts[VITRINE_PARTS], weights[VITRINE_PARTS], sum = 0, all = 0;
        const vitrine_view view = vitrine_view_of(rich.visitor);
        vitrine_view_weights(&view, weights);
        for (uint32_t p = 0; p < VITRINE_PARTS; p++) all += weights[p] * rich.ranker->gain[p];
        assert_int_equal(vitrine_ranker_parts(rich.ranker, rich.visitor, &asked[i], 1, parts), VITRINE_OK);
        for (uint32_t p = 0; p < VITRINE_PARTS; p++) sum += weights[p] * rich.ranker->gain[p] / all * parts[p];
        if ((vitrine_catalog_marks(rich.catalog, asked[i]) & VITRINE_IS_SENSITIVE) != 0) continue;
        assert_true(fabsf(sum * reason[i].factor - learnt[asked[i]]) <= 1e-5f * learnt[asked[i]]);
        float shares = 0;
        for (uint32_t p = 0; p < VITRINE_PARTS; p++) shares += reason[i].parts[p];
        assert_true(fabsf(shares - 1.0f) < 1e-5f);
    }
}

int main(void)
{
#define LEARNING_TEST(f) cmocka_unit_test_setup(f, start)
    const struct CMUnitTest tests[] = {
        LEARNING_TEST(off_changes_no_score),
        LEARNING_TEST(what_is_forgotten_has_taught_nothing),
        LEARNING_TEST(event_by_event_or_all_at_once_it_learns_the_same),
        LEARNING_TEST(a_saved_profile_ranks_as_before_reset_included),
        LEARNING_TEST(it_stays_within_its_bounds_and_says_how_far_it_went),
        LEARNING_TEST(who_comes_back_to_things_sees_them_further_up),
        LEARNING_TEST(what_is_dismissed_passed_over_or_badly_rated_sinks_and_what_is_well_rated_rises),
        LEARNING_TEST(a_reset_starts_anew_and_keeps_the_events),
        LEARNING_TEST(explanations_add_up_to_the_score_with_what_was_learnt),
    };
    return cmocka_run_group_tests(tests, open_shop_once, close_shop);
}
