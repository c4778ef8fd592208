/* What is left open is chosen by the size of the log; what is given stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "train/presets.h"

static vitrine_train_options fitted(vitrine_preset preset, uint32_t sessions, uint64_t events,
                                    uint32_t items)
{
    vitrine_train_options o = vitrine_train_options_default();
    o.preset = preset;
    vitrine_train_fit(sessions, events, items, &o);
    return o;
}

static void small_logs_get_small_batches_and_more_rounds(void **state)
{
    (void)state;
    uint32_t batch = 0, epochs = UINT32_MAX;
    for (uint32_t sessions = 1000; sessions < 100000000; sessions *= 10) {
        const vitrine_train_options o = fitted(VITRINE_PRESET_BASE, sessions, sessions * 5, 1000);
        assert_true(o.batch >= batch && o.epochs <= epochs);
        assert_true(o.patience > 0 && o.patience < o.epochs);
        batch = o.batch;
        epochs = o.epochs;
        /* Enough steps to learn from even the smallest. */
        assert_true((uint64_t)sessions * o.epochs / o.batch >= 900);
    }
}

static void reviews_get_more_rounds_than_sessions(void **state)
{
    (void)state;
    for (uint32_t users = 10000; users < 100000000; users *= 10) {
        const vitrine_train_options sessions = fitted(VITRINE_PRESET_BASE, users, users * 5, 1000);
        vitrine_train_options reviews = vitrine_train_options_default();
        reviews.leave_one_out = true;
        vitrine_train_fit(users, users * 5, 1000, &reviews);
        assert_int_equal(reviews.epochs, 2 * sessions.epochs);
        assert_true(reviews.patience > sessions.patience && reviews.patience < reviews.epochs);
        assert_int_equal(reviews.batch, sessions.batch);
        assert_true(reviews.dropout_input > sessions.dropout_input);
    }
}

static void presets_differ_in_width_and_dropout(void **state)
{
    (void)state;
    const vitrine_train_options small = fitted(VITRINE_PRESET_SMALL, 20000, 100000, 3000);
    const vitrine_train_options base = fitted(VITRINE_PRESET_BASE, 20000, 100000, 3000);
    const vitrine_train_options large = fitted(VITRINE_PRESET_LARGE, 20000, 100000, 3000);
    assert_true(small.dim < base.dim && base.dim < large.dim);
    assert_true(small.hidden == small.dim && large.hidden == large.dim);
    assert_true(small.dropout_input < base.dropout_input && base.dropout_output < large.dropout_output);
}

static void the_loss_goes_by_items_times_events(void **state)
{
    (void)state;
    assert_int_equal(fitted(VITRINE_PRESET_BASE, 20000, 70000, 2933).loss, VITRINE_LOSS_FULL);
    assert_int_equal(fitted(VITRINE_PRESET_BASE, 180000, 900000, 43097).loss, VITRINE_LOSS_SAMPLED);
    assert_int_equal(fitted(VITRINE_PRESET_BASE, 1000, 5000, 500000).loss, VITRINE_LOSS_SAMPLED);
    assert_int_equal(fitted(VITRINE_PRESET_BASE, 1u << 30, 1ull << 33, 10000).loss, VITRINE_LOSS_SAMPLED);
}

static void more_is_drawn_where_there_is_time(void **state)
{
    (void)state;
    const vitrine_train_options drawn = fitted(VITRINE_PRESET_BASE, 180000, 900000, 43097);
    assert_int_equal(drawn.negatives, 8192);
    assert_true(drawn.epochs > drawn.patience);
    assert_int_equal(fitted(VITRINE_PRESET_BASE, 20000, 200000, 43097).negatives, 2048);
    assert_int_equal(fitted(VITRINE_PRESET_BASE, 1000000, 5000000, 43097).negatives, 2048);
    vitrine_train_options o = vitrine_train_options_default();
    o.loss = VITRINE_LOSS_GBCE; /* for comparison: it keeps what it was measured with */
    vitrine_train_fit(180000, 900000, 43097, &o);
    assert_int_equal(o.negatives, 2048);
    o = vitrine_train_options_default();
    o.negatives = 100;
    vitrine_train_fit(180000, 900000, 43097, &o);
    assert_int_equal(o.negatives, 100);
}

static void what_is_given_stays(void **state)
{
    (void)state;
    vitrine_train_options o = vitrine_train_options_default();
    o.dim = 48;
    o.batch = 7;
    o.epochs = 5;
    o.patience = 4;
    o.dropout_input = 0.0f;
    o.loss = VITRINE_LOSS_FULL;
    vitrine_train_fit(1u << 30, 1ull << 33, 1u << 20, &o);
    assert_int_equal(o.dim, 48);
    assert_int_equal(o.hidden, 48);
    assert_int_equal(o.batch, 7);
    assert_int_equal(o.epochs, 5);
    assert_int_equal(o.patience, 4);
    assert_true(o.dropout_input == 0.0f);
    assert_int_equal(o.loss, VITRINE_LOSS_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_logs_get_small_batches_and_more_rounds),
        cmocka_unit_test(reviews_get_more_rounds_than_sessions),
        cmocka_unit_test(presets_differ_in_width_and_dropout),
        cmocka_unit_test(the_loss_goes_by_items_times_events),
        cmocka_unit_test(more_is_drawn_where_there_is_time),
        cmocka_unit_test(what_is_given_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
