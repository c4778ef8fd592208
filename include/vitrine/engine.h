/* Model, catalog, visitor and ranker opened together: what a small native program needs. The one
 * part of the library that allocates for itself; the browser module does without it. */
#ifndef VITRINE_ENGINE_H
#define VITRINE_ENGINE_H

#include "vitrine/placements.h"

typedef struct vitrine_engine {
    const vitrine_model *model;
    vitrine_catalog *catalog;
    vitrine_profile *visitor;
    vitrine_ranker *ranker;
} vitrine_engine;

#define VITRINE_ENGINE_EVENTS 2000 /* usual capacity of the visitor's profile */

/* Opens everything in memory of its own. catalog_bytes may be null. The bytes of model and catalog
 * are copied, so they may go after the call. `engine` is null after a failure. */
vitrine_status vitrine_engine_create(const void *model_bytes, size_t model_size,
                                     const void *catalog_bytes, size_t catalog_size,
                                     uint32_t capacity, vitrine_engine **engine,
                                     vitrine_fault *fault);
void vitrine_engine_destroy(vitrine_engine *engine); /* null is fine */

#endif
