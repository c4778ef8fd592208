/* LSTM and GRU against ONNX Runtime: recurrent.json, written by make_recurrent.mjs. Every variant
 * of the kernels runs every case, and every step of it is compared. */
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
#include "support/golden.h"

static const double TOLERANCE = 1e-5;

static cJSON *golden;

static int read_golden(void **state)
{
    (void)state;
    golden = golden_read("recurrent");
    return golden ? 0 : -1;
}

static int drop_golden(void **state)
{
    (void)state;
    cJSON_Delete(golden);
    return 0;
}

static size_t size_of(const cJSON *layer, const char *name)
{
    return (size_t)cJSON_GetObjectItemCaseSensitive(layer, name)->valuedouble;
}

/* The numbers under `name` times `unit`, and zeros up to `room`. */
static float *numbers(const cJSON *layer, const char *name, double unit, size_t count, size_t room)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(layer, name);
    assert_int_equal(cJSON_GetArraySize(list), count);
    float *values = calloc(room, sizeof *values);
    assert_non_null(values);
    size_t i = 0;
    const cJSON *value;
    cJSON_ArrayForEach(value, list) values[i++] = (float)(value->valuedouble * unit);
    return values;
}

static float *panels_of(const cJSON *layer, const char *name, size_t rows, size_t cols)
{
    float *matrix = numbers(layer, name, 1.0 / 256, rows * cols, rows * cols);
    float *panels = calloc(vitrine_panels_f32_count(rows, cols), sizeof *panels);
    assert_non_null(panels);
    vitrine_panels_pack_f32(panels, matrix, rows, cols);
    free(matrix);
    return panels;
}

static void run_layer(const cJSON *layer, uint32_t cell, const vitrine_kernels *kernels)
{
    const size_t H = size_of(layer, "hidden"), I = size_of(layer, "input");
    const size_t T = size_of(layer, "steps"), rows = vitrine_cell_gates(cell) * H;
    float *w = panels_of(layer, "w", rows, I), *u = panels_of(layer, "u", rows, H);
    float *b = numbers(layer, "b", 1.0 / 256, rows, vitrine_padded_rows(rows));
    float *n = cell == VITRINE_CELL_GRU
                   ? numbers(layer, "c", 1.0 / 256, H, vitrine_padded_rows(H)) : NULL;
    float *x = numbers(layer, "x", 1.0 / 256, T * I, T * I);
    float *want = numbers(layer, "h", 1.0, T * H, T * H);
    const vitrine_network net = {
        .shape = {.cell = cell, .input = (uint32_t)I, .hidden = (uint32_t)H, .dim = (uint32_t)H},
        .cell_w = w, .cell_u = u, .cell_b = b, .cell_c = n,
    };
    float *scratch = calloc(vitrine_network_scratch(&net.shape), sizeof *scratch);
    float *h = calloc(H, sizeof *h), *c = calloc(H, sizeof *c);
    for (size_t t = 0; t < T; t++) {
        vitrine_network_step(&net, kernels, x + t * I, h, c, scratch);
        for (size_t unit = 0; unit < H; unit++)
            if (!(fabs((double)h[unit] - (double)want[t * H + unit]) <= TOLERANCE))
                fail_msg("%s H=%zu step %zu unit %zu: %.9g, not %.9g", kernels->name, H, t, unit,
                         (double)h[unit], (double)want[t * H + unit]);
    }
    if (cell != VITRINE_CELL_GRU) {
        float *last = numbers(layer, "last_cell", 1.0, H, H);
        for (size_t unit = 0; unit < H; unit++)
            assert_true(fabs((double)c[unit] - (double)last[unit]) <= TOLERANCE);
        free(last);
    }
    void *all[] = {w, u, b, n, x, want, scratch, h, c};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static void run_all(const char *name, uint32_t cell)
{
    int layers = 0;
    const cJSON *layer;
    cJSON_ArrayForEach(layer, cJSON_GetObjectItemCaseSensitive(golden, "cases"))
    {
        if (strcmp(cJSON_GetObjectItemCaseSensitive(layer, "cell")->valuestring, name) != 0) continue;
        const vitrine_kernels *kernels;
        for (size_t i = 0; (kernels = vitrine_kernels_list(i)) != NULL; i++)
            run_layer(layer, cell, kernels);
        layers++;
    }
    assert_int_equal(layers, 2);
}

static void the_lstm_with_tanh_agrees_with_onnx_runtime(void **state)
{
    (void)state;
    run_all("lstm", VITRINE_CELL_LSTM);
}

static void the_lstm_with_relu_agrees_with_onnx_runtime(void **state)
{
    (void)state;
    run_all("lstm_relu", VITRINE_CELL_LSTM_RELU);
}

static void the_gru_agrees_with_onnx_runtime(void **state)
{
    (void)state;
    run_all("gru", VITRINE_CELL_GRU);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lstm_with_tanh_agrees_with_onnx_runtime),
        cmocka_unit_test(the_lstm_with_relu_agrees_with_onnx_runtime),
        cmocka_unit_test(the_gru_agrees_with_onnx_runtime),
    };
    return cmocka_run_group_tests(tests, read_golden, drop_golden);
}
