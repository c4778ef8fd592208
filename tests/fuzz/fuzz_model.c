/* Bytes as a model: as they are, and with their hashes made right. What opens is used in full. */
#include <stdlib.h>
#include <string.h>

#include "support/resign.h"
#include "vitrine/engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void use(vitrine_engine *engine)
{
    vitrine_scored list[10];
    vitrine_reason reasons[10];
    vitrine_affinity affinities[4];
    uint32_t count, items[10];
    const uint32_t all = vitrine_catalog_items(engine->catalog);
    for (uint32_t i = 0; i < 12; i++) {
        const vitrine_event event = {i % all, i % VITRINE_EVENT_KINDS, 1600000000 + i * 700, 0.5f};
        (void)vitrine_profile_observe(engine->visitor, &event);
    }
    (void)vitrine_rank(engine->ranker, engine->visitor, NULL, 10, list, &count);
    for (uint32_t i = 0; i < count; i++) {
        items[i] = list[i].item;
        if (list[i].score != list[i].score) abort(); /* no NaN ever ranks */
    }
    if (count > 0) (void)vitrine_explain(engine->ranker, engine->visitor, items, count, reasons);
    (void)vitrine_similar(engine->ranker, 0, VITRINE_COSINE, NULL, NULL, 10, list, &count);
    (void)vitrine_profile_affinities(engine->visitor, 4, affinities);
    (void)vitrine_profile_forget_item(engine->visitor, 1 % all);
}

static void try(const uint8_t *bytes, size_t size)
{
    vitrine_engine *engine;
    vitrine_fault fault;
    if (vitrine_engine_create(bytes, size, NULL, 0, 8, &engine, &fault) == VITRINE_OK) use(engine);
    vitrine_engine_destroy(engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    if (copy == NULL) return 0;
    if (size > 0) memcpy(copy, bytes, size);
    try(copy, size);
    resign(copy, size);
    try(copy, size);
    free(copy);
    return 0;
}
