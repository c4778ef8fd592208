#include "catalog/catalog_writer.h"

#include <stdbool.h>
#include <string.h>

#include "base/fault.h"
#include "base/writer.h"
#include "catalog/catalog.h"

static void put_strings(vitrine_container_writer *w, uint32_t offset_id, uint32_t bytes_id,
                        const vitrine_strings *s)
{
    const size_t offsets = ((size_t)s->count + 1) * sizeof(uint32_t);
    uint32_t *offset = vitrine_container_add(w, offset_id, offsets);
    char *bytes = vitrine_container_add(w, bytes_id, s->offset[s->count]);
    if (offset != NULL) memcpy(offset, s->offset, offsets);
    if (bytes != NULL) memcpy(bytes, s->bytes, s->offset[s->count]);
}

/* Unknown values, NaN in the columns, are -1 in the file. */
static void put_floats(vitrine_container_writer *w, uint32_t id, const float *values, size_t count)
{
    if (values == NULL) return;
    float *to = vitrine_container_add(w, id, count * sizeof(float));
    if (to == NULL) return;
    for (size_t i = 0; i < count; i++) to[i] = values[i] == values[i] ? values[i] : -1.0f;
}

static void put_column(vitrine_container_writer *w, uint32_t id, const void *values, size_t bytes)
{
    if (values == NULL) return;
    void *to = vitrine_container_add(w, id, bytes);
    if (to != NULL) memcpy(to, values, bytes);
}

static void put_all(vitrine_container_writer *w, const vitrine_catalog_columns *c)
{
    const uint32_t items = c->ids.count;
    uint8_t *head = vitrine_container_add(w, VITRINE_C_HEAD, 8);
    if (head != NULL) {
        vitrine_writer to = {head, head + 8, true};
        vitrine_write_u32(&to, items);
        vitrine_write_u32(&to, c->vectors != NULL ? c->vector_dim : 0);
    }
    put_strings(w, VITRINE_C_ID_OFFSET, VITRINE_C_ID_BYTES, &c->ids);
    for (uint32_t f = 0; f < VITRINE_TEXT_FIELDS; f++)
        if (c->text[f].count > 0)
            put_strings(w, VITRINE_C_TEXT(f, 'o'), VITRINE_C_TEXT(f, 'b'), &c->text[f]);
    put_floats(w, VITRINE_C_PRICE, c->price, items);
    put_floats(w, VITRINE_C_SALES, c->sales, items);
    put_column(w, VITRINE_C_AVAILABLE, c->available, items);
    put_column(w, VITRINE_C_MARKS, c->marks, items);
    put_column(w, VITRINE_C_CREATED, c->created, items * sizeof(uint32_t));
    if (c->own_size > 0) put_column(w, VITRINE_C_OWN, c->own, c->own_size);
    put_floats(w, VITRINE_C_TREND, c->trend, items);
    put_floats(w, VITRINE_C_VECTORS, c->vectors, (size_t)items * c->vector_dim);
}

static vitrine_status write_all(const vitrine_catalog_columns *c, void *out, size_t size,
                                size_t *written)
{
    vitrine_container_writer w;
    vitrine_container_begin(&w, NULL, 0, VITRINE_KIND_CATALOG, c->version, NULL, VITRINE_MAX_SECTIONS);
    put_all(&w, c);
    const uint32_t sections = w.sections;
    vitrine_container_begin(&w, out, size, VITRINE_KIND_CATALOG, c->version, NULL, sections);
    put_all(&w, c);
    return vitrine_container_end(&w, written);
}

size_t vitrine_catalog_write_bound(const vitrine_catalog_columns *columns)
{
    size_t bytes;
    return write_all(columns, NULL, 0, &bytes) == VITRINE_OK ? bytes : 0;
}

static vitrine_status check_column(const float *values, size_t count, float low, const char *field,
                                   vitrine_fault *fault)
{
    for (size_t i = 0; values != NULL && i < count; i++)
        if (!(values[i] >= low && values[i] <= (low < 0 ? 1e6f : 1e12f)) && values[i] == values[i])
            return vitrine_refuse(fault, VITRINE_BAD_VALUE, field, i, i, count);
    return VITRINE_OK;
}

static bool are_sorted(const vitrine_strings *ids)
{
    for (uint32_t i = 0; i + 1 < ids->count; i++) {
        size_t a_length, b_length;
        const char *a = vitrine_strings_get(ids, i, &a_length);
        const char *b = vitrine_strings_get(ids, i + 1, &b_length);
        if (vitrine_string_order(a, a_length, b, b_length) >= 0) return false;
    }
    return true;
}

vitrine_status vitrine_catalog_write(const vitrine_catalog_columns *columns, void *out, size_t size,
                                     size_t *written, vitrine_fault *fault)
{
    const vitrine_strings *ids = &columns->ids;
    *written = 0;
    if (ids->count == 0 || ids->count > VITRINE_MAX_ITEMS)
        return vitrine_refuse(fault, VITRINE_BAD_ARGUMENT, "items", 0, ids->count, VITRINE_MAX_ITEMS);
    if (out == NULL || ((uintptr_t)out & (VITRINE_SECTION_ALIGN - 1)) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_ARGUMENT, "out", 0, (uintptr_t)out & 63u, 0);
    if (!are_sorted(ids))
        return vitrine_refuse(fault, VITRINE_BAD_ARGUMENT, "ids not sorted or not distinct", 0, 0, ids->count);
    vitrine_status status = check_column(columns->price, ids->count, 0.0f, "price", fault);
    if (status == VITRINE_OK)
        status = check_column(columns->sales, ids->count, 0.0f, "sales", fault);
    if (status == VITRINE_OK)
        status = check_column(columns->trend, ids->count, 0.0f, "trend", fault);
    if (status == VITRINE_OK)
        status = check_column(columns->vectors, (size_t)ids->count * columns->vector_dim, -1e6f,
                              "vectors", fault);
    if (status != VITRINE_OK) return status;
    status = write_all(columns, out, size, written);
    if (status != VITRINE_OK)
        vitrine_refuse(fault, status, "size", 0, size, vitrine_catalog_write_bound(columns));
    return status;
}

/* --- deltas ---------------------------------------------------------------------------------- */

static void put_changes(vitrine_container_writer *w, const vitrine_delta_columns *c)
{
    uint8_t *head = vitrine_container_add(w, VITRINE_C_HEAD, 4);
    if (head != NULL) {
        vitrine_writer to = {head, head + 4, true};
        vitrine_write_u32(&to, c->ids.count);
    }
    put_strings(w, VITRINE_C_ID_OFFSET, VITRINE_C_ID_BYTES, &c->ids);
    put_floats(w, VITRINE_C_PRICE, c->price, c->ids.count);
    put_column(w, VITRINE_C_AVAILABLE, c->available, c->ids.count);
    put_floats(w, VITRINE_C_TREND, c->trend, c->ids.count);
}

static vitrine_status write_changes(const vitrine_delta_columns *c, void *out, size_t size, size_t *written)
{
    vitrine_container_writer w;
    vitrine_container_begin(&w, NULL, 0, VITRINE_KIND_DELTA, c->version, c->base, VITRINE_MAX_SECTIONS);
    put_changes(&w, c);
    const uint32_t sections = w.sections;
    vitrine_container_begin(&w, out, size, VITRINE_KIND_DELTA, c->version, c->base, sections);
    put_changes(&w, c);
    return vitrine_container_end(&w, written);
}

size_t vitrine_delta_write_bound(const vitrine_delta_columns *columns)
{
    size_t bytes;
    return write_changes(columns, NULL, 0, &bytes) == VITRINE_OK ? bytes : 0;
}

vitrine_status vitrine_delta_write(const vitrine_delta_columns *columns, void *out, size_t size,
                                   size_t *written, vitrine_fault *fault)
{
    *written = 0;
    if (out == NULL || ((uintptr_t)out & (VITRINE_SECTION_ALIGN - 1)) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_ARGUMENT, "out", 0, (uintptr_t)out & 63u, 0);
    if (columns->ids.count > VITRINE_MAX_ITEMS || !are_sorted(&columns->ids))
        return vitrine_refuse(fault, VITRINE_BAD_ARGUMENT, "ids not sorted or not distinct", 0, 0,
                              columns->ids.count);
    vitrine_status status = check_column(columns->price, columns->ids.count, 0.0f, "price", fault);
    if (status == VITRINE_OK)
        status = check_column(columns->trend, columns->ids.count, 0.0f, "trend", fault);
    if (status != VITRINE_OK) return status;
    status = write_changes(columns, out, size, written);
    if (status != VITRINE_OK)
        vitrine_refuse(fault, status, "size", 0, size, vitrine_delta_write_bound(columns));
    return status;
}
