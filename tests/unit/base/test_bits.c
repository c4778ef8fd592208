#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"

enum { NUMBERS = 4000 };

static uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    static uint8_t bytes[NUMBERS * 16];
    uint64_t random = 5;
    vitrine_bit_writer measured = {NULL, 0}, out = {bytes, 0};
    memset(bytes, 0, sizeof bytes);
    for (int pass = 0; pass < 2; pass++) {
        vitrine_bit_writer *to = pass == 0 ? &measured : &out;
        random = 5;
        for (int i = 0; i < NUMBERS; i++) {
            const uint32_t size = next_random(&random) % 20, value = next_random(&random) >> (31 - size);
            vitrine_bits_write(to, value, size + 1);
            vitrine_bits_write_rice(to, value, size > 3 ? size - 3 : 0);
            vitrine_bits_write_golomb(to, value >> 4, size % 5);
        }
    }
    assert_int_equal(measured.at, out.at);
    vitrine_bits in = vitrine_bits_of(bytes, vitrine_bits_bytes(&out));
    random = 5;
    for (int i = 0; i < NUMBERS; i++) {
        const uint32_t size = next_random(&random) % 20, value = next_random(&random) >> (31 - size);
        assert_int_equal(vitrine_bits_read(&in, size + 1), value & ((2u << size) - 1));
        assert_int_equal(vitrine_bits_rice(&in, size > 3 ? size - 3 : 0, 1u << 20), value);
        assert_int_equal(vitrine_bits_golomb(&in, size % 5), value >> 4);
    }
    assert_true(in.ok);
    assert_true(in.end - in.at < 8);
}

static void rising_numbers_come_back_near_the_least_size(void **state)
{
    (void)state;
    static uint8_t bytes[65536];
    uint64_t random = 11;
    for (uint32_t places = 1; places < 3000; places = places * 2 + 1)
        for (uint32_t share = 1; share <= 8; share++) {
            uint32_t chosen[3000], count = 0, next = 0;
            for (uint32_t v = 0; v < places; v++)
                if (next_random(&random) % share == 0) chosen[count++] = v;
            memset(bytes, 0, sizeof bytes);
            vitrine_bit_writer out = {bytes, 0};
            for (uint32_t n = 0; n < count; n++) {
                vitrine_bits_write_rice(&out, chosen[n] - next, vitrine_gap_bits(places - next, count - n));
                next = chosen[n] + 1;
            }
            /* A gap of Rice's code never costs more than 2 + log2 of the mean gap, and a little. */
            assert_true((double)out.at <= count * 6.0 + 32);
            vitrine_bits in = vitrine_bits_of(bytes, vitrine_bits_bytes(&out));
            next = 0;
            for (uint32_t n = 0; n < count; n++) {
                uint32_t value;
                assert_true(vitrine_bits_set_next(&in, &next, places, count - n, &value));
                assert_int_equal(value, chosen[n]);
            }
            uint32_t value; /* more than there are places for */
            assert_false(vitrine_bits_set_next(&in, &next, next, 1, &value));
        }
}

/* Of any bytes, and of the same set one number after the other: the same answer, values and place. */
static void a_set_read_at_once_is_the_set_read_one_by_one(void **state)
{
    (void)state;
    uint32_t seed = 7, good = 0;
    for (uint32_t round = 0; round < 20000; round++) {
        const uint32_t size = 1 + round % 40, places = 1 + (seed >> 8) % 3000, count = 1 + (seed >> 20) % 30, more = round % 9;
        uint8_t *bytes = malloc(size); /* of just that size, for the sanitizer */
        assert_non_null(bytes);
        for (uint32_t i = 0; i < size; i++) bytes[i] = (uint8_t)((seed = seed * 1664525u + 1013904223u) >> 24);
        uint16_t out[30];
        vitrine_bits at_once = vitrine_bits_of(bytes, size), in = at_once;
        const bool right = vitrine_bits_set(&at_once, places, count, more, out);
        uint32_t next = 0, n = 0, value;
        for (; n < count && vitrine_bits_set_next(&in, &next, places, count - n, &value); n++) {
            (void)vitrine_bits_read(&in, more);
            if (right) assert_int_equal(out[n], value);
        }
        assert_int_equal(right, n == count && in.ok);
        if (right) assert_int_equal(at_once.at, in.at);
        good += right;
        free(bytes);
    }
    assert_in_range(good, 2000, 18000); /* both happen */
}

static void the_end_is_the_end_for_good(void **state)
{
    (void)state;
    uint8_t *bytes = calloc(1, 3); /* of just that size, for the sanitizer */
    vitrine_bits in = vitrine_bits_of(bytes, 3);
    assert_int_equal(vitrine_bits_read(&in, 24), 0);
    assert_true(in.ok);
    assert_int_equal(vitrine_bits_read(&in, 1), 0);
    assert_false(in.ok);
    in = vitrine_bits_of(bytes, 3);
    (void)vitrine_bits_zeros(&in, 1000); /* no one to end them */
    assert_false(in.ok);
    in = vitrine_bits_of(bytes, 3);
    (void)vitrine_bits_golomb(&in, 3);
    assert_false(in.ok);
    bytes[2] = 255;
    in = vitrine_bits_of(bytes, 3);
    (void)vitrine_bits_rice(&in, 1, 20); /* 16 zeros say 32 and more */
    assert_false(in.ok);
    uint32_t next = 4, value;
    in = vitrine_bits_of(bytes, 3);
    assert_false(vitrine_bits_set_next(&in, &next, 10, 6, &value)); /* a gap past the last place */
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(rising_numbers_come_back_near_the_least_size),
        cmocka_unit_test(a_set_read_at_once_is_the_set_read_one_by_one),
        cmocka_unit_test(the_end_is_the_end_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
