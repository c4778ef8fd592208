/* Opening a model: from checked bytes to views. What is large stays where it is in the file, the item
 * rows above all; what the file packs (packed.h) is spread out in the model's memory (model_room.h). */
#include "model/model_room.h"

#include <string.h>

#include "base/fault.h"
#include "base/reader.h"
#include "model/head.h"
#include "model/packed.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "weights are used in place, which needs a little-endian machine"
#endif

#define ANY (-VITRINE_LARGEST)

/* Opening in progress: after the first refusal every later take yields null. */
typedef struct opening {
    const vitrine_container *file;
    vitrine_status status;
    vitrine_fault *fault;
} opening;

static void refuse_told(opening *o, vitrine_status status, const char *field, size_t offset, size_t found,
                        size_t expected)
{
    if (o->status == VITRINE_OK)
        o->status = vitrine_refuse_told(o->fault, status, field, offset, found, expected);
}

static inline void refuse(opening *o, vitrine_status status, const char *field, uint64_t offset,
                          uint64_t found, uint64_t expected)
{
    refuse_told(o, status, field, vitrine_told(offset), vitrine_told(found), vitrine_told(expected));
}

/* A section whose size vitrine_room_measure has held against the head. */
static const void *measured(const opening *o, uint32_t id)
{
    vitrine_section section;
    (void)vitrine_container_find(o->file, id, &section);
    return o->status == VITRINE_OK ? section.bytes : NULL;
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

/* A value `at` bytes into a section. */
static void refuse_value(opening *o, uint32_t id, const char *field, size_t at, size_t found, size_t expected)
{
    vitrine_section section;
    (void)vitrine_container_find(o->file, id, &section);
    refuse(o, VITRINE_BAD_VALUE, field, section.offset + at, found, expected);
}

/* A section of `count` floats, each at least `low` and at most LARGEST. */
static const float *take_floats(opening *o, uint32_t id, const char *field, uint64_t count, float low)
{
    const float *values = take(o, id, field, count * sizeof(float));
    if (values == NULL) return NULL;
    const size_t all = (size_t)count; /* they are in memory */
    for (size_t i = 0; i < all; i++)
        if (!(values[i] >= low && values[i] <= VITRINE_LARGEST)) {
            refuse_value(o, id, field, i * sizeof(float), i, all);
            return NULL;
        }
    return values;
}

static void take_strings(opening *o, uint32_t id, const char *field, uint32_t count, vitrine_stretch *stretch,
                         char *bytes, vitrine_strings *out)
{
    vitrine_section section;
    (void)vitrine_container_find(o->file, id, &section);
    if (o->status == VITRINE_OK &&
        !vitrine_packed_strings(section.bytes, section.size, count, stretch, bytes, out))
        refuse(o, VITRINE_BAD_FORMAT, field, section.offset, section.size, count);
}

/* The codes of small floats, each at most `largest`. */
static const uint16_t *take_small(opening *o, uint32_t id, const char *field, uint32_t count, uint32_t largest)
{
    const uint16_t *codes = take(o, id, field, (uint64_t)count * sizeof *codes);
    for (uint32_t i = 0; codes != NULL && i < count; i++)
        if (codes[i] > largest) refuse_value(o, id, field, i * 2, i, count);
    return codes;
}

/* Multiples of a step, to out [count]. */
static const float *take_biases(opening *o, uint32_t count, float *out)
{
    const uint8_t *at = take(o, VITRINE_S_BIAS, "bias", 4 + (uint64_t)count * sizeof(int16_t));
    float step;
    int16_t q;
    if (at == NULL) return NULL;
    memcpy(&step, at, sizeof step);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(&q, at + 4 + i * sizeof q, sizeof q);
        out[i] = (float)q * step;
        if (!(step > 0.0f && out[i] >= ANY && out[i] <= VITRINE_LARGEST))
            refuse_value(o, VITRINE_S_BIAS, "bias", 4 + i * sizeof q, i, count);
    }
    return out;
}

/* The rows' sums, and for exact models how long rows are and what int8 may leave of them. */
static void open_rows(opening *o, vitrine_model *model, const vitrine_room *to)
{
    const vitrine_config *c = &model->config;
    const size_t rows = vitrine_padded_rows(c->items), cols = vitrine_padded_cols_q8(c->dim);
    const int8_t *q = measured(o, VITRINE_S_ITEM);
    if (q == NULL) return;
    const float half = 0.5f * __builtin_sqrtf((float)c->dim);
    for (size_t base = 0; base < rows; base += VITRINE_PANEL) {
        int32_t square[VITRINE_PANEL];
        float length = 0.0f, rest = 0.0f;
        if (!vitrine_panel_totals_q8(q + base * cols, c->dim, to->row_sum + base, square)) {
            refuse_value(o, VITRINE_S_ITEM, "item", base * cols, 128, 127);
            return;
        }
        if (c->precision != VITRINE_EXACT) continue;
        for (size_t l = 0; l < VITRINE_PANEL; l++) {
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the arena was measured: nothing of `to` is null */
            const float scale = model->scale[base + l];
            const float size = scale * __builtin_sqrtf((float)square[l]), left = scale * half;
            length = size > length ? size : length;
            rest = left > rest ? left : rest;
        }
        to->panel_length[base / VITRINE_PANEL] = length;
        to->panel_rest[base / VITRINE_PANEL] = rest;
    }
    model->item_q8 = q;
    model->row_sum = to->row_sum;
    model->panel_length = to->panel_length;
    model->panel_rest = to->panel_rest;
}

/* The two halves, and how long rows are by the one and what it leaves of them. */
static void open_split(opening *o, vitrine_model *model, const vitrine_room *to)
{
    const vitrine_config *c = &model->config;
    const size_t rows = vitrine_padded_rows(c->items), panels = rows / VITRINE_PANEL;
    const uint8_t *high = measured(o, VITRINE_S_HIGH), *low = measured(o, VITRINE_S_LOW);
    if (high == NULL || low == NULL) return;
    const vitrine_rows_halves w = {high, low, model->scale, model->bias};
    for (size_t i = 0; i < rows; i++) {
        const float size = model->bias[i] < 0.0f ? -model->bias[i] : model->bias[i];
        model->largest_bias = size > model->largest_bias ? size : model->largest_bias;
    }
    for (size_t p = 0; p < panels; p++) {
        int32_t taken, left;
        float scale = 0.0f;
        vitrine_halves_squares(&w, p, c->dim, &taken, &left);
        for (size_t r = p * VITRINE_PANEL; r < (p + 1) * VITRINE_PANEL; r++)
            scale = model->scale[r] > scale ? model->scale[r] : scale;
        to->panel_length[p] = __builtin_sqrtf((float)taken);
        to->panel_rest[p] = __builtin_sqrtf((float)left);
        to->panel_scale[p] = scale;
        if (model->rest == NULL) continue;
        float upper = 0.0f, both = 0.0f;
        for (size_t r = p * VITRINE_PANEL; r < (p + 1) * VITRINE_PANEL && r < c->items; r++)
            vitrine_halves_left(&w, r, model->rest + r * c->dim, c->dim, &upper, &both);
        /* Up to 1,024 sums in f32 are off by less than this in all. */
        to->panel_rest[p] = __builtin_sqrtf(upper) * (1.0001f / 65536.0f);
        to->panel_left[p] = __builtin_sqrtf(both) * (1.0001f / 65536.0f);
    }
    model->longest_panel = model->kernels->max(to->panel_length, panels);
    model->largest_rest = model->kernels->max(to->panel_rest, panels);
    model->largest_scale = model->kernels->max(to->panel_scale, panels);
    model->item_high = high;
    model->item_low = low;
    model->panel_length = to->panel_length;
    model->panel_rest = to->panel_rest;
    model->panel_scale = to->panel_scale;
    model->panel_left = to->panel_left;
}

static void open_items(opening *o, vitrine_model *model, const vitrine_room *to)
{
    const vitrine_config *c = &model->config;
    const size_t rows = vitrine_padded_rows(c->items);
    take_strings(o, VITRINE_S_IDS, "ids", c->items, to->id_stretch, to->id_bytes, &model->ids);
    if (c->precision == VITRINE_INT8) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): the arena was measured */
        memset(to->scale, 0, rows * sizeof(float));
        memset(to->bias, 0, rows * sizeof(float));
        model->bias = take_biases(o, c->items, to->bias);
        model->popularity_code =
            take_small(o, VITRINE_S_POPULARITY, "popularity", c->items, vitrine_float16_floor(VITRINE_LARGEST));
        const uint16_t *scale =
            take_small(o, VITRINE_S_SCALE, "scale", c->items, vitrine_float16_floor(VITRINE_LARGEST / 127.0f));
        if (o->status != VITRINE_OK) return;
        model->kernels->floats16(to->scale, scale, c->items);
        model->scale = to->scale;
        (VITRINE_SPLIT && to->panel_scale != NULL ? open_split : open_rows)(o, model, to);
        return;
    }
    model->bias = take_floats(o, VITRINE_S_BIAS, "bias", rows, ANY);
    model->popularity = take_floats(o, VITRINE_S_POPULARITY, "popularity", c->items, 0.0f);
    if (c->precision == VITRINE_F32) {
        model->item_f32 = take_floats(o, VITRINE_S_ITEM, "item", (uint64_t)rows * c->dim, ANY);
        return;
    }
    model->scale = take_floats(o, VITRINE_S_SCALE, "scale", rows, 0.0f);
    model->rest = take(o, VITRINE_S_REST, "rest", (uint64_t)c->items * c->dim * sizeof(int16_t));
    if (o->status != VITRINE_OK) return;
    for (size_t i = 0; i < rows; i++) {
        const float size = model->bias[i] < 0.0f ? -model->bias[i] : model->bias[i];
        model->largest_bias = size > model->largest_bias ? size : model->largest_bias;
        if (!(model->scale[i] <= VITRINE_LARGEST / 128.0f))
            refuse_value(o, VITRINE_S_SCALE, "scale", i * 4, i, rows);
    }
    if (o->status == VITRINE_OK) (VITRINE_SPLIT && to->panel_scale != NULL ? open_split : open_rows)(o, model, to);
}

static const float *take_matrix(opening *o, const vitrine_config *c, const vitrine_matrix *m, bool panels, float *out)
{
    if (m->rows == 0) return NULL;
    if (c->precision != VITRINE_INT8)
        return take_floats(o, m->id, m->field,
                           (uint64_t)(panels ? vitrine_padded_rows(m->rows) : m->rows) * m->cols, ANY);
    const uint8_t *packed = measured(o, m->id);
    if (packed != NULL && !vitrine_packed_matrix(packed, m->rows, m->cols, panels, out))
        refuse_value(o, m->id, m->field, 0, m->rows, m->cols);
    return out;
}

/* One that stays bytes, laid out as vitrine_room says; the bias is the caller's. */
static vitrine_rows_q8 take_bytes(opening *o, const vitrine_matrix *m, float *out)
{
    int8_t *const panels = (int8_t *)out;
    float *const scale = out + vitrine_panels_q8_count(m->rows, m->cols) / sizeof(float);
    int32_t *const sum = (int32_t *)(void *)(scale + vitrine_padded_rows(m->rows));
    const vitrine_rows_q8 rows = {panels, sum, scale, NULL};
    const uint8_t *packed = measured(o, m->id);
    if (packed != NULL && !vitrine_packed_panels(packed, m->rows, m->cols, panels, scale, sum))
        refuse_value(o, m->id, m->field, 0, m->rows, m->cols);
    return rows;
}

static void open_network(opening *o, vitrine_model *model, const vitrine_room *to)
{
    const vitrine_config *c = &model->config;
    vitrine_network *net = &model->net;
    net->shape = c->net;
    if (c->net.cell == VITRINE_CELL_NONE) return;

    const size_t input = c->net.input, hidden = c->net.hidden;
    const size_t gates = vitrine_cell_gates(c->net.cell) * hidden;
    if (c->embed_rows > 0 && c->precision != VITRINE_INT8)
        net->embed = take_floats(o, VITRINE_S_EMBED, "embed", (uint64_t)c->embed_rows * input, ANY);
    if (c->embed_rows > 0 && c->precision == VITRINE_INT8) {
        model->embed_packed = take(o, VITRINE_S_EMBED, "embed",
                                   vitrine_packed_matrix_size(c->embed_rows, input));
        if (model->embed_packed != NULL &&
            !vitrine_packed_fits(model->embed_packed, c->embed_rows, input))
            refuse_value(o, VITRINE_S_EMBED, "embed", 0, c->embed_rows, input);
    }
    vitrine_matrix matrices[VITRINE_MATRICES];
    vitrine_matrices_of(c, matrices);
    const float **const views[VITRINE_MATRICES] = {&net->kind, &net->cell_w, &net->cell_u, &net->out_w, &net->skip_w};
    for (int m = 0; m < VITRINE_MATRICES; m++)
        if (!vitrine_stays_bytes(c, m)) *views[m] = take_matrix(o, c, &matrices[m], m != VITRINE_M_KIND, to->matrix[m]);
        else
            *(m == VITRINE_M_CELL_W ? &net->cell_w_q8 : &net->cell_u_q8) =
                take_bytes(o, &matrices[m], to->matrix[m]);
    if (gates > 0)
        net->cell_b = take_floats(o, VITRINE_S_CELL_B, "cell b", vitrine_padded_rows(gates), ANY);
    if (c->net.cell == VITRINE_CELL_GRU)
        net->cell_c = take_floats(o, VITRINE_S_CELL_C, "cell c", vitrine_padded_rows(hidden), ANY);
    if (c->net.flags & VITRINE_NET_NORM) {
        net->norm_gain = take_floats(o, VITRINE_S_NORM, "norm", 2 * (uint64_t)c->dim, ANY);
        if (net->norm_gain != NULL) net->norm_bias = net->norm_gain + c->dim;
    }
}

/* Table: u32 bits of a weight's code, f32 [2^bits], then the rows. */
static void open_table(opening *o, vitrine_model *model, const vitrine_room *to)
{
    vitrine_section section;
    const uint32_t items = model->config.items;
    if (o->status != VITRINE_OK || !vitrine_container_find(o->file, VITRINE_S_TABLE, &section)) return;
    const uint32_t bits = section.size >= 4 ? section.bytes[0] : 0;
    const size_t head = 4 + ((size_t)4 << (bits & 15u));
    if (bits < 1 || bits > 8 || section.size < head || section.size > VITRINE_MOST_BIT_BYTES) {
        refuse(o, VITRINE_BAD_FORMAT, "table", section.offset, section.size, head);
        return;
    }
    model->table_weight = (const float *)(const void *)(section.bytes + 4);
    model->table_bits = bits;
    for (uint32_t w = 0; w < 1u << bits; w++)
        if (!(model->table_weight[w] >= 0.0f && model->table_weight[w] <= VITRINE_LARGEST))
            refuse(o, VITRINE_BAD_VALUE, "table weight", section.offset + 4 + w * sizeof(float), w, 0);
    model->table = vitrine_bits_of(section.bytes + head, section.size - head);
    model->table_row = to->table_row;
    vitrine_bits in = model->table;
    uint32_t i = 0;
    for (; i < items && in.ok; i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the arena was measured */
        to->table_row[i] = in.at;
        (void)vitrine_bits_set(&in, items, vitrine_bits_golomb(&in, 2), bits, NULL);
    }
    if (!in.ok || in.end - in.at >= 8)
        refuse(o, VITRINE_BAD_FORMAT, "table row", section.offset + head + in.at / 8, i, items);
}

static const float *spread_features(opening *o, const vitrine_config *c, float *out)
{
    vitrine_feature_piece pieces[VITRINE_FEATURE_PIECES];
    vitrine_feature_pieces(c, pieces);
    const uint8_t *at = measured(o, VITRINE_S_FEATURE);
    float *to = out;
    for (int i = 0; at != NULL && i < VITRINE_FEATURE_PIECES; i++) {
        const vitrine_feature_piece *piece = &pieces[i];
        bool fits = true;
        if (piece->bias) memcpy(to, at, piece->cols * sizeof(float));
        else fits = vitrine_packed_matrix(at, piece->rows, piece->cols, false, to);
        for (size_t x = 0; x < piece->cols; x++) fits = fits && to[x] >= ANY && to[x] <= VITRINE_LARGEST;
        if (!fits) refuse_value(o, VITRINE_S_FEATURE, "feature network", 0, (size_t)i, 0);
        at += vitrine_feature_piece_size(piece);
        to += piece->rows * piece->cols;
    }
    return at == NULL ? NULL : out;
}

/* Sets of attributes: u32 how many in all, then for each item its number and the gaps. */
static void read_attributes(opening *o, vitrine_model *model, const vitrine_room *to)
{
    vitrine_section section;
    const vitrine_config *c = &model->config;
    if (o->status != VITRINE_OK) return;
    (void)vitrine_container_find(o->file, VITRINE_S_ATTRIBUTES, &section);
    vitrine_reader head = {section.bytes, section.bytes + section.size, true};
    const uint32_t all = vitrine_read_u32(&head);
    vitrine_bits in = vitrine_bits_of(section.bytes + 4, section.size - 4);
    to->attr_offset[0] = 0;
    for (uint32_t i = 0; i < c->items; i++) {
        const uint32_t count = vitrine_bits_golomb(&in, 2), start = to->attr_offset[i];
        if (!in.ok || count > all - start) {
            refuse(o, VITRINE_BAD_FORMAT, "attribute index", section.offset, count, all);
            return;
        }
        if (!vitrine_bits_set(&in, c->attributes, count, 0, to->attr_index + start)) {
            refuse(o, VITRINE_BAD_VALUE, "attribute index", section.offset, i, c->attributes);
            return;
        }
        to->attr_offset[i + 1] = start + count;
    }
    if (to->attr_offset[c->items] != all || in.end - in.at >= 8)
        refuse(o, VITRINE_BAD_FORMAT, "attribute index", section.offset, to->attr_offset[c->items], all);
    model->attr_offset = to->attr_offset;
    model->attr_index = to->attr_index;
}

static void open_attributes(opening *o, vitrine_model *model, const vitrine_room *to)
{
    const vitrine_config *c = &model->config;
    for (uint32_t b = 0; b < VITRINE_PRICE_BANDS; b++)
        model->band_attribute[b] = VITRINE_NO_ATTRIBUTE;
    if (c->attr_mode == VITRINE_ATTR_NONE) return;

    read_attributes(o, model, to);
    model->attr_weight = take_floats(o, VITRINE_S_ATTR_WEIGHT, "attribute weight", c->attributes, 0.0f);
    if (c->price_bands > 0) model->band = take(o, VITRINE_S_BAND, "price band", c->items);
    if (c->attr_mode == VITRINE_ATTR_INDEXED)
        take_strings(o, VITRINE_S_ATTR_NAMES, "attribute name", c->attributes, to->name_stretch, to->name_bytes,
                     &model->attr_names);
    if (o->status != VITRINE_OK) return;
    for (uint32_t i = 0; model->band != NULL && i < c->items; i++)
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
    model->feature_embed = c->precision != VITRINE_INT8
                               ? take_floats(o, VITRINE_S_FEATURE, "feature network",
                                             vitrine_feature_floats(c), ANY)
                               : spread_features(o, c, to->feature);
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

static void open_intent(opening *o, vitrine_model *model)
{
    vitrine_section section;
    size_t wrong;
    if (!vitrine_container_find(o->file, VITRINE_S_INTENT, &section)) return;
    if (vitrine_intent_read(section.bytes, section.size, &model->intent, &wrong))
        model->intent_section = section.bytes;
    else
        refuse(o, VITRINE_BAD_VALUE, "intent", section.offset + wrong, section.size, 0);
}

vitrine_status vitrine_model_open(void *mem, size_t mem_size, const void *bytes, size_t size,
                                  const vitrine_model **out, vitrine_fault *fault)
{
    return vitrine_model_open_summed(mem, mem_size, bytes, size, NULL, out, fault);
}

vitrine_status vitrine_model_open_summed(void *mem, size_t mem_size, const void *bytes, size_t size,
                                         const uint8_t *sums, const vitrine_model **out,
                                         vitrine_fault *fault)
{
    vitrine_container file;
    vitrine_config config;
    *out = NULL;
    vitrine_room_sizes sizes;
    vitrine_status status = vitrine_room_measure(bytes, size, &file, &config, &sizes, fault);
    if (status == VITRINE_OK) status = vitrine_container_verify(&file, sums, fault);
    if (status != VITRINE_OK) return status;

    vitrine_arena arena = {mem, mem_size, 0, false};
    vitrine_room to;
    if (mem == NULL || ((uintptr_t)mem & (VITRINE_ALIGN - 1)) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_ARGUMENT, "mem", 0, (uintptr_t)mem & 63u, 0);
    vitrine_model *model = vitrine_room_layout(&arena, &config, &sizes, &to);
    if (arena.failed)
        return vitrine_refuse(fault, VITRINE_NO_SPACE, "mem_size", 0, mem_size, arena.used);

    memset(model, 0, sizeof *model);
    model->config = config;
    model->kernels = vitrine_kernels_best();
    model->version = file.version;
    memcpy(model->hash, file.hash, sizeof model->hash);
    opening o = {&file, VITRINE_OK, fault};
    open_items(&o, model, &to);
    open_network(&o, model, &to);
    open_table(&o, model, &to);
    open_attributes(&o, model, &to);
    open_weights(&o, model);
    vitrine_section section;
    if (vitrine_container_find(&file, VITRINE_S_TREND, &section))
        model->trend = take(&o, VITRINE_S_TREND, "trend", config.items);
    open_intent(&o, model);
    if (o.status != VITRINE_OK) return o.status;
    vitrine_section card;
    (void)vitrine_container_find(&file, VITRINE_S_CARD, &card);
    model->card = (const char *)card.bytes;
    model->card_size = card.size;
    *out = model;
    return VITRINE_OK;
}
