#include "eval/lister.h"

#include <stdlib.h>
#include "vitrine/engine.h"

typedef struct model_lister {
    vitrine_engine *engine;
    vitrine_scored *scored; /* [items] */
} model_lister;

static void start(void *self)
{
    model_lister *lister = self;
    vitrine_profile_forget_all(lister->engine->visitor);
}

static void observe(void *self, const vitrine_event *event)
{
    model_lister *lister = self;
    (void)vitrine_profile_observe(lister->engine->visitor, event);
}

static uint32_t list(void *self, const uint8_t *allowed, uint32_t k, uint32_t *items)
{
    model_lister *lister = self;
    const vitrine_filter filter = { .allowed = allowed };
    uint32_t count = 0;
    if (vitrine_rank(lister->engine->ranker, lister->engine->visitor, &filter, k, lister->scored,
                     &count) != VITRINE_OK)
        return 0;
    for (uint32_t r = 0; r < count; r++) items[r] = lister->scored[r].item;
    return count;
}

static void destroy(void *self)
{
    model_lister *lister = self;
    vitrine_engine_destroy(lister->engine);
    free(lister->scored);
    free(lister);
}

vitrine_status vitrine_shop_lister(const void *bytes, size_t size, const void *catalog,
                                   size_t catalog_size, uint32_t longest, vitrine_lister *out,
                                   const vitrine_catalog **opened, vitrine_fault *fault)
{
    const uint32_t capacity = longest < 1 ? 1 : longest > 65536 ? 65536 : longest;
    *fault = (vitrine_fault){ .status = VITRINE_NO_SPACE, .field = "memory" };
    model_lister *lister = calloc(1, sizeof *lister);
    if (lister == NULL) return VITRINE_NO_SPACE;
    const vitrine_status status = vitrine_engine_create(bytes, size, catalog, catalog_size, capacity,
                                                        &lister->engine, fault);
    if (status != VITRINE_OK) {
        free(lister);
        return status;
    }
    /* What is in stock today does not change what was wanted then. */
    for (uint32_t i = 0; i < vitrine_catalog_items(lister->engine->catalog); i++)
        (void)vitrine_catalog_set_available(lister->engine->catalog, i, true);
    lister->scored = malloc((size_t)vitrine_catalog_items(lister->engine->catalog) *
                            sizeof *lister->scored);
    *out = (vitrine_lister){ .self = lister, .start = start, .observe = observe, .list = list,
                             .destroy = destroy };
    if (opened != NULL) *opened = lister->engine->catalog;
    if (lister->scored != NULL) return VITRINE_OK;
    destroy(lister);
    return VITRINE_NO_SPACE;
}

vitrine_status vitrine_model_lister(const void *bytes, size_t size, uint32_t longest,
                                    vitrine_lister *out, vitrine_fault *fault)
{
    return vitrine_shop_lister(bytes, size, NULL, 0, longest, out, NULL, fault);
}
