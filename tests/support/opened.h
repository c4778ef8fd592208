/* A model written from parts and opened, step by step, with what ranks by it; for tests that hold two of them against
 * each other. Every step asserts that it is taken. */
#ifndef VITRINE_TESTS_OPENED_H
#define VITRINE_TESTS_OPENED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "model/model_writer.h"
#include "rank/ranker.h"
#include "support/small_shop.h"

enum { OPENED_CAPACITY = 50, OPENED_SLOTS = 7, OPENED_OWN = 5 /* from here on slots are the test's */ };

typedef struct opened {
    void *owned[OPENED_SLOTS];
    uint8_t *file;
    size_t size;
    const vitrine_model *model;
    vitrine_catalog *catalog;
    vitrine_profile *profile;
    vitrine_ranker *ranker;
} opened;

/* In slot `slot`, which frees it in the end. */
static inline void *opened_memory(opened *one, size_t slot, size_t size)
{
    one->owned[slot] = aligned_alloc(64, (size + 64) / 64 * 64);
    assert_non_null(one->owned[slot]);
    return one->owned[slot];
}

static inline void opened_write(opened *one, const vitrine_model_parts *parts)
{
    vitrine_fault fault = {0};
    const size_t bound = vitrine_model_write_bound(parts);
    one->file = opened_memory(one, 0, bound);
    assert_int_equal(vitrine_model_write(parts, one->file, bound, &one->size, &fault), VITRINE_OK);
}

static inline void opened_model(opened *one)
{
    vitrine_fault fault = {0};
    size_t need;
    assert_int_equal(vitrine_model_size(one->file, one->size, &need, &fault), VITRINE_OK);
    void *mem = opened_memory(one, 1, need);
    assert_int_equal(vitrine_model_open(mem, need, one->file, one->size, &one->model, &fault), VITRINE_OK);
}

/* cold: with the shop's catalog, which has items that the model does not know. */
static inline void opened_rest(opened *one, const small_shop *shop, bool cold)
{
    vitrine_fault fault = {0};
    size_t need;
    void *mem;
    const void *catalog = cold ? shop->catalog : NULL;
    const size_t catalog_size = cold ? shop->catalog_size : 0;
    assert_int_equal(vitrine_catalog_size(one->model, catalog, catalog_size, &need, &fault), VITRINE_OK);
    mem = opened_memory(one, 2, need);
    assert_int_equal(vitrine_catalog_open(mem, need, one->model, catalog, catalog_size, &one->catalog, &fault),
                     VITRINE_OK);
    assert_int_equal(vitrine_profile_size(one->catalog, OPENED_CAPACITY, &need), VITRINE_OK);
    mem = opened_memory(one, 3, need);
    assert_int_equal(vitrine_profile_init(mem, need, one->catalog, OPENED_CAPACITY, &one->profile), VITRINE_OK);
    assert_int_equal(vitrine_ranker_size(one->catalog, &need), VITRINE_OK);
    mem = opened_memory(one, 4, need);
    assert_int_equal(vitrine_ranker_init(mem, need, one->catalog, &one->ranker), VITRINE_OK);
}

static inline void opened_close(opened *one)
{
    for (size_t i = 0; i < OPENED_SLOTS; i++) free(one->owned[i]);
    memset(one, 0, sizeof *one);
}

/* Lists of every length, to the bit; most: what no list is longer than. */
static inline void opened_same_lists(opened *tested, opened *whole, uint32_t most, const vitrine_filter *filter)
{
    const uint32_t ks[] = {1, 2, 20, 33, 300, most};
    vitrine_scored *want = calloc(most, sizeof *want), *got = calloc(most, sizeof *got);
    assert_non_null(want);
    assert_non_null(got);
    for (size_t i = 0; i < sizeof ks / sizeof *ks; i++) {
        uint32_t wanted, count;
        assert_int_equal(vitrine_rank(whole->ranker, whole->profile, filter, ks[i], want, &wanted), VITRINE_OK);
        assert_int_equal(vitrine_rank(tested->ranker, tested->profile, filter, ks[i], got, &count), VITRINE_OK);
        assert_int_equal(count, wanted);
        assert_memory_equal(got, want, count * sizeof *got);
    }
    free(want);
    free(got);
}

#endif
