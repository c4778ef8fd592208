/* Catalogs as shops and feeds publish them. The files are also seeds of the fuzz targets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "data/item_reader.h"

static vitrine_item_table table;
static vitrine_item_report report;
static vitrine_problem problem;

static bool read_file(const char *name, const char *columns)
{
    char path[512];
    const vitrine_item_options options = {.columns = columns};
    const char *files[] = {path};
    snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s", VITRINE_SOURCE_DIR, name);
    memset(&problem, 0, sizeof problem);
    return vitrine_item_table_read(files, 1, &options, &table, &report, &problem);
}

static bool read_text(const char *text)
{
    const vitrine_item_options options = {0};
    memset(&problem, 0, sizeof problem);
    vitrine_text *source = vitrine_text_memory("feed", text, strlen(text), 0, &problem);
    assert_non_null(source);
    const bool ok = vitrine_item_table_source(source, &options, &table, &report, &problem);
    vitrine_text_close(source);
    return ok;
}

static void refused(const char *text, const char *word)
{
    assert_false(read_text(text));
    assert_int_equal(problem.kind, VITRINE_PROBLEM_INPUT);
    if (strstr(problem.text, word) == NULL) fail_msg("'%s' is not in: %s", word, problem.text);
}

/* The item with this id: a text for each field named, "" for none; price NAN for unknown. */
static void expect(const char *id, const char *title, const char *brand, const char *category, float price,
                   int available)
{
    const char *const want[] = {title, brand, category};
    static const int field[] = {VITRINE_TEXT_TITLE, VITRINE_TEXT_BRAND, VITRINE_TEXT_CATEGORY};
    const uint32_t item = vitrine_strings_find(&table.ids, id, strlen(id));
    if (item == VITRINE_NO_STRING) fail_msg("no item '%s'", id);
    for (int i = 0; i < 3; i++) {
        size_t length = 0;
        const vitrine_strings *column = &table.text[field[i]];
        const char *got = column->count > 0 ? vitrine_strings_get(column, item, &length) : "";
        if (length != strlen(want[i]) || memcmp(got, want[i], length) != 0)
            fail_msg("%s: '%.*s', not '%s'", id, (int)length, got, want[i]);
    }
    const float found = table.price != NULL ? table.price[item] : NAN;
    assert_true(isnan(price) ? isnan(found) : found == price);
    assert_int_equal(table.available == NULL ? 1 : table.available[item], available);
}

static void expect_text(const char *id, int field, const char *want)
{
    const uint32_t item = vitrine_strings_find(&table.ids, id, strlen(id));
    size_t length;
    assert_true(item < table.items && table.text[field].count > 0);
    const char *got = vitrine_strings_get(&table.text[field], item, &length);
    if (length != strlen(want) || memcmp(got, want, length) != 0)
        fail_msg("%s: '%.*s', not '%s'", id, (int)length, got, want);
}

static void a_merchant_feed_as_rss_gives_its_items(void **state)
{
    (void)state;
    assert_true(read_file("xml/rss.xml", NULL));
    assert_int_equal(table.items, 2);
    expect("10", "Red & round mug", "Acme", "Home/Kitchen", 12.5f, 1); /* not the price of the shipping */
    expect("9", "Blue mug", "", "", NAN, 0);
    expect_text("10", VITRINE_TEXT_CURRENCY, "GBP");
    expect_text("10", VITRINE_TEXT_GROUP, "mugs");
    expect_text("10", VITRINE_TEXT_IMAGE_LINK, "https://shop.example/10.jpg");
    expect_text("10", VITRINE_TEXT_LINK, "https://shop.example/10");
    assert_int_equal(report.rows, 3);
    assert_int_equal(report.reject[VITRINE_ITEM_MISSING_ID].rows, 1);
    assert_int_equal(report.reject[VITRINE_ITEM_MISSING_ID].line, 14);
    assert_int_equal(report.reject[VITRINE_ITEM_BAD_PRICE].line, 13);
    vitrine_item_table_free(&table);
}

static void an_atom_feed_has_merchants_ids_and_not_its_own(void **state)
{
    (void)state;
    assert_true(read_file("xml/atom.xml", NULL));
    assert_int_equal(table.items, 1);
    expect("A1", "Lamp", "", "", 3, 1);
    expect_text("A1", VITRINE_TEXT_LINK, "https://shop.example/a1");
    vitrine_item_table_free(&table);
    assert_true(read_file("xml/latin1.xml", NULL));
    expect("1", "Caf\xc3\xa9", "", "", NAN, 1);
    vitrine_item_table_free(&table);
    assert_true(read_file("xml/rss.xml", "item=item_group_id,title=title"));
    expect("mugs", "Red & round mug", "", "", NAN, 1);
    vitrine_item_table_free(&table);
}

static void xml_is_bounded_and_refused_with_its_line(void **state)
{
    (void)state;
    assert_false(read_file("xml/entities.xml", NULL));
    assert_non_null(strstr(problem.text, "line 1: declares an entity"));
    assert_false(read_file("xml/deep.xml", NULL));
    assert_non_null(strstr(problem.text, "deeper than 32"));
    assert_false(read_file("xml/plain.xml", NULL));
    assert_non_null(strstr(problem.text, "<item>"));
    assert_false(read_file("xml/page.html", NULL));
    assert_non_null(strstr(problem.text, "web page"));
    assert_false(read_file("xml/cut.xml", NULL));
    assert_non_null(strstr(problem.text, "no valid XML"));
    refused("<rss>\n<channel>\n<item></rss>", "line 3");
    /* What is outside the file is not fetched. */
    refused("<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss><item><id>&x;</id></item></rss>",
            "declares an entity");
}

static void shopifys_csv_is_a_product_an_item(void **state)
{
    (void)state;
    assert_true(read_file("csv/shopify.csv", NULL));
    assert_int_equal(table.items, 4);
    expect("red-shirt", "Red shirt", "Acme", "Shirts", 19.9f, 1); /* M is left */
    expect("hat", "Hat", "Acme", "Hats", 9, 0);
    expect("card", "Gift card", "Acme", "Cards", 25, 1); /* nobody counts it */
    expect("old", "Old thing", "Acme", "Hats", 5, 0);    /* archived */
    expect_text("red-shirt", VITRINE_TEXT_IMAGE_LINK, "https://cdn.example/1.jpg");
    expect_text("red-shirt", VITRINE_TEXT_TAGS, "cotton, summer");
    vitrine_item_table_free(&table);
}

static void shopifys_csv_is_a_variant_an_item_when_its_column_is_named(void **state)
{
    (void)state;
    assert_true(read_file("csv/shopify.csv", "item=Variant SKU,title=Title,brand=Vendor,category=Type,"
                                             "price=Variant Price"));
    assert_int_equal(table.items, 5);
    expect("RS-S", "Red shirt", "Acme", "Shirts", 19.9f, 0);
    expect("RS-M", "Red shirt", "Acme", "Shirts", 21.9f, 1);
    expect_text("RS-M", VITRINE_TEXT_GROUP, "red-shirt");
    vitrine_item_table_free(&table);
}

static void shopifys_and_woocommerces_json_keep_fields_deeper(void **state)
{
    (void)state;
    assert_true(read_file("json/shopify.json", NULL));
    assert_int_equal(table.items, 2);
    expect("632910392", "IPod Nano", "Apple", "Players", 199, 1);
    expect("632910393", "Draft", "", "", 1, 0);
    expect_text("632910392", VITRINE_TEXT_IMAGE_LINK, "https://cdn.example/nano.png");
    expect_text("632910393", VITRINE_TEXT_TAGS, "x,y");
    vitrine_item_table_free(&table);
    assert_true(read_file("json/woocommerce.json", NULL));
    assert_int_equal(table.items, 3);
    expect("799", "Ship Your Idea", "Acme", "Posters", 20.5f, 1);
    expect("800", "Gone", "", "", NAN, 0);
    expect("801", "Store API", "", "Posters", 19.99f, 0);
    expect_text("799", VITRINE_TEXT_TAGS, "blue,wall");
    expect_text("799", VITRINE_TEXT_IMAGE_LINK, "https://shop.example/ship.jpg");
    expect_text("801", VITRINE_TEXT_CURRENCY, "EUR");
    assert_true(table.sales[0] == 12);
    vitrine_item_table_free(&table);
}

static void json_ld_gives_products_and_passes_over_the_rest(void **state)
{
    (void)state;
    assert_true(read_file("json/schema-graph.json", NULL));
    assert_int_equal(table.items, 4);
    expect("S1", "Boot", "Acme", "Shoes/Boots", 59.9f, 1); /* one offer of two is there */
    expect("S2", "Cheap", "", "", 5, 1);
    expect("V1", "Shirt red", "Acme", "", 1, 0);
    expect("V2", "Shirt", "Acme", "", NAN, 1);
    expect_text("V2", VITRINE_TEXT_GROUP, "G");
    expect_text("S1", VITRINE_TEXT_CURRENCY, "EUR");
    expect_text("S1", VITRINE_TEXT_IMAGE_LINK, "https://shop.example/boot.jpg");
    vitrine_item_table_free(&table);
    assert_true(read_file("json/schema-one.json", NULL));
    assert_int_equal(table.items, 1);
    expect("X", "Alone", "", "", 3.5f, 1);
    vitrine_item_table_free(&table);
    assert_true(read_file("json/schema-list.json", NULL));
    assert_int_equal(table.items, 2);
    expect("L2", "Second", "", "", NAN, 1);
    vitrine_item_table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_merchant_feed_as_rss_gives_its_items),
        cmocka_unit_test(an_atom_feed_has_merchants_ids_and_not_its_own),
        cmocka_unit_test(xml_is_bounded_and_refused_with_its_line),
        cmocka_unit_test(shopifys_csv_is_a_product_an_item),
        cmocka_unit_test(shopifys_csv_is_a_variant_an_item_when_its_column_is_named),
        cmocka_unit_test(shopifys_and_woocommerces_json_keep_fields_deeper),
        cmocka_unit_test(json_ld_gives_products_and_passes_over_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
