#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog.h"
#include "support/open_shop.h"

static void model_and_file_meet_by_id(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, true);
    const uint32_t items = vitrine_catalog_items(open.catalog);
    assert_int_equal(items, 303);
    for (uint32_t i = 0; i < items; i++) {
        size_t length;
        const char *id = vitrine_catalog_id(open.catalog, i, &length);
        assert_int_equal(vitrine_catalog_find(open.catalog, id, length), i);
        if (i < 300) {
            char want[16];
            small_shop_id(i, want);
            assert_int_equal(length, strlen(want));
            assert_memory_equal(id, want, length);
        }
        const bool listed = i >= 300 || i % 3 != 2;
        assert_int_equal(vitrine_catalog_available(open.catalog, i), listed && i % 7 != 3);
        assert_true(vitrine_catalog_price(open.catalog, i) ==
                    (listed ? 5.0f * (float)(i % 13) : -1.0f));
    }
    assert_int_equal(vitrine_catalog_find(open.catalog, "99", 2), VITRINE_NO_ITEM);
    assert_int_equal(vitrine_catalog_find(open.catalog, "new-item-9", 10), VITRINE_NO_ITEM);
    size_t length;
    const char *title = vitrine_catalog_text(open.catalog, 0, VITRINE_TEXT_TITLE, &length);
    assert_int_equal(length, 9);
    assert_memory_equal(title, "Tall lamp", 9);
    (void)vitrine_catalog_text(open.catalog, 0, VITRINE_TEXT_LINK, &length);
    assert_int_equal(length, 0);
    open_shop_free(&open);
}

/* "new-item-1" has the fields of row 301: 301 % 3 = 1, Nord, Shoes > Boots, price 10 (band 1). */
static void a_cold_item_is_what_the_feature_network_says(void **state)
{
    (void)state;
    small_shop_options options = small_shop_usual();
    options.precision = VITRINE_F32;
    open_shop open;
    open_shop_make(&open, &options, true);
    const uint32_t item = vitrine_catalog_find(open.catalog, "new-item-1", 10);
    assert_int_equal(item, 301);
    uint32_t count;
    const uint16_t *attributes = vitrine_catalog_attributes(open.catalog, item, &count);
    /* Order of small_shop.c: 6 brand:Nord, 8 category:Shoes, 10 category:Shoes/Boots, 1 price:1 */
    assert_int_equal(count, 3);
    assert_int_equal(attributes[0], 6);
    assert_int_equal(attributes[1], 8);
    assert_int_equal(attributes[2], 10);
    assert_int_equal(vitrine_catalog_band(open.catalog, item), 1);

    const vitrine_model_parts *p = &open.shop.parts;
    static const int ALL[4] = {6, 8, 10, 1};
    double hidden[8];
    for (int h = 0; h < 8; h++) {
        hidden[h] = p->feature_bias[h];
        for (int a = 0; a < 4; a++) hidden[h] += p->feature_embed[ALL[a] * 8 + h];
        hidden[h] += p->feature_dense[h * 2] * (log(1 + 10.0) - 3.0);
        hidden[h] = fmax(hidden[h], 0);
    }
    float vector[20];
    vitrine_catalog_vector(open.catalog, item, vector);
    for (int d = 0; d < 20; d++) {
        double want = p->feature_out_bias[d];
        for (int h = 0; h < 8; h++) want += (double)p->feature_out[d * 8 + h] * hidden[h];
        assert_true(fabs(vector[d] - want) < 1e-5);
    }
    open_shop_free(&open);
}

static void price_and_stock_change_in_place(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop open;
    open_shop_make(&open, &options, true);
    assert_int_equal(vitrine_catalog_set_price(open.catalog, 4, 75.5f), VITRINE_OK);
    assert_true(vitrine_catalog_price(open.catalog, 4) == 75.5f);
    assert_int_equal(vitrine_catalog_band(open.catalog, 4), 2); /* "price:2" */
    assert_int_equal(vitrine_catalog_set_price(open.catalog, 4, NAN), VITRINE_BAD_VALUE);
    assert_int_equal(vitrine_catalog_set_price(open.catalog, 4, -1.0f), VITRINE_BAD_VALUE);
    assert_int_equal(vitrine_catalog_set_price(open.catalog, 303, 1.0f), VITRINE_UNKNOWN_ITEM);
    assert_true(vitrine_catalog_price(open.catalog, 4) == 75.5f);

    vitrine_profile *profile = open_shop_profile(&open, 10);
    vitrine_scored list[303];
    uint32_t before, after;
    assert_int_equal(vitrine_rank(open.ranker, profile, NULL, 303, list, &before), VITRINE_OK);
    assert_int_equal(vitrine_catalog_set_available(open.catalog, list[0].item, false), VITRINE_OK);
    const uint32_t gone = list[0].item;
    assert_int_equal(vitrine_rank(open.ranker, profile, NULL, 303, list, &after), VITRINE_OK);
    assert_int_equal(after, before - 1);
    for (uint32_t i = 0; i < after; i++) assert_int_not_equal(list[i].item, gone);
    open_shop_free(&open);
}

static void every_flipped_bit_and_truncation_is_refused(void **state)
{
    (void)state;
    const small_shop_options options = {6, 4, VITRINE_CELL_GRU, VITRINE_INT8, VITRINE_ATTR_INDEXED, 0, 3, 0.0f, false, false};
    open_shop open;
    open_shop_make(&open, &options, true);
    small_shop *shop = &open.shop;
    size_t need;
    vitrine_fault fault;
    assert_int_equal(vitrine_catalog_size(open.model, shop->catalog, shop->catalog_size, &need, &fault), 0);
    void *mem = aligned_alloc(64, need);
    vitrine_catalog *catalog;
    for (size_t bit = 0; bit < shop->catalog_size * 8; bit++) {
        shop->catalog[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(vitrine_catalog_open(mem, need, open.model, shop->catalog,
                                                  shop->catalog_size, &catalog, &fault),
                             VITRINE_OK);
        shop->catalog[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t size = 0; size < shop->catalog_size; size++)
        assert_int_not_equal(
            vitrine_catalog_open(mem, need, open.model, shop->catalog, size, &catalog, &fault),
            VITRINE_OK);
    free(mem);
    open_shop_free(&open);
}

typedef struct names {
    char text[16][64];
    uint32_t count;
} names;

static bool collect(void *context, const char *name, size_t length)
{
    names *n = context;
    memcpy(n->text[n->count], name, length);
    n->text[n->count++][length] = 0;
    return true;
}

static void fields_become_attribute_names(void **state)
{
    (void)state;
    vitrine_item_fields fields = {0};
    fields.text[VITRINE_TEXT_CATEGORY] = " Shoes > Boots //Winter ";
    fields.text_length[VITRINE_TEXT_CATEGORY] = 24;
    fields.text[VITRINE_TEXT_BRAND] = " Nord\n";
    fields.text_length[VITRINE_TEXT_BRAND] = 6;
    fields.text[VITRINE_TEXT_TAGS] = "red,, warm ";
    fields.text_length[VITRINE_TEXT_TAGS] = 11;
    names n = {0};
    vitrine_item_names(&fields, collect, &n);
    static const char *const WANT[] = {"category:Shoes", "category:Shoes/Boots",
                                       "category:Shoes/Boots/Winter", "brand:Nord", "tag:red",
                                       "tag:warm"};
    assert_int_equal(n.count, 6);
    for (uint32_t i = 0; i < 6; i++) assert_string_equal(n.text[i], WANT[i]);
}

static void the_logarithm_is_right(void **state)
{
    (void)state;
    for (float x = 1e-6f; x < 1e12f; x *= 1.0173f)
        assert_true(fabs(vitrine_log(x) - log((double)x)) <= 2e-6 * fmax(1, fabs(log((double)x))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(model_and_file_meet_by_id),
        cmocka_unit_test(a_cold_item_is_what_the_feature_network_says),
        cmocka_unit_test(price_and_stock_change_in_place),
        cmocka_unit_test(every_flipped_bit_and_truncation_is_refused),
        cmocka_unit_test(fields_become_attribute_names),
        cmocka_unit_test(the_logarithm_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
