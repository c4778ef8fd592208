/* The table is cut to the room that the file has, the entries worth least first, and to no less than that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/small_shop.h"
#include "train/budget.h"

enum { ITEMS = 400 };

/* The shop's table as one that is owned. */
static vitrine_table table_of(const vitrine_model_parts *p)
{
    const uint64_t entries = p->table_offset[ITEMS];
    vitrine_table table = { malloc((ITEMS + 1) * sizeof *table.offset),
                            malloc(entries * sizeof *table.neighbour),
                            malloc(entries * sizeof *table.weight) };
    memcpy(table.offset, p->table_offset, (ITEMS + 1) * sizeof *table.offset);
    memcpy(table.neighbour, p->table_neighbour, entries * sizeof *table.neighbour);
    memcpy(table.weight, p->table_weight, entries * sizeof *table.weight);
    return table;
}

static void show(vitrine_model_parts *p, const vitrine_table *table)
{
    p->table_offset = table->offset;
    p->table_neighbour = table->neighbour;
    p->table_weight = table->weight;
}

static float worth(const vitrine_model_parts *p, uint32_t row, float weight)
{
    return weight * sqrtf(p->popularity[row]);
}

static void the_worthiest_entries_stay_and_the_file_fits(void **state)
{
    (void)state;
    small_shop_options options = small_shop_usual();
    options.items = ITEMS;
    options.precision = VITRINE_F32; /* the room is that of int8 all the same */
    small_shop shop;
    small_shop_make(&shop, &options);
    float popularity[ITEMS];
    for (uint32_t i = 0; i < ITEMS; i++) popularity[i] = (float)(1 + i % 7) / (4.0f * ITEMS);
    shop.parts.popularity = popularity;
    const vitrine_model_parts *whole = &shop.parts;
    vitrine_model_parts int8 = *whole;
    int8.config.precision = VITRINE_INT8;
    const size_t full = vitrine_model_write_bound(&int8);
    for (size_t less = 0; less <= 3840; less += 640) {
        vitrine_model_parts p = *whole;
        vitrine_table table = table_of(whole);
        show(&p, &table);
        assert_int_equal(vitrine_budget_fit(&p, &table, full - less), VITRINE_OK);
        assert_ptr_equal(p.table_weight, table.weight);
        assert_int_equal(p.config.precision, VITRINE_F32);
        int8 = p;
        int8.config.precision = VITRINE_INT8;
        const size_t size = vitrine_model_write_bound(&int8);
        assert_true(size <= full - less);
        const uint64_t kept = table.offset[ITEMS], all = whole->table_offset[ITEMS];
        if (less == 0) assert_int_equal(kept, all);
        else assert_true(kept < all && kept > 0 && size + 256 > full - less);
        /* Every entry that stayed is worth as much as any that went. */
        float least = 1e9f, most = 0.0f;
        for (uint32_t i = 0; i < ITEMS; i++) {
            uint64_t k = table.offset[i];
            for (uint64_t e = whole->table_offset[i]; e < whole->table_offset[i + 1]; e++) {
                const float its = worth(whole, i, whole->table_weight[e]);
                if (k < table.offset[i + 1] && table.neighbour[k] == whole->table_neighbour[e]) {
                    k++;
                    least = its < least ? its : least;
                } else if (its > most) {
                    most = its;
                }
            }
            assert_int_equal(k, table.offset[i + 1]); /* nothing that was not there */
        }
        assert_true(less == 0 || least >= most);
        vitrine_table_free(&table);
    }
    small_shop_free(&shop);
}

static void no_room_leaves_no_entry(void **state)
{
    (void)state;
    small_shop_options options = small_shop_usual();
    options.items = ITEMS;
    small_shop shop;
    small_shop_make(&shop, &options);
    vitrine_model_parts p = shop.parts;
    vitrine_table table = table_of(&shop.parts);
    show(&p, &table);
    assert_int_equal(vitrine_budget_fit(&p, &table, 1), VITRINE_OK);
    assert_int_equal(table.offset[ITEMS], 0);
    vitrine_table_free(&table);
    small_shop_free(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worthiest_entries_stay_and_the_file_fits),
        cmocka_unit_test(no_room_leaves_no_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
