#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/packing.h"

static void small_floats_are_the_nearest_of_their_kind(void **state)
{
    (void)state;
    assert_true(vitrine_float16(0) == 0.0f);
    assert_true(vitrine_float16(40u << 10) == 1.0f);
    assert_true(vitrine_float16(41u << 10 | 512) == 3.0f);
    for (uint32_t code = 1; code < 65536; code++) {
        const float value = vitrine_float16((uint16_t)code);
        assert_int_equal(vitrine_float16_code(value), code);
        assert_true(value == (float)ldexp(1.0 + (double)(code & 1023) / 1024.0, (int)(code >> 10) - 40));
        if (code == 65535) break;
        const float above = vitrine_float16((uint16_t)(code + 1));
        assert_true(above > value);
        assert_int_equal(vitrine_float16_code(value + 0.4f * (above - value)), code);
        assert_int_equal(vitrine_float16_code(value + 0.6f * (above - value)), code + 1);
    }
    assert_int_equal(vitrine_float16_code(-1.0f), 0);
    assert_int_equal(vitrine_float16_code(1e-30f), 1); /* something stays something */
    assert_int_equal(vitrine_float16_code(INFINITY), 65535);
}

/* Packs strings, unpacks them, compares; returns the packed size. */
static size_t round_trip(const char *const *text, uint32_t count)
{
    uint32_t *offset = calloc(count + 1u, sizeof *offset);
    char *all = calloc(1, 1u << 20);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(all + offset[i], text[i], strlen(text[i]));
        offset[i + 1] = offset[i] + (uint32_t)strlen(text[i]);
    }
    const size_t size = vitrine_pack_strings(offset, all, count, NULL);
    uint8_t *packed = calloc(1, size);
    assert_int_equal(vitrine_pack_strings(offset, all, count, packed), size);
    uint32_t bytes;
    assert_true(vitrine_packed_strings_size(packed, size, &bytes));
    assert_int_equal(bytes, offset[count]);
    char *out = malloc(bytes + 1u);
    vitrine_stretch *stretch = malloc(vitrine_packed_stretches(count, bytes) * sizeof *stretch);
    vitrine_strings found, none;
    assert_true(vitrine_packed_strings(packed, size, count, stretch, out, &found));
    assert_memory_equal(out, all, bytes);
    assert_int_equal(found.count, count);
    assert_int_equal(vitrine_strings_size(&found), bytes);
    for (uint32_t i = 0; i < count; i++) {
        size_t length;
        assert_ptr_equal(vitrine_strings_get(&found, i, &length), out + offset[i]);
        assert_int_equal(length, strlen(text[i]));
        assert_int_equal(vitrine_strings_find(&found, text[i], length), i);
    }
    /* Not one byte less will do, nor another number of strings. */
    assert_false(vitrine_packed_strings(packed, size - 1, count, stretch, out, &none));
    assert_false(vitrine_packed_strings(packed, size, count - 1, stretch, out, &none));
    free(stretch);
    free(out);
    free(packed);
    free(all);
    free(offset);
    return size;
}

static void strings_come_back(void **state)
{
    (void)state;
    static const char *const one[] = {""};
    static const char *const same[] = {"a", "aa", "aaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    static const char *const mixed[] = {"", "x", "no", "\xc3\xa4", "nope", "nopf", "price:0", "price:1",
                                        "category:Shoes/Boots", "category:Shoes/Sandals"};
    (void)round_trip(one, 1);
    (void)round_trip(same, 4);
    (void)round_trip(mixed, 10);

    /* Numbers side by side: a byte each, instead of nine and an offset. */
    static char digits[1000][16];
    const char *text[1000];
    for (int i = 0; i < 1000; i++) {
        snprintf(digits[i], sizeof digits[i], "%d", 214500000 + i * 3);
        text[i] = digits[i];
    }
    assert_true(round_trip(text, 1000) < 2600);
    for (int i = 0; i < 1000; i++) snprintf(digits[i], sizeof digits[i], "%d", 10000 + i);
    assert_true(round_trip(text, 1000) < 1800);

    /* As many lengths as so many bytes can have; round_trip takes no room for one more. */
    static char rising[40][40];
    for (int i = 0; i < 40; i++) {
        memset(rising[i], 'x', (size_t)i);
        text[i] = rising[i];
    }
    assert_int_equal(vitrine_packed_stretches(100, 40 * 39 / 2), 40);
    assert_int_equal(vitrine_packed_stretches(100, 40 * 39 / 2 - 1), 39);
    (void)round_trip(text, 40);
}

/* However alike they are, what comes out stays within VITRINE_MOST_GROWTH times what goes in. */
static void long_shared_beginnings_stay_in_proportion(void **state)
{
    (void)state;
    static char name[100][220];
    const char *text[100];
    for (int i = 0; i < 100; i++) {
        memset(name[i], 'x', 200);
        snprintf(name[i] + 200, 20, "%03d", i);
        text[i] = name[i];
    }
    assert_true(round_trip(text, 100) * VITRINE_MOST_GROWTH >= 100 * 203);
}

static void strings_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const uint32_t offset[4] = {0, 2, 4, 6};
    uint8_t packed[64] = {0};
    uint32_t bytes;
    vitrine_stretch stretch[3];
    vitrine_strings out;
    char text[64];
    size_t size = vitrine_pack_strings(offset, "bbaacc", 3, packed); /* not rising */
    assert_false(vitrine_packed_strings(packed, size, 3, stretch, text, &out));
    memset(packed, 0, sizeof packed);
    size = vitrine_pack_strings(offset, "aaaabb", 3, packed); /* twice the same */
    assert_false(vitrine_packed_strings(packed, size, 3, stretch, text, &out));
    memset(packed, 0, sizeof packed);
    size = vitrine_pack_strings(offset, "aabbcc", 3, packed);
    assert_true(vitrine_packed_strings(packed, size, 3, stretch, text, &out));
    packed[0] = 7; /* says more than there is */
    assert_false(vitrine_packed_strings(packed, size, 3, stretch, text, &out));
    packed[0] = 5;
    assert_false(vitrine_packed_strings(packed, size, 3, stretch, text, &out));
    packed[3] = 1; /* 2^24 bytes out of these few */
    assert_false(vitrine_packed_strings_size(packed, size, &bytes));
    assert_false(vitrine_packed_strings_size(packed, 4, &bytes));
}

static void few_levels_serve_many_weights(void **state)
{
    (void)state;
    enum { ITEMS = 64, EACH = 32 };
    static uint64_t offset[ITEMS + 1];
    static uint32_t neighbour[ITEMS * EACH];
    static float weight[ITEMS * EACH];
    uint64_t random = 9;
    for (uint32_t e = 0; e < ITEMS * EACH; e++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        neighbour[e] = e % EACH * 2;
        weight[e] = exp2f(-8.0f * (float)(random >> 40) / 16777216.0f);
        offset[e / EACH + 1] = e + 1;
    }
    vitrine_model_parts p = {.table_offset = offset, .table_neighbour = neighbour, .table_weight = weight};
    p.config.items = ITEMS;
    size_t before = 1u << 20;
    for (uint32_t bits = 8; bits >= 3; bits--) {
        p.table_bits = bits;
        const size_t size = vitrine_pack_table(&p, NULL);
        assert_true(size + ITEMS * EACH / 8 <= before);
        before = size;
        uint8_t *packed = calloc(1, size);
        assert_int_equal(vitrine_pack_table(&p, packed), size);
        vitrine_bits in = vitrine_bits_of(packed + 4 + (4u << bits), size - 4 - (4u << bits));
        double worst = 0;
        for (uint32_t i = 0; i < ITEMS; i++) {
            uint32_t next = 0, left = vitrine_bits_golomb(&in, 2), item;
            assert_int_equal(left, EACH);
            for (uint32_t e = i * EACH; left > 0; e++, left--) {
                float level;
                assert_true(vitrine_bits_set_next(&in, &next, ITEMS, left, &item));
                assert_int_equal(item, neighbour[e]);
                memcpy(&level, packed + 4 + 4 * vitrine_bits_read(&in, bits), sizeof level);
                worst = fmax(worst, fabs(log2((double)level / (double)weight[e])));
            }
        }
        /* Evenly spaced levels would be off by half a step; k-means spaces them nearly so. */
        assert_true(worst < 8.0 / ((1 << bits) - 1));
        free(packed);
    }
}

/* Wherever a byte or a scale is wrong, none of it is read. */
static void matrices_of_wrong_numbers_do_not_fit(void **state)
{
    (void)state;
    enum { ROWS = 5, COLS = 7, SIZE = ROWS * (2 + COLS) };
    uint8_t section[SIZE];
    float out[ROWS * COLS], row[COLS];
    for (int i = 0; i < SIZE; i++) section[i] = (uint8_t)(i < 2 * ROWS ? 60 : i * 37 % 255 - 127);
    assert_true(vitrine_packed_matrix(section, ROWS, COLS, false, out));
    for (size_t r = 0; r < ROWS; r++) {
        vitrine_packed_row(section, ROWS, COLS, r, row, 1);
        assert_memory_equal(row, out + r * COLS, sizeof row);
        for (int c = 0; c < COLS; c++)
            assert_true(row[c] == (float)(int8_t)section[2 * ROWS + (int)r * COLS + c] * vitrine_float16(60 * 257));
    }
    for (int at = 0; at < SIZE; at++) {
        const uint8_t was = section[at];
        section[at] = at < 2 * ROWS ? 255 : 128;
        const bool fits = at < 2 * ROWS && at % 2 == 0; /* the lower byte of a scale may be any */
        assert_int_equal(vitrine_packed_fits(section, ROWS, COLS), fits);
        assert_int_equal(vitrine_packed_matrix(section, ROWS, COLS, false, out), fits);
        section[at] = was;
    }
    /* The largest scale whose values stay within the bound, and the one above. */
    for (uint32_t code = vitrine_float16_floor(VITRINE_LARGEST / 127.0f), more = 0; more < 2; more++) {
        section[0] = (uint8_t)(code + more);
        section[1] = (uint8_t)((code + more) >> 8);
        assert_int_equal(vitrine_packed_fits(section, ROWS, COLS), more == 0);
        assert_int_equal(vitrine_float16((uint16_t)(code + more)) * 127.0f <= VITRINE_LARGEST, more == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_floats_are_the_nearest_of_their_kind),
        cmocka_unit_test(strings_come_back),
        cmocka_unit_test(long_shared_beginnings_stay_in_proportion),
        cmocka_unit_test(strings_that_cannot_be_are_refused),
        cmocka_unit_test(few_levels_serve_many_weights),
        cmocka_unit_test(matrices_of_wrong_numbers_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
