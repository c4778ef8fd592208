/* The universe of items. A catalog file and the model are both sorted by id, so they meet in one
 * merge; what only the file knows becomes a cold item with a vector from the feature network. */
#include "catalog/catalog.h"

#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/reader.h"
#include "base/strings.h"
#include "catalog/read_columns.h"
#include "model/model_writer.h"

/* A checked catalog file: views only. */
typedef struct catalog_file {
    uint64_t version;
    uint8_t hash[32];
    uint32_t items, vector_dim;
    vitrine_strings ids, text[VITRINE_TEXT_FIELDS];
    const float *price, *sales, *trend, *vectors;
    const uint8_t *available, *marks;
    const uint32_t *created;
    const char *own_name[VITRINE_OWN_FIELDS];
    size_t own_length[VITRINE_OWN_FIELDS];
} catalog_file;

/* Names of the own fields, one a line. */
static vitrine_status read_own(const vitrine_container *file, catalog_file *out, vitrine_fault *fault)
{
    vitrine_section section;
    if (!vitrine_container_find(file, VITRINE_C_OWN, &section)) return VITRINE_OK;
    const char *at = (const char *)section.bytes, *const end = at + section.size;
    for (uint32_t f = 0; at < end; f++) {
        const char *stop = at;
        while (stop < end && *stop != '\n') stop++;
        const size_t length = (size_t)(stop - at);
        if (f == VITRINE_OWN_FIELDS || stop == end || length == 0 || length > VITRINE_MAX_OWN_NAME)
            return vitrine_refuse(fault, VITRINE_BAD_VALUE, "own fields", section.offset, f,
                                  VITRINE_OWN_FIELDS);
        out->own_name[f] = at;
        out->own_length[f] = length;
        at = stop + 1;
    }
    return VITRINE_OK;
}

/* Everything of the file, or, without `verify`, what its ids say about the memory it will need. */
static vitrine_status read_file(const vitrine_model *model, const void *bytes, size_t size,
                                bool verify, const uint8_t *sums, catalog_file *out,
                                vitrine_fault *fault)
{
    static const uint8_t zeros[32] = {0};
    static const char *const TEXT[VITRINE_TEXT_FIELDS] = {
        "title",    "brand", "category",  "image_link", "link",      "item_group_id",
        "currency", "tags",  "own field", "own field",  "own field", "own field"};
    memset(out, 0, sizeof *out);
    if (bytes == NULL) return VITRINE_OK;
    vitrine_container file;
    vitrine_status status = vitrine_container_open(&file, bytes, size, VITRINE_KIND_CATALOG, fault);
    if (status == VITRINE_OK && verify) status = vitrine_container_verify(&file, sums, fault);
    if (status != VITRINE_OK) return status;
    if (vitrine_bytes_order(file.parent, zeros, 32) != 0 && vitrine_bytes_order(file.parent, model->hash, 32) != 0)
        return vitrine_refuse(fault, VITRINE_MISMATCH, "parent hash", 40, file.parent[0],
                              model->hash[0]);

    out->version = file.version;
    memcpy(out->hash, file.hash, sizeof out->hash);
    vitrine_section head;
    (void)vitrine_container_find(&file, VITRINE_C_HEAD, &head);
    if (head.size != 8)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "head", head.offset, head.size, 8);
    vitrine_reader in = {head.bytes, head.bytes + head.size, true};
    out->items = vitrine_read_u32(&in);
    out->vector_dim = vitrine_read_u32(&in);
    if (out->items == 0 || out->items > VITRINE_MAX_ITEMS)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "items", head.offset, out->items,
                              VITRINE_MAX_ITEMS);
    if (out->vector_dim > VITRINE_MAX_WIDTH)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "vector_dim", head.offset + 4,
                              out->vector_dim, VITRINE_MAX_WIDTH);

    status = vitrine_column_strings(&file, VITRINE_C_ID_OFFSET, VITRINE_C_ID_BYTES, "ids", out->items,
                          &out->ids, fault);
    if (status != VITRINE_OK) return status;
    if (out->ids.count == 0)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "ids", head.offset, 0, out->items);
    if (!verify) return VITRINE_OK;
    for (uint32_t i = 0; i + 1 < out->items; i++) {
        size_t a_length, b_length;
        const char *a = vitrine_strings_get(&out->ids, i, &a_length);
        const char *b = vitrine_strings_get(&out->ids, i + 1, &b_length);
        if (vitrine_string_order(a, a_length, b, b_length) >= 0)
            return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "ids", 0, i, i + 1);
    }
    for (uint32_t f = 0; f < VITRINE_TEXT_FIELDS && status == VITRINE_OK; f++)
        status = vitrine_column_strings(&file, VITRINE_C_TEXT(f, 'o'), VITRINE_C_TEXT(f, 'b'), TEXT[f],
                              out->items, &out->text[f], fault);
    if (status == VITRINE_OK)
        status = vitrine_column_floats(&file, VITRINE_C_PRICE, "price", out->items, false, &out->price, fault);
    if (status == VITRINE_OK)
        status = vitrine_column_floats(&file, VITRINE_C_SALES, "sales", out->items, false, &out->sales, fault);
    if (status == VITRINE_OK)
        status = vitrine_column_floats(&file, VITRINE_C_TREND, "trend", out->items, false, &out->trend, fault);
    if (status == VITRINE_OK)
        status = vitrine_column_floats(&file, VITRINE_C_VECTORS, "vectors",
                             (uint64_t)out->items * out->vector_dim, true, &out->vectors, fault);
    if (status == VITRINE_OK)
        status = vitrine_column_bytes(&file, VITRINE_C_AVAILABLE, "availability", out->items, 1,
                            &out->available, fault);
    if (status == VITRINE_OK)
        status = vitrine_column_bytes(&file, VITRINE_C_MARKS, "marks", out->items, 7, &out->marks, fault);
    if (status == VITRINE_OK) status = read_own(&file, out, fault);
    vitrine_section created;
    if (status != VITRINE_OK || !vitrine_container_find(&file, VITRINE_C_CREATED, &created))
        return status;
    if (created.size != (uint64_t)out->items * sizeof(uint32_t))
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "created", created.offset, created.size,
                              (uint64_t)out->items * sizeof(uint32_t));
    out->created = (const uint32_t *)(const void *)created.bytes;
    return VITRINE_OK;
}

/* Walk model and file together. row [model items, then one for each cold item]; where it has no room, and where
 * it is null, this counts on. Returns the number of cold items. */
static uint32_t merge(const vitrine_strings *known, const vitrine_strings *file, uint32_t *row, size_t room)
{
    uint32_t cold = 0, i = 0;
    for (uint32_t r = 0; r < file->count; r++) {
        size_t length, there;
        const char *id = vitrine_strings_get(file, r, &length);
        int order = 1;
        for (; i < known->count; i++) {
            const char *at = vitrine_strings_get(known, i, &there);
            order = vitrine_string_order(at, there, id, length);
            if (order >= 0) break;
        }
        const size_t place = order == 0 ? i++ : (size_t)known->count + cold++;
        if (place < room) row[place] = r;
    }
    return cold;
}

static vitrine_catalog *layout(vitrine_arena *arena, const vitrine_model *model, bool listed,
                               uint32_t cold, vitrine_catalog *fields, uint32_t **row, float **scratch)
{
    const vitrine_config *c = &model->config;
    const size_t items = (size_t)c->items + cold, padded = vitrine_padded_rows(cold);
    const bool q8 = c->precision == VITRINE_INT8;
    vitrine_catalog *catalog = VITRINE_TAKE(arena, vitrine_catalog, 1);
    *row = listed ? VITRINE_TAKE(arena, uint32_t, items) : NULL;
    fields->price = VITRINE_TAKE(arena, float, items);
    fields->available = VITRINE_TAKE(arena, uint8_t, items);
    if (listed || model->trend != NULL) fields->trend = VITRINE_TAKE(arena, float, items);
    if (c->price_bands > 0) fields->band = VITRINE_TAKE(arena, uint8_t, items);
    if (c->attributes > 0) fields->inverse_norm = VITRINE_TAKE(arena, float, items);
    fields->cold_q8 =
        q8 ? VITRINE_TAKE(arena, int8_t, vitrine_panels_q8_count(cold, c->dim)) : NULL;
    fields->cold_f32 =
        q8 ? NULL : VITRINE_TAKE(arena, float, vitrine_panels_f32_count(cold, c->dim));
    fields->cold_scale = VITRINE_TAKE(arena, float, padded);
    fields->cold_bias = VITRINE_TAKE(arena, float, padded);
    fields->cold_row_sum = VITRINE_TAKE(arena, int32_t, padded);
    fields->cold_attr = VITRINE_TAKE(arena, uint16_t, (size_t)cold * VITRINE_MAX_ITEM_ATTRIBUTES);
    fields->cold_attr_count = VITRINE_TAKE(arena, uint8_t, cold);
    *scratch = VITRINE_TAKE(arena, float, cold == 0 || c->feature_hidden == 0 ? 0 : vitrine_feature_scratch(c));
    return catalog;
}

vitrine_status vitrine_catalog_size(const vitrine_model *model, const void *bytes, size_t size,
                                    size_t *need, vitrine_fault *fault)
{
    catalog_file file;
    *need = 0;
    const vitrine_status status = read_file(model, bytes, size, false, NULL, &file, fault);
    if (status != VITRINE_OK) return status;
    vitrine_arena arena = {0};
    vitrine_catalog fields;
    uint32_t *row;
    float *scratch;
    (void)layout(&arena, model, file.items > 0, merge(&model->ids, &file.ids, NULL, 0), &fields, &row, &scratch);
    *need = arena.used;
    return VITRINE_OK;
}

/* Length of the attribute vector: each attribute counts with its weight. */
static void set_norm(vitrine_catalog *catalog, uint32_t item)
{
    const float *weight = catalog->model->attr_weight;
    if (catalog->inverse_norm == NULL) return;
    uint32_t count;
    const uint16_t *attributes = vitrine_catalog_attributes(catalog, item, &count);
    const uint32_t band = vitrine_catalog_band(catalog, item);
    float sum = 0.0f;
    for (uint32_t i = 0; i < count; i++) sum += weight[attributes[i]] * weight[attributes[i]];
    if (band != VITRINE_NO_ATTRIBUTE) sum += weight[band] * weight[band];
    catalog->inverse_norm[item] = sum > 0.0f ? 1.0f / __builtin_sqrtf(sum) : 0.0f;
}

/* Price, stock and momentum as the catalog file has them; where it has no momentum, as the model has it. */
static void set_base(vitrine_catalog *catalog, uint32_t item)
{
    const vitrine_model *model = catalog->model;
    const uint32_t row = vitrine_catalog_row(catalog, item);
    const bool listed = row != VITRINE_NO_ITEM;
    float trend = listed && catalog->base_trend != NULL ? catalog->base_trend[row] : 0.0f;
    if (catalog->base_trend == NULL && model->trend != NULL && item < model->config.items)
        trend = (float)model->trend[item] * 0.125f;
    catalog->price[item] = listed && catalog->base_price != NULL ? catalog->base_price[row] : -1.0f;
    catalog->available[item] =
        catalog->ids.count == 0 ||
        (listed && (catalog->base_available == NULL || catalog->base_available[row] == 1));
    if (catalog->trend != NULL) catalog->trend[item] = trend > 0.0f ? trend : 0.0f;
    if (catalog->band == NULL) return;
    catalog->band[item] = (uint8_t)vitrine_config_band(&model->config, catalog->price[item]);
    if (catalog->price[item] < 0.0f && item < model->config.items && model->band != NULL)
        catalog->band[item] = model->band[item];
}

void vitrine_catalog_rebase(vitrine_catalog *catalog)
{
    for (uint32_t i = 0; i < catalog->items; i++) {
        set_base(catalog, i);
        set_norm(catalog, i);
    }
    catalog->revision++;
    catalog->stock_revision++;
}

static vitrine_item_fields fields_of(const catalog_file *file, uint32_t row)
{
    vitrine_item_fields fields;
    memset(&fields, 0, sizeof fields);
    for (uint32_t f = 0; f < VITRINE_TEXT_FIELDS; f++)
        if (file->text[f].count > 0)
            fields.text[f] = vitrine_strings_get(&file->text[f], row, &fields.text_length[f]);
    fields.price = file->price != NULL ? file->price[row] : -1.0f;
    fields.sales = file->sales != NULL ? file->sales[row] : -1.0f;
    fields.vectors = file->vectors != NULL ? file->vectors + (size_t)row * file->vector_dim : NULL;
    return fields;
}

/* Attributes and vector of one cold item. */
static void add_cold(vitrine_catalog *catalog, const catalog_file *file, uint32_t index,
                     float *scratch)
{
    const vitrine_model *model = catalog->model;
    const vitrine_config *c = &model->config;
    const uint32_t item = c->items + index;
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): items of the catalog alone have rows */
    const vitrine_item_fields fields = fields_of(file, catalog->row[item]);
    uint16_t *attributes = catalog->cold_attr + (size_t)index * VITRINE_MAX_ITEM_ATTRIBUTES;
    const uint32_t count = vitrine_item_attributes(model, &fields, attributes);
    catalog->cold_attr_count[index] = (uint8_t)count;
    catalog->cold_bias[index] = c->cold_bias;
    if (c->feature_hidden == 0) return;

    const float *vector = scratch;
    vitrine_feature_vector(model, attributes, count, vitrine_config_band(c, catalog->price[item]), &fields, scratch);
    if (c->precision != VITRINE_INT8) {
        float *panel = catalog->cold_f32 + (size_t)(index / VITRINE_PANEL) * c->dim * VITRINE_PANEL;
        for (uint32_t d = 0; d < c->dim; d++) panel[d * VITRINE_PANEL + index % VITRINE_PANEL] = vector[d];
        return;
    }
    int8_t row[VITRINE_MAX_WIDTH];
    int32_t sum = 0;
    catalog->cold_scale[index] = vitrine_quantize_row(vector, c->dim, row);
    vitrine_panels_put_row_q8(catalog->cold_q8, row, index, c->dim);
    for (uint32_t d = 0; d < c->dim; d++) sum += row[d];
    catalog->cold_row_sum[index] = 64 * sum;
}

vitrine_status vitrine_catalog_open(void *mem, size_t mem_size, const vitrine_model *model,
                                    const void *bytes, size_t size, vitrine_catalog **out,
                                    vitrine_fault *fault)
{
    return vitrine_catalog_open_summed(mem, mem_size, model, bytes, size, NULL, out, fault);
}

vitrine_status vitrine_catalog_open_summed(void *mem, size_t mem_size, const vitrine_model *model,
                                           const void *bytes, size_t size, const uint8_t *sums,
                                           vitrine_catalog **out, vitrine_fault *fault)
{
    catalog_file file;
    *out = NULL;
    const vitrine_status status = read_file(model, bytes, size, true, sums, &file, fault);
    if (status != VITRINE_OK) return status;
    if (model->config.feature_hidden > 0 && file.vectors != NULL &&
        file.vector_dim != model->config.vector_dim)
        return vitrine_refuse(fault, VITRINE_MISMATCH, "vector_dim", 0, file.vector_dim,
                              model->config.vector_dim);

    vitrine_arena arena = {mem, mem_size, 0, false};
    if (mem == NULL || ((uintptr_t)mem & (VITRINE_ALIGN - 1)) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_ARGUMENT, "mem", 0, (uintptr_t)mem & 63u, 0);
    const uint32_t known = model->config.items;
    const bool listed = file.items > 0;
    vitrine_catalog fields;
    memset(&fields, 0, sizeof fields);
    uint32_t *row;
    float *scratch;
    /* Rows lie first, so one walk over the ids may write them before it is known how much follows. */
    memset(mem, 0, mem_size);
    vitrine_arena first = arena;
    (void)VITRINE_TAKE(&first, vitrine_catalog, 1);
    row = listed ? VITRINE_TAKE(&first, uint32_t, known) : NULL;
    size_t room = 0;
    if (row != NULL) {
        memset(row, 0xff, known * sizeof *row);
        room = (size_t)((uint8_t *)mem + mem_size - (uint8_t *)row) / sizeof *row;
    }
    const uint32_t cold = merge(&model->ids, &file.ids, row, room);
    vitrine_catalog *catalog = layout(&arena, model, listed, cold, &fields, &row, &scratch);
    if (arena.failed)
        return vitrine_refuse(fault, VITRINE_NO_SPACE, "mem_size", 0, mem_size, arena.used);

    *catalog = fields;
    catalog->model = model;
    catalog->cold = cold;
    catalog->items = known + cold;
    catalog->ids = file.ids;
    memcpy(catalog->text, file.text, sizeof file.text);
    memcpy(catalog->own_name, file.own_name, sizeof file.own_name);
    memcpy(catalog->own_length, file.own_length, sizeof file.own_length);
    catalog->sales = file.sales;
    catalog->marks = file.marks;
    catalog->created = file.created;
    catalog->row = row;
    catalog->base_price = file.price;
    catalog->base_available = file.available;
    catalog->base_trend = file.trend;
    catalog->version = file.version;
    memcpy(catalog->hash, file.hash, sizeof file.hash);
    for (uint32_t i = 0; i < catalog->items; i++) set_base(catalog, i);
    if (cold > 0 && model->config.feature_hidden > 0) vitrine_feature_begin(model, scratch);
    for (uint32_t i = 0; i < cold; i++) add_cold(catalog, &file, i, scratch);
    for (uint32_t i = 0; i < catalog->items; i++) set_norm(catalog, i);
    *out = catalog;
    return VITRINE_OK;
}

uint32_t vitrine_catalog_items(const vitrine_catalog *catalog) { return catalog->items; }

uint32_t vitrine_catalog_find(const vitrine_catalog *catalog, const char *id, size_t length)
{
    const vitrine_strings *ids = &catalog->model->ids;
    const uint32_t found = vitrine_strings_find(ids, id, length);
    if (found != VITRINE_NO_STRING) return found;
    /* Cold items keep the file's order, hence are sorted by id too. */
    return vitrine_strings_among(&catalog->ids, catalog->row, ids->count, catalog->items, id, length);
}

const char *vitrine_catalog_id(const vitrine_catalog *catalog, uint32_t item, size_t *length)
{
    if (item < catalog->model->config.items)
        return vitrine_strings_get(&catalog->model->ids, item, length);
    return vitrine_strings_get(&catalog->ids, catalog->row[item], length);
}

const char *vitrine_catalog_text(const vitrine_catalog *catalog, uint32_t item,
                                 vitrine_text_field field, size_t *length)
{
    const uint32_t row = vitrine_catalog_row(catalog, item);
    *length = 0;
    if (row == VITRINE_NO_ITEM || catalog->text[field].count == 0) return "";
    return vitrine_strings_get(&catalog->text[field], row, length);
}

float vitrine_catalog_price(const vitrine_catalog *catalog, uint32_t item)
{
    return catalog->price[item];
}

float vitrine_catalog_trend(const vitrine_catalog *catalog, uint32_t item)
{
    return catalog->trend != NULL ? catalog->trend[item] : 0.0f;
}

const uint8_t *vitrine_catalog_hash(const vitrine_catalog *catalog) { return catalog->hash; }

uint32_t vitrine_catalog_digest(const vitrine_catalog *catalog)
{
    uint32_t sum = 2166136261u;
    for (uint32_t i = 0; i < catalog->items; i++) {
        uint32_t bits;
        memcpy(&bits, &catalog->price[i], sizeof bits);
        for (int b = 0; b < 4; b++) sum = (sum ^ (bits >> (8 * b) & 0xffu)) * 16777619u;
        sum = (sum ^ catalog->available[i]) * 16777619u;
    }
    return sum;
}

uint64_t vitrine_catalog_version(const vitrine_catalog *catalog) { return catalog->version; }

bool vitrine_catalog_available(const vitrine_catalog *catalog, uint32_t item)
{
    return catalog->available[item] != 0;
}

uint32_t vitrine_catalog_created(const vitrine_catalog *catalog, uint32_t item)
{
    const uint32_t row = vitrine_catalog_row(catalog, item);
    return catalog->created != NULL && row != VITRINE_NO_ITEM ? catalog->created[row] : 0;
}

float vitrine_catalog_sales(const vitrine_catalog *catalog, uint32_t item)
{
    const uint32_t row = vitrine_catalog_row(catalog, item);
    return catalog->sales != NULL && row != VITRINE_NO_ITEM ? catalog->sales[row] : -1.0f;
}

uint32_t vitrine_catalog_marks(const vitrine_catalog *catalog, uint32_t item)
{
    const uint32_t row = vitrine_catalog_row(catalog, item);
    return catalog->marks != NULL && row != VITRINE_NO_ITEM ? catalog->marks[row] : 0;
}

const char *vitrine_catalog_own_name(const vitrine_catalog *catalog, uint32_t index, size_t *length)
{
    *length = index < VITRINE_OWN_FIELDS ? catalog->own_length[index] : 0;
    return *length > 0 ? catalog->own_name[index] : "";
}

vitrine_status vitrine_catalog_set_price(vitrine_catalog *catalog, uint32_t item, float price)
{
    if (item >= catalog->items) return VITRINE_UNKNOWN_ITEM;
    if (!(price >= 0.0f && price <= 1e12f)) return VITRINE_BAD_VALUE;
    catalog->price[item] = price;
    if (catalog->band != NULL) catalog->band[item] = (uint8_t)vitrine_config_band(&catalog->model->config, price);
    set_norm(catalog, item);
    catalog->revision++;
    return VITRINE_OK;
}

vitrine_status vitrine_catalog_set_available(vitrine_catalog *catalog, uint32_t item, bool available)
{
    if (item >= catalog->items) return VITRINE_UNKNOWN_ITEM;
    catalog->available[item] = available;
    catalog->stock_revision++;
    return VITRINE_OK;
}

void vitrine_catalog_vector(const vitrine_catalog *catalog, uint32_t item, float *out)
{
    const vitrine_config *c = &catalog->model->config;
    if (item < c->items)
        vitrine_model_item_vector(catalog->model, item, out);
    else if (c->precision == VITRINE_INT8)
        vitrine_row_q8(catalog->cold_q8, catalog->cold_scale[item - c->items], item - c->items,
                       c->dim, out);
    else
        vitrine_panels_row_f32(out, catalog->cold_f32, item - c->items, c->dim);
}
