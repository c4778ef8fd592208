/* The loops for this machine against the plain ones and against doubles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>
#include "train/loops.h"
#include "train/random.h"

enum { MOST = 70 };

static void fill(float *x, uint64_t key)
{
    for (size_t i = 0; i < MOST; i++)
        x[i] = (float)(12.0 * vitrine_random_unit(vitrine_random(key, i)) - 6.0);
}

static void every_variant_gives_the_same_bits_at_every_length(void **state)
{
    (void)state;
    const vitrine_loops *const loops[2] = { &vitrine_loops_scalar, vitrine_loops_best() };
    for (size_t n = 0; n < MOST; n++) {
        float x[2][MOST], y[2][MOST], m[2][MOST], v[2][MOST], result[2][4] = { { 0 } };
        const vitrine_adam adam = vitrine_adam_step(3, 0.01f, 0.1f, 0.5f);
        for (int k = 0; k < 2; k++) {
            fill(x[k], n), fill(y[k], n + 100), fill(m[k], n + 200), fill(v[k], n + 300);
            for (size_t i = 0; i < MOST; i++) v[k][i] *= v[k][i];
            loops[k]->add(x[k], y[k], n);
            loops[k]->adam(&adam, 1, y[k], x[k], m[k], v[k], n);
            result[k][0] = loops[k]->squares(x[k], n);
            result[k][1] = (float)loops[k]->count(x[k], y[k], 0.5f, n);
            if (n > 0) result[k][2] = loops[k]->softmax(x[k], y[k], &result[k][3], n);
            loops[k]->spread(x[k], 0.3f, y[k], n);
        }
        assert_memory_equal(result[0], result[1], sizeof result[0]);
        assert_memory_equal(x[0], x[1], sizeof x[0]); /* to the end: nothing past n is written */
        assert_memory_equal(y[0], y[1], sizeof y[0]);
        assert_memory_equal(m[0], m[1], sizeof m[0]);
        assert_memory_equal(v[0], v[1], sizeof v[0]);
    }
}

static void the_sums_are_those_of_doubles(void **state)
{
    (void)state;
    const vitrine_loops *loops = vitrine_loops_best();
    float x[MOST], bias[MOST], total[MOST] = { 0 }, most;
    double squares = 0.0, sum = 0.0, top = -1e9;
    size_t above = 0;
    fill(x, 1), fill(bias, 2);
    for (size_t i = 0; i < MOST; i++) {
        squares += (double)x[i] * (double)x[i];
        above += x[i] + bias[i] >= 1.5f;
        top = fmax(top, (double)(x[i] + bias[i]));
    }
    assert_true(fabs((double)loops->squares(x, MOST) - squares) < 1e-3);
    assert_int_equal(loops->count(x, bias, 1.5f, MOST), above);
    for (size_t i = 0; i < MOST; i++) sum += exp((double)(x[i] + bias[i]) - top);
    float share[MOST];
    memcpy(share, x, sizeof share);
    assert_true(fabs((double)loops->softmax(share, bias, &most, MOST) - sum) < 1e-5);
    assert_true(fabs((double)most - top) < 1e-6);
    for (size_t i = 0; i < MOST; i++)
        assert_true(fabs((double)share[i] - exp((double)(x[i] + bias[i]) - top)) < 1e-6);
    memcpy(x, share, sizeof x);
    loops->spread(share, 2.0f, total, MOST);
    for (size_t i = 0; i < MOST; i++) {
        assert_true(share[i] == 2.0f * x[i]);
        assert_true(total[i] == share[i]);
    }
}

/* Textbook Adam in doubles, ten steps. */
static void a_step_is_that_of_the_paper(void **state)
{
    (void)state;
    float theta = 0.7f, mean = 0.0f, square = 0.0f;
    double t = 0.7, m = 0.0, v = 0.0;
    for (int step = 1; step <= 10; step++) {
        const float gradient = (float)step * 0.3f - 1.0f;
        const vitrine_adam adam = vitrine_adam_step((uint64_t)step, 0.05f, 0.01f, 1.0f);
        vitrine_loops_best()->adam(&adam, 1, &gradient, &theta, &mean, &square, 1);
        m = 0.9 * m + 0.1 * (double)gradient;
        v = 0.999 * v + 0.001 * (double)gradient * (double)gradient;
        t -= 0.05 * 0.01 * t;
        t -= 0.05 * (m / (1.0 - pow(0.9, step))) / (sqrt(v / (1.0 - pow(0.999, step))) + 1e-8);
        assert_true(fabs((double)theta - t) < 1e-5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_variant_gives_the_same_bits_at_every_length),
        cmocka_unit_test(the_sums_are_those_of_doubles),
        cmocka_unit_test(a_step_is_that_of_the_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
