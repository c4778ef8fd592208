/* Going on from another model: the two tables are that of both logs, known items keep their vectors,
 * new ones get sensible ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "data/id_set.h"
#include "train/random.h"
#include "train/train.h"
#include "train/warm.h"

/* A log over the items "a".."z" by letters: sessions are words. */
typedef struct words {
    vitrine_dataset log;
    uint64_t start[400];
    uint32_t item[4000];
    uint8_t kind[4000];
    int64_t time[4000];
    float value[4000];
} words;

static void words_add(words *w, const char *letters, uint32_t first, uint32_t last, uint64_t key)
{
    const uint32_t span = (uint32_t)strlen(letters);
    for (uint32_t s = first; s < last; s++) {
        uint32_t at = vitrine_random_below(vitrine_random(key, s), span);
        for (int t = 0; t < 6; t++) {
            const uint32_t step = 1 + vitrine_random_below(vitrine_random(key + 1, s * 8 + (uint32_t)t), 2);
            w->item[w->log.events++] = (uint32_t)(letters[at] - 'a');
            at = (at + step) % span;
        }
        w->start[++w->log.sessions] = w->log.events;
    }
}

/* Rows of the letters that occur, as a reader of logs would number them. */
static words *words_make(const char *letters, uint32_t first, uint32_t last)
{
    words *w = calloc(1, sizeof *w);
    const uint32_t span = (uint32_t)strlen(letters);
    uint32_t *offset = malloc((span + 1) * sizeof *offset);
    char *bytes = malloc(span + 1);
    assert_true(w != NULL && offset != NULL && bytes != NULL);
    for (uint32_t i = 0; i <= span; i++) offset[i] = i;
    memcpy(bytes, letters, span);
    w->log = (vitrine_dataset){ .items = span, .session_start = w->start, .item = w->item,
                                .kind = w->kind, .time = w->time, .value = w->value,
                                .item_ids = { offset, bytes, span } };
    words_add(w, letters, first, last, 21);
    for (uint64_t e = 0; e < w->log.events; e++) {
        const char letter = (char)('a' + w->item[e]);
        w->item[e] = vitrine_strings_find(&w->log.item_ids, &letter, 1);
    }
    return w;
}

static void words_free(words *w)
{
    vitrine_strings_free(&w->log.item_ids);
    free(w);
}

static const vitrine_table_options counting = { .kind = VITRINE_TABLE_STEPS, .neighbours = 50,
                                                .window = 10, .damping = 5.0f, .self = true,
                                                .threads = 1 };

static void items_of_both_are_in_order_and_events_follow_them(void **state)
{
    (void)state;
    words *old = words_make("bdf", 0, 5), *fresh = words_make("acdg", 0, 5);
    uint32_t before[30];
    memcpy(before, fresh->item, sizeof before);
    assert_int_equal(vitrine_warm_items(&old->log.item_ids, &fresh->log), VITRINE_OK);
    assert_int_equal(fresh->log.items, 6);
    assert_memory_equal(fresh->log.item_ids.bytes, "abcdfg", 6);
    for (int e = 0; e < 30; e++)
        assert_int_equal(fresh->log.item_ids.bytes[fresh->item[e]], "acdg"[before[e]]);
    words_free(old);
    words_free(fresh);
}

static void two_tables_are_that_of_both_logs(void **state)
{
    (void)state;
    words *both = words_make("abcdefgh", 0, 200), *old = words_make("abcdefgh", 0, 120);
    words *fresh = words_make("abcdefgh", 120, 200);
    vitrine_table whole, first, second;
    assert_int_equal(vitrine_table_count(&both->log, 0, 200, &counting, &whole), VITRINE_OK);
    assert_int_equal(vitrine_table_count(&old->log, 0, 120, &counting, &first), VITRINE_OK);
    assert_int_equal(vitrine_table_count(&fresh->log, 0, 80, &counting, &second), VITRINE_OK);
    const vitrine_model_parts model = { .config = { .items = 8 }, .id_offset = old->log.item_ids.offset,
                                        .id_bytes = old->log.item_ids.bytes,
                                        .table_offset = first.offset,
                                        .table_neighbour = first.neighbour,
                                        .table_weight = first.weight };
    vitrine_warm warm;
    assert_int_equal(vitrine_warm_make(&model, &fresh->log.item_ids, &warm), VITRINE_OK);
    assert_int_equal(vitrine_warm_table(&warm, 5.0f, 1.0f, 50, &second), VITRINE_OK);
    assert_int_equal(whole.offset[8], second.offset[8]);
    for (uint64_t e = 0; e < whole.offset[8]; e++) {
        assert_int_equal(whole.neighbour[e], second.neighbour[e]);
        /* Weights near 1 in sum say little about the sum. */
        assert_true(fabsf(whole.weight[e] - second.weight[e]) < 0.02f * whole.weight[e] + 1e-4f);
    }
    vitrine_warm_free(&warm);
    vitrine_table_free(&whole);
    vitrine_table_free(&first);
    vitrine_table_free(&second);
    words_free(both);
    words_free(old);
    words_free(fresh);
}

static vitrine_train_options quick(void)
{
    vitrine_train_options o = vitrine_train_options_default();
    o.dim = o.hidden = 8;
    o.epochs = 3;
    o.rate = 0.02f;
    return o;
}

/* Letters have their place in the alphabet for a price, and vowels a brand. */
static vitrine_item_table prices(void)
{
    static const uint32_t offset[9] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
    static const uint32_t brand_offset[9] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
    static float price[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    vitrine_item_table table = { .items = 8, .ids = { offset, "abcdefgh", 8 }, .price = price };
    table.text[VITRINE_TEXT_BRAND] = (vitrine_strings){.offset = brand_offset, .bytes = "VCCCVCCC", .count = 8};
    return table;
}

static void known_items_keep_their_vectors(void **state)
{
    (void)state;
    words *old = words_make("abcdef", 0, 150), *fresh = words_make("abcdefgh", 150, 250);
    const vitrine_item_table table = prices();
    for (int features = 0; features < 2; features++) {
        vitrine_train_options o = quick();
        vitrine_trained before, after;
        vitrine_fault fault;
        o.feature_width = features ? 5 : 0;
        const vitrine_item_table *catalog = features ? &table : NULL;
        assert_int_equal(vitrine_train(&old->log, catalog, &o, NULL, NULL, &before, &fault), VITRINE_OK);
        o.start = &before.parts;
        o.rate = 1e-12f; /* nothing moves: what is seen is where it began */
        assert_int_equal(vitrine_train(&fresh->log, catalog, &o, NULL, NULL, &after, &fault), VITRINE_OK);
        assert_int_equal(after.parts.version, before.parts.version + 1);
        const size_t D = 8;
        for (size_t i = 0; i < 6 * D; i++)
            assert_true(fabsf(after.parts.item[i] - before.parts.item[i]) < 1e-5f);
        /* Of the new ones: their features, or the mean. */
        float apart = 0.0f;
        for (size_t d = 0; d < D; d++) {
            float mean = 0.0f;
            for (size_t i = 0; i < 6; i++) mean += before.parts.item[i * D + d] / 6.0f;
            apart += fabsf(after.parts.item[7 * D + d] - mean);
        }
        assert_true(features ? apart > 1e-2f : apart < 1e-4f);
        vitrine_trained_free(&after);
        vitrine_trained_free(&before);
    }
    words_free(old);
    words_free(fresh);
}

static void a_model_of_another_shape_is_refused(void **state)
{
    (void)state;
    words *old = words_make("abcdef", 0, 60);
    vitrine_train_options o = quick();
    vitrine_trained before, after;
    vitrine_fault fault;
    assert_int_equal(vitrine_train(&old->log, NULL, &o, NULL, NULL, &before, &fault), VITRINE_OK);
    o.start = &before.parts;
    o.hidden = 4;
    assert_int_equal(vitrine_train(&old->log, NULL, &o, NULL, NULL, &after, &fault),
                     VITRINE_BAD_ARGUMENT);
    assert_string_equal(fault.field, "start");
    vitrine_trained_free(&before);
    words_free(old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_of_both_are_in_order_and_events_follow_them),
        cmocka_unit_test(two_tables_are_that_of_both_logs),
        cmocka_unit_test(known_items_keep_their_vectors),
        cmocka_unit_test(a_model_of_another_shape_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
