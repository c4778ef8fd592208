/* An exact model gives, to the bit, the lists of a model whose rows are the same numbers as floats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "model/model_parts.h"
#include "rank/exact.h"
#include "rank/shelf.h"
#include "support/opened.h"
#include "support/small_shop.h"

enum { ITEMS = 1500, MOST_K = ITEMS + 3 };

/* Rows that make candidates hard to tell apart: copies that differ in the last bits, copies that do
 * not differ, long and short rows, rows of nothing. */
static void hard_rows(float *item, uint32_t dim, uint64_t *random)
{
    for (uint32_t i = 0; i < ITEMS; i++) {
        float *row = item + (size_t)i * dim;
        const uint64_t kind = small_shop_random(random) % 8;
        if (i > 0 && kind < 3) memcpy(row, row - dim, dim * sizeof *row);
        for (uint32_t d = 0; d < dim; d++) {
            if (kind == 1) row[d] *= 1.0f + (float)(small_shop_random(random) % 100) * 1e-6f;
            if (kind == 4) row[d] *= 30.0f;
            if (kind == 5) row[d] *= 1e-3f;
            if (kind == 6 && i % 5 == 0) row[d] = 0.0f;
        }
    }
}

/* Factors of a shelf and evidence of parts share their memory where the score is the logit alone. */
static void parts_after_a_shelf(opened *exact, opened *whole, uint32_t item)
{
    const uint32_t items[] = {item, 0, 1, 2, 3};
    float got[5 * VITRINE_PARTS], want[5 * VITRINE_PARTS];
    assert_non_null(vitrine_factors(exact->ranker));
    assert_int_equal(vitrine_ranker_parts(exact->ranker, exact->profile, items, 5, got), VITRINE_OK);
    assert_int_equal(vitrine_ranker_parts(whole->ranker, whole->profile, items, 5, want), VITRINE_OK);
    assert_true(want[VITRINE_PART_RECENT] > 0.0f);
    for (uint32_t i = 0; i < 5; i++) {
        const float *a = got + i * VITRINE_PARTS, *b = want + i * VITRINE_PARTS;
        assert_memory_equal(&a[VITRINE_PART_RECENT], &b[VITRINE_PART_RECENT], sizeof *a);
        assert_memory_equal(&a[VITRINE_PART_NEIGHBOURS], &b[VITRINE_PART_NEIGHBOURS], sizeof *a);
    }
}

/* Rows of whole fours have a kernel of their own; others are scored one by one. */
static void same_at_every_step(uint32_t cell, uint32_t dim, bool cold, bool hard, uint64_t seed)
{
    const small_shop_options options = {ITEMS, dim, cell, VITRINE_F32, VITRINE_ATTR_INDEXED, 0, seed, 0.0f, false, false};
    small_shop shop;
    opened exact = {0}, whole = {0};
    vitrine_model_parts parts;
    uint64_t random = seed;
    small_shop_make(&shop, &options);
    float *item = malloc(sizeof(float) * ITEMS * dim);
    assert_non_null(item);
    memcpy(item, shop.parts.item, sizeof(float) * ITEMS * dim);
    if (hard) hard_rows(item, dim, &random);
    parts = shop.parts;
    parts.item = item;
    parts.config.fused = 0;
    parts.config.precision = VITRINE_EXACT;
    opened_write(&exact, &parts);
    opened_model(&exact);
    opened_rest(&exact, &shop, cold);
    assert_int_equal(exact.model->config.precision, VITRINE_EXACT);

    const size_t need = vitrine_model_unpack_size(exact.model);
    void *mem = opened_memory(&exact, 5, need);
    assert_int_equal(vitrine_model_unpack(exact.model, mem, need, &parts), VITRINE_OK);
    for (uint32_t i = 0; i < ITEMS; i++) {
        /* 24 bits of the row's largest. */
        float largest = 0.0f;
        for (uint32_t d = 0; d < dim; d++) {
            const float size = item[i * dim + d] < 0 ? -item[i * dim + d] : item[i * dim + d];
            largest = size > largest ? size : largest;
        }
        for (uint32_t d = 0; d < dim; d++)
            assert_true(parts.item[i * dim + d] - item[i * dim + d] <= largest * 1.3e-7f &&
                        item[i * dim + d] - parts.item[i * dim + d] <= largest * 1.3e-7f);
    }
    parts.config.precision = VITRINE_F32;
    opened_write(&whole, &parts);
    opened_model(&whole);
    opened_rest(&whole, &shop, cold);
    assert_int_equal(exact.catalog->cold > 0, cold);

    static uint8_t allowed[MOST_K];
    static uint32_t some[MOST_K];
    static vitrine_scored want[MOST_K], got[MOST_K];
    uint64_t rows = 0;
    for (uint32_t step = 0; step < 25; step++) {
        const vitrine_event event = {.item = (uint32_t)(small_shop_random(&random) % exact.catalog->items),
                                     .kind = VITRINE_VIEW_ITEM, .time = 1000 + step};
        assert_int_equal(vitrine_profile_observe(exact.profile, &event), VITRINE_OK);
        assert_int_equal(vitrine_profile_observe(whole.profile, &event), VITRINE_OK);
        for (uint32_t i = 0; i < MOST_K; i++) allowed[i] = small_shop_random(&random) % 50 == 0;
        const vitrine_filter few = {VITRINE_WAS_VIEWED, allowed};
        opened_same_lists(&exact, &whole, MOST_K, &few);

        uint32_t count = 0;
        vitrine_scored list[20];
        assert_int_equal(vitrine_rank(exact.ranker, exact.profile, NULL, 20, list, &count), VITRINE_OK);
        rows += exact.ranker->exact_rows;
        /* The longest of these lists scores every row in full, and so it stays. */
        opened_same_lists(&exact, &whole, MOST_K, NULL);
        opened_same_lists(&exact, &whole, MOST_K, &few);

        count = 0;
        for (uint32_t i = 0; i < exact.catalog->items; i++)
            if (small_shop_random(&random) % 20 == 0) some[count++] = i;
        assert_int_equal(vitrine_rerank(whole.ranker, whole.profile, some, count, want), VITRINE_OK);
        assert_int_equal(vitrine_rerank(exact.ranker, exact.profile, some, count, got), VITRINE_OK);
        assert_memory_equal(got, want, count * sizeof *got);

        if (step % 5 == 0) {
            vitrine_score_all(exact.ranker, exact.profile);
            vitrine_score_all(whole.ranker, whole.profile);
            assert_memory_equal(exact.ranker->scores, whole.ranker->scores,
                                exact.catalog->items * sizeof(float));
            opened_same_lists(&exact, &whole, MOST_K, NULL);
            parts_after_a_shelf(&exact, &whole, event.item);
        }
    }
    /* The point of it all: few rows are read in full. */
    if (!hard) assert_true(rows / 25 < exact.catalog->items / 4);
    opened_close(&exact);
    opened_close(&whole);
    free(item);
    small_shop_free(&shop);
}

static void lists_are_those_of_the_f32_rows(void **state)
{
    (void)state;
    same_at_every_step(VITRINE_CELL_LSTM, 37, false, false, 1);
    same_at_every_step(VITRINE_CELL_LSTM, 40, false, false, 1);
    same_at_every_step(VITRINE_CELL_GRU, 37, true, false, 2);
    same_at_every_step(VITRINE_CELL_GRU, 40, true, false, 2);
}

static void lists_are_those_of_the_f32_rows_where_scores_nearly_tie(void **state)
{
    (void)state;
    for (uint64_t seed = 3; seed < 7; seed++)
        same_at_every_step(VITRINE_CELL_GRU, seed < 5 ? 40 : 37, seed % 2 == 0, true, seed);
}

static void an_exact_model_with_fused_scores_is_refused(void **state)
{
    (void)state;
    const small_shop_options options = {40, 8, VITRINE_CELL_GRU, VITRINE_F32, VITRINE_ATTR_NONE, 0, 9, 0.0f, false, false};
    small_shop shop;
    small_shop_make(&shop, &options);
    vitrine_model_parts parts = shop.parts;
    vitrine_fault fault = {0};
    size_t written;
    parts.config.precision = VITRINE_EXACT;
    void *out = aligned_alloc(64, 1 << 20);
    assert_non_null(out);
    assert_int_equal(vitrine_model_write(&parts, out, 1 << 20, &written, &fault), VITRINE_BAD_VALUE);
    assert_string_equal(fault.field, "fused");
    free(out);
    small_shop_free(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_those_of_the_f32_rows),
        cmocka_unit_test(lists_are_those_of_the_f32_rows_where_scores_nearly_tie),
        cmocka_unit_test(an_exact_model_with_fused_scores_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
