#include "vitrine/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

/* The engine with what it owns. */
typedef struct owned_engine {
    vitrine_engine face; /* first, so that both have one address */
    void *model_bytes, *catalog_bytes, *model, *catalog, *profile, *ranker;
} owned_engine;

/* At least one block of 64-aligned memory; null when there is none. */
static void *block(size_t size)
{
    return aligned_alloc(64, (size + 64) / 64 * 64);
}

static void *copy_of(const void *bytes, size_t size)
{
    void *copy = block(size);
    if (copy != NULL && size > 0) memcpy(copy, bytes, size);
    return copy;
}

static vitrine_status no_memory(vitrine_fault *fault, size_t size)
{
    return vitrine_refuse(fault, VITRINE_NO_SPACE, "memory", 0, 0, size);
}

static vitrine_status open_all(owned_engine *o, size_t model_size, size_t catalog_size,
                               uint32_t capacity, vitrine_fault *fault)
{
    vitrine_engine *e = &o->face;
    size_t need;
    vitrine_status status = vitrine_model_size(o->model_bytes, model_size, &need, fault);
    if (status != VITRINE_OK) return status;
    if ((o->model = block(need)) == NULL) return no_memory(fault, need);
    status = vitrine_model_open(o->model, need, o->model_bytes, model_size, &e->model, fault);
    if (status != VITRINE_OK) return status;

    status = vitrine_catalog_size(e->model, o->catalog_bytes, catalog_size, &need, fault);
    if (status != VITRINE_OK) return status;
    if ((o->catalog = block(need)) == NULL) return no_memory(fault, need);
    status = vitrine_catalog_open(o->catalog, need, e->model, o->catalog_bytes, catalog_size,
                                  &e->catalog, fault);
    if (status != VITRINE_OK) return status;

    status = vitrine_profile_size(e->catalog, capacity, &need);
    if (status != VITRINE_OK) return vitrine_refuse(fault, status, "capacity", 0, capacity, 65536);
    if ((o->profile = block(need)) == NULL) return no_memory(fault, need);
    status = vitrine_profile_init(o->profile, need, e->catalog, capacity, &e->visitor);
    if (status != VITRINE_OK) return vitrine_refuse(fault, status, "profile", 0, need, need);

    status = vitrine_ranker_size(e->catalog, &need);
    if (status != VITRINE_OK) return vitrine_refuse(fault, status, "ranker", 0, 0, 0);
    if ((o->ranker = block(need)) == NULL) return no_memory(fault, need);
    status = vitrine_ranker_init(o->ranker, need, e->catalog, &e->ranker);
    return status == VITRINE_OK ? status : vitrine_refuse(fault, status, "ranker", 0, need, need);
}

vitrine_status vitrine_engine_create(const void *model_bytes, size_t model_size,
                                     const void *catalog_bytes, size_t catalog_size,
                                     uint32_t capacity, vitrine_engine **engine,
                                     vitrine_fault *fault)
{
    *engine = NULL;
    if (model_bytes == NULL) return vitrine_refuse(fault, VITRINE_BAD_ARGUMENT, "model", 0, 0, 0);
    owned_engine *owned = calloc(1, sizeof *owned);
    if (owned == NULL) return no_memory(fault, sizeof *owned);
    vitrine_status status = VITRINE_OK;
    owned->model_bytes = copy_of(model_bytes, model_size);
    if (catalog_bytes != NULL) owned->catalog_bytes = copy_of(catalog_bytes, catalog_size);
    if (owned->model_bytes == NULL || (catalog_bytes != NULL && owned->catalog_bytes == NULL))
        status = no_memory(fault, model_size + catalog_size);
    if (status == VITRINE_OK) status = open_all(owned, model_size, catalog_size, capacity, fault);
    if (status == VITRINE_OK)
        *engine = &owned->face;
    else
        vitrine_engine_destroy(&owned->face);
    return status;
}

void vitrine_engine_destroy(vitrine_engine *engine)
{
    if (engine == NULL) return;
    owned_engine *owned = (owned_engine *)(void *)engine;
    free(owned->ranker);
    free(owned->profile);
    free(owned->catalog);
    free(owned->model);
    free(owned->catalog_bytes);
    free(owned->model_bytes);
    free(owned);
}
