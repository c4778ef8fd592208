/* Bytes as a delta of a small seeded catalog: as they are, and with hashes, parent and version made right. */
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog.h"
#include "support/open_shop.h"
#include "support/resign.h"
#include "vitrine/engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void apply(const small_shop *shop, const uint8_t *bytes, size_t size, bool fit)
{
    vitrine_engine *engine;
    vitrine_fault fault;
    uint32_t changed = 0, count;
    vitrine_scored list[8];
    if (vitrine_engine_create(shop->model, shop->model_size, shop->catalog, shop->catalog_size, 8, &engine, &fault) !=
        VITRINE_OK)
        abort();
    uint8_t *aligned = aligned_alloc(64, (size + 64) / 64 * 64);
    if (aligned != NULL) {
        if (size > 0) memcpy(aligned, bytes, size);
        if (fit && size >= VITRINE_HEADER_SIZE) {
            memset(aligned + 32, 0xff, 4); /* a version above the catalog's */
            memcpy(aligned + 40, engine->catalog->hash, 32);
            resign(aligned, size);
        }
        const float before = vitrine_catalog_price(engine->catalog, 1);
        const vitrine_status status = vitrine_catalog_apply_delta(engine->catalog, aligned, size, &changed, &fault);
        if (status != VITRINE_OK && (changed != 0 || vitrine_catalog_price(engine->catalog, 1) != before)) abort();
        if (changed > vitrine_catalog_items(engine->catalog) && status != VITRINE_OK) abort();
        for (uint32_t i = 0; i < vitrine_catalog_items(engine->catalog); i++) {
            const float price = vitrine_catalog_price(engine->catalog, i), trend = vitrine_catalog_trend(engine->catalog, i);
            if (!(price >= 0.0f || price == -1.0f) || !(trend >= 0.0f && trend <= 1e12f)) abort();
        }
        if (vitrine_rank(engine->ranker, engine->visitor, NULL, 8, list, &count) != VITRINE_OK) abort();
    }
    free(aligned);
    vitrine_engine_destroy(engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const small_shop_options TINY = {6, 4, VITRINE_CELL_GRU, VITRINE_INT8, VITRINE_ATTR_INDEXED, 0, 3, 0.0f, false, false};
    static small_shop shop; /* made once: it is the slow part */
    if (shop.model == NULL) small_shop_make(&shop, &TINY);
    apply(&shop, bytes, size, false);
    apply(&shop, bytes, size, true);
    return 0;
}
