/* The query against its formula in double precision, in every combination of flags, and the relu
 * cell over a long history. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include "kernels/panels.h"
#include "nn/network.h"

enum { D = 33, ROOM = 8192 };

static float any_float(void)
{
    return (float)(rand() % 2001 - 1000) / 1000.0f;
}

static void the_query_is_its_formula_with_every_combination_of_flags(void **state)
{
    (void)state;
    static float out[D * D], skip[D * D], out_panels[64 * D], skip_panels[64 * D], scratch[ROOM];
    float gain[D], bias[D], x[D], h[D], q[D + 1];
    srand(11);
    for (size_t i = 0; i < D * D; i++) {
        out[i] = any_float();
        skip[i] = any_float();
    }
    for (size_t i = 0; i < D; i++) {
        gain[i] = any_float();
        bias[i] = any_float();
        x[i] = any_float();
        h[i] = any_float();
    }
    vitrine_panels_pack_f32(out_panels, out, D, D);
    vitrine_panels_pack_f32(skip_panels, skip, D, D);
    const uint32_t all = VITRINE_NET_OUT | VITRINE_NET_SKIP | VITRINE_NET_NORM;
    for (uint32_t cell = VITRINE_CELL_NONE; cell <= VITRINE_CELL_BAG; cell++)
        for (uint32_t flags = 0; flags <= all; flags++) {
            const vitrine_network net = {
                .shape = {cell, D, D, D, flags},
                .out_w = out_panels, .skip_w = skip_panels,
                .norm_gain = gain, .norm_bias = bias,
            };
            assert_true(vitrine_network_scratch(&net.shape) <= ROOM);
            double z[D], mean = 0, variance = 0;
            for (size_t r = 0; r < D; r++) {
                z[r] = cell == VITRINE_CELL_NONE || flags & VITRINE_NET_OUT ? 0 : (double)h[r];
                for (size_t c = 0; c < D; c++) {
                    if (cell != VITRINE_CELL_NONE && flags & VITRINE_NET_OUT)
                        z[r] += (double)out[r * D + c] * (double)h[c];
                    if (flags & VITRINE_NET_SKIP) z[r] += (double)skip[r * D + c] * (double)x[c];
                }
                mean += z[r] / D;
            }
            for (size_t r = 0; r < D; r++) variance += (z[r] - mean) * (z[r] - mean) / D;
            q[D] = 7.0f;
            vitrine_network_query(&net, vitrine_kernels_best(), x, h, q, scratch);
            for (size_t r = 0; r < D; r++) {
                const double want = flags & VITRINE_NET_NORM
                    ? (double)gain[r] * (z[r] - mean) / sqrt(variance + 1e-5) + (double)bias[r]
                    : z[r];
                assert_true(fabs((double)q[r] - want) <= 1e-5);
            }
            assert_true(q[D] == 7.0f);
        }
}

static void the_relu_cell_stays_finite_over_ten_thousand_events(void **state)
{
    (void)state;
    static float w[32 * 4], u[32 * 8], scratch[ROOM];
    float b[32], x[4] = {1, 1, 1, 1}, h[8] = {0}, c[8] = {0};
    for (size_t i = 0; i < 32 * 4; i++) w[i] = 1.0f;
    for (size_t i = 0; i < 32 * 8; i++) u[i] = 1.0f; /* grows as fast as a cell can */
    for (size_t i = 0; i < 32; i++) b[i] = 1.0f;
    const vitrine_network net = {
        .shape = {VITRINE_CELL_LSTM_RELU, 4, 8, 8, 0}, .cell_w = w, .cell_u = u, .cell_b = b};
    for (int t = 0; t < 10000; t++)
        vitrine_network_step(&net, vitrine_kernels_best(), x, h, c, scratch);
    for (size_t i = 0; i < 8; i++) assert_true(isfinite(h[i]) && c[i] == 1e4f);
}

static void the_bag_holds_the_mean_of_its_inputs(void **state)
{
    (void)state;
    float x[D], h[D] = {0}, c[D] = {0};
    double sum[D] = {0};
    const vitrine_network net = {.shape = {VITRINE_CELL_BAG, D, D, D, 0}};
    srand(3);
    for (int t = 1; t <= 200; t++) {
        for (size_t i = 0; i < D; i++) sum[i] += (double)(x[i] = any_float());
        vitrine_network_step(&net, vitrine_kernels_best(), x, h, c, NULL);
        for (size_t i = 0; i < D; i++) assert_true(fabs((double)h[i] - sum[i] / t) <= 1e-5);
    }
}

static void a_gap_has_the_row_of_its_power_of_four(void **state)
{
    (void)state;
    static const struct {
        int64_t before, now;
        uint32_t row;
    } cases[] = {{0, 1000, 0}, {1000, 0, 0}, {1000, 999, 0}, {-5, 1000, 0}, {1000, 1000, 1}, {1000, 1001, 2},
                 {1000, 1006, 2}, {1000, 1007, 3}, {1000, 1030, 3}, {1000, 1031, 4}, {1, 2047, 6}, {1, 2048, 7},
                 {1, (int64_t)1 << 27, 15}, {1, INT64_MAX, 15}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(vitrine_gap_row(cases[i].before, cases[i].now), cases[i].row);
    for (uint32_t row = 2; row < VITRINE_GAPS; row++) {
        const int64_t from = ((int64_t)2 << 2 * (row - 2)) - 1;
        assert_int_equal(vitrine_gap_row(7, 7 + from), row);
        assert_int_equal(vitrine_gap_row(7, 7 + from - 1), row - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_query_is_its_formula_with_every_combination_of_flags),
        cmocka_unit_test(the_bag_holds_the_mean_of_its_inputs),
        cmocka_unit_test(a_gap_has_the_row_of_its_power_of_four),
        cmocka_unit_test(the_relu_cell_stays_finite_over_ten_thousand_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
