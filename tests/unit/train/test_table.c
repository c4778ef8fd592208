/* The item-to-item table against its definition, pair by pair over the whole log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "support/small_shop.h"
#include "support/tiny_log.h"
#include "train/popularity.h"
#include "train/table.h"

enum { ITEMS = 23, SESSIONS = 120 };

static vitrine_dataset random_log(uint64_t seed)
{
    uint64_t start[SESSIONS + 1] = {0};
    uint32_t item[SESSIONS * 15], events = 0;
    for (uint32_t s = 0; s < SESSIONS; s++) {
        const uint32_t length = (uint32_t)(small_shop_random(&seed) % 15);
        for (uint32_t n = 0; n < length; n++) {
            const uint64_t draw = small_shop_random(&seed);
            item[events++] = draw % 40 == 0 ? UINT32_MAX : (uint32_t)(draw / 64 % ITEMS);
        }
        start[s + 1] = events;
    }
    vitrine_dataset log = tiny_log_of(ITEMS, SESSIONS, start, item);
    for (uint32_t e = 0; e < events; e++) log.kind[e] = (uint8_t)(small_shop_random(&seed) % 3);
    return log;
}

/* The inverse by Gauss and Jordan: the matrix is positive definite, so every pivot is above 0. */
static void naive_inverse(double a[ITEMS][ITEMS], double out[ITEMS][ITEMS])
{
    for (uint32_t i = 0; i < ITEMS; i++)
        for (uint32_t j = 0; j < ITEMS; j++) out[i][j] = i == j;
    for (uint32_t p = 0; p < ITEMS; p++) {
        const double pivot = a[p][p];
        for (uint32_t j = 0; j < ITEMS; j++) a[p][j] /= pivot, out[p][j] /= pivot;
        for (uint32_t i = 0; i < ITEMS; i++) {
            const double times = i == p ? 0.0 : a[i][p];
            for (uint32_t j = 0; j < ITEMS; j++) a[i][j] -= times * a[p][j], out[i][j] -= times * out[p][j];
        }
    }
}

/* Weights [ITEMS][ITEMS] by the words of table.h. */
static void naive(const vitrine_dataset *log, const vitrine_table_options *o, double *weight)
{
    static const float one[VITRINE_EVENT_KINDS] = { 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                                    1, 1, 1, 1, 1, 1, 1, 1, 1 };
    const float *kind_weight = o->kind_weight != NULL ? o->kind_weight : one;
    double count[ITEMS][ITEMS] = {{0}}, with[ITEMS] = {0};
    for (uint32_t s = 0; s < log->sessions; s++) {
        uint32_t item[15], kind[15], length = 0;
        for (uint64_t e = log->session_start[s]; e < log->session_start[s + 1]; e++) {
            if (log->item[e] >= ITEMS || !(kind_weight[log->kind[e]] > 0)) continue;
            item[length] = log->item[e];
            kind[length++] = log->kind[e];
        }
        bool in[ITEMS] = {false};
        for (uint32_t n = 0; n < length; n++) in[item[n]] = true;
        for (uint32_t i = 0; i < ITEMS; i++) with[i] += in[i];
        if (o->kind == VITRINE_TABLE_STEPS) {
            for (uint32_t a = 0; a < length; a++)
                for (uint32_t b = a + 1; b < length; b++)
                    if (b - a <= o->window && (o->self || item[a] != item[b]))
                        count[item[a]][item[b]] +=
                            (double)kind_weight[kind[b]] / pow(b - a, o->fade > 0 ? (double)o->fade : 1);
            for (uint32_t a = 0; a < length; a++)
                for (uint32_t b = a + 1; b < length; b++)
                    if (b - a <= o->window && item[a] != item[b])
                        count[item[b]][item[a]] += (double)o->back * (double)kind_weight[kind[a]] /
                                                   pow(b - a, o->fade > 0 ? (double)o->fade : 1);
        } else {
            for (uint32_t i = 0; i < ITEMS; i++)
                for (uint32_t j = 0; j < ITEMS; j++) count[i][j] += i != j && in[i] && in[j];
        }
    }
    double inverse[ITEMS][ITEMS] = {{0}};
    if (o->kind == VITRINE_TABLE_EASE) {
        double gram[ITEMS][ITEMS];
        for (uint32_t i = 0; i < ITEMS; i++)
            for (uint32_t j = 0; j < ITEMS; j++) gram[i][j] = i == j ? with[i] + (double)o->ridge : count[i][j];
        naive_inverse(gram, inverse);
    }
    for (uint32_t i = 0; i < ITEMS; i++) {
        double sum = 0;
        for (uint32_t j = 0; j < ITEMS; j++) sum += count[i][j];
        for (uint32_t j = 0; j < ITEMS; j++) {
            const double c = count[i][j], damping = (double)o->damping;
            double w = 0;
            if (c > 0)
                switch (o->kind) {
                case VITRINE_TABLE_STEPS:
                case VITRINE_TABLE_TOGETHER: w = c / (sum + damping); break;
                case VITRINE_TABLE_COSINE: w = c / (sqrt(with[i] * with[j]) + damping); break;
                case VITRINE_TABLE_JACCARD: w = c / (with[i] + with[j] - c + damping); break;
                case VITRINE_TABLE_EUCLIDEAN: w = 1 / (1 + sqrt(with[i] + with[j] - 2 * c)); break;
                case VITRINE_TABLE_EASE: break;
                }
            if (o->kind == VITRINE_TABLE_EASE && i != j) w = fmax(-inverse[i][j] / inverse[j][j], 0);
            weight[i * ITEMS + j] = w;
        }
    }
}

static void check(const vitrine_table_options *options)
{
    for (uint64_t seed = 1; seed <= 4; seed++) {
        double want[ITEMS * ITEMS];
        vitrine_table table;
        vitrine_dataset log = random_log(seed);
        naive(&log, options, want);
        assert_int_equal(vitrine_table_count(&log, 0, log.sessions, options, &table), VITRINE_OK);
        for (uint32_t i = 0; i < ITEMS; i++) {
            uint32_t positive = 0;
            bool kept[ITEMS] = {false};
            double least = INFINITY;
            for (uint32_t j = 0; j < ITEMS; j++) positive += want[i * ITEMS + j] > 0;
            const uint64_t size = table.offset[i + 1] - table.offset[i];
            assert_int_equal(size, positive < options->neighbours ? positive : options->neighbours);
            for (uint64_t t = table.offset[i]; t < table.offset[i + 1]; t++) {
                const uint32_t j = table.neighbour[t];
                if (t > table.offset[i]) assert_true(table.neighbour[t - 1] < j);
                assert_float_equal(table.weight[t], want[i * ITEMS + j], 1e-6);
                kept[j] = true;
                least = fmin(least, want[i * ITEMS + j]);
            }
            for (uint32_t j = 0; j < ITEMS; j++)
                if (!kept[j]) assert_true(want[i * ITEMS + j] <= least + 1e-6);
        }
        vitrine_table_free(&table);
        vitrine_dataset_free(&log);
    }
}

static void every_kind_of_table_is_its_definition(void **state)
{
    (void)state;
    for (int kind = VITRINE_TABLE_STEPS; kind <= VITRINE_TABLE_EASE; kind++) {
        vitrine_table_options options = { .kind = (vitrine_table_kind)kind, .neighbours = ITEMS,
                                          .window = 10, .damping = 5, .ridge = 1.5f, .self = true, .threads = 1 };
        check(&options);
        options.threads = 2;
        options.neighbours = 4;
        options.damping = 0;
        check(&options);
    }
}

static void steps_keep_to_window_kinds_and_self(void **state)
{
    (void)state;
    float weight[VITRINE_EVENT_KINDS] = { 1.0f, 0.0f, 3.0f };
    vitrine_table_options options = { .kind = VITRINE_TABLE_STEPS, .neighbours = ITEMS, .window = 2,
                                      .damping = 1, .kind_weight = weight, .threads = 2 };
    check(&options);
    options.self = true;
    check(&options);
    options.back = 0.4f;
    check(&options);
    options.fade = 1.5f;
    options.window = 5;
    check(&options);
}

static void ease_says_what_it_cannot_do(void **state)
{
    (void)state;
    vitrine_dataset log = tiny_log(3, "0 1 2 | 0 1");
    vitrine_table_options options = { .kind = VITRINE_TABLE_EASE, .neighbours = 9, .threads = 1 };
    vitrine_table table;
    assert_int_equal(vitrine_table_count(&log, 0, 2, &options, &table), VITRINE_BAD_ARGUMENT);
    options.ridge = 1.0f;
    log.items = VITRINE_EASE_ITEMS + 1;
    assert_int_equal(vitrine_table_count(&log, 0, 2, &options, &table), VITRINE_BAD_ARGUMENT);
    assert_null(table.offset);
    log.items = 3;
    vitrine_dataset_free(&log);
}

/* 0 -> 1 at one step in both sessions, 0 -> 2 at two steps once: 2 and 1/2 of a sum of 2.5. */
static void a_row_worked_by_hand(void **state)
{
    (void)state;
    vitrine_dataset log = tiny_log(3, "0 1 2 | 0 1");
    const vitrine_table_options options = { .kind = VITRINE_TABLE_STEPS, .neighbours = 9,
                                            .window = 10, .damping = 2.5f, .threads = 1 };
    vitrine_table table;
    assert_int_equal(vitrine_table_count(&log, 0, 2, &options, &table), VITRINE_OK);
    assert_int_equal(table.offset[1], 2);
    assert_int_equal(table.neighbour[0], 1);
    assert_int_equal(table.neighbour[1], 2);
    assert_float_equal(table.weight[0], 0.4, 1e-7);
    assert_float_equal(table.weight[1], 0.1, 1e-7);
    vitrine_table_free(&table);
    vitrine_dataset_free(&log);
}

static void threads_do_not_change_a_bit(void **state)
{
    (void)state;
    vitrine_dataset log = random_log(9);
    vitrine_table_options options = { .kind = VITRINE_TABLE_STEPS, .neighbours = 5, .window = 10,
                                      .damping = 5, .self = true, .threads = 1 };
    vitrine_table one, three;
    assert_int_equal(vitrine_table_count(&log, 0, log.sessions, &options, &one), VITRINE_OK);
    options.threads = 3;
    assert_int_equal(vitrine_table_count(&log, 0, log.sessions, &options, &three), VITRINE_OK);
    assert_memory_equal(one.offset, three.offset, (ITEMS + 1) * sizeof *one.offset);
    assert_memory_equal(one.neighbour, three.neighbour, one.offset[ITEMS] * sizeof *one.neighbour);
    assert_memory_equal(one.weight, three.weight, one.offset[ITEMS] * sizeof *one.weight);
    vitrine_table_free(&one);
    vitrine_table_free(&three);
    vitrine_dataset_free(&log);
}

static void sessions_outside_the_range_do_not_count(void **state)
{
    (void)state;
    vitrine_dataset log = tiny_log(3, "0 1 | 1 2 | 2 0");
    const vitrine_table_options options = { .kind = VITRINE_TABLE_STEPS, .neighbours = 9,
                                            .window = 10, .threads = 1 };
    vitrine_table table;
    assert_int_equal(vitrine_table_count(&log, 1, 2, &options, &table), VITRINE_OK);
    assert_int_equal(table.offset[3], 1);
    assert_int_equal(table.offset[1], 0);
    assert_int_equal(table.neighbour[0], 2);
    vitrine_table_free(&table);
    vitrine_dataset_free(&log);
}

/* Item 1 has two of three events; smoothing of 1 makes that 3 of 6. */
static void popularity_is_smoothed_shares(void **state)
{
    (void)state;
    float share[3], weight[VITRINE_EVENT_KINDS] = { 1.0f, 0.0f, 4.0f };
    vitrine_dataset log = tiny_log(3, "1 1:2 0 -");
    assert_int_equal(vitrine_popularity(&log, 0, 1, NULL, 1.0f, share), VITRINE_OK);
    assert_float_equal(share[0], 2.0 / 6, 1e-7);
    assert_float_equal(share[1], 3.0 / 6, 1e-7);
    assert_float_equal(share[2], 1.0 / 6, 1e-7);
    assert_int_equal(vitrine_popularity(&log, 0, 1, weight, 0.0f, share), VITRINE_OK);
    assert_float_equal(share[0], 1.0 / 6, 1e-7);
    assert_float_equal(share[1], 5.0 / 6, 1e-7);
    assert_int_equal(vitrine_popularity(&log, 0, 0, NULL, 0.0f, share), VITRINE_OK);
    assert_float_equal(share[2], 1.0 / 3, 1e-7);
    vitrine_dataset_free(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_table_is_its_definition),
        cmocka_unit_test(steps_keep_to_window_kinds_and_self),
        cmocka_unit_test(ease_says_what_it_cannot_do),
        cmocka_unit_test(a_row_worked_by_hand),
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(sessions_outside_the_range_do_not_count),
        cmocka_unit_test(popularity_is_smoothed_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
