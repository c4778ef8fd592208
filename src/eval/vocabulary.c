#include "eval/vocabulary.h"

#include <stdlib.h>
#include <string.h>

typedef struct named {
    const char *id;
    size_t length;
} named;

static int by_id(const void *a, const void *b)
{
    const named *x = a, *y = b;
    return vitrine_string_order(x->id, x->length, y->id, y->length);
}

void vitrine_vocabulary_free(vitrine_vocabulary *vocabulary)
{
    free(vocabulary->offset);
    free(vocabulary->bytes);
    *vocabulary = (vitrine_vocabulary){0};
}

vitrine_status vitrine_vocabulary_make(const vitrine_catalog *catalog, vitrine_vocabulary *made)
{
    const uint32_t items = vitrine_catalog_items(catalog);
    size_t bytes = 0;
    *made = (vitrine_vocabulary){0};
    named *all = malloc(((size_t)items + 1) * sizeof *all);
    if (all == NULL) return VITRINE_NO_SPACE;
    for (uint32_t i = 0; i < items; i++) {
        all[i].id = vitrine_catalog_id(catalog, i, &all[i].length);
        bytes += all[i].length;
    }
    qsort(all, items, sizeof *all, by_id);
    made->offset = malloc(((size_t)items + 1) * sizeof *made->offset);
    made->bytes = malloc(bytes + 1);
    if (made->offset == NULL || made->bytes == NULL) {
        free(all);
        vitrine_vocabulary_free(made);
        return VITRINE_NO_SPACE;
    }
    made->offset[0] = 0;
    for (uint32_t i = 0; i < items; i++) {
        memcpy(made->bytes + made->offset[i], all[i].id, all[i].length);
        made->offset[i + 1] = made->offset[i] + (uint32_t)all[i].length;
    }
    made->ids = (vitrine_strings){.offset = made->offset, .bytes = made->bytes, .count = items};
    free(all);
    return VITRINE_OK;
}

typedef struct translator {
    vitrine_lister inner;
    uint32_t items, inner_items;
    uint32_t *to;     /* [items] or VITRINE_NO_ITEM */
    uint32_t *from;   /* [inner_items] or VITRINE_NO_ITEM */
    uint8_t *allowed; /* [inner_items] */
} translator;

static void start(void *self)
{
    const translator *t = self;
    t->inner.start(t->inner.self);
}

static void observe(void *self, const vitrine_event *event)
{
    const translator *t = self;
    vitrine_event there = *event;
    there.item = t->to[event->item];
    if (there.item != VITRINE_NO_ITEM) t->inner.observe(t->inner.self, &there);
}

static uint32_t list(void *self, const uint8_t *allowed, uint32_t k, uint32_t *items)
{
    translator *t = self;
    for (uint32_t i = 0; i < t->inner_items; i++) {
        const uint32_t here = t->from[i];
        t->allowed[i] = here != VITRINE_NO_ITEM && (allowed == NULL || allowed[here] != 0);
    }
    const uint32_t count = t->inner.list(t->inner.self, t->allowed, k, items);
    for (uint32_t r = 0; r < count; r++) items[r] = t->from[items[r]];
    return count;
}

static void destroy(void *self)
{
    translator *t = self;
    t->inner.destroy(t->inner.self);
    free(t->to);
    free(t->from);
    free(t->allowed);
    free(t);
}

vitrine_status vitrine_translate_lister(const vitrine_lister *inner, const vitrine_catalog *catalog,
                                        const vitrine_strings *vocabulary, vitrine_lister *lister)
{
    translator *t = calloc(1, sizeof *t);
    if (t == NULL) {
        inner->destroy(inner->self);
        return VITRINE_NO_SPACE;
    }
    t->inner = *inner;
    t->items = vocabulary->count;
    t->inner_items = vitrine_catalog_items(catalog);
    t->to = malloc(((size_t)t->items + 1) * sizeof *t->to);
    t->from = malloc(((size_t)t->inner_items + 1) * sizeof *t->from);
    t->allowed = malloc((size_t)t->inner_items + 1);
    *lister = (vitrine_lister){ .self = t, .start = start, .observe = observe, .list = list,
                                .destroy = destroy };
    if (t->to == NULL || t->from == NULL || t->allowed == NULL) {
        destroy(t);
        return VITRINE_NO_SPACE;
    }
    for (uint32_t i = 0; i < t->inner_items; i++) {
        size_t length;
        const char *id = vitrine_catalog_id(catalog, i, &length);
        t->from[i] = vitrine_strings_find(vocabulary, id, length);
    }
    for (uint32_t i = 0; i < t->items; i++) {
        size_t length;
        const char *id = vitrine_strings_get(vocabulary, i, &length);
        t->to[i] = vitrine_catalog_find(catalog, id, length);
    }
    return VITRINE_OK;
}
