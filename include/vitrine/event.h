/* What a visitor did: the canonical vocabulary, and the names other systems use for it. */
#ifndef VITRINE_EVENT_H
#define VITRINE_EVENT_H

#include <stddef.h>
#include <stdint.h>

/* GA4's e-commerce names are canonical; the numbers are part of the model and profile formats. */
typedef enum vitrine_event_kind {
    VITRINE_VIEW_ITEM = 0,
    VITRINE_SELECT_ITEM = 1,
    VITRINE_ADD_TO_CART = 2,
    VITRINE_REMOVE_FROM_CART = 3,
    VITRINE_ADD_TO_WISHLIST = 4,
    VITRINE_REMOVE_FROM_WISHLIST = 5,
    VITRINE_PURCHASE = 6,
    VITRINE_REFUND = 7,
    VITRINE_RATE = 8,
    VITRINE_DISMISS = 9,
    VITRINE_VIEW_ITEM_LIST = 10,
    VITRINE_SEARCH = 11,
    VITRINE_VIEW_CART = 12,
    VITRINE_BEGIN_CHECKOUT = 13,
    VITRINE_REC_RENDER = 14,
    VITRINE_REC_VIEW = 15,
    VITRINE_REC_CLICK = 16,
    VITRINE_REC_ADD_TO_CART = 17,
    VITRINE_EVENT_KINDS = 18
} vitrine_event_kind;

/* One event about one item. `item` is an index into the catalog in use (see catalog.h). */
typedef struct vitrine_event {
    uint32_t item;
    uint32_t kind; /* vitrine_event_kind */
    int64_t time;  /* seconds since 1970-01-01 UTC; 0 when unknown */
    float value;   /* VITRINE_RATE: the rating in 0..1; otherwise the quantity, 0 when unknown */
} vitrine_event;

/* The canonical name of a kind ("view_item"), or null when kind >= VITRINE_EVENT_KINDS. */
const char *vitrine_event_name(uint32_t kind);

/* The kind that a name means: canonical names and the aliases of Google Retail, Segment, Shopify,
 * Adobe, Recombee and plain logs ("view", "click", "cart", "fav", "buy", "pv"). The table is in
 * src/profile/event_alias.c; importers and adapters hand the names on as they come.
 * Case does not matter; blanks, '-' and '_' count as one. Returns VITRINE_EVENT_KINDS when unknown. */
uint32_t vitrine_event_kind_of(const char *name, size_t length);

#endif
