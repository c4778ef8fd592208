#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/strings.h"

static int sign(int value) { return (value > 0) - (value < 0); }

static void agrees(const char *a, const char *b, size_t length)
{
    const int want = length == 0 ? 0 : memcmp(a, b, length);
    assert_int_equal(sign(vitrine_bytes_order(a, b, length)), sign(want));
    assert_int_equal(sign(vitrine_bytes_order(b, a, length)), -sign(want));
}

/* Every length to four words and more, every place of the first difference, aligned and not. Each text ends with
 * its block, for the sanitizers to see what is read behind it. */
static void the_order_of_bytes_is_memcmps(void **state)
{
    (void)state;
    for (size_t length = 0; length < 40; length++)
        for (size_t shift = 1; shift < 9; shift++) {
            char *a = malloc(length + shift), *b = malloc(length + 1);
            assert_non_null(a);
            assert_non_null(b);
            char *one = a + shift, *other = b + 1;
            for (size_t i = 0; i < length; i++) one[i] = other[i] = (char)(i * 37 + 200);
            agrees(one, other, length);
            for (size_t at = 0; at < length; at++)
                for (int by = 1; by < 256; by += 51) {
                    /* What comes behind the first difference says nothing. */
                    one[at] = (char)(one[at] + by);
                    one[length - 1] = (char)(one[length - 1] - 2 * by);
                    agrees(one, other, length);
                    one[at] = other[at];
                    one[length - 1] = other[length - 1];
                }
            free(a);
            free(b);
        }
}

static void shorter_texts_come_first(void **state)
{
    (void)state;
    assert_true(vitrine_string_order("9", 1, "10", 2) < 0);
    assert_true(vitrine_string_order("10", 2, "9", 1) > 0);
    assert_true(vitrine_string_order("19", 2, "20", 2) < 0);
    assert_int_equal(vitrine_string_order(NULL, 0, NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_bytes_is_memcmps),
        cmocka_unit_test(shorter_texts_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
