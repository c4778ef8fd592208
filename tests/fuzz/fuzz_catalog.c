/* Bytes as a catalog of a small seeded model, and as a profile saved under it. */
#include <stdlib.h>
#include <string.h>

#include "support/open_shop.h"
#include "support/resign.h"
#include "vitrine/engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void as_catalog(const small_shop *shop, const uint8_t *bytes, size_t size)
{
    vitrine_engine *engine;
    vitrine_fault fault;
    if (vitrine_engine_create(shop->model, shop->model_size, bytes, size, 8, &engine, &fault) ==
        VITRINE_OK) {
        const uint32_t items = vitrine_catalog_items(engine->catalog);
        vitrine_scored list[10];
        uint32_t count;
        size_t length, sum = 0;
        for (uint32_t i = 0; i < items; i++) {
            const vitrine_event event = {i, VITRINE_VIEW_ITEM, 0, 0.0f};
            (void)vitrine_profile_observe(engine->visitor, &event);
            for (uint32_t f = 0; f < VITRINE_TEXT_FIELDS; f++) {
                const char *text = vitrine_catalog_text(engine->catalog, i, (vitrine_text_field)f, &length);
                for (size_t c = 0; c < length; c++) sum += (uint8_t)text[c];
            }
        }
        (void)vitrine_rank(engine->ranker, engine->visitor, NULL, 10, list, &count);
        for (uint32_t i = 0; i < count; i++)
            if (list[i].score != list[i].score || sum == SIZE_MAX) abort();
    }
    vitrine_engine_destroy(engine);
}

static void as_profile(const small_shop *shop, const uint8_t *bytes, size_t size)
{
    vitrine_engine *engine;
    vitrine_fault fault;
    uint32_t skipped;
    if (vitrine_engine_create(shop->model, shop->model_size, NULL, 0, 8, &engine, &fault) != VITRINE_OK)
        abort();
    const vitrine_event event = {2, VITRINE_VIEW_ITEM, 5, 0.0f};
    (void)vitrine_profile_observe(engine->visitor, &event);
    uint8_t *aligned = aligned_alloc(64, (size + 64) / 64 * 64);
    if (aligned != NULL) {
        if (size > 0) memcpy(aligned, bytes, size);
        if (vitrine_profile_load(engine->visitor, aligned, size, &skipped, &fault) != VITRINE_OK &&
            vitrine_profile_events(engine->visitor) != 1)
            abort(); /* a refused profile must leave the one that was there */
    }
    free(aligned);
    vitrine_engine_destroy(engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const small_shop_options TINY = {6, 4, VITRINE_CELL_GRU, VITRINE_INT8, VITRINE_ATTR_INDEXED, 0, 3, 0.0f, false, false};
    small_shop shop;
    uint8_t *copy = malloc(size + 1);
    if (copy == NULL) return 0;
    small_shop_make(&shop, &TINY);
    if (size > 0) memcpy(copy, bytes, size);
    for (int signed_ = 0; signed_ < 2; signed_++) {
        as_catalog(&shop, copy, size);
        as_profile(&shop, copy, size);
        resign(copy, size);
    }
    free(copy);
    small_shop_free(&shop);
    return 0;
}
