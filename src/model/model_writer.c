/* Parts to bytes. The layout runs twice, first to measure and then to fill, so bound and file agree;
 * the checks are those of head.c and of opening what was written. */
#include "model/model_writer.h"

#include <string.h>

#include "base/fault.h"
#include "model/container.h"
#include "model/head.h"
#include "model/packing.h"

void vitrine_config_set_precision(vitrine_config *config, uint32_t precision, bool byte_gates)
{
    const bool bytes = byte_gates && precision == VITRINE_INT8 && vitrine_cell_gates(config->net.cell) > 0;
    config->precision = precision;
    config->net.flags &= ~(uint32_t)VITRINE_NET_BYTES;
    if (bytes) config->net.flags |= VITRINE_NET_BYTES;
}

static void put_floats(vitrine_container_writer *w, uint32_t id, const float *values, size_t count)
{
    float *to = vitrine_container_add(w, id, count * sizeof(float));
    if (to != NULL && values != NULL) memcpy(to, values, count * sizeof(float));
}

/* A row-major matrix as panels of 32 rows, kernels/gemv.h. */
static void put_panels(vitrine_container_writer *w, uint32_t id, const float *matrix, size_t rows,
                       size_t cols)
{
    float *to = vitrine_container_add(w, id, vitrine_padded_rows(rows) * cols * sizeof(float));
    if (to != NULL) vitrine_panels_pack_f32(to, matrix, rows, cols);
}

static void put_padded(vitrine_container_writer *w, uint32_t id, const float *values, size_t count)
{
    float *to = vitrine_container_add(w, id, vitrine_padded_rows(count) * sizeof(float));
    if (to != NULL) memcpy(to, values, count * sizeof(float));
}

float vitrine_quantize_row(const float *row, uint32_t cols, int8_t *out)
{
    float largest = 0.0f;
    for (uint32_t c = 0; c < cols; c++) {
        const float size = row[c] < 0.0f ? -row[c] : row[c];
        if (size > largest) largest = size;
    }
    const float scale = vitrine_float16(vitrine_float16_code(largest / 127.0f));
    for (uint32_t c = 0; c < cols; c++) {
        /* Adding and taking away 1.5 * 2^23 rounds to the nearest whole number, ties to even. */
        const float steps = scale > 0.0f ? row[c] / scale : 0.0f;
        const float rounded = (steps + 12582912.0f) - 12582912.0f;
        out[c] = (int8_t)(rounded > 127.0f ? 127.0f : rounded < -127.0f ? -127.0f : rounded);
    }
    return scale;
}

static void put_small(vitrine_container_writer *w, uint32_t id, const float *values, size_t count)
{
    uint16_t *to = vitrine_container_add(w, id, count * sizeof *to);
    for (size_t i = 0; to != NULL && i < count; i++) to[i] = vitrine_float16_code(values[i]);
}

/* A step, then 16-bit multiples of it. The step is the least power of two that reaches all of them:
 * reading and writing again changes nothing. What is no number or too large makes a step that no
 * reader takes. */
static void put_biases(vitrine_container_writer *w, const float *bias, uint32_t items)
{
    uint8_t *to = vitrine_container_add(w, VITRINE_S_BIAS, 4 + (size_t)items * sizeof(int16_t));
    float step = 1.0f / (1 << 24), largest = 0.0f;
    if (to == NULL) return;
    for (uint32_t i = 0; i < items; i++) {
        const float size = bias[i] < 0.0f ? -bias[i] : bias[i];
        if (!(size <= largest)) largest = size;
        if (!(size <= 1e6f)) break;
    }
    while (step * 32767.0f < largest && step < 1e6f) step *= 2.0f;
    if (!(step * 32767.0f >= largest)) step = largest;
    memcpy(to, &step, sizeof step);
    for (uint32_t i = 0; i < items && step <= 1e6f; i++) {
        const float rounded = (bias[i] / step + 12582912.0f) - 12582912.0f;
        const int16_t q = (int16_t)rounded;
        memcpy(to + 4 + i * sizeof q, &q, sizeof q);
    }
}

float vitrine_split_row(const float *row, uint32_t cols, int8_t *q, int16_t *rest)
{
    float largest = 0.0f;
    for (uint32_t c = 0; c < cols; c++) {
        const float size = row[c] < 0.0f ? -row[c] : row[c];
        if (size > largest) largest = size;
    }
    /* So small that the unit would leave the range of normal floats: nothing, to every score. */
    const float scale = largest < 1e-30f ? 0.0f : largest / 127.0f;
    for (uint32_t c = 0; c < cols; c++) {
        /* Adding and taking away 1.5 * 2^52 rounds a double to the nearest whole number. */
        const double units = scale > 0.0f ? (double)row[c] / ((double)scale / 65536.0) : 0.0;
        int32_t n = (int32_t)((units + 6755399441055744.0) - 6755399441055744.0);
        const int32_t most = 127 * 65536 + 32767;
        n = n > most ? most : n < -most ? -most : n;
        const int32_t high = (n + 128 * 65536 + 32768) / 65536 - 128;
        q[c] = (int8_t)high;
        rest[c] = (int16_t)(n - high * 65536);
    }
    return scale;
}

/* int8 rows with a scale each, and what they leave over. */
static void put_exact(vitrine_container_writer *w, const vitrine_model_parts *p)
{
    const vitrine_config *c = &p->config;
    const size_t rows = vitrine_padded_rows(c->items);
    int8_t *panels = vitrine_container_add(w, VITRINE_S_ITEM, rows * vitrine_padded_cols_q8(c->dim));
    float *scale = vitrine_container_add(w, VITRINE_S_SCALE, rows * sizeof *scale);
    int16_t *rest = vitrine_container_add(w, VITRINE_S_REST, (size_t)c->items * c->dim * sizeof *rest);
    put_padded(w, VITRINE_S_BIAS, p->bias, c->items);
    put_floats(w, VITRINE_S_POPULARITY, p->popularity, c->items);
    if (panels == NULL || scale == NULL || rest == NULL) return;
    int8_t row[VITRINE_MAX_WIDTH];
    for (uint32_t i = 0; i < c->items; i++) {
        const size_t at = (size_t)i * c->dim;
        scale[i] = vitrine_split_row(p->item + at, c->dim, row, rest + at);
        vitrine_panels_put_row_q8(panels, row, i, c->dim);
    }
}

static void put_items(vitrine_container_writer *w, const vitrine_model_parts *p)
{
    const vitrine_config *c = &p->config;
    const size_t rows = vitrine_padded_rows(c->items);
    if (c->precision == VITRINE_F32) {
        put_panels(w, VITRINE_S_ITEM, p->item, c->items, c->dim);
        put_padded(w, VITRINE_S_BIAS, p->bias, c->items);
        put_floats(w, VITRINE_S_POPULARITY, p->popularity, c->items);
        return;
    }
    if (c->precision == VITRINE_EXACT) {
        put_exact(w, p);
        return;
    }
    int8_t *panels = vitrine_container_add(w, VITRINE_S_ITEM, rows * vitrine_padded_cols_q8(c->dim));
    uint16_t *scale = vitrine_container_add(w, VITRINE_S_SCALE, c->items * sizeof *scale);
    put_biases(w, p->bias, c->items);
    put_small(w, VITRINE_S_POPULARITY, p->popularity, c->items);
    if (panels == NULL || scale == NULL) return;
    int8_t row[VITRINE_MAX_WIDTH];
    for (uint32_t i = 0; i < c->items; i++) {
        scale[i] = vitrine_float16_code(vitrine_quantize_row(p->item + (size_t)i * c->dim, c->dim, row));
        vitrine_panels_put_row_q8(panels, row, i, c->dim);
    }
}

/* Panels of floats, or bytes with a scale for each row. */
static void put_matrix(vitrine_container_writer *w, const vitrine_model_parts *p, uint32_t id,
                       const float *matrix, size_t rows, size_t cols)
{
    if (p->config.precision != VITRINE_INT8) {
        put_panels(w, id, matrix, rows, cols);
        return;
    }
    uint8_t *to = vitrine_container_add(w, id, (size_t)vitrine_packed_matrix_size(rows, cols));
    if (to != NULL && matrix != NULL) vitrine_pack_matrix(matrix, rows, cols, to);
}

/* The same for rows that are looked up one by one. */
static void put_rows(vitrine_container_writer *w, const vitrine_model_parts *p, uint32_t id,
                     const float *matrix, size_t rows, size_t cols)
{
    if (p->config.precision != VITRINE_INT8) put_floats(w, id, matrix, rows * cols);
    else put_matrix(w, p, id, matrix, rows, cols);
}

static void put_network(vitrine_container_writer *w, const vitrine_model_parts *p)
{
    const vitrine_config *c = &p->config;
    const size_t input = c->net.input, hidden = c->net.hidden, dim = c->dim;
    const size_t gates = vitrine_cell_gates(c->net.cell) * hidden;
    if (c->net.cell == VITRINE_CELL_NONE) return;
    if (c->embed_rows > 0) put_rows(w, p, VITRINE_S_EMBED, p->embed, c->embed_rows, input);
    put_rows(w, p, VITRINE_S_KIND_EMBED, p->kind, vitrine_kind_rows(&c->net), input);
    if (gates > 0) {
        put_matrix(w, p, VITRINE_S_CELL_W, p->cell_w, gates, input);
        put_matrix(w, p, VITRINE_S_CELL_U, p->cell_u, gates, hidden);
        put_padded(w, VITRINE_S_CELL_B, p->cell_b, gates);
    }
    if (c->net.cell == VITRINE_CELL_GRU) put_padded(w, VITRINE_S_CELL_C, p->cell_c, hidden);
    if (c->net.flags & VITRINE_NET_OUT) put_matrix(w, p, VITRINE_S_OUT_W, p->out_w, dim, hidden);
    if (c->net.flags & VITRINE_NET_SKIP) put_matrix(w, p, VITRINE_S_SKIP_W, p->skip_w, dim, input);
    if (c->net.flags & VITRINE_NET_NORM) {
        float *to = vitrine_container_add(w, VITRINE_S_NORM, 2 * dim * sizeof(float));
        if (to == NULL) return;
        memcpy(to, p->norm_gain, dim * sizeof(float));
        memcpy(to + dim, p->norm_bias, dim * sizeof(float));
    }
}

static void put_table(vitrine_container_writer *w, const vitrine_model_parts *p)
{
    if (p->table_offset == NULL) return;
    uint8_t *to = vitrine_container_add(w, VITRINE_S_TABLE, vitrine_pack_table(p, NULL));
    if (to != NULL) (void)vitrine_pack_table(p, to);
}

static void put_strings(vitrine_container_writer *w, uint32_t id, const uint32_t *offset,
                        const char *bytes, uint32_t count)
{
    uint8_t *to = vitrine_container_add(w, id, vitrine_pack_strings(offset, bytes, count, NULL));
    if (to != NULL) (void)vitrine_pack_strings(offset, bytes, count, to);
}

static void put_attributes(vitrine_container_writer *w, const vitrine_model_parts *p)
{
    const vitrine_config *c = &p->config;
    if (c->attr_mode == VITRINE_ATTR_NONE) return;
    uint8_t *sets = vitrine_container_add(w, VITRINE_S_ATTRIBUTES, vitrine_pack_attributes(p, NULL));
    if (sets != NULL) (void)vitrine_pack_attributes(p, sets);
    put_floats(w, VITRINE_S_ATTR_WEIGHT, p->attr_weight, c->attributes);
    if (c->price_bands > 0) {
        uint8_t *band = vitrine_container_add(w, VITRINE_S_BAND, c->items);
        if (band != NULL && p->band != NULL) memcpy(band, p->band, c->items);
        if (band != NULL && p->band == NULL) memset(band, VITRINE_NO_BAND, c->items);
    }
    if (c->attr_mode == VITRINE_ATTR_INDEXED)
        put_strings(w, VITRINE_S_ATTR_NAMES, p->attr_name_offset, p->attr_name_bytes, c->attributes);
    if (c->feature_hidden == 0) return;
    const float *const values[VITRINE_FEATURE_PIECES] = {
        p->feature_embed, p->feature_dense, p->feature_bias, p->feature_out, p->feature_out_bias};
    const bool bytes = c->precision == VITRINE_INT8;
    vitrine_feature_piece pieces[VITRINE_FEATURE_PIECES];
    size_t size = 0;
    vitrine_feature_pieces(c, pieces);
    for (int i = 0; i < VITRINE_FEATURE_PIECES; i++) size += vitrine_feature_piece_size(&pieces[i]);
    if (!bytes) size = vitrine_feature_floats(c) * sizeof(float);
    uint8_t *to = vitrine_container_add(w, VITRINE_S_FEATURE, size);
    for (int i = 0; to != NULL && i < VITRINE_FEATURE_PIECES; i++) {
        const vitrine_feature_piece *piece = &pieces[i];
        const size_t floats = piece->rows * piece->cols * sizeof(float);
        if (bytes && !piece->bias) vitrine_pack_matrix(values[i], piece->rows, piece->cols, to);
        else memcpy(to, values[i], floats);
        to += bytes ? vitrine_feature_piece_size(piece) : floats;
    }
}

static void put_all(vitrine_container_writer *w, const vitrine_model_parts *p)
{
    const vitrine_config *c = &p->config;
    uint8_t *head = vitrine_container_add(w, VITRINE_S_HEAD, vitrine_head_size());
    if (head != NULL) vitrine_head_write(c, head);
    put_strings(w, VITRINE_S_IDS, p->id_offset, p->id_bytes, c->items);
    put_items(w, p);
    put_network(w, p);
    put_table(w, p);
    put_attributes(w, p);
    vitrine_kind_weight *kinds =
        vitrine_container_add(w, VITRINE_S_KINDS, VITRINE_EVENT_KINDS * sizeof *kinds);
    if (kinds != NULL) memcpy(kinds, p->kinds, VITRINE_EVENT_KINDS * sizeof *kinds);
    put_floats(w, VITRINE_S_FUSE, p->fuse, (size_t)VITRINE_CONTEXTS * 5);
    uint8_t *trend = p->trend != NULL ? vitrine_container_add(w, VITRINE_S_TREND, c->items) : NULL;
    if (trend != NULL) memcpy(trend, p->trend, c->items);
    uint8_t *intent = p->intent != NULL ? vitrine_container_add(w, VITRINE_S_INTENT, p->intent_size) : NULL;
    if (intent != NULL) memcpy(intent, p->intent, p->intent_size);
    char *card = vitrine_container_add(w, VITRINE_S_CARD, p->card_size);
    if (card != NULL) memcpy(card, p->card, p->card_size);
}

/* The table of sections has exactly as many entries as there are sections: count them first. */
static vitrine_status write_all(const vitrine_model_parts *p, void *out, size_t size, size_t *written)
{
    vitrine_container_writer w;
    vitrine_container_begin(&w, NULL, 0, VITRINE_KIND_MODEL, p->version, NULL, VITRINE_MAX_SECTIONS);
    put_all(&w, p);
    const uint32_t sections = w.sections;
    vitrine_container_begin(&w, out, size, VITRINE_KIND_MODEL, p->version, NULL, sections);
    put_all(&w, p);
    return vitrine_container_end(&w, written);
}

size_t vitrine_model_write_bound(const vitrine_model_parts *parts)
{
    size_t bytes;
    return write_all(parts, NULL, 0, &bytes) == VITRINE_OK ? bytes : 0;
}

vitrine_status vitrine_model_write(const vitrine_model_parts *parts, void *out, size_t size,
                                   size_t *written, vitrine_fault *fault)
{
    *written = 0;
    const vitrine_status checked = vitrine_config_check(&parts->config, 0, fault);
    if (checked != VITRINE_OK) return checked;
    if (out == NULL || ((uintptr_t)out & (VITRINE_SECTION_ALIGN - 1)) != 0)
        return vitrine_refuse(fault, VITRINE_BAD_ARGUMENT, "out", 0, (uintptr_t)out & 63u, 0);
    const vitrine_status status = write_all(parts, out, size, written);
    if (status != VITRINE_OK) vitrine_refuse(fault, status, "size", 0, size, vitrine_model_write_bound(parts));
    return status;
}
