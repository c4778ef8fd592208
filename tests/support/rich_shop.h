/* A small shop whose catalog knows every field: brands, paths, tags, groups, marks, dates, sales and
 * two own fields, some of them missing; opened, with rules. */
#ifndef VITRINE_TESTS_RICH_SHOP_H
#define VITRINE_TESTS_RICH_SHOP_H

#include "support/small_shop.h"
#include "vitrine/placements.h"

typedef struct rich_shop {
    small_shop shop;
    const vitrine_model *model;
    vitrine_catalog *catalog;
    vitrine_ranker *ranker;
    vitrine_rules *rules;
    vitrine_profile *visitor, *seeds;
    void *owned[16];
    uint32_t owned_count;
} rich_shop;

#define RICH_SHOP_NOW 1760000000u /* the newest `created` lies before it */

/* `items` of the model, of which every ninth is not in the catalog, and items / 8 new ones. */
void rich_shop_make(rich_shop *rich, uint32_t items, uint64_t seed);
void rich_shop_free(rich_shop *rich);

#endif
