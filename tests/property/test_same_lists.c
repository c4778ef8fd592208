/* Whole lists, not single kernels: every kernel table that this machine runs ranks 1,000 histories of
 * each shop as the scalar definition does, items and bits of every score. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "model/model.h"
#include "support/open_shop.h"

enum { HISTORIES = 1000, LONGEST = 30, BEST = 100 };

typedef struct answer {
    uint32_t count;
    vitrine_scored best[BEST];
} answer;

/* Ranks history `h` with the kernels given, from an empty profile. */
static void rank_history(open_shop *shop, vitrine_profile *profile, uint32_t h,
                         const vitrine_kernels *kernels, answer *out)
{
    /* Ours, in memory of ours: the one place that looks behind the read-only face. */
    ((struct vitrine_model *)(uintptr_t)shop->model)->kernels = kernels;
    uint64_t random = 77000 + h;
    int64_t clock = 1600000000;
    const uint32_t events = (uint32_t)(small_shop_random(&random) % (LONGEST + 1));
    (void)vitrine_profile_forget_all(profile);
    for (uint32_t e = 0; e < events; e++) {
        const vitrine_event event = open_shop_event(shop, &random, &clock);
        assert_int_equal(vitrine_profile_observe(profile, &event), VITRINE_OK);
    }
    memset(out, 0, sizeof *out);
    assert_int_equal(vitrine_rank(shop->ranker, profile, NULL, BEST, out->best, &out->count), VITRINE_OK);
}

static void compare(const small_shop_options *options, uint32_t histories)
{
    open_shop shop;
    open_shop_make(&shop, options, true);
    vitrine_profile *profile = open_shop_profile(&shop, LONGEST);
    answer *want = malloc(sizeof *want), *got = malloc(sizeof *got);
    assert_true(want != NULL && got != NULL);
    size_t last = 0;
    while (vitrine_kernels_list(last + 1) != NULL) last++;
    assert_string_equal(vitrine_kernels_list(last)->name, "scalar");
    uint32_t different = 0;
    for (uint32_t h = 0; h < histories; h++) {
        rank_history(&shop, profile, h, vitrine_kernels_list(last), want);
        assert_int_equal(want->count, BEST);
        for (size_t k = 0; k < last; k++) {
            rank_history(&shop, profile, h, vitrine_kernels_list(k), got);
            different += memcmp(got, want, sizeof *got) != 0;
        }
    }
    assert_int_equal(different, 0);
    free(want);
    free(got);
    open_shop_free(&shop);
}

static void int8_gru_lists_are_the_scalars(void **state)
{
    (void)state;
    const small_shop_options shop = {300, 20, VITRINE_CELL_GRU, VITRINE_INT8, VITRINE_ATTR_INDEXED, 1800, 7, 0.0f, false, false};
    compare(&shop, HISTORIES);
}

static void int8_lstm_lists_are_the_scalars(void **state)
{
    (void)state;
    const small_shop_options shop = {700, 37, VITRINE_CELL_LSTM, VITRINE_INT8, VITRINE_ATTR_HASHED, 0, 11, 0.5f, true, false};
    compare(&shop, HISTORIES);
}

static void lists_of_byte_gates_are_the_scalars(void **state)
{
    (void)state;
    const small_shop_options gru = {300, 21, VITRINE_CELL_GRU, VITRINE_INT8, VITRINE_ATTR_INDEXED, 1800, 7, 0.0f, false, true};
    const small_shop_options lstm = {700, 37, VITRINE_CELL_LSTM, VITRINE_INT8, VITRINE_ATTR_HASHED, 0, 11, 0.5f, true, true};
    compare(&gru, 300);
    compare(&lstm, 300);
}

static void f32_lists_are_the_scalars(void **state)
{
    (void)state;
    const small_shop_options shop = {500, 33, VITRINE_CELL_LSTM_RELU, VITRINE_F32, VITRINE_ATTR_NONE, 0, 13, 0.0f, false, false};
    compare(&shop, HISTORIES);
}

static void exact_lists_are_the_scalars(void **state)
{
    (void)state;
    const small_shop_options shop = {1500, 48, VITRINE_CELL_LSTM, VITRINE_EXACT, VITRINE_ATTR_NONE, 0, 17, 0.0f, false, false};
    compare(&shop, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int8_gru_lists_are_the_scalars),
        cmocka_unit_test(int8_lstm_lists_are_the_scalars),
        cmocka_unit_test(lists_of_byte_gates_are_the_scalars),
        cmocka_unit_test(f32_lists_are_the_scalars),
        cmocka_unit_test(exact_lists_are_the_scalars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
