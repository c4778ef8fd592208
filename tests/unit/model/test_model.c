#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "model/container.h"
#include "model/head.h"
#include "model/model_parts.h"
#include "support/small_shop.h"

static void *aligned(size_t size)
{
    void *memory = aligned_alloc(64, (size + 64) / 64 * 64);
    assert_non_null(memory);
    return memory;
}

static vitrine_status try_open(const uint8_t *bytes, size_t size, vitrine_fault *fault)
{
    size_t need;
    const vitrine_model *model;
    vitrine_status status = vitrine_model_size(bytes, size, &need, fault);
    if (status != VITRINE_OK) return status;
    void *mem = aligned(need);
    status = vitrine_model_open(mem, need, bytes, size, &model, fault);
    free(mem);
    return status;
}

static const small_shop_options TINY = {6, 4, VITRINE_CELL_GRU, VITRINE_INT8, VITRINE_ATTR_INDEXED, 0, 3, 0.0f, false, false};

static void a_written_model_opens_and_says_what_was_written(void **state)
{
    (void)state;
    for (uint32_t precision = 0; precision <= 1; precision++)
        for (uint32_t cell = 0; cell <= 3; cell++)
            for (uint32_t attr = 0; attr <= 2; attr++) {
                small_shop_options options = small_shop_usual();
                options.precision = precision;
                options.cell = cell;
                options.attr_mode = attr;
                options.gaps = attr > 0;
                options.byte_gates = attr == 1;
                small_shop shop;
                small_shop_make(&shop, &options);
                size_t need;
                const vitrine_model *model;
                vitrine_fault fault = {0};
                assert_int_equal(vitrine_model_size(shop.model, shop.model_size, &need, &fault), 0);
                void *mem = aligned(need);
                assert_int_equal(
                    vitrine_model_open(mem, need, shop.model, shop.model_size, &model, &fault), 0);
                assert_int_equal(vitrine_model_items(model), options.items);
                float row[20];
                for (uint32_t i = 0; i < options.items; i++) {
                    const float *want = shop.parts.item + (size_t)i * 20;
                    float largest = 0;
                    for (int d = 0; d < 20; d++) largest = fmaxf(largest, fabsf(want[d]));
                    vitrine_model_item_vector(model, i, row);
                    for (int d = 0; d < 20; d++)
                        assert_true(fabsf(row[d] - want[d]) <=
                                    (precision == VITRINE_INT8 ? largest / 127 * 0.501f : 0));
                }
                for (uint32_t i = 0; i < options.items; i++) {
                    vitrine_table_walk walk = vitrine_table_row(model, i);
                    vitrine_neighbour n;
                    uint64_t e = shop.parts.table_offset[i];
                    for (; vitrine_table_next(&walk, &n); e++) {
                        assert_int_equal(n.item, shop.parts.table_neighbour[e]);
                        assert_true(fabsf(n.weight / shop.parts.table_weight[e] - 1) < 0.018f);
                    }
                    assert_int_equal(e, shop.parts.table_offset[i + 1]);
                }
                /* Unpacked and written again, the bytes are the same. */
                const size_t size = vitrine_model_unpack_size(model);
                void *unpacked = aligned(size);
                vitrine_model_parts parts;
                assert_int_equal(vitrine_model_unpack(model, unpacked, size, &parts), 0);
                uint8_t *again = aligned(shop.model_size);
                size_t written;
                assert_int_equal(
                    vitrine_model_write(&parts, again, shop.model_size, &written, &fault), 0);
                assert_int_equal(written, shop.model_size);
                assert_memory_equal(again, shop.model, written);
                free(again);
                free(unpacked);
                free(mem);
                small_shop_free(&shop);
            }
}

static void untied_inputs_are_bytes_too(void **state)
{
    (void)state;
    small_shop shop;
    small_shop_make(&shop, &TINY);
    vitrine_model_parts p = shop.parts;
    p.config.net.flags = (p.config.net.flags & ~(uint32_t)VITRINE_NET_TIED) | VITRINE_NET_OUT;
    p.config.embed_rows = TINY.items;
    p.embed = p.item;
    p.out_w = p.skip_w;
    const size_t bound = vitrine_model_write_bound(&p);
    uint8_t *bytes = aligned(bound);
    size_t size, need;
    vitrine_fault fault = {0};
    const vitrine_model *model;
    assert_int_equal(vitrine_model_write(&p, bytes, bound, &size, &fault), VITRINE_OK);
    assert_int_equal(vitrine_model_size(bytes, size, &need, &fault), VITRINE_OK);
    void *mem = aligned(need);
    assert_int_equal(vitrine_model_open(mem, need, bytes, size, &model, &fault), VITRINE_OK);
    for (uint32_t i = 0; i < TINY.items; i++) {
        float input[4], item[4];
        vitrine_model_input(model, i, input);
        vitrine_model_item_vector(model, i, item);
        assert_memory_equal(input, item, sizeof input);
    }
    assert_memory_equal(model->net.out_w, model->net.skip_w, 4 * 32 * sizeof(float));
    free(mem);
    free(bytes);
    small_shop_free(&shop);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    small_shop shop;
    small_shop_make(&shop, &TINY);
    for (size_t size = 0; size < shop.model_size; size++) {
        /* A copy of just that size, so that the sanitizer sees a read past the end. */
        uint8_t *cut = aligned(size);
        memcpy(cut, shop.model, size);
        vitrine_fault fault = {0};
        assert_int_not_equal(try_open(cut, size, &fault), VITRINE_OK);
        assert_non_null(fault.field);
        free(cut);
    }
    small_shop_free(&shop);
}

static void every_flipped_bit_is_refused(void **state)
{
    (void)state;
    small_shop shop;
    small_shop_make(&shop, &TINY);
    for (size_t bit = 0; bit < shop.model_size * 8; bit++) {
        vitrine_fault fault = {0};
        shop.model[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(try_open(shop.model, shop.model_size, &fault), VITRINE_OK);
        assert_non_null(fault.field);
        shop.model[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    vitrine_fault fault = {0};
    assert_int_equal(try_open(shop.model, shop.model_size, &fault), VITRINE_OK);
    small_shop_free(&shop);
}

static void other_bytes_are_named_for_what_they_are(void **state)
{
    (void)state;
    static _Alignas(64) const char html[256] = "<!DOCTYPE html><html><body>Not found";
    vitrine_fault fault = {0};
    assert_int_equal(try_open((const uint8_t *)html, sizeof html, &fault), VITRINE_BAD_FORMAT);
    assert_string_equal(fault.field, "magic");
    small_shop shop;
    small_shop_make(&shop, &TINY);
    assert_int_equal(try_open(shop.catalog, shop.catalog_size, &fault), VITRINE_BAD_VERSION);
    assert_string_equal(fault.field, "kind");
    uint8_t *twice = aligned(shop.model_size * 2);
    memcpy(twice, shop.model, shop.model_size);
    memcpy(twice + shop.model_size, shop.model, shop.model_size);
    assert_int_equal(try_open(twice, shop.model_size * 2, &fault), VITRINE_BAD_FORMAT);
    assert_string_equal(fault.field, "file size");
    free(twice);
    small_shop_free(&shop);
}

/* Writes the parts as they stand and tries to open the result. */
static void expect_refused(const vitrine_model_parts *parts, const char *field)
{
    const size_t bound = vitrine_model_write_bound(parts);
    uint8_t *bytes = aligned(bound);
    size_t written;
    vitrine_fault fault = {0};
    vitrine_status status = vitrine_model_write(parts, bytes, bound, &written, &fault);
    if (status == VITRINE_OK) status = try_open(bytes, written, &fault);
    assert_int_not_equal(status, VITRINE_OK);
    assert_string_equal(fault.field, field);
    free(bytes);
}

static void well_hashed_nonsense_is_refused_by_name(void **state)
{
    (void)state;
    small_shop shop;
    small_shop_make(&shop, &TINY);
    vitrine_model_parts p = shop.parts;

    float bias[6] = {0, 0, NAN, 0, 0, 0};
    p.bias = bias;
    expect_refused(&p, "bias");
    bias[2] = INFINITY;
    expect_refused(&p, "bias");
    bias[2] = -3e6f;
    expect_refused(&p, "bias");

    p = shop.parts;
    static const uint32_t offset[7] = {0, 1, 2, 3, 4, 5, 6};
    p.id_offset = offset;
    p.id_bytes = "abdcef"; /* not sorted */
    expect_refused(&p, "ids");
    p.id_bytes = "abbcde"; /* not distinct */
    expect_refused(&p, "ids");

    p = shop.parts;
    static const uint64_t table_offset[7] = {0, 1, 1, 1, 1, 1, 1};
    static const uint32_t neighbour[1] = {6};
    static const float weight[1] = {0.5f};
    p.table_offset = table_offset;
    p.table_neighbour = neighbour;
    p.table_weight = weight;
    expect_refused(&p, "table row");

    p = shop.parts;
    static const uint32_t attr_offset[7] = {0, 1, 1, 1, 1, 1, 1}, attr_index[1] = {12};
    p.attr_offset = attr_offset;
    p.attr_index = attr_index;
    expect_refused(&p, "attribute index");

    p = shop.parts;
    p.config.items = 0;
    expect_refused(&p, "items");
    p = shop.parts;
    p.config.tail = 257;
    expect_refused(&p, "tail");
    p = shop.parts;
    p.config.item_decay = NAN;
    expect_refused(&p, "item_decay");
    p = shop.parts;
    p.config.net.hidden = 8; /* without an output matrix it must be dim */
    expect_refused(&p, "net.hidden");
    p = shop.parts;
    p.config.net.flags |= 64;
    expect_refused(&p, "net.flags");
    p = shop.parts;
    p.config.net.flags |= VITRINE_NET_BYTES;
    p.config.precision = VITRINE_F32;
    expect_refused(&p, "net.flags");
    p.config.precision = VITRINE_INT8;
    p.config.net.cell = VITRINE_CELL_BAG; /* which has no gates */
    expect_refused(&p, "net.flags");
    small_shop_free(&shop);
}

/* A file whose section sizes and offsets lie, but whose hashes are right. */
static void lying_sizes_are_refused(void **state)
{
    (void)state;
    static const uint64_t VALUES[] = {0, 1, 63, 64, 127, 0x7fffffff, 0x80000000, 0xffffffff,
                                      0x100000000, 0x7fffffffffffffff, 0x8000000000000000,
                                      0xffffffffffffffff};
    small_shop shop;
    small_shop_make(&shop, &TINY);
    vitrine_container file;
    vitrine_fault fault = {0};
    assert_int_equal(vitrine_container_open(&file, shop.model, shop.model_size, 0, &fault), 0);
    const uint32_t sections = file.sections;
    for (uint32_t s = 0; s < sections; s++)
        for (size_t field = 8; field <= 16; field += 8)
            for (size_t v = 0; v < sizeof VALUES / sizeof VALUES[0]; v++) {
                uint8_t *bytes = aligned(shop.model_size);
                memcpy(bytes, shop.model, shop.model_size);
                uint8_t *at = bytes + VITRINE_HEADER_SIZE + s * VITRINE_ENTRY_SIZE + field;
                uint64_t old = 0;
                memcpy(&old, at, 8);
                memcpy(at, &VALUES[v], 8);
                /* The header's hash, made again by the writer's own rule. */
                vitrine_sha256 sha;
                static const uint8_t zeros[32] = {0};
                vitrine_sha256_init(&sha);
                vitrine_sha256_update(&sha, bytes, 72);
                vitrine_sha256_update(&sha, zeros, 32);
                vitrine_sha256_update(&sha, bytes + 104, 24 + (size_t)sections * VITRINE_ENTRY_SIZE);
                vitrine_sha256_final(&sha, bytes + 72);
                if (old != VALUES[v])
                    assert_int_not_equal(try_open(bytes, shop.model_size, &fault), VITRINE_OK);
                free(bytes);
            }
    small_shop_free(&shop);
}

static void too_little_memory_is_said(void **state)
{
    (void)state;
    small_shop shop;
    small_shop_make(&shop, &TINY);
    size_t need;
    vitrine_fault fault = {0};
    const vitrine_model *model;
    assert_int_equal(vitrine_model_size(shop.model, shop.model_size, &need, &fault), 0);
    void *mem = aligned(need);
    assert_int_equal(vitrine_model_open(mem, need - 64, shop.model, shop.model_size, &model, &fault),
                     VITRINE_NO_SPACE);
    assert_null(model);
    free(mem);
    small_shop_free(&shop);
}

/* The caller's sums are believed no further than the table: any other is refused, at its section. */
static void sums_by_the_caller_are_held_against_the_table(void **state)
{
    (void)state;
    small_shop shop;
    small_shop_make(&shop, &TINY);
    size_t need;
    vitrine_container file;
    const vitrine_model *model;
    vitrine_fault fault = {0};
    uint8_t sums[VITRINE_MAX_SECTIONS * 32];
    assert_int_equal(vitrine_container_open(&file, shop.model, shop.model_size, 0, &fault), VITRINE_OK);
    for (uint32_t i = 0; i < file.sections; i++) {
        const vitrine_section section = vitrine_container_section(&file, i);
        vitrine_sha256_of(section.bytes, section.size, sums + (size_t)i * 32);
    }
    assert_int_equal(vitrine_model_size(shop.model, shop.model_size, &need, &fault), VITRINE_OK);
    void *mem = aligned(need);
    assert_int_equal(vitrine_model_open_summed(mem, need, shop.model, shop.model_size, sums, &model, &fault),
                     VITRINE_OK);
    for (uint32_t i = 0; i < file.sections; i++) {
        sums[i * 32 + 31] ^= 1;
        assert_int_equal(
            vitrine_model_open_summed(mem, need, shop.model, shop.model_size, sums, &model, &fault),
            VITRINE_BAD_CHECKSUM);
        assert_string_equal(fault.field, "section hash");
        assert_int_equal(fault.offset, vitrine_container_section(&file, i).offset);
        sums[i * 32 + 31] ^= 1;
    }
    free(mem);
    small_shop_free(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_written_model_opens_and_says_what_was_written),
        cmocka_unit_test(untied_inputs_are_bytes_too),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(sums_by_the_caller_are_held_against_the_table),
        cmocka_unit_test(other_bytes_are_named_for_what_they_are),
        cmocka_unit_test(well_hashed_nonsense_is_refused_by_name),
        cmocka_unit_test(lying_sizes_are_refused),
        cmocka_unit_test(too_little_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
