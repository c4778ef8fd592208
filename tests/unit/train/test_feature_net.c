/* The feature network in training: its slopes against finite differences, and which ids are left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>
#include "train/feature_net.h"
#include "train/random.h"

enum { ITEMS = 40, DIM = 5, WIDTH = 6, ATTRIBUTES = 7, NUMBERS = 3, MOST = 1000 };

/* Item i has the attributes i % 7 and, when even, i % 3; items that 5 divides are not known. */
typedef struct rig {
    vitrine_layout layout;
    uint32_t offset[ITEMS + 1], index[2 * ITEMS];
    float number[ITEMS * NUMBERS], theta[MOST];
    uint8_t known[ITEMS];
    vitrine_feature_inputs inputs;
} rig;

static float drawn(uint64_t key, uint64_t index)
{
    return (float)(2.0 * vitrine_random_unit(vitrine_random(key, index)) - 1.0);
}

static void rig_make(rig *r)
{
    memset(r, 0, sizeof *r);
    const vitrine_network_shape shape = { VITRINE_CELL_GRU, DIM, DIM, DIM, VITRINE_NET_TIED };
    vitrine_layout_make(&shape, ITEMS, &r->layout);
    vitrine_layout_add_features(&r->layout, ATTRIBUTES, WIDTH, NUMBERS);
    assert_in_range(vitrine_layout_total(&r->layout), 1, MOST);
    for (size_t i = 0; i < MOST; i++) r->theta[i] = drawn(3, i);
    for (size_t i = 0; i < ITEMS * NUMBERS; i++) r->number[i] = drawn(4, i);
    for (uint32_t i = 0; i < ITEMS; i++) {
        uint32_t used = r->offset[i];
        r->known[i] = i % 5 != 0;
        if (r->known[i]) r->index[used++] = i % 7;
        if (r->known[i] && i % 2 == 0) r->index[used++] = i % 3;
        r->offset[i + 1] = used;
        if (!r->known[i]) memset(r->number + i * NUMBERS, 0, NUMBERS * sizeof(float));
    }
    r->inputs = (vitrine_feature_inputs){ ITEMS, ATTRIBUTES, NUMBERS, r->offset, r->index, r->number,
                                          r->known };
}

/* A loss that is linear in the vectors: its slopes by them are the coefficients. */
static double loss_of(const rig *r, vitrine_feature_net *net, const uint32_t *row, uint32_t rows,
                      const float *coefficient)
{
    float item[ITEMS * DIM];
    double loss = 0.0;
    for (uint32_t n = 0; n < rows; n++)
        memcpy(item + n * DIM, r->theta + (row != NULL ? row[n] : n) * DIM, DIM * sizeof *item);
    vitrine_feature_net_forward(net, row, rows, true, 11, item);
    for (uint32_t i = 0; i < rows * DIM; i++) loss += (double)item[i] * (double)coefficient[i];
    return loss;
}

static void check(const uint32_t *row, uint32_t rows)
{
    rig r;
    float coefficient[ITEMS * DIM], d_item[ITEMS * DIM];
    rig_make(&r);
    vitrine_feature_net *net =
        vitrine_feature_net_create(&r.layout, r.theta, &r.inputs, rows, 0.4f, vitrine_matmul_plain);
    assert_non_null(net);
    for (uint32_t i = 0; i < rows * DIM; i++) coefficient[i] = d_item[i] = drawn(5, i);
    loss_of(&r, net, row, rows, coefficient);
    vitrine_feature_net_backward(net, d_item);
    double slopes[MOST] = { 0 };
    const size_t from = r.layout.offset[VITRINE_SEG_FEATURE_EMBED];
    const size_t total = vitrine_layout_total(&r.layout);
    for (uint32_t n = 0; n < rows; n++)
        for (uint32_t d = 0; d < DIM; d++)
            slopes[(row != NULL ? row[n] : n) * DIM + d] = (double)d_item[n * DIM + d];
    for (size_t i = from; i < total; i++)
        slopes[i] = (double)vitrine_feature_net_gradient(net)[i - from];
    int moving = 0;
    for (size_t i = 0; i < total; i++) {
        if (i >= ITEMS * DIM && i < from) continue; /* of the recurrent network */
        const float kept = r.theta[i], step = 1e-3f;
        r.theta[i] = kept + step;
        const double up = loss_of(&r, net, row, rows, coefficient), high = (double)r.theta[i];
        r.theta[i] = kept - step;
        const double down = loss_of(&r, net, row, rows, coefficient);
        const double measured = (up - down) / (high - (double)r.theta[i]);
        r.theta[i] = kept;
        moving += fabs(measured) > 0.05;
        if (fabs(measured - slopes[i]) > 2e-2 + 1e-2 * fabs(measured))
            fail_msg("number %zu has slope %g, measured %g", i, slopes[i], measured);
    }
    assert_in_range(moving, 50, MOST);
    vitrine_feature_net_destroy(net);
}

static void slopes_are_those_of_finite_differences(void **state)
{
    (void)state;
    static const uint32_t some[9] = { 17, 3, 38, 0, 21, 4, 5, 30, 12 };
    check(NULL, ITEMS);
    check(some, 9);
}

/* Without its id an item's vector depends on its features alone; unknown items always have it. */
static void ids_are_left_out_of_known_items_only_and_in_training_only(void **state)
{
    (void)state;
    rig r;
    rig_make(&r);
    vitrine_feature_net *net =
        vitrine_feature_net_create(&r.layout, r.theta, &r.inputs, ITEMS, 0.4f, vitrine_matmul_plain);
    assert_non_null(net);
    int out[2] = { 0, 0 };
    for (int training = 0; training < 2; training++)
        for (uint64_t key = 0; key < 50; key++) {
            float with[ITEMS * DIM], without[ITEMS * DIM] = { 0 };
            memcpy(with, r.theta, sizeof with);
            vitrine_feature_net_forward(net, NULL, ITEMS, training == 1, key, with);
            vitrine_feature_net_forward(net, NULL, ITEMS, training == 1, key, without);
            for (uint32_t i = 0; i < ITEMS; i++) {
                const bool same = memcmp(with + i * DIM, without + i * DIM, DIM * sizeof *with) == 0;
                if (same) assert_true(r.known[i]);
                out[training] += same;
            }
        }
    assert_int_equal(out[0], 0);
    assert_in_range(out[1], 0.3 * 50 * 32, 0.5 * 50 * 32);
    vitrine_feature_net_destroy(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slopes_are_those_of_finite_differences),
        cmocka_unit_test(ids_are_left_out_of_known_items_only_and_in_training_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
