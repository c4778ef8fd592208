/* The query against its formula in double precision, in every combination of flags, and the relu
 * cell over a long history. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
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

/* A matrix as bytes with a scale a row, and the numbers they stand for. */
typedef struct byte_matrix {
    int8_t panels[64 * 64];
    float scale[64];
    int32_t row_sum[64];
    double value[64][40];
} byte_matrix;

static void make_bytes(byte_matrix *m, size_t rows, size_t cols)
{
    static int8_t q[64 * 40];
    int32_t square[VITRINE_PANEL];
    memset(m, 0, sizeof *m);
    for (size_t r = 0; r < rows; r++) {
        m->scale[r] = 0.001f * (float)(1 + rand() % 9);
        for (size_t c = 0; c < cols; c++) {
            q[r * cols + c] = (int8_t)(rand() % 255 - 127);
            m->value[r][c] = (double)q[r * cols + c] * (double)m->scale[r];
        }
    }
    vitrine_panels_pack_q8(m->panels, q, rows, cols);
    for (size_t base = 0; base < vitrine_padded_rows(rows); base += VITRINE_PANEL)
        assert_true(vitrine_panel_totals_q8(m->panels + base * vitrine_padded_cols_q8(cols), cols, m->row_sum + base, square));
}

/* x in 63 steps of its largest, in double: what is left of it in 7 bits. */
static void in_steps(double *out, const float *x, size_t n)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++) largest = fmax(largest, fabs((double)x[i]));
    const double step = (double)((float)largest / 63.0f);
    for (size_t i = 0; i < n; i++) out[i] = step > 0 ? rint((double)(x[i] / (float)step)) * step : 0;
}

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

static void byte_gates_are_the_formulas_over_numbers_in_steps(void **state)
{
    (void)state;
    enum { INPUT = 7, H = 13, GATES = 4 };
    static byte_matrix w, u;
    static float scratch[ROOM];
    float b[64] = {0}, candidate[32] = {0};
    srand(21);
    for (int gates = 3; gates <= GATES; gates++) {
        make_bytes(&w, (size_t)gates * H, INPUT);
        make_bytes(&u, (size_t)gates * H, H);
        for (int i = 0; i < gates * H; i++) b[i] = any_float();
        for (int i = 0; i < H; i++) candidate[i] = any_float();
        const vitrine_network net = {
            .shape = {gates == 3 ? VITRINE_CELL_GRU : VITRINE_CELL_LSTM, INPUT, H, H, VITRINE_NET_BYTES},
            .cell_w_q8 = {w.panels, w.row_sum, w.scale, NULL}, .cell_u_q8 = {u.panels, u.row_sum, u.scale, NULL},
            .cell_b = b, .cell_c = candidate};
        assert_true(vitrine_network_scratch(&net.shape) <= ROOM);
        float x[INPUT + 1] = {0}, h[32] = {0}, c[32] = {0};
        for (int t = 0; t < 50; t++) {
            double steps[INPUT], before[H], sum[2][GATES * H];
            for (int i = 0; i < INPUT; i++) x[i] = t == 3 ? 0.0f : any_float();
            in_steps(steps, x, INPUT);
            in_steps(before, h, H); /* each event from the state that there is: errors do not add up */
            for (int r = 0; r < gates * H; r++) {
                sum[0][r] = (double)b[r];
                sum[1][r] = gates == 3 && r >= 2 * H ? (double)candidate[r - 2 * H] : 0;
                for (int i = 0; i < INPUT; i++) sum[0][r] += w.value[r][i] * steps[i];
                for (int i = 0; i < H; i++) sum[1][r] += u.value[r][i] * before[i];
            }
            double want[H];
            for (int i = 0; i < H; i++) {
                const double first = sigmoid(sum[0][i] + sum[1][i]), second = sigmoid(sum[0][H + i] + sum[1][H + i]);
                if (gates == 3) {
                    const double n = tanh(sum[0][2 * H + i] + first * sum[1][2 * H + i]);
                    want[i] = (1 - second) * n + second * (double)h[i];
                    continue;
                }
                const double g = tanh(sum[0][2 * H + i] + sum[1][2 * H + i]), o = sigmoid(sum[0][3 * H + i] + sum[1][3 * H + i]);
                want[i] = o * tanh(second * (double)c[i] + first * g);
            }
            vitrine_network_step(&net, vitrine_kernels_best(), x, h, c, scratch);
            for (int i = 0; i < H; i++) assert_true(fabs((double)h[i] - want[i]) <= 2e-6);
        }
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
        cmocka_unit_test(byte_gates_are_the_formulas_over_numbers_in_steps),
        cmocka_unit_test(the_bag_holds_the_mean_of_its_inputs),
        cmocka_unit_test(a_gap_has_the_row_of_its_power_of_four),
        cmocka_unit_test(the_relu_cell_stays_finite_over_ten_thousand_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
