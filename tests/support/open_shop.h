/* A small shop, opened: model, catalog, profile and ranker in memory of the test's. */
#ifndef VITRINE_TESTS_OPEN_SHOP_H
#define VITRINE_TESTS_OPEN_SHOP_H

#include "support/small_shop.h"
#include "vitrine/rank.h"

typedef struct open_shop {
    small_shop shop;
    const vitrine_model *model;
    vitrine_catalog *catalog;
    vitrine_ranker *ranker;
    void *owned[64];
    uint32_t owned_count;
} open_shop;

/* with_catalog: the shop's catalog file too. Exits the program on any refusal. */
void open_shop_make(open_shop *open, const small_shop_options *options, bool with_catalog);
void open_shop_free(open_shop *open);
/* A new, empty profile; freed with the shop. */
vitrine_profile *open_shop_profile(open_shop *open, uint32_t capacity);

/* A seeded event: mostly views, some carts, favourites, purchases; time grows by up to an hour. */
vitrine_event open_shop_event(const open_shop *open, uint64_t *random, int64_t *clock);

#endif
