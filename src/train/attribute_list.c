#include "train/attribute_list.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "data/id_set.h"

enum { BANDS = 8, LEAST_COUNT = 2 };

vitrine_item_fields vitrine_item_table_fields(const vitrine_item_table *table, uint32_t row)
{
    vitrine_item_fields fields = { .price = NAN, .sales = NAN };
    for (int f = 0; f < VITRINE_TEXT_FIELDS; f++)
        if (table->text[f].count > 0)
            fields.text[f] = vitrine_strings_get(&table->text[f], row, &fields.text_length[f]);
    if (table->price != NULL) fields.price = table->price[row];
    if (table->sales != NULL) fields.sales = table->sales[row];
    if (table->vectors != NULL) fields.vectors = table->vectors + (size_t)row * table->vector_dim;
    return fields;
}

static int by_value(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Edges at the eighths of the known prices; equal ones once. */
static bool find_bands(const vitrine_item_table *table, vitrine_attribute_list *a)
{
    uint32_t known = 0;
    if (table->price == NULL) return true;
    float *price = malloc(((size_t)table->items + 1) * sizeof *price);
    if (price == NULL) return false;
    for (uint32_t i = 0; i < table->items; i++)
        if (table->price[i] >= 0.0f) price[known++] = table->price[i];
    qsort(price, known, sizeof *price, by_value);
    for (uint32_t b = 1; known > 0 && b < BANDS; b++) {
        const float edge = price[(size_t)known * b / BANDS];
        const float last = a->bands > 1 ? a->edge[a->bands - 2] : price[0];
        if (a->bands == 0) a->bands = 1;
        if (edge > last) a->edge[a->bands++ - 1] = edge;
    }
    free(price);
    return true;
}

static uint8_t band_of(const vitrine_attribute_list *a, float price)
{
    if (a->bands == 0 || !(price >= 0.0f)) return VITRINE_NO_BAND;
    uint32_t band = 0;
    while (band + 1 < a->bands && price >= a->edge[band]) band++;
    return (uint8_t)band;
}

static size_t band_name(uint32_t band, char name[16])
{
    return (size_t)snprintf(name, 16, "price:%u", band);
}

typedef struct naming {
    vitrine_id_set set;
    uint32_t *count; /* [capacity] catalog items with the name */
    uint32_t *last;  /* [capacity] the row that counted it last, + 1 */
    size_t capacity;
    uint32_t row;
    bool ok;
} naming;

static bool count_name(void *context, const char *text, size_t length)
{
    naming *n = context;
    uint32_t index;
    n->ok = vitrine_id_set_add(&n->set, text, length, &index);
    if (n->ok && index >= n->capacity) {
        const size_t capacity = 2 * n->capacity + 1024;
        uint32_t *count = realloc(n->count, capacity * sizeof *count);
        if (count != NULL) n->count = count;
        uint32_t *last = realloc(n->last, capacity * sizeof *last);
        if (last != NULL) n->last = last;
        n->ok = count != NULL && last != NULL;
        if (n->ok) {
            memset(count + n->capacity, 0, (capacity - n->capacity) * sizeof *count);
            memset(last + n->capacity, 0, (capacity - n->capacity) * sizeof *last);
            n->capacity = capacity;
        }
    }
    if (!n->ok) return false;
    if (n->last[index] != n->row + 1) n->count[index]++;
    n->last[index] = n->row + 1;
    return true;
}

static bool find_names(const vitrine_item_table *table, vitrine_attribute_list *a)
{
    naming n = { .ok = true };
    for (n.row = 0; n.ok && n.row < table->items; n.row++) {
        const vitrine_item_fields fields = vitrine_item_table_fields(table, n.row);
        char name[16];
        vitrine_item_names(&fields, count_name, &n);
        const uint8_t band = band_of(a, fields.price);
        if (n.ok && band != VITRINE_NO_BAND) count_name(&n, name, band_name(band, name));
    }
    uint8_t *keep = malloc((size_t)n.set.count + 1);
    uint32_t *rank = malloc(((size_t)n.set.count + 1) * sizeof *rank);
    n.ok = n.ok && keep != NULL && rank != NULL;
    /* A vocabulary that is too long asks for commoner names. */
    for (uint32_t least = LEAST_COUNT, kept = VITRINE_MAX_ATTRIBUTES + 1;
         n.ok && kept > VITRINE_MAX_ATTRIBUTES; least++) {
        kept = 0;
        for (uint32_t i = 0; i < n.set.count; i++) kept += keep[i] = n.count[i] >= least;
    }
    n.ok = n.ok && vitrine_id_set_sorted(&n.set, keep, &a->names, rank);
    free(keep);
    free(rank);
    free(n.count);
    free(n.last);
    vitrine_id_set_free(&n.set);
    a->attributes = a->names.count;
    return n.ok;
}

static uint32_t attribute_of(const vitrine_attribute_list *a, const char *name, size_t length)
{
    return a->mode == VITRINE_ATTR_HASHED ? vitrine_attribute_hash(name, length, a->attributes)
                                          : vitrine_strings_find(&a->names, name, length);
}

uint32_t vitrine_attribute_list_band(const vitrine_attribute_list *a, uint32_t band)
{
    char name[16];
    if (band >= a->bands || a->attributes == 0) return VITRINE_NO_ATTRIBUTE;
    const uint32_t found = attribute_of(a, name, band_name(band, name));
    return found == VITRINE_NO_STRING ? VITRINE_NO_ATTRIBUTE : found;
}

typedef struct collecting {
    const vitrine_attribute_list *attributes;
    uint32_t *out, count;
} collecting;

/* Ascending, each once: as vitrine_item_attributes does it on the device. */
static bool collect(void *context, const char *name, size_t length)
{
    collecting *c = context;
    const uint32_t attribute = attribute_of(c->attributes, name, length);
    if (attribute == VITRINE_NO_STRING) return true;
    uint32_t at = 0;
    while (at < c->count && c->out[at] < attribute) at++;
    if (at < c->count && c->out[at] == attribute) return true;
    memmove(c->out + at + 1, c->out + at, (c->count - at) * sizeof *c->out);
    c->out[at] = attribute;
    return ++c->count < VITRINE_MAX_ITEM_ATTRIBUTES;
}

static bool describe(const vitrine_item_table *table, const vitrine_strings *ids,
                     vitrine_attribute_list *a)
{
    a->weight = calloc((size_t)a->attributes + 1, sizeof *a->weight);
    a->offset = calloc((size_t)ids->count + 1, sizeof *a->offset);
    a->index = malloc(((size_t)ids->count * VITRINE_MAX_ITEM_ATTRIBUTES + 1) * sizeof *a->index);
    a->band = malloc((size_t)ids->count + 1);
    if (a->weight == NULL || a->offset == NULL || a->index == NULL || a->band == NULL) return false;
    for (uint32_t i = 0; i < ids->count; i++) {
        size_t length;
        const char *id = vitrine_strings_get(ids, i, &length);
        const uint32_t row = vitrine_strings_find(&table->ids, id, length);
        collecting c = { a, a->index + a->offset[i], 0 };
        a->band[i] = VITRINE_NO_BAND;
        if (row != VITRINE_NO_STRING) {
            const vitrine_item_fields fields = vitrine_item_table_fields(table, row);
            vitrine_item_names(&fields, collect, &c);
            a->band[i] = band_of(a, fields.price);
            const uint32_t band = vitrine_attribute_list_band(a, a->band[i]);
            if (band != VITRINE_NO_ATTRIBUTE) a->weight[band] += 1.0f;
        }
        for (uint32_t n = 0; n < c.count; n++) a->weight[c.out[n]] += 1.0f;
        a->offset[i + 1] = a->offset[i] + c.count;
    }
    for (uint32_t k = 0; k < a->attributes; k++)
        a->weight[k] = logf(1.0f + (float)ids->count / (a->weight[k] > 1.0f ? a->weight[k] : 1.0f));
    return true;
}

vitrine_status vitrine_attribute_list_make(const vitrine_item_table *table,
                                            const vitrine_strings *ids, uint32_t mode,
                                            uint32_t buckets, vitrine_attribute_list *a)
{
    *a = (vitrine_attribute_list){ .mode = mode,
                                    .attributes = mode == VITRINE_ATTR_HASHED ? buckets : 0 };
    if (find_bands(table, a) && (mode == VITRINE_ATTR_HASHED || find_names(table, a)) &&
        describe(table, ids, a))
        return VITRINE_OK;
    vitrine_attribute_list_free(a);
    return VITRINE_NO_SPACE;
}

void vitrine_attribute_list_free(vitrine_attribute_list *a)
{
    vitrine_strings_free(&a->names);
    free(a->weight);
    free(a->offset);
    free(a->index);
    free(a->band);
    *a = (vitrine_attribute_list){ 0 };
}

void vitrine_attribute_list_set(const vitrine_attribute_list *a, vitrine_model_parts *parts)
{
    vitrine_config *c = &parts->config;
    if (a->attributes == 0) return;
    c->attr_mode = a->mode;
    c->attributes = a->attributes;
    c->price_bands = a->bands;
    memcpy(c->price_edge, a->edge, sizeof c->price_edge);
    parts->attr_offset = a->offset;
    parts->attr_index = a->index;
    parts->band = a->band;
    parts->attr_weight = a->weight;
    parts->attr_name_offset = a->names.offset;
    parts->attr_name_bytes = a->names.bytes;
}
