/* Deltas: what they change, what they leave, and what they are refused for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "catalog/catalog.h"
#include "catalog/catalog_writer.h"
#include "support/open_shop.h"

static open_shop shop;
static uint8_t *file;
static size_t size;

static int open_it(void **state)
{
    (void)state;
    const small_shop_options options = small_shop_usual();
    open_shop_make(&shop, &options, true);
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    free(file);
    file = NULL;
    open_shop_free(&shop);
    return 0;
}

/* A delta of three items, "101", "104" and one that the shop does not have. */
static void write_delta(uint64_t version, const uint8_t *base, const float *price, const uint8_t *available,
                        const float *trend)
{
    static const uint32_t offset[] = {0, 3, 6, 12};
    const vitrine_delta_columns columns = {.version = version,
                                           .base = base,
                                           .ids = {offset, "101104nobody", 3},
                                           .price = price,
                                           .available = available,
                                           .trend = trend};
    vitrine_fault fault = {0};
    const size_t bound = vitrine_delta_write_bound(&columns);
    free(file);
    file = aligned_alloc(64, (bound + 63) / 64 * 64);
    assert_non_null(file);
    assert_int_equal(vitrine_delta_write(&columns, file, bound, &size, &fault), VITRINE_OK);
    assert_int_equal(size, bound);
}

static uint32_t item(const char *id) { return vitrine_catalog_find(shop.catalog, id, strlen(id)); }

static void a_delta_changes_what_it_names_and_nothing_else(void **state)
{
    (void)state;
    const uint32_t a = item("101"), b = item("104"), other = item("102");
    const float before = vitrine_catalog_price(shop.catalog, b), others = vitrine_catalog_price(shop.catalog, other);
    const bool stocked = vitrine_catalog_available(shop.catalog, a);
    static const float price[] = {7.5f, NAN, 1};
    static const uint8_t available[] = {2, 0, 1};
    static const float trend[] = {NAN, 3.25f, 9};
    uint32_t changed;
    vitrine_fault fault = {0};
    write_delta(9, shop.catalog->hash, price, available, trend);
    assert_int_equal(vitrine_catalog_apply_delta(shop.catalog, file, size, &changed, &fault), VITRINE_OK);
    assert_int_equal(changed, 2);
    assert_true(vitrine_catalog_price(shop.catalog, a) == 7.5f);
    assert_true(vitrine_catalog_price(shop.catalog, b) == before);
    assert_int_equal(vitrine_catalog_available(shop.catalog, a), stocked);
    assert_false(vitrine_catalog_available(shop.catalog, b));
    assert_true(vitrine_catalog_trend(shop.catalog, b) == 3.25f && vitrine_catalog_trend(shop.catalog, a) == 0.0f);
    assert_true(vitrine_catalog_price(shop.catalog, other) == others);
    assert_int_equal(vitrine_catalog_version(shop.catalog), 9);
}

static void the_newest_delta_is_enough(void **state)
{
    (void)state;
    const uint32_t a = item("101"), b = item("104");
    const float first = vitrine_catalog_price(shop.catalog, a);
    static const float one[] = {7.5f, 8, NAN}, two[] = {NAN, 9, NAN};
    uint32_t changed;
    vitrine_fault fault = {0};
    write_delta(9, shop.catalog->hash, one, NULL, NULL);
    assert_int_equal(vitrine_catalog_apply_delta(shop.catalog, file, size, &changed, &fault), VITRINE_OK);
    assert_int_equal(vitrine_catalog_set_available(shop.catalog, b, false), VITRINE_OK);
    write_delta(10, shop.catalog->hash, two, NULL, NULL);
    assert_int_equal(vitrine_catalog_apply_delta(shop.catalog, file, size, &changed, &fault), VITRINE_OK);
    assert_true(vitrine_catalog_price(shop.catalog, a) == first && vitrine_catalog_price(shop.catalog, b) == 9.0f);
    assert_true(vitrine_catalog_available(shop.catalog, b)); /* the setter was undone as well */
}

static void lists_are_those_of_a_catalog_with_the_new_prices(void **state)
{
    (void)state;
    vitrine_profile *profile = open_shop_profile(&shop, 100);
    uint64_t random = 4;
    int64_t clock = 1600000000;
    vitrine_scored want[30], got[30];
    uint32_t wanted, found, changed;
    vitrine_fault fault = {0};
    for (int i = 0; i < 20; i++) {
        const vitrine_event event = open_shop_event(&shop, &random, &clock);
        assert_int_equal(vitrine_profile_observe(profile, &event), VITRINE_OK);
    }
    assert_int_equal(vitrine_catalog_set_price(shop.catalog, item("101"), 500.0f), VITRINE_OK);
    assert_int_equal(vitrine_catalog_set_available(shop.catalog, item("104"), false), VITRINE_OK);
    assert_int_equal(vitrine_rank(shop.ranker, profile, NULL, 30, want, &wanted), VITRINE_OK);
    vitrine_catalog_rebase(shop.catalog);
    static const float price[] = {500, NAN, NAN};
    static const uint8_t available[] = {2, 0, 2};
    write_delta(9, shop.catalog->hash, price, available, NULL);
    assert_int_equal(vitrine_catalog_apply_delta(shop.catalog, file, size, &changed, &fault), VITRINE_OK);
    assert_int_equal(vitrine_rank(shop.ranker, profile, NULL, 30, got, &found), VITRINE_OK);
    assert_int_equal(found, wanted);
    assert_memory_equal(got, want, wanted * sizeof *want);
}

static void refused(vitrine_status status, const char *field)
{
    const uint32_t a = item("101");
    const float before = vitrine_catalog_price(shop.catalog, a);
    const uint64_t version = vitrine_catalog_version(shop.catalog);
    uint32_t changed;
    vitrine_fault fault = {0};
    assert_int_equal(vitrine_catalog_apply_delta(shop.catalog, file, size, &changed, &fault), status);
    if (strcmp(fault.field, field) != 0) fail_msg("refused for '%s', not '%s'", fault.field, field);
    assert_true(vitrine_catalog_price(shop.catalog, a) == before);
    assert_int_equal(vitrine_catalog_version(shop.catalog), version);
}

static void another_catalogs_an_old_and_a_broken_delta_change_nothing(void **state)
{
    (void)state;
    static const float price[] = {7.5f, 8, 9};
    uint8_t hash[32];
    memcpy(hash, shop.catalog->hash, 32);
    hash[31] ^= 1;
    write_delta(9, hash, price, NULL, NULL);
    refused(VITRINE_MISMATCH, "parent hash");
    write_delta(vitrine_catalog_version(shop.catalog), shop.catalog->hash, price, NULL, NULL);
    refused(VITRINE_MISMATCH, "content version");
    write_delta(9, shop.catalog->hash, price, NULL, NULL);
    for (size_t bit = 0; bit < size * 8; bit += 5) {
        uint32_t changed;
        file[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(vitrine_catalog_apply_delta(shop.catalog, file, size, &changed, NULL), VITRINE_OK);
        file[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t cut = 0; cut < size; cut++) {
        uint32_t changed;
        assert_int_not_equal(vitrine_catalog_apply_delta(shop.catalog, file, cut, &changed, NULL), VITRINE_OK);
    }
    uint32_t changed;
    assert_int_equal(vitrine_catalog_apply_delta(shop.catalog, file, size, &changed, NULL), VITRINE_OK);
    refused(VITRINE_MISMATCH, "content version"); /* played again */
}

static void the_writer_refuses_what_a_reader_would(void **state)
{
    (void)state;
    static const uint32_t offset[] = {0, 1, 2};
    static const float bad[] = {1, -3}, infinite[] = {1, INFINITY};
    vitrine_delta_columns columns = {.version = 2, .base = shop.catalog->hash, .ids = {offset, "ba", 2}};
    uint8_t *out = aligned_alloc(64, 4096);
    size_t written;
    assert_non_null(out);
    assert_int_equal(vitrine_delta_write(&columns, out, 4096, &written, NULL), VITRINE_BAD_ARGUMENT);
    columns.ids.bytes = "ab";
    columns.price = bad;
    assert_int_equal(vitrine_delta_write(&columns, out, 4096, &written, NULL), VITRINE_BAD_VALUE);
    columns.price = NULL;
    columns.trend = infinite;
    assert_int_equal(vitrine_delta_write(&columns, out, 4096, &written, NULL), VITRINE_BAD_VALUE);
    columns.trend = NULL;
    assert_int_equal(vitrine_delta_write(&columns, out, 128, &written, NULL), VITRINE_NO_SPACE);
    assert_int_equal(vitrine_delta_write(&columns, out, 4096, &written, NULL), VITRINE_OK);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_delta_changes_what_it_names_and_nothing_else, open_it, close_it),
        cmocka_unit_test_setup_teardown(the_newest_delta_is_enough, open_it, close_it),
        cmocka_unit_test_setup_teardown(lists_are_those_of_a_catalog_with_the_new_prices, open_it, close_it),
        cmocka_unit_test_setup_teardown(another_catalogs_an_old_and_a_broken_delta_change_nothing, open_it, close_it),
        cmocka_unit_test_setup_teardown(the_writer_refuses_what_a_reader_would, open_it, close_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
