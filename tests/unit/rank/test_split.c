/* Split rows give, to the bit, the lists and scores of int8 panels, for int8 and exact models. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "model/container.h"
#include "model/head.h"
#include "model/model_writer.h"
#include "model/row_layout.h"
#include "rank/shelf.h"
#include "rank/split.h"
#include "support/opened.h"
#include "support/resign.h"
#include "support/small_shop.h"

enum { ITEMS = 1500, MOST_K = ITEMS + 3 };

/* `other` with its rows laid out anew; and laid out once more they are what they were. */
static void lay_out(opened *one, const opened *other, bool split)
{
    vitrine_fault fault = {0};
    size_t again;
    const size_t bound = vitrine_row_layout_bound(other->size);
    one->file = opened_memory(one, 0, bound);
    assert_int_equal(vitrine_model_lay_out(other->model, other->file, other->size, split, one->file, bound, &one->size,
                                           &fault), VITRINE_OK);
    opened_model(one);
    uint8_t *back = opened_memory(one, 6, bound);
    assert_int_equal(vitrine_model_lay_out(one->model, one->file, one->size, !split, back, bound, &again, &fault),
                     VITRINE_OK);
    assert_int_equal(again, other->size);
    assert_memory_equal(back, other->file, again);
    assert_int_equal(vitrine_model_lay_out(one->model, one->file, one->size, split, back, bound, &again, &fault),
                     VITRINE_OK);
    assert_int_equal(again, one->size);
    assert_memory_equal(back, one->file, again);
    free(one->owned[6]);
    one->owned[6] = NULL;
}

/* Copies that differ in the last bits and copies that do not, rows long, short and of nothing; and with them biases so
 * large that a score no longer says which product is in it. */
static void hard_rows(float *item, float *bias, uint32_t dim, uint64_t *random)
{
    for (uint32_t i = 0; i < ITEMS; i++) {
        float *row = item + (size_t)i * dim;
        const uint64_t kind = small_shop_random(random) % 9;
        if (i > 0 && kind < 3) memcpy(row, row - dim, dim * sizeof *row);
        for (uint32_t d = 0; d < dim; d++) {
            if (kind == 1) row[d] *= 1.0f + (float)(small_shop_random(random) % 100) * 1e-3f;
            if (kind == 4) row[d] *= 30.0f;
            if (kind == 5) row[d] *= 1e-3f;
            if (kind == 6 && i % 5 == 0) row[d] = 0.0f;
            if (kind == 7) row[d] *= 1e-12f;
        }
        if (kind == 8) bias[i] = 1000.0f;
    }
}

/* All that reads rows beside the lists. */
static void same_otherwise(opened *split, opened *whole, uint32_t item)
{
    static vitrine_scored want[20], got[20];
    static float parts[2][3 * VITRINE_PARTS], vector[2][1024];
    const uint32_t items[3] = {item, 0, 5}, dim = whole->model->config.dim;
    for (int by = VITRINE_COSINE; by <= VITRINE_EUCLIDEAN; by++) {
        uint32_t wanted, count;
        assert_int_equal(vitrine_similar(whole->ranker, item, (vitrine_similarity)by, NULL, NULL, 20, want, &wanted), VITRINE_OK);
        assert_int_equal(vitrine_similar(split->ranker, item, (vitrine_similarity)by, NULL, NULL, 20, got, &count), VITRINE_OK);
        assert_int_equal(count, wanted);
        assert_memory_equal(got, want, count * sizeof *got);
    }
    vitrine_catalog_vector(whole->catalog, item, vector[0]);
    vitrine_catalog_vector(split->catalog, item, vector[1]);
    assert_memory_equal(vector[1], vector[0], dim * sizeof(float));
    assert_int_equal(vitrine_ranker_parts(whole->ranker, whole->profile, items, 3, parts[0]), VITRINE_OK);
    assert_int_equal(vitrine_ranker_parts(split->ranker, split->profile, items, 3, parts[1]), VITRINE_OK);
    assert_memory_equal(parts[1], parts[0], sizeof parts[0]);
    vitrine_score_all(split->ranker, split->profile);
    vitrine_score_all(whole->ranker, whole->profile);
    assert_memory_equal(split->ranker->scores, whole->ranker->scores, whole->catalog->items * sizeof(float));
}

static void same_at_every_step(uint32_t precision, uint32_t dim, bool cold, bool hard, uint64_t seed)
{
    const small_shop_options options = {ITEMS, dim, VITRINE_CELL_GRU, VITRINE_F32, VITRINE_ATTR_INDEXED, 0, seed, 0.0f, false, false};
    small_shop shop;
    opened split = {0}, whole = {0};
    uint64_t random = seed;
    small_shop_make(&shop, &options);
    vitrine_model_parts parts = shop.parts;
    float *item = malloc(sizeof(float) * ITEMS * dim), *bias = malloc(sizeof(float) * ITEMS);
    assert_non_null(item);
    assert_non_null(bias);
    memcpy(item, parts.item, sizeof(float) * ITEMS * dim);
    memcpy(bias, parts.bias, sizeof(float) * ITEMS);
    if (hard) hard_rows(item, bias, dim, &random);
    parts.item = item;
    parts.bias = bias;
    parts.config.fused = 0;
    parts.config.precision = precision;
    opened_write(&whole, &parts);
    opened_model(&whole);
    opened_rest(&whole, &shop, cold);
    lay_out(&split, &whole, true);
    opened_rest(&split, &shop, cold);
    assert_true(vitrine_model_is_split(split.model) && !vitrine_model_is_split(whole.model));
    assert_true(split.catalog->cold > 0 || !cold);

    static uint8_t allowed[MOST_K];
    static uint32_t some[MOST_K];
    static vitrine_scored want[MOST_K], got[MOST_K];
    uint64_t rows = 0;
    for (uint32_t step = 0; step < 12; step++) {
        const vitrine_event event = {.item = (uint32_t)(small_shop_random(&random) % split.catalog->items),
                                     .kind = VITRINE_VIEW_ITEM, .time = 1000 + step};
        assert_int_equal(vitrine_profile_observe(split.profile, &event), VITRINE_OK);
        assert_int_equal(vitrine_profile_observe(whole.profile, &event), VITRINE_OK);
        for (uint32_t i = 0; i < MOST_K; i++) allowed[i] = small_shop_random(&random) % 50 == 0;
        const vitrine_filter few = {VITRINE_WAS_VIEWED, allowed};
        uint32_t count = 0;
        vitrine_scored list[20];
        assert_int_equal(vitrine_rank(split.ranker, split.profile, NULL, 20, list, &count), VITRINE_OK);
        rows += split.ranker->exact_rows;
        /* Another query in between, and known scores are still completed by their own. */
        assert_int_equal(vitrine_similar(split.ranker, event.item, VITRINE_COSINE, split.profile, NULL, 20, list, &count), VITRINE_OK);
        opened_same_lists(&split, &whole, MOST_K, &few);
        opened_same_lists(&split, &whole, MOST_K, NULL);

        count = 0;
        for (uint32_t i = 0; i < split.catalog->items; i++)
            if (small_shop_random(&random) % 20 == 0) some[count++] = i;
        assert_int_equal(vitrine_rerank(whole.ranker, whole.profile, some, count, want), VITRINE_OK);
        assert_int_equal(vitrine_rerank(split.ranker, split.profile, some, count, got), VITRINE_OK);
        assert_memory_equal(got, want, count * sizeof *got);
        if (step % 4 == 0) {
            same_otherwise(&split, &whole, event.item);
            opened_same_lists(&split, &whole, MOST_K, NULL);
        }
    }
    /* The point of it all: few rows are read in full. */
    if (!hard) assert_true(rows / 12 < split.catalog->items / 2);
    opened_close(&split);
    opened_close(&whole);
    free(item);
    free(bias);
    small_shop_free(&shop);
}

static void lists_and_scores_are_those_of_panels(void **state)
{
    (void)state;
    static const uint32_t dims[] = {3, 20, 33, 64, 130};
    for (uint32_t precision = VITRINE_INT8; precision <= VITRINE_EXACT; precision++)
        for (size_t d = 0; d < sizeof dims / sizeof *dims; d++)
            same_at_every_step(precision, dims[d], d % 2 == 1, false, d + 1);
}

static void lists_and_scores_are_those_of_panels_where_scores_nearly_tie(void **state)
{
    (void)state;
    for (uint64_t seed = 3; seed < 11; seed++)
        same_at_every_step(seed % 2 ? VITRINE_INT8 : VITRINE_EXACT, seed < 7 ? 40 : 37, seed % 4 < 2, true, seed);
}

static void only_unfused_models_of_bytes_are_split(void **state)
{
    (void)state;
    const small_shop_options options = {40, 8, VITRINE_CELL_GRU, VITRINE_INT8, VITRINE_ATTR_NONE, 0, 9, 0.0f, false, false};
    small_shop shop;
    small_shop_make(&shop, &options);
    vitrine_model_parts parts = shop.parts;
    vitrine_fault fault = {0};
    size_t written;
    opened one = {0};
    void *out = opened_memory(&one, 6, 1 << 20);
    opened_write(&one, &parts);
    opened_model(&one);
    assert_int_equal(vitrine_model_lay_out(one.model, one.file, one.size, true, out, 1 << 20, &written, &fault),
                     VITRINE_BAD_VALUE);
    assert_string_equal(fault.field, "fused");
    free(one.owned[0]);
    free(one.owned[1]);
    parts.config.fused = 0;
    parts.config.precision = VITRINE_F32;
    opened_write(&one, &parts);
    opened_model(&one);
    assert_int_equal(vitrine_model_lay_out(one.model, one.file, one.size, true, out, 1 << 20, &written, &fault),
                     VITRINE_BAD_VALUE);
    assert_string_equal(fault.field, "precision");
    opened_close(&one);
    small_shop_free(&shop);
}

/* A file whose table says something else, its sums put right. */
static void refused(const opened *good, uint32_t section, uint32_t become, uint64_t shorter, const char *field)
{
    uint8_t *file = aligned_alloc(64, (good->size + 63) / 64 * 64);
    vitrine_fault fault = {0};
    size_t need;
    assert_non_null(file);
    memcpy(file, good->file, good->size);
    uint32_t sections;
    memcpy(&sections, file + 20, sizeof sections);
    for (uint32_t i = 0; i < sections; i++) {
        uint8_t *entry = file + VITRINE_HEADER_SIZE + i * VITRINE_ENTRY_SIZE;
        uint32_t id;
        uint64_t offset, size;
        memcpy(&id, entry, sizeof id);
        if (id != section) continue;
        memcpy(&offset, entry + 8, sizeof offset);
        memcpy(&size, entry + 16, sizeof size);
        size -= shorter;
        memset(file + offset + size, 0, shorter); /* it pads now */
        memcpy(entry, &become, sizeof become);
        memcpy(entry + 16, &size, sizeof size);
    }
    resign(file, good->size);
    assert_int_not_equal(vitrine_model_size(file, good->size, &need, &fault), VITRINE_OK);
    assert_string_equal(fault.field, field);
    free(file);
}

static void halves_that_do_not_fit_the_head_are_refused(void **state)
{
    (void)state;
    const small_shop_options options = {100, 8, VITRINE_CELL_GRU, VITRINE_F32, VITRINE_ATTR_NONE, 0, 9, 0.0f, false, false};
    small_shop shop;
    opened good = {0};
    small_shop_make(&shop, &options);
    vitrine_model_parts parts = shop.parts;
    parts.config.fused = 0;
    parts.config.precision = VITRINE_INT8;
    opened whole = {0};
    opened_write(&whole, &parts);
    opened_model(&whole);
    lay_out(&good, &whole, true);
    opened_close(&whole);
    refused(&good, VITRINE_S_HIGH, VITRINE_S_HIGH, 1, "high");
    refused(&good, VITRINE_S_LOW, VITRINE_S_LOW, 1, "low");
    refused(&good, VITRINE_S_LOW, VITRINE_ID('x', 'x', 'x', 'x'), 0, "low");
    refused(&good, VITRINE_S_HIGH, VITRINE_ID('x', 'x', 'x', 'x'), 0, "item");
    opened_close(&good);
    small_shop_free(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_and_scores_are_those_of_panels),
        cmocka_unit_test(lists_and_scores_are_those_of_panels_where_scores_nearly_tie),
        cmocka_unit_test(only_unfused_models_of_bytes_are_split),
        cmocka_unit_test(halves_that_do_not_fit_the_head_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
