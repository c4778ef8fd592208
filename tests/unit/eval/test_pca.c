/* The plane of widest spread, on clouds whose axes are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include "eval/pca.h"
#include "support/small_shop.h"

enum { COUNT = 500, DIM = 6 };

static float unit(uint64_t *random)
{
    return (float)(small_shop_random(random) >> 40) * 0x1p-24f - 0.5f;
}

static void widest_axes_are_found_with_their_shares(void **state)
{
    (void)state;
    static float rows[COUNT * DIM];
    static double out[COUNT * 2];
    double share[2], along[2] = {0}, truth[2] = {0}, cross = 0;
    uint64_t random = 11;
    static float u[COUNT], v[COUNT];
    for (int r = 0; r < COUNT; r++) {
        u[r] = 6.0f * unit(&random);
        v[r] = 2.0f * unit(&random);
        for (int d = 0; d < DIM; d++) rows[r * DIM + d] = 3.0f + 0.01f * unit(&random);
        /* axes (3,4,0,..)/5 and (0,0,1,0,..) */
        rows[r * DIM] += 0.6f * u[r];
        rows[r * DIM + 1] += 0.8f * u[r];
        rows[r * DIM + 2] += v[r];
    }
    assert_int_equal(vitrine_pca(rows, COUNT, DIM, out, share), VITRINE_OK);
    double mean_u = 0, mean_v = 0;
    for (int r = 0; r < COUNT; r++) {
        mean_u += (double)u[r] / COUNT;
        mean_v += (double)v[r] / COUNT;
    }
    for (int r = 0; r < COUNT; r++) {
        assert_true(fabs(out[2 * r] - ((double)u[r] - mean_u)) < 0.12);
        assert_true(fabs(out[2 * r + 1] - ((double)v[r] - mean_v)) < 0.12);
        along[0] += out[2 * r] * out[2 * r];
        along[1] += out[2 * r + 1] * out[2 * r + 1];
        cross += out[2 * r] * out[2 * r + 1];
        truth[0] += ((double)u[r] - mean_u) * ((double)u[r] - mean_u);
        truth[1] += ((double)v[r] - mean_v) * ((double)v[r] - mean_v);
    }
    assert_true(fabs(cross) < 1e-6 * along[0]); /* components do not correlate */
    assert_true(fabs(share[0] - truth[0] / (truth[0] + truth[1])) < 0.01);
    assert_true(fabs(share[0] + share[1] - 1.0) < 0.001);
}

static void points_on_a_line_or_in_one_place_have_no_second_axis(void **state)
{
    (void)state;
    float rows[4 * DIM] = {0};
    double out[8], share[2];
    assert_int_equal(vitrine_pca(rows, 4, DIM, out, share), VITRINE_OK);
    assert_true(share[0] == 0.0 && share[1] == 0.0);
    for (int r = 0; r < 4; r++) rows[r * DIM + 4] = (float)r;
    assert_int_equal(vitrine_pca(rows, 4, DIM, out, share), VITRINE_OK);
    assert_true(fabs(share[0] - 1.0) < 1e-9 && fabs(share[1]) < 1e-9);
    for (int r = 0; r < 4; r++) {
        assert_true(fabs(out[2 * r] - (r - 1.5)) < 1e-9);
        assert_true(fabs(out[2 * r + 1]) < 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widest_axes_are_found_with_their_shares),
        cmocka_unit_test(points_on_a_line_or_in_one_place_have_no_second_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
