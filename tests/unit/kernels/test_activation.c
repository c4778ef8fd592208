/* The scalar activations against the C library's in double precision. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>
#include "kernels/activation.h"

/* The next float to look at, from -infinity's neighbour through both zeros upwards in size. */
static float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

enum { STEP = 211 };

static void exp_is_within_its_bound_wherever_it_does_not_clamp(void **state)
{
    (void)state;
    for (uint64_t bits = 0; bits <= UINT32_MAX; bits += STEP) {
        const float x = float_of((uint32_t)bits);
        if (!(x >= VITRINE_EXP_LOW && x <= VITRINE_EXP_HIGH)) continue;
        const double want = exp((double)x);
        if (!(fabs((double)vitrine_exp1(x) - want) <= 1.2e-7 * want))
            fail_msg("exp(%.9g) = %.9g", (double)x, (double)vitrine_exp1(x));
    }
}

static void exp_beyond_its_ends_is_the_value_at_the_end(void **state)
{
    (void)state;
    assert_true(vitrine_exp1(-1e30f) == vitrine_exp1(-87.0f));
    assert_true(vitrine_exp1(1e30f) == vitrine_exp1(88.0f));
    assert_true(vitrine_exp1(-1e30f) > 0.0f && isfinite(vitrine_exp1(1e30f)));
    assert_true(vitrine_exp1(0.0f) == 1.0f);
}

static void sigmoid_and_tanh_are_within_their_bounds_over_all_floats(void **state)
{
    (void)state;
    for (uint64_t bits = 0; bits <= UINT32_MAX; bits += STEP) {
        const float x = float_of((uint32_t)bits);
        if (!isfinite(x)) continue;
        const double sigmoid = 1.0 / (1.0 + exp(-(double)x)), tangent = tanh((double)x);
        if (!(fabs((double)vitrine_sigmoid1(x) - sigmoid) <= 1.2e-7))
            fail_msg("sigmoid(%.9g) = %.9g", (double)x, (double)vitrine_sigmoid1(x));
        const double off = fabs((double)vitrine_tanh1(x) - tangent);
        /* A float below the smallest normal one is itself coarser than a relative bound. */
        if (!(off <= 1.2e-7 && off <= 2.4e-7 * fabs(tangent) + 1e-44))
            fail_msg("tanh(%.9g) = %.9g", (double)x, (double)vitrine_tanh1(x));
    }
}

static void tanh_is_odd_to_the_bit_and_zero_at_zero(void **state)
{
    (void)state;
    for (uint64_t bits = 0; bits < 0x7F800000u; bits += STEP) {
        const float x = float_of((uint32_t)bits);
        const vitrine_float_bits up = {vitrine_tanh1(x)}, down = {vitrine_tanh1(-x)};
        assert_int_equal(up.bits, down.bits & 0x7FFFFFFF);
        assert_true(down.bits < 0);
    }
    assert_true(vitrine_tanh1(0.0f) == 0.0f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_is_within_its_bound_wherever_it_does_not_clamp),
        cmocka_unit_test(exp_beyond_its_ends_is_the_value_at_the_end),
        cmocka_unit_test(sigmoid_and_tanh_are_within_their_bounds_over_all_floats),
        cmocka_unit_test(tanh_is_odd_to_the_bit_and_zero_at_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
