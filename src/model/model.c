/* Opening a model: from checked bytes to views. What is large stays where it is in the file, the item
 * rows above all; what the file packs (packed.h) is spread out in the model's memory, whose size
 * follows from the head and from sizes that are held against the file first. */
#include "model/model.h"

#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/reader.h"
#include "kernels/exact.h"
#include "model/container.h"
#include "model/head.h"
#include "model/packed.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "weights are used in place, which needs a little-endian machine"
#endif

/* Every float is at most this: then no sum that ranking can form overflows, and no infinity or NaN
 * can arise from finite weights. */
#define LARGEST 1e6f
#define ANY (-LARGEST)

/* Sizes that the head does not tell. */
typedef struct packed_sizes {
    uint32_t id_bytes, name_bytes, attributes; /* attributes of all items together */
    bool table, split;
} packed_sizes;

/* What is spread out. */
typedef struct spread {
    uint32_t *id_offset, *name_offset, *attr_offset, *table_row;
    char *id_bytes, *name_bytes;
    uint16_t *attr_index;
    int32_t *row_sum;
    float *scale, *bias, *popularity, *panel_length, *panel_rest, *panel_scale;
    float *matrix[5]; /* as matrices_of lists them */
    float *feature;
} spread;

/* The network's matrices, in int8 models packed. */
enum { KIND, CELL_W, CELL_U, OUT_W, SKIP_W, MATRICES };
typedef struct matrix {
    uint32_t id;
    const char *field;
    size_t rows, cols; /* 0 rows: the model has none */
} matrix;

static void matrices_of(const vitrine_config *c, matrix out[MATRICES])
{
    const size_t some = c->net.cell != VITRINE_CELL_NONE, dim = c->dim * some;
    const size_t gates = vitrine_cell_gates(c->net.cell) * (size_t)c->net.hidden;
    out[KIND] = (matrix){VITRINE_S_KIND_EMBED, "kind embedding", vitrine_kind_rows(&c->net) * some, c->net.input};
    out[CELL_W] = (matrix){VITRINE_S_CELL_W, "cell w", gates, c->net.input};
    out[CELL_U] = (matrix){VITRINE_S_CELL_U, "cell u", gates, c->net.hidden};
    out[OUT_W] = (matrix){VITRINE_S_OUT_W, "out w", c->net.flags & VITRINE_NET_OUT ? dim : 0, c->net.hidden};
    out[SKIP_W] = (matrix){VITRINE_S_SKIP_W, "skip w", c->net.flags & VITRINE_NET_SKIP ? dim : 0, c->net.input};
}

/* Bytes of the feature network in an int8 model. */
static uint64_t features_size(const vitrine_config *c)
{
    vitrine_feature_piece pieces[VITRINE_FEATURE_PIECES];
    uint64_t size = 0;
    vitrine_feature_pieces(c, pieces);
    for (int i = 0; i < VITRINE_FEATURE_PIECES; i++) size += vitrine_feature_piece_size(&pieces[i]);
    return size;
}

static vitrine_model *layout(vitrine_arena *arena, const vitrine_config *c, const packed_sizes *sizes,
                             spread *to)
{
    vitrine_model *model = VITRINE_TAKE(arena, vitrine_model, 1);
    const size_t rows = vitrine_padded_rows(c->items);
    memset(to, 0, sizeof *to);
    to->id_offset = VITRINE_TAKE(arena, uint32_t, (size_t)c->items + 1);
    to->id_bytes = VITRINE_TAKE(arena, char, sizes->id_bytes);
    if (sizes->table) to->table_row = VITRINE_TAKE(arena, uint32_t, c->items);
    if (c->attr_mode != VITRINE_ATTR_NONE) {
        to->attr_offset = VITRINE_TAKE(arena, uint32_t, (size_t)c->items + 1);
        to->attr_index = VITRINE_TAKE(arena, uint16_t, sizes->attributes);
    }
    if (c->attr_mode == VITRINE_ATTR_INDEXED) {
        to->name_offset = VITRINE_TAKE(arena, uint32_t, (size_t)c->attributes + 1);
        to->name_bytes = VITRINE_TAKE(arena, char, sizes->name_bytes);
    }
    if (c->precision == VITRINE_F32) return model;
    if (VITRINE_SPLIT && sizes->split) to->panel_scale = VITRINE_TAKE(arena, float, rows / VITRINE_PANEL);
    else to->row_sum = VITRINE_TAKE(arena, int32_t, rows);
    if (c->precision == VITRINE_EXACT || (VITRINE_SPLIT && sizes->split)) {
        to->panel_length = VITRINE_TAKE(arena, float, rows / VITRINE_PANEL);
        to->panel_rest = VITRINE_TAKE(arena, float, rows / VITRINE_PANEL);
    }
    if (c->precision == VITRINE_EXACT) return model;
    to->scale = VITRINE_TAKE(arena, float, rows);
    to->bias = VITRINE_TAKE(arena, float, rows);
    to->popularity = VITRINE_TAKE(arena, float, c->items);
    if (c->feature_hidden > 0) to->feature = VITRINE_TAKE(arena, float, vitrine_feature_floats(c));
    matrix matrices[MATRICES];
    matrices_of(c, matrices);
    for (int m = 0; m < MATRICES; m++)
        if (matrices[m].rows > 0)
            to->matrix[m] = VITRINE_TAKE(arena, float, vitrine_padded_rows(matrices[m].rows) * matrices[m].cols);
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

/* The size that packed strings will have. */
static vitrine_status strings_size(const vitrine_container *file, uint32_t id, const char *field,
                                   uint32_t *bytes, vitrine_fault *fault)
{
    vitrine_section section;
    (void)vitrine_container_find(file, id, &section);
    if (vitrine_packed_strings_size(section.bytes, section.size, bytes)) return VITRINE_OK;
    return vitrine_refuse(fault, VITRINE_BAD_FORMAT, field, section.offset, section.size,
                          (uint64_t)section.size * VITRINE_MOST_GROWTH);
}

/* Both halves of split rows, of `half` bytes each, in a model that has a use for them. */
static vitrine_status split_size(const vitrine_container *file, const vitrine_config *c, uint64_t half,
                                 vitrine_fault *fault)
{
    static const uint32_t id[2] = {VITRINE_S_HIGH, VITRINE_S_LOW};
    static const char *const field[2] = {"high", "low"};
    vitrine_section section;
    if (vitrine_container_find(file, VITRINE_S_ITEM, &section))
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "item", section.offset, section.size, 0);
    for (int i = 0; i < 2; i++)
        if (!vitrine_container_find(file, id[i], &section) || section.size != half)
            return vitrine_refuse(fault, VITRINE_BAD_FORMAT, field[i], section.offset, section.size, half);
    if (c->precision == VITRINE_F32)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "precision", section.offset, c->precision, VITRINE_INT8);
    if (c->fused != 0) return vitrine_refuse(fault, VITRINE_BAD_VALUE, "fused", section.offset, c->fused, 0);
    return VITRINE_OK;
}

/* Before memory is asked for: nothing that is spread out may be more than VITRINE_MOST_GROWTH times
 * what the file holds for it. */
static vitrine_status read_sizes(const vitrine_container *file, const vitrine_config *c,
                                 packed_sizes *sizes, vitrine_fault *fault)
{
    vitrine_section section;
    memset(sizes, 0, sizeof *sizes);
    vitrine_status status = strings_size(file, VITRINE_S_IDS, "ids", &sizes->id_bytes, fault);
    if (status == VITRINE_OK && c->attr_mode == VITRINE_ATTR_INDEXED)
        status = strings_size(file, VITRINE_S_ATTR_NAMES, "attribute name", &sizes->name_bytes, fault);
    if (status != VITRINE_OK) return status;
    sizes->table = vitrine_container_find(file, VITRINE_S_TABLE, &section);
    if (c->attr_mode != VITRINE_ATTR_NONE) {
        (void)vitrine_container_find(file, VITRINE_S_ATTRIBUTES, &section);
        if (section.size >= 4) {
            vitrine_reader in = {section.bytes, section.bytes + section.size, true};
            sizes->attributes = vitrine_read_u32(&in);
        }
        if (section.size < 4 || section.size > VITRINE_MOST_BIT_BYTES ||
            sizes->attributes > section.size * (VITRINE_MOST_GROWTH / sizeof(uint16_t)))
            return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "attribute index", section.offset,
                                  section.size, sizes->attributes);
    }
    const uint64_t rows = vitrine_padded_rows(c->items);
    const uint64_t width = c->precision != VITRINE_F32 ? vitrine_padded_cols_q8(c->dim)
                                                         : c->dim * sizeof(float);
    if (VITRINE_SPLIT && vitrine_container_find(file, VITRINE_S_HIGH, &section)) {
        const vitrine_status split = split_size(file, c, rows * width / 2, fault);
        sizes->split = true;
        if (split != VITRINE_OK) return split;
    } else if (!vitrine_container_find(file, VITRINE_S_ITEM, &section) || section.size != rows * width)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "item", section.offset, section.size,
                              rows * width);
    if (c->precision == VITRINE_INT8 && c->feature_hidden > 0 &&
        (!vitrine_container_find(file, VITRINE_S_FEATURE, &section) || section.size != features_size(c)))
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "feature network", section.offset, section.size,
                              features_size(c));
    matrix matrices[MATRICES];
    matrices_of(c, matrices);
    for (int m = 0; c->precision == VITRINE_INT8 && m < MATRICES; m++) {
        const uint64_t size = vitrine_packed_matrix_size(matrices[m].rows, matrices[m].cols);
        (void)vitrine_container_find(file, matrices[m].id, &section);
        if (size > 0 && section.size != size)
            return vitrine_refuse(fault, VITRINE_BAD_FORMAT, matrices[m].field, section.offset,
                                  section.size, size);
    }
    return VITRINE_OK;
}

vitrine_status vitrine_model_size(const void *bytes, size_t size, size_t *need,
                                  vitrine_fault *fault)
{
    vitrine_container file;
    vitrine_config config;
    packed_sizes sizes;
    *need = 0;
    vitrine_status status = read_head(&file, &config, bytes, size, fault);
    if (status == VITRINE_OK) status = read_sizes(&file, &config, &sizes, fault);
    if (status != VITRINE_OK) return status;
    vitrine_arena arena = {0};
    spread to;
    (void)layout(&arena, &config, &sizes, &to);
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

/* A section of `count` floats, each at least `low` and at most LARGEST. */
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

/* The offset of a section, for faults. */
static uint64_t place_of(const opening *o, uint32_t id)
{
    vitrine_section section;
    (void)vitrine_container_find(o->file, id, &section);
    return section.offset;
}

static vitrine_strings take_strings(opening *o, uint32_t id, const char *field, uint32_t count,
                                    uint32_t *offset, char *bytes)
{
    vitrine_section section;
    (void)vitrine_container_find(o->file, id, &section);
    const vitrine_strings none = {0}, strings = {offset, bytes, count};
    if (o->status != VITRINE_OK) return none;
    if (vitrine_packed_strings(section.bytes, section.size, count, offset, bytes)) return strings;
    refuse(o, VITRINE_BAD_FORMAT, field, section.offset, section.size, count);
    return none;
}

/* Small floats, to out [padded rows]; at most `largest`. */
static const float *take_small(opening *o, uint32_t id, const char *field, uint32_t count, float largest,
                               float *out)
{
    const uint16_t *codes = take(o, id, field, (uint64_t)count * sizeof *codes);
    for (uint32_t i = 0; codes != NULL && i < count; i++) {
        out[i] = vitrine_float16(codes[i]);
        if (out[i] > largest) refuse(o, VITRINE_BAD_VALUE, field, place_of(o, id) + i * 2, i, count);
    }
    return out;
}

/* Multiples of a step, to out [padded rows]. */
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
        if (!(step > 0.0f && out[i] >= ANY && out[i] <= LARGEST))
            refuse(o, VITRINE_BAD_VALUE, "bias", place_of(o, VITRINE_S_BIAS) + 4 + i * sizeof q, i, count);
    }
    return out;
}

/* The rows' sums, and for exact models how long rows are and what int8 may leave of them. */
static void open_rows(opening *o, vitrine_model *model, const spread *to)
{
    const vitrine_config *c = &model->config;
    const size_t rows = vitrine_padded_rows(c->items), cols = vitrine_padded_cols_q8(c->dim);
    const int8_t *q = take(o, VITRINE_S_ITEM, "item", (uint64_t)rows * cols);
    if (q == NULL) return;
    const float half = 0.5f * __builtin_sqrtf((float)c->dim);
    for (size_t base = 0; base < rows; base += VITRINE_PANEL) {
        int32_t square[VITRINE_PANEL];
        float length = 0.0f, rest = 0.0f;
        if (!vitrine_panel_totals_q8(q + base * cols, c->dim, to->row_sum + base, square)) {
            refuse(o, VITRINE_BAD_VALUE, "item", place_of(o, VITRINE_S_ITEM) + base * cols, 128, 127);
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
static void open_split(opening *o, vitrine_model *model, const spread *to)
{
    const vitrine_config *c = &model->config;
    const uint64_t rows = vitrine_padded_rows(c->items), half = vitrine_halves_size(c->items, c->dim);
    const uint8_t *high = take(o, VITRINE_S_HIGH, "high", half), *low = take(o, VITRINE_S_LOW, "low", half);
    if (high == NULL || low == NULL) return;
    const vitrine_rows_halves w = {high, low, model->scale, model->bias};
    for (uint64_t i = 0; i < rows; i++) {
        const float size = model->bias[i] < 0.0f ? -model->bias[i] : model->bias[i];
        model->largest_bias = size > model->largest_bias ? size : model->largest_bias;
    }
    for (size_t p = 0; p < rows / VITRINE_PANEL; p++) {
        int32_t taken, left;
        float scale = 0.0f;
        vitrine_halves_squares(&w, p, c->dim, &taken, &left);
        for (size_t r = p * VITRINE_PANEL; r < (p + 1) * VITRINE_PANEL; r++)
            scale = model->scale[r] > scale ? model->scale[r] : scale;
        to->panel_length[p] = __builtin_sqrtf((float)taken);
        to->panel_rest[p] = __builtin_sqrtf((float)left);
        to->panel_scale[p] = scale;
    }
    model->item_high = high;
    model->item_low = low;
    model->panel_length = to->panel_length;
    model->panel_rest = to->panel_rest;
    model->panel_scale = to->panel_scale;
}

static void open_items(opening *o, vitrine_model *model, const spread *to)
{
    const vitrine_config *c = &model->config;
    const uint64_t rows = vitrine_padded_rows(c->items);
    model->ids = take_strings(o, VITRINE_S_IDS, "ids", c->items, to->id_offset, to->id_bytes);
    if (c->precision == VITRINE_INT8) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): the arena was measured */
        memset(to->scale, 0, (size_t)rows * sizeof(float));
        memset(to->bias, 0, (size_t)rows * sizeof(float));
        model->bias = take_biases(o, c->items, to->bias);
        model->popularity =
            take_small(o, VITRINE_S_POPULARITY, "popularity", c->items, LARGEST, to->popularity);
        model->scale = take_small(o, VITRINE_S_SCALE, "scale", c->items, LARGEST / 127.0f, to->scale);
        if (o->status == VITRINE_OK) (VITRINE_SPLIT && to->panel_scale != NULL ? open_split : open_rows)(o, model, to);
        return;
    }
    model->bias = take_floats(o, VITRINE_S_BIAS, "bias", rows, ANY);
    model->popularity = take_floats(o, VITRINE_S_POPULARITY, "popularity", c->items, 0.0f);
    if (c->precision == VITRINE_F32) {
        model->item_f32 = take_floats(o, VITRINE_S_ITEM, "item", rows * c->dim, ANY);
        return;
    }
    model->scale = take_floats(o, VITRINE_S_SCALE, "scale", rows, 0.0f);
    model->rest = take(o, VITRINE_S_REST, "rest", (uint64_t)c->items * c->dim * sizeof(int16_t));
    if (o->status != VITRINE_OK) return;
    for (uint64_t i = 0; i < rows; i++) {
        const float size = model->bias[i] < 0.0f ? -model->bias[i] : model->bias[i];
        model->largest_bias = size > model->largest_bias ? size : model->largest_bias;
        if (!(model->scale[i] <= LARGEST / 128.0f))
            refuse(o, VITRINE_BAD_VALUE, "scale", place_of(o, VITRINE_S_SCALE) + i * 4, i, rows);
    }
    if (o->status == VITRINE_OK) (VITRINE_SPLIT && to->panel_scale != NULL ? open_split : open_rows)(o, model, to);
}

static const float *take_matrix(opening *o, const vitrine_config *c, const matrix *m, bool panels, float *out)
{
    if (m->rows == 0) return NULL;
    if (c->precision != VITRINE_INT8)
        return take_floats(o, m->id, m->field,
                           (uint64_t)(panels ? vitrine_padded_rows(m->rows) : m->rows) * m->cols, ANY);
    const uint8_t *packed = take(o, m->id, m->field, vitrine_packed_matrix_size(m->rows, m->cols));
    if (packed != NULL && !vitrine_packed_matrix(packed, m->rows, m->cols, LARGEST, panels, out))
        refuse(o, VITRINE_BAD_VALUE, m->field, place_of(o, m->id), m->rows, m->cols);
    return out;
}

static void open_network(opening *o, vitrine_model *model, const spread *to)
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
        float row[VITRINE_MAX_WIDTH];
        model->embed_packed = take(o, VITRINE_S_EMBED, "embed",
                                   vitrine_packed_matrix_size(c->embed_rows, input));
        for (uint32_t i = 0; model->embed_packed != NULL && i < c->embed_rows; i++)
            if (!vitrine_packed_row(model->embed_packed, c->embed_rows, input, i, LARGEST, row, 1)) {
                refuse(o, VITRINE_BAD_VALUE, "embed", place_of(o, VITRINE_S_EMBED), i, c->embed_rows);
                return;
            }
    }
    matrix matrices[MATRICES];
    matrices_of(c, matrices);
    const float **const views[MATRICES] = {&net->kind, &net->cell_w, &net->cell_u, &net->out_w, &net->skip_w};
    for (int m = 0; m < MATRICES; m++)
        *views[m] = take_matrix(o, c, &matrices[m], m != KIND, to->matrix[m]);
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
static void open_table(opening *o, vitrine_model *model, const spread *to)
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
        if (!(model->table_weight[w] >= 0.0f && model->table_weight[w] <= LARGEST))
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
    const uint8_t *at = take(o, VITRINE_S_FEATURE, "feature network", features_size(c));
    float *to = out;
    for (int i = 0; at != NULL && i < VITRINE_FEATURE_PIECES; i++) {
        const vitrine_feature_piece *piece = &pieces[i];
        bool fits = true;
        if (piece->bias) memcpy(to, at, piece->cols * sizeof(float));
        else fits = vitrine_packed_matrix(at, piece->rows, piece->cols, LARGEST, false, to);
        for (size_t x = 0; x < piece->cols; x++) fits = fits && to[x] >= ANY && to[x] <= LARGEST;
        if (!fits) refuse(o, VITRINE_BAD_VALUE, "feature network", place_of(o, VITRINE_S_FEATURE), (uint64_t)i, 0);
        at += vitrine_feature_piece_size(piece);
        to += piece->rows * piece->cols;
    }
    return at == NULL ? NULL : out;
}

/* Sets of attributes: u32 how many in all, then for each item its number and the gaps. */
static void read_attributes(opening *o, vitrine_model *model, const spread *to)
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

static void open_attributes(opening *o, vitrine_model *model, const spread *to)
{
    const vitrine_config *c = &model->config;
    for (uint32_t b = 0; b < VITRINE_PRICE_BANDS; b++)
        model->band_attribute[b] = VITRINE_NO_ATTRIBUTE;
    if (c->attr_mode == VITRINE_ATTR_NONE) return;

    read_attributes(o, model, to);
    model->attr_weight = take_floats(o, VITRINE_S_ATTR_WEIGHT, "attribute weight", c->attributes, 0.0f);
    if (c->price_bands > 0) model->band = take(o, VITRINE_S_BAND, "price band", c->items);
    if (c->attr_mode == VITRINE_ATTR_INDEXED)
        model->attr_names = take_strings(o, VITRINE_S_ATTR_NAMES, "attribute name", c->attributes,
                                         to->name_offset, to->name_bytes);
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
    vitrine_status status = read_head(&file, &config, bytes, size, fault);
    if (status == VITRINE_OK) status = vitrine_container_verify(&file, sums, fault);
    if (status != VITRINE_OK) return status;

    vitrine_arena arena = {mem, mem_size, 0, false};
    packed_sizes sizes;
    spread to;
    if (mem == NULL || ((uintptr_t)mem & (VITRINE_ALIGN - 1)) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_ARGUMENT, "mem", 0, (uintptr_t)mem & 63u, 0);
    if ((status = read_sizes(&file, &config, &sizes, fault)) != VITRINE_OK) return status;
    vitrine_model *model = layout(&arena, &config, &sizes, &to);
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

static void exact_row(const vitrine_model *model, uint32_t item, float *out)
{
    const vitrine_rows_exact w = {model->item_q8, model->rest, model->scale, model->bias};
    const vitrine_exact_row row = vitrine_exact_row_of(&w, item, model->config.dim);
    for (uint32_t c = 0; c < model->config.dim; c++) out[c] = vitrine_exact_weight(row, c);
}

/* The same numbers from two halves. */
static void split_row(const vitrine_model *model, uint32_t item, float *out)
{
    int8_t q[VITRINE_MAX_WIDTH];
    const uint32_t dim = model->config.dim;
    const vitrine_rows_halves w = {model->item_high, model->item_low, model->scale, model->bias};
    const float scale = model->scale[item];
    vitrine_halves_row(q, &w, item, dim);
    const int16_t *rest = model->rest == NULL ? NULL : model->rest + (size_t)item * dim;
    for (uint32_t c = 0; c < dim; c++)
        out[c] = rest == NULL ? (float)q[c] * scale : (float)(q[c] * 65536 + rest[c]) * (scale * (1.0f / 65536.0f));
}

void vitrine_model_item_vector(const vitrine_model *model, uint32_t item, float *out)
{
    if (vitrine_model_is_split(model))
        split_row(model, item, out);
    else if (model->config.precision == VITRINE_INT8)
        vitrine_row_q8(model->item_q8, model->scale[item], item, model->config.dim, out);
    else if (model->config.precision == VITRINE_EXACT)
        exact_row(model, item, out);
    else
        vitrine_panels_row_f32(out, model->item_f32, item, model->config.dim);
}

void vitrine_model_input(const vitrine_model *model, uint32_t item, float *out)
{
    const size_t width = model->config.net.input, rows = model->config.embed_rows;
    const uint8_t *packed = model->embed_packed;
    if (packed == NULL) {
        memcpy(out, model->net.embed + item * width, width * sizeof *out);
        return;
    }
    (void)vitrine_packed_row(packed, rows, width, item, LARGEST, out, 1);
}

vitrine_table_walk vitrine_table_row(const vitrine_model *model, uint32_t item)
{
    vitrine_table_walk walk = {model->table, model->table_weight, model->table_bits,
                               model->config.items, 0, 0};
    if (model->table_row == NULL || item >= model->config.items) return walk;
    walk.in.at = model->table_row[item];
    walk.left = vitrine_bits_golomb(&walk.in, 2);
    return walk;
}

bool vitrine_table_next(vitrine_table_walk *walk, vitrine_neighbour *neighbour)
{
    if (walk->left == 0 ||
        !vitrine_bits_set_next(&walk->in, &walk->next, walk->items, walk->left, &neighbour->item))
        return false;
    neighbour->weight = walk->weight[vitrine_bits_read(&walk->in, walk->bits)];
    walk->left--;
    return walk->in.ok;
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
