/* The scalar matrix kernels against textbook loops over the unpacked matrix: f32 in double
 * precision and within the stated bound, int8 exactly; and panels against the rows put in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "kernels/panels.h"
#include "kernels/gemv.h"
#include "kernels/scan.h"
#include "kernels/vector.h"

enum { ROWS = 67, COLS = 67 };

static float any_float(void)
{
    return (float)(rand() % 2000001 - 1000000) / 400000.0f;
}

static void gemv_is_within_its_bound_of_double_precision(void **state)
{
    (void)state;
    static float w[ROWS * COLS], panels[96 * COLS], x[COLS], bias[96], y[96];
    srand(1);
    for (size_t cols = 0; cols <= COLS; cols++) {
        const size_t rows = 1 + cols % ROWS;
        for (size_t i = 0; i < rows * cols; i++) w[i] = any_float();
        for (size_t i = 0; i < cols; i++) x[i] = any_float();
        for (size_t i = 0; i < rows; i++) bias[i] = any_float();
        vitrine_panels_pack_f32(panels, w, rows, cols);
        vitrine_gemv_f32_scalar(y, panels, x, bias, rows, cols);
        for (size_t r = 0; r < rows; r++) {
            double want = (double)bias[r], mass = fabs(want);
            for (size_t c = 0; c < cols; c++) {
                const double product = (double)w[r * cols + c] * (double)x[c];
                want += product;
                mass += fabs(product);
            }
            assert_true(fabs((double)y[r] - want) <= (double)(cols + 1) * FLT_EPSILON * mass);
        }
    }
}

static void the_scan_is_the_integer_dot_product_of_every_row(void **state)
{
    (void)state;
    static int8_t w[ROWS * COLS], panels[96 * 68];
    static uint8_t x[68];
    static int32_t none[96];
    static float y[96], unit[96], zero[96], most[3];
    const vitrine_rows_q8 rows_q8 = {panels, none, unit, zero};
    for (size_t r = 0; r < 96; r++) unit[r] = 1.0f;
    srand(2);
    for (size_t cols = 0; cols <= COLS; cols++) {
        const size_t rows = 1 + cols % ROWS;
        for (size_t i = 0; i < rows * cols; i++) w[i] = (int8_t)(rand() % 255 - 127);
        for (size_t i = 0; i < 68; i++) x[i] = (uint8_t)(rand() % 128);
        vitrine_panels_pack_q8(panels, w, rows, cols);
        vitrine_logits_q8_scalar(y, most, &rows_q8, x, 1.0f, rows, cols);
        for (size_t r = 0; r < rows; r++) {
            long want = 0;
            for (size_t c = 0; c < cols; c++) want += (long)w[r * cols + c] * x[c];
            assert_true(y[r] == (float)want); /* below 2^24 */
        }
    }
}

static void rows_come_back_out_of_their_panels(void **state)
{
    (void)state;
    static float w[ROWS * COLS], panels[96 * COLS], row[COLS];
    static int8_t w8[ROWS * COLS], panels8[96 * 68], row8[COLS];
    for (size_t i = 0; i < ROWS * COLS; i++) {
        w[i] = (float)i;
        w8[i] = (int8_t)((int)(i % 255) - 127);
    }
    vitrine_panels_pack_f32(panels, w, ROWS, COLS);
    vitrine_panels_pack_q8(panels8, w8, ROWS, COLS);
    for (size_t r = 0; r < ROWS; r++) {
        vitrine_panels_row_f32(row, panels, r, COLS);
        vitrine_panels_row_q8(row8, panels8, r, COLS);
        assert_memory_equal(row, w + r * COLS, sizeof row);
        assert_memory_equal(row8, w8 + r * COLS, sizeof row8);
    }
    /* By hand, from the layout in panels.h: row 33 is row 1 of panel 1, column 5 is in group 1. */
    assert_true(panels[(1 * COLS + 5) * 32 + 1] == w[33 * COLS + 5]);
    assert_int_equal(panels8[(1 * 17 + 1) * 128 + 1 * 4 + 1], w8[33 * COLS + 5]);
}

static void sum_and_dot_are_within_their_bounds_of_double_precision(void **state)
{
    (void)state;
    srand(3);
    for (size_t n = 0; n <= COLS; n++) {
        float a[COLS], b[COLS];
        double sum = 0, dot = 0, sum_mass = 0, dot_mass = 0;
        for (size_t i = 0; i < n; i++) {
            a[i] = any_float();
            b[i] = any_float();
            sum += (double)a[i];
            sum_mass += fabs((double)a[i]);
            dot += (double)a[i] * (double)b[i];
            dot_mass += fabs((double)a[i] * (double)b[i]);
        }
        const double bound = (double)(n / 8 + 4) * FLT_EPSILON;
        assert_true(fabs((double)vitrine_sum_scalar(a, n) - sum) <= bound * sum_mass);
        assert_true(fabs((double)vitrine_dot_f32_scalar(a, b, n) - dot) <=
                    (bound + FLT_EPSILON) * dot_mass);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gemv_is_within_its_bound_of_double_precision),
        cmocka_unit_test(the_scan_is_the_integer_dot_product_of_every_row),
        cmocka_unit_test(rows_come_back_out_of_their_panels),
        cmocka_unit_test(sum_and_dot_are_within_their_bounds_of_double_precision),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
