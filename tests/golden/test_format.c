/* Files of every format version stay readable for ever, and give the list they gave.
 * `test_format --write` makes the files of format 1 anew, while it is not released, and prints the
 * list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model_writer.h"
#include "model/row_layout.h"
#include "support/open_shop.h"
#include "vitrine/engine.h"

static uint8_t *read_file(const char *name, size_t *size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tests/golden/%s", VITRINE_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    uint8_t *bytes = aligned_alloc(64, 65536);
    assert_non_null(bytes);
    *size = fread(bytes, 1, 65536, file);
    fclose(file);
    return bytes;
}

/* Score bits as written down when format 1 was made. */
static const struct {
    const char *id;
    uint32_t bits;
} LIST[] = {
    {"137", 0x3d8d4209u},
    {"118", 0x3d66d48du},
    {"125", 0x3d106cacu},
    {"134", 0x3ce3d3b6u},
    {"119", 0x3cbac385u},
    {"101", 0x3cb5c972u},
    {"121", 0x3cb5824cu},
    {"104", 0x3ca3dd1cu},
    {"127", 0x3c843360u},
    {"112", 0x3c815e84u},
};

static void format_1_gives_the_list_it_gave(void **state)
{
    (void)state;
    size_t model_size, catalog_size, profile_size;
    uint8_t *model = read_file("format1-model.vitrine", &model_size);
    uint8_t *catalog = read_file("format1-catalog.vitrine", &catalog_size);
    uint8_t *profile = read_file("format1-profile.vitrine", &profile_size);
    vitrine_engine *engine;
    vitrine_fault fault = {0};
    uint32_t skipped, count;
    assert_int_equal(vitrine_engine_create(model, model_size, catalog, catalog_size, 10, &engine, &fault),
                     VITRINE_OK);
    assert_int_equal(
        vitrine_profile_load(engine->visitor, profile, profile_size, &skipped, &fault), VITRINE_OK);
    assert_int_equal(skipped, 0);
    vitrine_scored list[10];
    assert_int_equal(vitrine_rank(engine->ranker, engine->visitor, NULL, 10, list, &count), VITRINE_OK);
    assert_int_equal(count, 10);
    for (uint32_t i = 0; i < 10; i++) {
        size_t length;
        uint32_t bits;
        const char *id = vitrine_catalog_id(engine->catalog, list[i].item, &length);
        memcpy(&bits, &list[i].score, sizeof bits);
        assert_int_equal(length, strlen(LIST[i].id));
        assert_memory_equal(id, LIST[i].id, length);
        assert_int_equal(bits, LIST[i].bits);
    }
    vitrine_engine_destroy(engine);
    free(profile);
    free(catalog);
    free(model);
}

typedef struct scored_bits {
    uint32_t item, bits;
} scored_bits;

enum { BEST = 5 };

/* The best of the golden file `name` after views of `events` items from 7 on; the model may be looked at by `is`. */
static void check_list(const char *name, bool (*is)(const vitrine_model *), uint32_t events, const scored_bits best[BEST])
{
    size_t size;
    uint8_t *model = read_file(name, &size);
    vitrine_engine *engine;
    vitrine_fault fault = {0};
    vitrine_scored list[BEST];
    uint32_t count;
    assert_int_equal(vitrine_engine_create(model, size, NULL, 0, 10, &engine, &fault), VITRINE_OK);
    assert_true(is(engine->model));
    for (uint32_t e = 0; e < events; e++) {
        const vitrine_event viewed = {7 + e, VITRINE_VIEW_ITEM, 1000, 0.0f};
        assert_int_equal(vitrine_profile_observe(engine->visitor, &viewed), VITRINE_OK);
    }
    assert_int_equal(vitrine_rank(engine->ranker, engine->visitor, NULL, BEST, list, &count), VITRINE_OK);
    assert_int_equal(count, BEST);
    for (uint32_t i = 0; i < BEST; i++) {
        assert_int_equal(list[i].item, best[i].item);
        assert_memory_equal(&list[i].score, &best[i].bits, sizeof list[i].score);
    }
    vitrine_engine_destroy(engine);
    free(model);
}

static bool is_split(const vitrine_model *model) { return vitrine_model_is_split(model); }
static bool has_byte_gates(const vitrine_model *model) { return (model->config.net.flags & VITRINE_NET_BYTES) != 0; }

/* The list that the same rows in panels gave when split rows came. */
static void split_rows_give_the_list_they_gave(void **state)
{
    (void)state;
    const scored_bits best[BEST] = {
        {50, 0x4017ec76u}, {12, 0x3ff48a61u}, {16, 0x3febd01au}, {11, 0x3fe14904u}, {43, 0x3fcf3a0cu}};
    check_list("format1-split.vitrine", is_split, 1, best);
}

/* The list that byte gates gave when they came. */
static void byte_gates_give_the_list_they_gave(void **state)
{
    (void)state;
    const scored_bits best[BEST] = {
        {6, 0x3fb5502au}, {31, 0x3fa8f8beu}, {58, 0x3f83aa3eu}, {46, 0x3f7dd4aeu}, {51, 0x3f7aceeeu}};
    check_list("format1-bytes.vitrine", has_byte_gates, 4, best);
}

static void the_smallest_file_opens(void **state)
{
    (void)state;
    size_t size;
    uint8_t *model = read_file("smallest.vitrine", &size);
    vitrine_engine *engine;
    vitrine_fault fault = {0};
    assert_int_equal(vitrine_engine_create(model, size, NULL, 0, 1, &engine, &fault), VITRINE_OK);
    vitrine_scored list[2];
    uint32_t count;
    assert_int_equal(vitrine_rank(engine->ranker, engine->visitor, NULL, 2, list, &count), VITRINE_OK);
    assert_int_equal(count, 1);
    assert_true(list[0].score == 1.0f);
    vitrine_engine_destroy(engine);
    free(model);
}

static void put(const char *name, const void *bytes, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tests/golden/%s", VITRINE_SOURCE_DIR, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) exit(1);
}

/* A small shop's network alone, to bytes [65536]. */
static size_t network_alone(bool byte_gates, uint8_t *bytes)
{
    small_shop_options options = small_shop_usual();
    small_shop shop;
    vitrine_fault fault;
    size_t size;
    options.items = 60;
    options.dim = 6;
    options.attr_mode = VITRINE_ATTR_NONE;
    options.byte_gates = byte_gates;
    small_shop_make(&shop, &options);
    vitrine_model_parts parts = shop.parts;
    parts.config.fused = 0;
    if (vitrine_model_write(&parts, bytes, 65536, &size, &fault) != VITRINE_OK) exit(1);
    small_shop_free(&shop);
    return size;
}

/* Its int8 rows split; its gates in bytes. */
static void write_split_and_bytes(void)
{
    static _Alignas(64) uint8_t panels[65536], memory[65536], split[65536];
    const vitrine_model *model;
    vitrine_fault fault;
    size_t written;
    const size_t size = network_alone(false, panels);
    if (vitrine_model_open(memory, sizeof memory, panels, size, &model, &fault) != VITRINE_OK ||
        vitrine_model_lay_out(model, panels, size, true, split, sizeof split, &written, &fault) != VITRINE_OK)
        exit(1);
    put("format1-split.vitrine", split, written);
    put("format1-bytes.vitrine", panels, network_alone(true, panels));
}

/* One item "A" of width 1, popularity alone. */
static void write_smallest(void)
{
    static const uint32_t offset[2] = {0, 1};
    static const float one = 1.0f, zero = 0.0f;
    static const vitrine_kind_weight kinds[VITRINE_EVENT_KINDS];
    static _Alignas(64) uint8_t bytes[65536];
    float fuse[VITRINE_CONTEXTS * VITRINE_PARTS];
    size_t size;
    for (int i = 0; i < VITRINE_CONTEXTS * VITRINE_PARTS; i++)
        fuse[i] = (float)(i % VITRINE_PARTS == VITRINE_PART_POPULARITY);
    vitrine_model_parts p = {.version = 1, .id_offset = offset, .id_bytes = "A", .item = &one,
                             .bias = &zero, .popularity = &one, .kinds = kinds, .fuse = fuse};
    vitrine_config *c = &p.config;
    c->items = c->dim = c->net.input = c->net.hidden = c->net.dim = c->tail = 1;
    c->net.flags = VITRINE_NET_TIED;
    c->item_decay = c->attr_decay = c->numeric_deviation[0] = c->numeric_deviation[1] = 1.0f;
    c->content_power = c->fused = 1;
    if (vitrine_model_write(&p, bytes, sizeof bytes, &size, NULL) != VITRINE_OK) exit(1);
    put("smallest.vitrine", bytes, size);
}

/* What stands in where a shop has a catalog and no model: nothing learnt, and no item of its own but
 * one that no shop has. Likeness of attributes, by their hashed names, and the visitor's own items. */
static void write_for_catalog_alone(void)
{
    enum { ATTRIBUTES = 2048 };
    static const char ID[] = "(no model)";
    static const uint32_t offset[2] = {0, sizeof ID - 1}, no_attributes[2] = {0, 0};
    static const float one = 1.0f, zero = 0.0f, edges[] = {5, 10, 20, 40, 80, 160, 320, 640, 1280};
    static float even[ATTRIBUTES], fuse[VITRINE_CONTEXTS * VITRINE_PARTS];
    static vitrine_kind_weight kinds[VITRINE_EVENT_KINDS];
    static _Alignas(64) uint8_t bytes[65536];
    size_t size;
    for (int i = 0; i < ATTRIBUTES; i++) even[i] = 1.0f;
    for (int i = 0; i < VITRINE_CONTEXTS * VITRINE_PARTS; i += VITRINE_PARTS) {
        fuse[i + VITRINE_PART_CONTENT] = 0.8f;
        fuse[i + VITRINE_PART_RECENT] = 0.2f;
    }
    kinds[VITRINE_VIEW_ITEM].weight = kinds[VITRINE_RATE].weight = kinds[VITRINE_PURCHASE].weight = 1.0f;
    kinds[VITRINE_SELECT_ITEM].weight = 0.5f;
    kinds[VITRINE_ADD_TO_CART].weight = kinds[VITRINE_ADD_TO_WISHLIST].weight = 3.0f;
    vitrine_model_parts p = {.version = 1, .id_offset = offset, .id_bytes = ID, .item = &one, .bias = &zero,
                             .popularity = &one, .attr_offset = no_attributes, .attr_index = no_attributes,
                             .attr_weight = even, .kinds = kinds, .fuse = fuse};
    vitrine_config *c = &p.config;
    c->items = c->dim = c->net.input = c->net.hidden = c->net.dim = 1;
    c->net.flags = VITRINE_NET_TIED;
    c->tail = 20;
    c->item_decay = 10.0f;
    c->attr_decay = 3.0f;
    c->numeric_deviation[0] = c->numeric_deviation[1] = 1.0f;
    c->content_power = 2;
    c->fused = 1;
    c->dismiss_penalty = 0.5f;
    c->attr_mode = VITRINE_ATTR_HASHED;
    c->attributes = ATTRIBUTES;
    c->price_bands = 1 + sizeof edges / sizeof *edges;
    memcpy(c->price_edge, edges, sizeof edges);
    if (vitrine_model_write(&p, bytes, sizeof bytes, &size, NULL) != VITRINE_OK) exit(1);
    put("../../models/none.vitrine", bytes, size);
}

static void write_files(void)
{
    small_shop_options options = small_shop_usual();
    options.items = 40;
    options.dim = 8;
    open_shop open;
    open_shop_make(&open, &options, 1);
    vitrine_profile *profile = open_shop_profile(&open, 10);
    uint64_t random = 77;
    int64_t clock = 1600000000;
    for (int i = 0; i < 25; i++) {
        const vitrine_event event = open_shop_event(&open, &random, &clock);
        (void)vitrine_profile_observe(profile, &event);
    }
    static uint8_t saved[65536];
    vitrine_scored list[10];
    uint32_t count;
    size_t size;
    if (vitrine_profile_save(profile, saved, sizeof saved, &size) != VITRINE_OK ||
        vitrine_rank(open.ranker, profile, NULL, 10, list, &count) != VITRINE_OK)
        exit(1);
    put("format1-model.vitrine", open.shop.model, open.shop.model_size);
    put("format1-catalog.vitrine", open.shop.catalog, open.shop.catalog_size);
    put("format1-profile.vitrine", saved, size);
    for (uint32_t i = 0; i < count; i++) {
        size_t length;
        uint32_t bits;
        const char *id = vitrine_catalog_id(open.catalog, list[i].item, &length);
        memcpy(&bits, &list[i].score, sizeof bits);
        printf("    {\"%.*s\", 0x%08xu},\n", (int)length, id, bits);
    }
    open_shop_free(&open);
}

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "--write") == 0) {
        write_split_and_bytes();
        write_smallest();
        write_for_catalog_alone();
        write_files();
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_1_gives_the_list_it_gave),
        cmocka_unit_test(split_rows_give_the_list_they_gave),
        cmocka_unit_test(byte_gates_give_the_list_they_gave),
        cmocka_unit_test(the_smallest_file_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
