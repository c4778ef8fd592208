/* Opening a model: from checked bytes to views. Weights stay where they are in the file; the only
 * thing made here is the row sums of the int8 items, since they follow from the rows. */
#include "model/model.h"

#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "model/container.h"
#include "model/head.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "weights are used in place, which needs a little-endian machine"
#endif

static vitrine_model *layout(vitrine_arena *arena, const vitrine_config *config, int32_t **row_sum)
{
    vitrine_model *model = VITRINE_TAKE(arena, vitrine_model, 1);
    *row_sum = config->precision == VITRINE_INT8
                   ? VITRINE_TAKE(arena, int32_t, vitrine_padded_rows(config->items))
                   : NULL;
    return model;
}

static vitrine_status read_head(vitrine_container *file, vitrine_config *config, const void *bytes,
                                size_t size, vitrine_fault *fault)
{
    vitrine_section head;
    const vitrine_status status =
        vitrine_container_open(file, bytes, size, VITRINE_KIND_MODEL, fault);
    if (status != VITRINE_OK) return status;
    if (!vitrine_container_find(file, VITRINE_S_HEAD, &head))
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "head", VITRINE_HEADER_SIZE, 0, 1);
    return vitrine_head_read(config, &head, fault);
}

vitrine_status vitrine_model_size(const void *bytes, size_t size, size_t *need,
                                  vitrine_fault *fault)
{
    vitrine_container file;
    vitrine_config config;
    *need = 0;
    const vitrine_status status = read_head(&file, &config, bytes, size, fault);
    if (status != VITRINE_OK) return status;
    vitrine_arena arena = {0};
    int32_t *row_sum;
    (void)layout(&arena, &config, &row_sum);
    *need = arena.used;
    return VITRINE_OK;
}

/* Opening in progress: after the first refusal every later take yields null. */
typedef struct opening {
    const vitrine_container *file;
    vitrine_status status;
    vitrine_fault *fault;
} opening;

static void refuse(opening *o, vitrine_status status, const char *field, uint64_t offset,
                   uint64_t found, uint64_t expected)
{
    if (o->status == VITRINE_OK)
        o->status = vitrine_refuse(o->fault, status, field, offset, found, expected);
}

/* A section of exactly `size` bytes. */
static const void *take(opening *o, uint32_t id, const char *field, uint64_t size)
{
    vitrine_section section;
    if (o->status != VITRINE_OK) return NULL;
    if (!vitrine_container_find(o->file, id, &section) || section.size != size) {
        refuse(o, VITRINE_BAD_FORMAT, field, section.offset, section.size, size);
        return NULL;
    }
    return section.bytes;
}

/* A section of `count` floats, each at least `low` and at most LARGEST: then no sum that ranking can
 * form overflows, and no infinity or NaN can arise from finite weights. */
#define LARGEST 1e6f
#define ANY (-LARGEST)


static const float *take_floats(opening *o, uint32_t id, const char *field, uint64_t count, float low)
{
    const float *values = take(o, id, field, count * sizeof(float));
    if (values == NULL) return NULL;
    for (uint64_t i = 0; i < count; i++)
        if (!(values[i] >= low && values[i] <= LARGEST)) {
            vitrine_section section;
            (void)vitrine_container_find(o->file, id, &section);
            refuse(o, VITRINE_BAD_VALUE, field, section.offset + i * sizeof(float), i, count);
            return NULL;
        }
    return values;
}

/* A table of strings in two sections, sorted by (length, bytes) without repeats. */
static vitrine_strings take_strings(opening *o, uint32_t offset_id, uint32_t bytes_id,
                                    const char *field, uint32_t count)
{
    vitrine_strings strings = {0};
    vitrine_section bytes;
    const uint32_t *offset = take(o, offset_id, field, ((uint64_t)count + 1) * sizeof(uint32_t));
    if (offset == NULL) return strings;
    if (!vitrine_container_find(o->file, bytes_id, &bytes) || offset[0] != 0 ||
        offset[count] != bytes.size) {
        refuse(o, VITRINE_BAD_FORMAT, field, bytes.offset, bytes.size, offset[count]);
        return strings;
    }
    for (uint32_t i = 0; i < count; i++)
        if (offset[i] > offset[i + 1] || offset[i + 1] > bytes.size) {
            refuse(o, VITRINE_BAD_FORMAT, field, bytes.offset, offset[i + 1], bytes.size);
            return strings;
        }
    const vitrine_strings found = {offset, (const char *)bytes.bytes, count};
    for (uint32_t i = 0; i + 1 < count; i++) {
        size_t a_length, b_length;
        const char *a = vitrine_strings_get(&found, i, &a_length);
        const char *b = vitrine_strings_get(&found, i + 1, &b_length);
        if (vitrine_string_order(a, a_length, b, b_length) >= 0) {
            refuse(o, VITRINE_BAD_FORMAT, field, bytes.offset + offset[i], i, i + 1);
            return strings;
        }
    }
    return found;
}

static void open_items(opening *o, vitrine_model *model, int32_t *row_sum)
{
    const vitrine_config *c = &model->config;
    const uint64_t rows = vitrine_padded_rows(c->items), cols = vitrine_padded_cols_q8(c->dim);
    model->ids = take_strings(o, VITRINE_S_ID_OFFSET, VITRINE_S_ID_BYTES, "ids", c->items);
    model->bias = take_floats(o, VITRINE_S_BIAS, "bias", rows, ANY);
    model->popularity = take_floats(o, VITRINE_S_POPULARITY, "popularity", c->items, 0.0f);
    if (c->precision == VITRINE_F32) {
        model->item_f32 = take_floats(o, VITRINE_S_ITEM, "item", rows * c->dim, ANY);
        return;
    }
    model->scale = take_floats(o, VITRINE_S_SCALE, "scale", rows, 0.0f);
    const int8_t *q = take(o, VITRINE_S_ITEM, "item", rows * cols);
    if (q == NULL) return;
    memset(row_sum, 0, (size_t)rows * sizeof *row_sum);
    for (uint64_t i = 0; i < rows * cols; i++) {
        /* -128 has no counterpart, and the kernels' overflow bound counts on 127. */
        if (q[i] == INT8_MIN) {
            refuse(o, VITRINE_BAD_VALUE, "item", (uint64_t)((const uint8_t *)q - o->file->bytes) + i,
                   128, 127);
            return;
        }
        row_sum[i / (VITRINE_PANEL * cols) * VITRINE_PANEL + i / 4 % VITRINE_PANEL] += q[i];
    }
    for (uint64_t r = 0; r < rows; r++) row_sum[r] *= 64;
    model->item_q8 = q;
    model->row_sum = row_sum;
}

static void open_network(opening *o, vitrine_model *model)
{
    const vitrine_config *c = &model->config;
    vitrine_network *net = &model->net;
    net->shape = c->net;
    if (c->net.cell == VITRINE_CELL_NONE) return;

    const size_t input = c->net.input, hidden = c->net.hidden;
    const uint64_t gates = vitrine_padded_rows(vitrine_cell_gates(c->net.cell) * hidden);
    const uint64_t dim = vitrine_padded_rows(c->dim);
    if (c->embed_rows > 0)
        net->embed = take_floats(o, VITRINE_S_EMBED, "embed", (uint64_t)c->embed_rows * input, ANY);
    net->kind = take_floats(o, VITRINE_S_KIND_EMBED, "kind embedding", VITRINE_EVENT_KINDS * input, ANY);
    if (gates > 0) {
        net->cell_w = take_floats(o, VITRINE_S_CELL_W, "cell w", gates * input, ANY);
        net->cell_u = take_floats(o, VITRINE_S_CELL_U, "cell u", gates * hidden, ANY);
        net->cell_b = take_floats(o, VITRINE_S_CELL_B, "cell b", gates, ANY);
    }
    if (c->net.cell == VITRINE_CELL_GRU)
        net->cell_c = take_floats(o, VITRINE_S_CELL_C, "cell c", vitrine_padded_rows(hidden), ANY);
    if (c->net.flags & VITRINE_NET_OUT)
        net->out_w = take_floats(o, VITRINE_S_OUT_W, "out w", dim * hidden, ANY);
    if (c->net.flags & VITRINE_NET_SKIP)
        net->skip_w = take_floats(o, VITRINE_S_SKIP_W, "skip w", dim * input, ANY);
    if (c->net.flags & VITRINE_NET_NORM) {
        net->norm_gain = take_floats(o, VITRINE_S_NORM, "norm", 2 * (uint64_t)c->dim, ANY);
        if (net->norm_gain != NULL) net->norm_bias = net->norm_gain + c->dim;
    }
}

static void open_table(opening *o, vitrine_model *model)
{
    vitrine_section data;
    const uint32_t items = model->config.items;
    if (!vitrine_container_find(o->file, VITRINE_S_TABLE_DATA, &data)) return;
    model->table_offset = take(o, VITRINE_S_TABLE_OFFSET, "table offset",
                               ((uint64_t)items + 1) * sizeof(uint32_t));
    model->table_weight = take_floats(o, VITRINE_S_TABLE_WEIGHT, "table weight", 256, 0.0f);
    if (o->status != VITRINE_OK) return;
    model->table_data = data.bytes;
    const uint32_t *offset = model->table_offset;
    if (offset[0] != 0 || offset[items] != data.size)
        refuse(o, VITRINE_BAD_FORMAT, "table offset", data.offset, offset[items], data.size);
    for (uint32_t i = 0; i < items && o->status == VITRINE_OK; i++) {
        if (offset[i] > offset[i + 1] || offset[i + 1] > data.size) {
            refuse(o, VITRINE_BAD_FORMAT, "table offset", data.offset, offset[i + 1], data.size);
            return;
        }
        vitrine_table_walk walk = vitrine_table_row(model, i);
        vitrine_neighbour neighbour;
        bool known = true;
        while (known && vitrine_table_next(&walk, &neighbour)) known = neighbour.item < items;
        if (!known || walk.at != walk.end)
            refuse(o, VITRINE_BAD_FORMAT, "table row",
                   data.offset + (uint64_t)(walk.at - data.bytes), i, items);
    }
}

static void open_attributes(opening *o, vitrine_model *model)
{
    const vitrine_config *c = &model->config;
    for (uint32_t b = 0; b < VITRINE_PRICE_BANDS; b++)
        model->band_attribute[b] = VITRINE_NO_ATTRIBUTE;
    if (c->attr_mode == VITRINE_ATTR_NONE) return;

    vitrine_section index;
    const uint32_t *offset =
        take(o, VITRINE_S_ATTR_OFFSET, "attribute offset", ((uint64_t)c->items + 1) * sizeof(uint32_t));
    if (offset == NULL) return;
    if (!vitrine_container_find(o->file, VITRINE_S_ATTR_INDEX, &index) || offset[0] != 0 ||
        (uint64_t)offset[c->items] * sizeof(uint16_t) != index.size) {
        refuse(o, VITRINE_BAD_FORMAT, "attribute index", index.offset, index.size, offset[c->items]);
        return;
    }
    const uint16_t *at = (const uint16_t *)(const void *)index.bytes;
    for (uint32_t i = 0; i < c->items; i++) {
        if (offset[i] > offset[i + 1] || offset[i + 1] > offset[c->items]) {
            refuse(o, VITRINE_BAD_FORMAT, "attribute offset", index.offset, offset[i + 1],
                   offset[c->items]);
            return;
        }
        for (uint32_t e = offset[i]; e < offset[i + 1]; e++)
            if (at[e] >= c->attributes || (e > offset[i] && at[e] <= at[e - 1])) {
                refuse(o, VITRINE_BAD_VALUE, "attribute index", index.offset + e * 2, at[e],
                       c->attributes);
                return;
            }
    }
    model->attr_offset = offset;
    model->attr_index = at;
    model->attr_weight = take_floats(o, VITRINE_S_ATTR_WEIGHT, "attribute weight", c->attributes, 0.0f);
    model->band = take(o, VITRINE_S_BAND, "price band", c->items);
    if (c->attr_mode == VITRINE_ATTR_INDEXED)
        model->attr_names = take_strings(o, VITRINE_S_ATTR_NAME_OFFSET, VITRINE_S_ATTR_NAME_BYTES,
                                         "attribute name", c->attributes);
    if (o->status != VITRINE_OK) return;
    for (uint32_t i = 0; i < c->items; i++)
        if (model->band[i] != VITRINE_NO_BAND && model->band[i] >= c->price_bands) {
            refuse(o, VITRINE_BAD_VALUE, "price band", i, model->band[i], c->price_bands);
            return;
        }
    for (uint32_t b = 0; b < c->price_bands; b++) {
        const char digits[2] = {(char)('0' + b / 10), (char)('0' + b % 10)};
        char name[8] = "price:";
        const size_t length = b < 10 ? 7 : 8;
        memcpy(name + 6, digits + (b < 10), length - 6);
        model->band_attribute[b] = vitrine_model_attribute(model, name, length);
    }
    if (c->feature_hidden == 0) return;
    const size_t hidden = c->feature_hidden;
    model->feature_embed = take_floats(o, VITRINE_S_FEATURE, "feature network",
                                       vitrine_feature_floats(c), ANY);
    if (model->feature_embed == NULL) return;
    model->feature_dense = model->feature_embed + hidden * c->attributes;
    model->feature_bias = model->feature_dense + hidden * (VITRINE_NUMERICS + (size_t)c->vector_dim);
    model->feature_out = model->feature_bias + hidden;
    model->feature_out_bias = model->feature_out + hidden * c->dim;
}

static void open_weights(opening *o, vitrine_model *model)
{
    model->kinds = take(o, VITRINE_S_KINDS, "kinds", VITRINE_EVENT_KINDS * sizeof(vitrine_kind_weight));
    model->fuse = take_floats(o, VITRINE_S_FUSE, "fuse", VITRINE_CONTEXTS * 5, 0.0f);
    if (o->status != VITRINE_OK) return;
    for (uint32_t k = 0; k < VITRINE_EVENT_KINDS; k++) {
        const vitrine_kind_weight *w = &model->kinds[k];
        if (!(w->weight >= 0.0f && w->weight <= 1e6f) || !(w->half_life >= 0.0f && w->half_life <= 1e12f) ||
            w->steps > 1)
            refuse(o, VITRINE_BAD_VALUE, "kinds", k, w->steps, 1);
    }
    for (uint32_t i = 0; i < VITRINE_CONTEXTS * 5; i++)
        if (model->fuse[i] > 1.0f) refuse(o, VITRINE_BAD_VALUE, "fuse", i, 2, 1);
}

vitrine_status vitrine_model_open(void *mem, size_t mem_size, const void *bytes, size_t size,
                                  const vitrine_model **out, vitrine_fault *fault)
{
    vitrine_container file;
    vitrine_config config;
    *out = NULL;
    vitrine_status status = read_head(&file, &config, bytes, size, fault);
    if (status == VITRINE_OK) status = vitrine_container_verify(&file, fault);
    if (status != VITRINE_OK) return status;

    vitrine_arena arena = {mem, mem_size, 0, false};
    int32_t *row_sum;
    if (mem == NULL || ((uintptr_t)mem & (VITRINE_ALIGN - 1)) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_ARGUMENT, "mem", 0, (uintptr_t)mem & 63u, 0);
    vitrine_model *model = layout(&arena, &config, &row_sum);
    if (arena.failed)
        return vitrine_refuse(fault, VITRINE_NO_SPACE, "mem_size", 0, mem_size, arena.used);

    memset(model, 0, sizeof *model);
    model->config = config;
    model->kernels = vitrine_kernels_best();
    model->version = file.version;
    memcpy(model->hash, file.hash, sizeof model->hash);
    opening o = {&file, VITRINE_OK, fault};
    open_items(&o, model, row_sum);
    open_network(&o, model);
    open_table(&o, model);
    open_attributes(&o, model);
    open_weights(&o, model);
    if (o.status != VITRINE_OK) return o.status;
    vitrine_section card;
    (void)vitrine_container_find(&file, VITRINE_S_CARD, &card);
    model->card = (const char *)card.bytes;
    model->card_size = card.size;
    *out = model;
    return VITRINE_OK;
}

uint32_t vitrine_model_items(const vitrine_model *model) { return model->config.items; }
uint64_t vitrine_model_version(const vitrine_model *model) { return model->version; }
const uint8_t *vitrine_model_hash(const vitrine_model *model) { return model->hash; }
const char *vitrine_model_card(const vitrine_model *model, size_t *length)
{
    *length = model->card_size;
    return model->card_size > 0 ? model->card : "";
}

void vitrine_row_q8(const int8_t *panels, float scale, uint32_t row, uint32_t cols, float *out)
{
    int8_t q[VITRINE_MAX_WIDTH];
    vitrine_panels_row_q8(q, panels, row, cols);
    for (uint32_t c = 0; c < cols; c++) out[c] = (float)q[c] * scale;
}

void vitrine_model_item_vector(const vitrine_model *model, uint32_t item, float *out)
{
    if (model->config.precision == VITRINE_INT8)
        vitrine_row_q8(model->item_q8, model->scale[item], item, model->config.dim, out);
    else
        vitrine_panels_row_f32(out, model->item_f32, item, model->config.dim);
}

vitrine_table_walk vitrine_table_row(const vitrine_model *model, uint32_t item)
{
    const vitrine_table_walk none = {NULL, NULL, NULL, 0};
    if (model->table_offset == NULL || item >= model->config.items) return none;
    const vitrine_table_walk walk = {model->table_data + model->table_offset[item],
                                     model->table_data + model->table_offset[item + 1],
                                     model->table_weight, 0};
    return walk;
}

bool vitrine_table_next(vitrine_table_walk *walk, vitrine_neighbour *neighbour)
{
    const uint8_t *at = walk->at;
    uint32_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        /* Four bytes hold 28 bits, more than the largest item. */
        if (walk->end - at < 2 || shift > 21) return false;
        const uint8_t byte = *at++;
        value |= (uint32_t)(byte & 127u) << shift;
        if (byte < 128) break;
    }
    const uint64_t item = walk->next + value;
    if (item >= VITRINE_MAX_ITEMS) return false;
    neighbour->item = (uint32_t)item;
    neighbour->weight = walk->weight[*at++];
    walk->next = item + 1;
    walk->at = at;
    return true;
}

uint32_t vitrine_model_attribute(const vitrine_model *model, const char *name, size_t length)
{
    if (model->config.attr_mode == VITRINE_ATTR_INDEXED)
        return vitrine_strings_find(&model->attr_names, name, length);
    if (model->config.attr_mode == VITRINE_ATTR_NONE) return VITRINE_NO_ATTRIBUTE;
    return vitrine_attribute_hash(name, length, model->config.attributes);
}

uint32_t vitrine_attribute_hash(const char *name, size_t length, uint32_t attributes)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a, 64 bits */
    for (size_t i = 0; i < length; i++) hash = (hash ^ (uint8_t)name[i]) * 0x100000001b3u;
    return (uint32_t)(hash % attributes);
}
