#include "support/open_shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(vitrine_status status, const char *what)
{
    if (status == VITRINE_OK) return;
    fprintf(stderr, "open_shop: %s: %s\n", what, vitrine_status_name(status));
    exit(1);
}

static void *take(open_shop *open, size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 64) / 64 * 64);
    if (memory == NULL || open->owned_count == 64) must(VITRINE_NO_SPACE, "memory");
    open->owned[open->owned_count++] = memory;
    return memory;
}

void open_shop_make(open_shop *open, const small_shop_options *options, bool with_catalog)
{
    memset(open, 0, sizeof *open);
    small_shop *shop = &open->shop;
    small_shop_make(shop, options);
    size_t need;
    must(vitrine_model_size(shop->model, shop->model_size, &need, NULL), "model");
    must(vitrine_model_open(take(open, need), need, shop->model, shop->model_size, &open->model, NULL),
         "model");
    const void *bytes = with_catalog ? shop->catalog : NULL;
    const size_t size = with_catalog ? shop->catalog_size : 0;
    must(vitrine_catalog_size(open->model, bytes, size, &need, NULL), "catalog");
    must(vitrine_catalog_open(take(open, need), need, open->model, bytes, size, &open->catalog, NULL),
         "catalog");
    must(vitrine_ranker_size(open->catalog, &need), "ranker");
    must(vitrine_ranker_init(take(open, need), need, open->catalog, &open->ranker), "ranker");
}

void open_shop_free(open_shop *open)
{
    for (uint32_t i = 0; i < open->owned_count; i++) free(open->owned[i]);
    small_shop_free(&open->shop);
}

vitrine_profile *open_shop_profile(open_shop *open, uint32_t capacity)
{
    size_t need;
    vitrine_profile *profile;
    must(vitrine_profile_size(open->catalog, capacity, &need), "profile");
    must(vitrine_profile_init(take(open, need), need, open->catalog, capacity, &profile), "profile");
    return profile;
}

vitrine_event open_shop_event(const open_shop *open, uint64_t *random, int64_t *clock)
{
    static const uint32_t KINDS[8] = {VITRINE_VIEW_ITEM,   VITRINE_VIEW_ITEM,  VITRINE_VIEW_ITEM,
                                      VITRINE_SELECT_ITEM, VITRINE_ADD_TO_CART, VITRINE_ADD_TO_WISHLIST,
                                      VITRINE_PURCHASE,    VITRINE_RATE};
    vitrine_event event = {0};
    *clock += (int64_t)(small_shop_random(random) % 3600);
    event.item = (uint32_t)(small_shop_random(random) % vitrine_catalog_items(open->catalog));
    event.kind = KINDS[small_shop_random(random) % 8];
    event.time = *clock;
    event.value = event.kind == VITRINE_RATE ? 0.8f : 1.0f;
    return event;
}
