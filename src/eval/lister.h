/* Whoever makes ranked lists: the model's ranker, or a baseline. One lister belongs to one thread. */
#ifndef VITRINE_EVAL_LISTER_H
#define VITRINE_EVAL_LISTER_H

#include "vitrine/catalog.h"
#include "vitrine/event.h"

typedef struct vitrine_lister {
    void *self;
    /* A new visitor, without history. */
    void (*start)(void *self);
    /* One more event; its item is known (< items). */
    void (*observe)(void *self, const vitrine_event *event);
    /* The best k, best first; allowed [items] 0 = no candidate, null = all are. Returns how many. */
    uint32_t (*list)(void *self, const uint8_t *allowed, uint32_t k, uint32_t *items);
    void (*destroy)(void *self);
} vitrine_lister;

/* The model as it runs on a device: profile, then ranker. Nothing is left out of the lists unless the
 * caller says so. `longest` is the most events that one visitor will have; the bytes of the model
 * are copied. What the engine says when it refuses. */
vitrine_status vitrine_model_lister(const void *bytes, size_t size, uint32_t longest,
                                    vitrine_lister *lister, vitrine_fault *fault);

/* The same with a catalog file (null: none): items that only it knows can be in the lists. All are
 * taken as in stock. `opened` (may be null) is the lister's own catalog: its items are those of the
 * lists. */
vitrine_status vitrine_shop_lister(const void *bytes, size_t size, const void *catalog,
                                   size_t catalog_size, uint32_t longest, vitrine_lister *lister,
                                   const vitrine_catalog **opened, vitrine_fault *fault);

#endif
