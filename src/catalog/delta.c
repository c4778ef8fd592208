/* A delta onto the catalog that it was made for. */
#include "base/fault.h"
#include "base/reader.h"
#include "base/strings.h"
#include "catalog/catalog.h"
#include "catalog/read_columns.h"

enum { UNCHANGED = 2 };

/* A checked delta: views only. */
typedef struct delta_file {
    uint32_t changes;
    vitrine_strings ids;
    const float *price, *trend;
    const uint8_t *available;
} delta_file;

static vitrine_status read_columns(const vitrine_container *file, delta_file *out, vitrine_fault *fault)
{
    vitrine_section head;
    (void)vitrine_container_find(file, VITRINE_C_HEAD, &head);
    if (head.size != 4)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "head", head.offset, head.size, 4);
    vitrine_reader in = {head.bytes, head.bytes + head.size, true};
    out->changes = vitrine_read_u32(&in);
    if (out->changes > VITRINE_MAX_ITEMS)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "changes", head.offset, out->changes,
                              VITRINE_MAX_ITEMS);
    vitrine_status status = vitrine_column_strings(file, VITRINE_C_ID_OFFSET, VITRINE_C_ID_BYTES, "ids",
                                                   out->changes, &out->ids, fault);
    if (status == VITRINE_OK && out->ids.offset == NULL)
        status = vitrine_refuse(fault, VITRINE_BAD_FORMAT, "ids", head.offset, 0, out->changes);
    if (status == VITRINE_OK)
        status = vitrine_column_floats(file, VITRINE_C_PRICE, "price", out->changes, false, &out->price, fault);
    if (status == VITRINE_OK)
        status = vitrine_column_bytes(file, VITRINE_C_AVAILABLE, "availability", out->changes, UNCHANGED,
                                      &out->available, fault);
    if (status == VITRINE_OK)
        status = vitrine_column_floats(file, VITRINE_C_TREND, "trend", out->changes, false, &out->trend, fault);
    return status;
}

vitrine_status vitrine_catalog_apply_delta(vitrine_catalog *catalog, const void *bytes, size_t size,
                                           uint32_t *changed, vitrine_fault *fault)
{
    vitrine_container file;
    delta_file delta = {0};
    *changed = 0;
    vitrine_status status = vitrine_container_open(&file, bytes, size, VITRINE_KIND_DELTA, fault);
    if (status == VITRINE_OK) status = vitrine_container_verify(&file, NULL, fault);
    if (status != VITRINE_OK) return status;
    if (catalog->ids.count == 0 || vitrine_bytes_order(file.parent, catalog->hash, sizeof catalog->hash) != 0)
        return vitrine_refuse(fault, VITRINE_MISMATCH, "parent hash", 40, file.parent[0], catalog->hash[0]);
    if (file.version <= catalog->version)
        return vitrine_refuse(fault, VITRINE_MISMATCH, "content version", 32, file.version, catalog->version);
    status = read_columns(&file, &delta, fault);
    if (status != VITRINE_OK) return status;

    /* From here on nothing can be refused. */
    vitrine_catalog_rebase(catalog);
    for (uint32_t i = 0; i < delta.changes; i++) {
        size_t length;
        const char *id = vitrine_strings_get(&delta.ids, i, &length);
        const uint32_t item = vitrine_catalog_find(catalog, id, length);
        if (item == VITRINE_NO_ITEM) continue;
        ++*changed;
        if (delta.price != NULL && delta.price[i] >= 0.0f)
            (void)vitrine_catalog_set_price(catalog, item, delta.price[i]);
        if (delta.available != NULL && delta.available[i] != UNCHANGED)
            (void)vitrine_catalog_set_available(catalog, item, delta.available[i] == 1);
        if (delta.trend != NULL && delta.trend[i] >= 0.0f) catalog->trend[item] = delta.trend[i];
    }
    catalog->version = file.version;
    return VITRINE_OK;
}
