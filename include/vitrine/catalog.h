/* The items that can be recommended: the model's own, and those that a catalog file adds.
 *
 * An item is an index. 0 .. vitrine_model_items-1 are the rows of the model, in the order of its
 * ids; items that only the catalog file knows (new since the training) follow, and get an embedding
 * from their features. Items of the model that the catalog file does not list are unavailable. */
#ifndef VITRINE_CATALOG_H
#define VITRINE_CATALOG_H

#include <stdbool.h>
#include "vitrine/model.h"

/* Opaque. Price and availability change in place; so it belongs to one thread. */
typedef struct vitrine_catalog vitrine_catalog;

#define VITRINE_NO_ITEM UINT32_MAX

/* `bytes` null: the model's items alone, all available. */
vitrine_status vitrine_catalog_size(const vitrine_model *model, const void *bytes, size_t size,
                                    size_t *need, vitrine_fault *fault);
vitrine_status vitrine_catalog_open(void *mem, size_t mem_size, const vitrine_model *model,
                                    const void *bytes, size_t size, vitrine_catalog **catalog,
                                    vitrine_fault *fault);

/* How many items there are, model's and catalog's together. */
uint32_t vitrine_catalog_items(const vitrine_catalog *catalog);
/* The item with this id, or VITRINE_NO_ITEM. */
uint32_t vitrine_catalog_find(const vitrine_catalog *catalog, const char *id, size_t length);
/* The id of an item < vitrine_catalog_items; not zero-terminated. */
const char *vitrine_catalog_id(const vitrine_catalog *catalog, uint32_t item, size_t *length);

/* Text fields of a catalog file. */
typedef enum vitrine_text_field {
    VITRINE_TEXT_TITLE = 0,
    VITRINE_TEXT_BRAND = 1,
    VITRINE_TEXT_CATEGORY = 2, /* a path, levels joined by '/' */
    VITRINE_TEXT_IMAGE_LINK = 3,
    VITRINE_TEXT_LINK = 4,
    VITRINE_TEXT_GROUP = 5, /* item_group_id */
    VITRINE_TEXT_CURRENCY = 6,
    VITRINE_TEXT_TAGS = 7, /* joined by ',' */
    VITRINE_TEXT_OWN_1 = 8, /* the shop's own, see vitrine_catalog_own_name */
    VITRINE_TEXT_OWN_2 = 9,
    VITRINE_TEXT_OWN_3 = 10,
    VITRINE_TEXT_OWN_4 = 11,
    VITRINE_TEXT_FIELDS = 12
} vitrine_text_field;

/* UTF-8, not zero-terminated; empty when the catalog does not say. */
const char *vitrine_catalog_text(const vitrine_catalog *catalog, uint32_t item,
                                 vitrine_text_field field, size_t *length);
/* In the catalog's currency; negative when the catalog does not say. */
float vitrine_catalog_price(const vitrine_catalog *catalog, uint32_t item);
bool vitrine_catalog_available(const vitrine_catalog *catalog, uint32_t item);
/* Seconds since 1970-01-01 UTC when the item came into the shop; 0 when the catalog does not say. */
uint32_t vitrine_catalog_created(const vitrine_catalog *catalog, uint32_t item);
/* Momentum: how much more is asked for it now than before, 0 when the catalog does not say. */
float vitrine_catalog_trend(const vitrine_catalog *catalog, uint32_t item);
/* Content version of the catalog file, or of the delta that was applied last; 0 without either. */
uint64_t vitrine_catalog_version(const vitrine_catalog *catalog);
/* Hash of the catalog file, 32 bytes; zeros without one. */
const uint8_t *vitrine_catalog_hash(const vitrine_catalog *catalog);
/* FNV-1a, 32 bits, over the bits of every price and availability as they stand: whether two catalogs of
 * one file have seen the same changes. */
uint32_t vitrine_catalog_digest(const vitrine_catalog *catalog);
/* Units sold; negative when the catalog does not say. */
float vitrine_catalog_sales(const vitrine_catalog *catalog, uint32_t item);

/* What else a catalog says of an item: bits of vitrine_catalog_marks. */
enum {
    VITRINE_IS_SENSITIVE = 1,    /* never stored in a profile, named as a reason, or made a seed */
    VITRINE_IS_REPURCHASABLE = 2, /* listed although it was purchased */
    VITRINE_IS_ON_SALE = 4       /* the price is a sale price */
};
uint32_t vitrine_catalog_marks(const vitrine_catalog *catalog, uint32_t item);

/* The name of text field VITRINE_TEXT_OWN_1 + index, index < 4; not zero-terminated, empty when the
 * catalog has no such field. */
const char *vitrine_catalog_own_name(const vitrine_catalog *catalog, uint32_t index, size_t *length);

/* Price, stock and momentum as a delta file has them, which was made for this very catalog file. A delta
 * holds all changes since its catalog, so the newest is enough: what an older one, or the setters below,
 * had changed is undone first. `changed` counts its items that are in the catalog. bytes are aligned to
 * 64 and may go after the call.
 *
 * VITRINE_MISMATCH with "parent hash" for a delta of another catalog, with "content version" for one that
 * is no newer than what is in use. After a refusal the catalog is as it was. */
vitrine_status vitrine_catalog_apply_delta(vitrine_catalog *catalog, const void *bytes, size_t size,
                                           uint32_t *changed, vitrine_fault *fault);

/* Price and stock change without a reload. The price must be finite and >= 0; a new price moves the
 * item to its price band at once. */
vitrine_status vitrine_catalog_set_price(vitrine_catalog *catalog, uint32_t item, float price);
vitrine_status vitrine_catalog_set_available(vitrine_catalog *catalog, uint32_t item, bool available);

#endif
