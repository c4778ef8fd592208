/* Parts to bytes. The layout runs twice, first to measure and then to fill, so bound and file agree;
 * the checks are those of head.c and of opening what was written. */
#include "model/model_writer.h"

#include <string.h>

#include "base/fault.h"
#include "model/container.h"
#include "model/head.h"

/* Weight bytes of the item-to-item table: w = 2^(-byte / 20), from 1 down to 2^-12.75; half a step
 * is 1.7 per cent, which ranking does not notice. Written into the file, so readers need no formula. */
static void table_codebook(float codebook[256])
{
    /* 2^(-1/20) to the n-th by repeated products in double: the same bits on every machine. */
    const double ratio = 0.96593632892484556;
    double weight = 1.0;
    for (int i = 0; i < 256; i++) {
        codebook[i] = (float)weight;
        weight *= ratio;
    }
}

static uint8_t nearest_code(const float codebook[256], float weight)
{
    int low = 0, high = 255; /* codebook descends */
    while (low < high) {
        const int middle = (low + high) / 2;
        if (codebook[middle] + codebook[middle + 1] > 2.0f * weight)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint8_t)low;
}

/* One row of the table; counts the bytes when out is null. */
static size_t write_row(const vitrine_model_parts *p, uint32_t item, const float *codebook, uint8_t *out)
{
    size_t used = 0;
    uint32_t next = 0;
    for (uint64_t e = p->table_offset[item]; e < p->table_offset[item + 1]; e++) {
        uint32_t value = p->table_neighbour[e] - next;
        next = p->table_neighbour[e] + 1;
        for (;;) {
            const uint8_t byte = (uint8_t)(value & 127u);
            value >>= 7;
            if (out != NULL) out[used] = value > 0 ? byte | 128u : byte;
            used++;
            if (value == 0) break;
        }
        if (out != NULL) out[used] = nearest_code(codebook, p->table_weight[e]);
        used++;
    }
    return used;
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
    const float scale = largest / 127.0f;
    for (uint32_t c = 0; c < cols; c++) {
        /* Adding and taking away 1.5 * 2^23 rounds to the nearest whole number, ties to even. */
        const float steps = scale > 0.0f ? row[c] / scale : 0.0f;
        const float rounded = (steps + 12582912.0f) - 12582912.0f;
        out[c] = (int8_t)(rounded > 127.0f ? 127.0f : rounded < -127.0f ? -127.0f : rounded);
    }
    return scale;
}

void vitrine_row_into_panels(const int8_t *row, uint32_t item, uint32_t cols, int8_t *panels)
{
    const size_t groups = vitrine_padded_cols_q8(cols) / 4;
    int8_t *panel = panels + item / VITRINE_PANEL * groups * 4 * VITRINE_PANEL;
    for (uint32_t c = 0; c < cols; c++)
        panel[c / 4 * (4 * VITRINE_PANEL) + item % VITRINE_PANEL * 4 + c % 4] = row[c];
}

static void put_items(vitrine_container_writer *w, const vitrine_model_parts *p)
{
    const vitrine_config *c = &p->config;
    const size_t rows = vitrine_padded_rows(c->items);
    if (c->precision == VITRINE_F32) {
        put_panels(w, VITRINE_S_ITEM, p->item, c->items, c->dim);
        return;
    }
    int8_t *panels = vitrine_container_add(w, VITRINE_S_ITEM, rows * vitrine_padded_cols_q8(c->dim));
    float *scale = vitrine_container_add(w, VITRINE_S_SCALE, rows * sizeof(float));
    if (panels == NULL || scale == NULL) return;
    int8_t row[VITRINE_MAX_WIDTH];
    for (uint32_t i = 0; i < c->items; i++) {
        scale[i] = vitrine_quantize_row(p->item + (size_t)i * c->dim, c->dim, row);
        vitrine_row_into_panels(row, i, c->dim, panels);
    }
}

static void put_network(vitrine_container_writer *w, const vitrine_model_parts *p)
{
    const vitrine_config *c = &p->config;
    const size_t input = c->net.input, hidden = c->net.hidden, dim = c->dim;
    const size_t gates = vitrine_cell_gates(c->net.cell) * hidden;
    if (c->net.cell == VITRINE_CELL_NONE) return;
    if (c->embed_rows > 0) put_floats(w, VITRINE_S_EMBED, p->embed, c->embed_rows * input);
    put_floats(w, VITRINE_S_KIND_EMBED, p->kind, VITRINE_EVENT_KINDS * input);
    if (gates > 0) {
        put_panels(w, VITRINE_S_CELL_W, p->cell_w, gates, input);
        put_panels(w, VITRINE_S_CELL_U, p->cell_u, gates, hidden);
        put_padded(w, VITRINE_S_CELL_B, p->cell_b, gates);
    }
    if (c->net.cell == VITRINE_CELL_GRU) put_padded(w, VITRINE_S_CELL_C, p->cell_c, hidden);
    if (c->net.flags & VITRINE_NET_OUT) put_panels(w, VITRINE_S_OUT_W, p->out_w, dim, hidden);
    if (c->net.flags & VITRINE_NET_SKIP) put_panels(w, VITRINE_S_SKIP_W, p->skip_w, dim, input);
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
    const uint32_t items = p->config.items;
    float codebook[256];
    table_codebook(codebook);
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < items; i++) bytes += write_row(p, i, codebook, NULL);
    uint32_t *offset =
        vitrine_container_add(w, VITRINE_S_TABLE_OFFSET, ((size_t)items + 1) * sizeof(uint32_t));
    uint8_t *data = vitrine_container_add(w, VITRINE_S_TABLE_DATA, (size_t)bytes);
    put_floats(w, VITRINE_S_TABLE_WEIGHT, codebook, 256);
    if (offset == NULL) return;
    uint32_t used = 0;
    for (uint32_t i = 0; i < items; i++) {
        offset[i] = used;
        if (data != NULL) used += (uint32_t)write_row(p, i, codebook, data + used);
    }
    offset[items] = used;
}

static void put_strings(vitrine_container_writer *w, uint32_t offset_id, uint32_t bytes_id,
                        const uint32_t *offset, const char *bytes, uint32_t count)
{
    uint32_t *to = vitrine_container_add(w, offset_id, ((size_t)count + 1) * sizeof(uint32_t));
    char *text = vitrine_container_add(w, bytes_id, offset[count]);
    if (to != NULL) memcpy(to, offset, ((size_t)count + 1) * sizeof(uint32_t));
    if (text != NULL) memcpy(text, bytes, offset[count]);
}

static void put_attributes(vitrine_container_writer *w, const vitrine_model_parts *p)
{
    const vitrine_config *c = &p->config;
    if (c->attr_mode == VITRINE_ATTR_NONE) return;
    const uint32_t entries = p->attr_offset[c->items];
    uint32_t *offset =
        vitrine_container_add(w, VITRINE_S_ATTR_OFFSET, ((size_t)c->items + 1) * sizeof(uint32_t));
    uint16_t *index = vitrine_container_add(w, VITRINE_S_ATTR_INDEX, entries * sizeof(uint16_t));
    put_floats(w, VITRINE_S_ATTR_WEIGHT, p->attr_weight, c->attributes);
    uint8_t *band = vitrine_container_add(w, VITRINE_S_BAND, c->items);
    if (offset != NULL) memcpy(offset, p->attr_offset, ((size_t)c->items + 1) * sizeof(uint32_t));
    if (index != NULL)
        for (uint32_t e = 0; e < entries; e++) index[e] = (uint16_t)p->attr_index[e];
    if (band != NULL && p->band != NULL) memcpy(band, p->band, c->items);
    if (band != NULL && p->band == NULL) memset(band, VITRINE_NO_BAND, c->items);
    if (c->attr_mode == VITRINE_ATTR_INDEXED)
        put_strings(w, VITRINE_S_ATTR_NAME_OFFSET, VITRINE_S_ATTR_NAME_BYTES, p->attr_name_offset,
                    p->attr_name_bytes, c->attributes);
    if (c->feature_hidden == 0) return;
    float *to = vitrine_container_add(w, VITRINE_S_FEATURE, vitrine_feature_floats(c) * sizeof(float));
    if (to == NULL) return;
    const size_t hidden = c->feature_hidden, inputs = VITRINE_NUMERICS + (size_t)c->vector_dim;
    const struct {
        const float *values;
        size_t count;
    } pieces[] = {{p->feature_embed, hidden * c->attributes},
                  {p->feature_dense, hidden * inputs},
                  {p->feature_bias, hidden},
                  {p->feature_out, hidden * c->dim},
                  {p->feature_out_bias, c->dim}};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        memcpy(to, pieces[i].values, pieces[i].count * sizeof(float));
        to += pieces[i].count;
    }
}

static void put_all(vitrine_container_writer *w, const vitrine_model_parts *p)
{
    const vitrine_config *c = &p->config;
    uint8_t *head = vitrine_container_add(w, VITRINE_S_HEAD, vitrine_head_size());
    if (head != NULL) vitrine_head_write(c, head);
    put_strings(w, VITRINE_S_ID_OFFSET, VITRINE_S_ID_BYTES, p->id_offset, p->id_bytes, c->items);
    put_items(w, p);
    put_padded(w, VITRINE_S_BIAS, p->bias, c->items);
    put_floats(w, VITRINE_S_POPULARITY, p->popularity, c->items);
    put_network(w, p);
    put_table(w, p);
    put_attributes(w, p);
    vitrine_kind_weight *kinds =
        vitrine_container_add(w, VITRINE_S_KINDS, VITRINE_EVENT_KINDS * sizeof *kinds);
    if (kinds != NULL) memcpy(kinds, p->kinds, VITRINE_EVENT_KINDS * sizeof *kinds);
    put_floats(w, VITRINE_S_FUSE, p->fuse, (size_t)VITRINE_CONTEXTS * 5);
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
