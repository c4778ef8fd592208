/* What the feature network reads of items: it must be what the device will compute from a catalog. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include "train/feature_table.h"

enum { ITEMS = 8 };

static const uint32_t offset[ITEMS + 1] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
static float price[ITEMS] = { 1, 2, 3, 4, 5, 6, 7, NAN };
static float vectors[ITEMS * 2] = { 3, 4, -3, 4, 3, -4, 0, 0, 3, 4, 3, 4, 3, 4, 3, 4 };

static vitrine_item_table table_of(bool brands, bool with_vectors)
{
    vitrine_item_table table = { .items = ITEMS, .ids = { offset, "abcdefgh", ITEMS }, .price = price };
    if (brands) table.text[VITRINE_TEXT_BRAND] = (vitrine_strings){.offset = offset, .bytes = "XYXYXYXX", .count = ITEMS};
    if (with_vectors) table.vectors = vectors, table.vector_dim = 2;
    return table;
}

/* The log knows b, d, h and z; z is not in the catalog. */
static const uint32_t log_offset[5] = { 0, 1, 2, 3, 4 };
static const vitrine_strings ids = {.offset = log_offset, .bytes = "bdhz", .count = 4};

static void check(bool brands, bool with_vectors)
{
    const vitrine_item_table table = table_of(brands, with_vectors);
    vitrine_attribute_list a;
    vitrine_feature_table t;
    vitrine_config config = { 0 };
    assert_int_equal(vitrine_attribute_list_make(&table, &ids, VITRINE_ATTR_INDEXED, 0, &a), VITRINE_OK);
    assert_int_equal(vitrine_feature_table_make(&table, &ids, &a, &config, &t), VITRINE_OK);
    assert_int_equal(t.inputs.numbers, VITRINE_NUMERICS + (with_vectors ? 2 : 0));
    assert_int_equal(config.vector_dim, with_vectors ? 2 : 0);
    for (uint32_t i = 0; i < 4; i++) {
        const uint32_t row = vitrine_strings_find(&table.ids, ids.bytes + i, 1);
        const uint32_t first = t.offset[i], count = t.offset[i + 1] - first;
        const float *number = t.number + i * t.inputs.numbers;
        if (row == VITRINE_NO_STRING) {
            assert_int_equal(count, 0);
            assert_int_equal(t.known[i], 0);
            continue;
        }
        /* Brands are those of several items; the band of a single one is no attribute. */
        const uint32_t band = vitrine_attribute_list_band(&a, a.band[i]);
        assert_int_equal(count, (brands ? 1u : 0u) + (band != VITRINE_NO_ATTRIBUTE ? 1u : 0u));
        if (band != VITRINE_NO_ATTRIBUTE) assert_int_equal(t.index[first + count - 1], band);
        const vitrine_item_fields fields = vitrine_item_table_fields(&table, row);
        float expected[VITRINE_NUMERICS + 2];
        vitrine_item_numbers(&config, &fields, expected);
        for (uint32_t n = 0; n < t.inputs.numbers; n++) {
            const float scale = n < VITRINE_NUMERICS ? 1.0f : t.vector_scale;
            assert_true(fabsf(number[n] - scale * expected[n]) < 1e-6f);
        }
        assert_int_equal(t.known[i], count > 0 || !isnan(price[row]) || with_vectors);
    }
    vitrine_feature_table_free(&t);
    vitrine_attribute_list_free(&a);
}

static void items_are_read_as_the_device_reads_them(void **state)
{
    (void)state;
    check(true, true);
    check(true, false);
    check(false, true);
    check(false, false);
}

/* Sixteen items share eight bands by twos: bands are then all that is known. */
static void a_price_band_may_be_all_that_is_known(void **state)
{
    (void)state;
    static uint32_t offsets[17];
    static float prices[16];
    for (uint32_t i = 0; i <= 16; i++) offsets[i] = i;
    for (uint32_t i = 0; i < 16; i++) prices[i] = (float)(i + 1);
    const vitrine_strings all = {.offset = offsets, .bytes = "abcdefghijklmnop", .count = 16};
    const vitrine_item_table table = { .items = 16, .ids = all, .price = prices };
    vitrine_attribute_list a;
    vitrine_feature_table t;
    vitrine_config config = { 0 };
    assert_int_equal(vitrine_attribute_list_make(&table, &all, VITRINE_ATTR_INDEXED, 0, &a), VITRINE_OK);
    assert_int_equal(vitrine_feature_table_make(&table, &all, &a, &config, &t), VITRINE_OK);
    assert_int_equal(t.offset[16], 16);
    for (uint32_t i = 0; i < 16; i++) assert_int_equal(t.index[i], vitrine_attribute_list_band(&a, a.band[i]));
    vitrine_feature_table_free(&t);
    vitrine_attribute_list_free(&a);
}

static void vectors_are_scaled_to_one_and_the_weights_back(void **state)
{
    (void)state;
    const vitrine_item_table table = table_of(true, true);
    vitrine_attribute_list a;
    vitrine_feature_table t;
    vitrine_config config = { 0 };
    static const float trained[2 * (VITRINE_NUMERICS + 2)] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    assert_int_equal(vitrine_attribute_list_make(&table, &ids, VITRINE_ATTR_INDEXED, 0, &a), VITRINE_OK);
    assert_int_equal(vitrine_feature_table_make(&table, &ids, &a, &config, &t), VITRINE_OK);
    /* Seven of eight vectors have the square 25: 16 numbers of 175. */
    assert_true(fabsf(t.vector_scale - sqrtf(16.0f / 175.0f)) < 1e-6f);
    assert_int_equal(vitrine_feature_table_dense(&t, trained, 2), VITRINE_OK);
    for (int i = 0; i < 8; i++)
        assert_true(fabsf(t.dense[i] - trained[i] * (i % 4 < 2 ? 1.0f : t.vector_scale)) < 1e-6f);
    vitrine_feature_table_free(&t);
    vitrine_attribute_list_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_read_as_the_device_reads_them),
        cmocka_unit_test(a_price_band_may_be_all_that_is_known),
        cmocka_unit_test(vectors_are_scaled_to_one_and_the_weights_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
