#include "model/model_parts.h"

#include <string.h>

#include "base/arena.h"

/* A matrix of panels as rows; null stays null. */
static const float *rows_of(vitrine_arena *arena, const float *panels, size_t rows, size_t cols)
{
    if (panels == NULL) return NULL;
    float *out = VITRINE_TAKE(arena, float, rows *cols);
    if (out != NULL)
        for (size_t r = 0; r < rows; r++)
            vitrine_panels_row_f32(out + r * cols, panels, r, cols);
    return out;
}

/* The same of one that stayed bytes. */
static const float *rows_of_bytes(vitrine_arena *arena, const vitrine_rows_q8 *w, size_t rows, size_t cols)
{
    float *out = VITRINE_TAKE(arena, float, rows *cols);
    if (out != NULL)
        for (size_t r = 0; r < rows; r++)
            vitrine_row_q8(w->panels, w->scale[r], (uint32_t)r, (uint32_t)cols, out + r * cols);
    return out;
}

static void unpack_table(vitrine_arena *arena, const vitrine_model *m, vitrine_model_parts *p)
{
    if (m->table_row == NULL) return;
    const uint32_t items = m->config.items;
    uint64_t entries = 0;
    vitrine_neighbour n;
    for (uint32_t i = 0; i < items; i++)
        for (vitrine_table_walk w = vitrine_table_row(m, i); vitrine_table_next(&w, &n);) entries++;
    uint64_t *offset = VITRINE_TAKE(arena, uint64_t, (size_t)items + 1);
    uint32_t *neighbour = VITRINE_TAKE(arena, uint32_t, (size_t)entries);
    float *weight = VITRINE_TAKE(arena, float, (size_t)entries);
    if (offset == NULL || neighbour == NULL || weight == NULL) return;
    uint64_t e = 0;
    for (uint32_t i = 0; i < items; i++) {
        offset[i] = e;
        for (vitrine_table_walk w = vitrine_table_row(m, i); vitrine_table_next(&w, &n); e++) {
            neighbour[e] = n.item;
            weight[e] = n.weight;
        }
    }
    offset[items] = e;
    p->table_offset = offset;
    p->table_neighbour = neighbour;
    p->table_weight = weight;
    p->table_bits = m->table_bits;
}

/* Where each string begins, as parts have it: also of one that says where each length begins. */
static const uint32_t *offsets(vitrine_arena *arena, const vitrine_strings *s)
{
    uint32_t *offset = VITRINE_TAKE(arena, uint32_t, (size_t)s->count + 1);
    size_t length;
    if (offset == NULL) return NULL;
    offset[0] = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        (void)vitrine_strings_get(s, i, &length);
        offset[i + 1] = offset[i] + (uint32_t)length;
    }
    return offset;
}

static void unpack_attributes(vitrine_arena *arena, const vitrine_model *m, vitrine_model_parts *p)
{
    if (m->attr_offset == NULL) return;
    const uint32_t entries = m->attr_offset[m->config.items];
    uint32_t *index = VITRINE_TAKE(arena, uint32_t, entries);
    if (index != NULL)
        for (uint32_t e = 0; e < entries; e++) index[e] = m->attr_index[e];
    p->attr_offset = m->attr_offset;
    p->attr_index = index;
    p->attr_weight = m->attr_weight;
    p->band = m->band;
    p->attr_name_offset = offsets(arena, &m->attr_names);
    p->attr_name_bytes = m->attr_names.bytes;
    p->feature_embed = m->feature_embed;
    p->feature_dense = m->feature_dense;
    p->feature_bias = m->feature_bias;
    p->feature_out = m->feature_out;
    p->feature_out_bias = m->feature_out_bias;
}

static void unpack(vitrine_arena *arena, const vitrine_model *m, vitrine_model_parts *p)
{
    const vitrine_config *c = &m->config;
    const size_t input = c->net.input, hidden = c->net.hidden, dim = c->dim;
    const size_t gates = vitrine_cell_gates(c->net.cell) * hidden;
    memset(p, 0, sizeof *p);
    p->config = *c;
    p->version = m->version;
    p->id_offset = offsets(arena, &m->ids);
    p->id_bytes = m->ids.bytes;
    float *item = VITRINE_TAKE(arena, float, (size_t)c->items *dim);
    if (item != NULL)
        for (uint32_t i = 0; i < c->items; i++) vitrine_model_item_vector(m, i, item + i * dim);
    p->item = item;
    p->bias = m->bias;
    float *popularity = VITRINE_TAKE(arena, float, c->items);
    if (popularity != NULL) vitrine_popularities(m, popularity);
    p->popularity = popularity;
    p->embed = m->net.embed;
    if (m->embed_packed != NULL) {
        float *embed = VITRINE_TAKE(arena, float, c->embed_rows *input);
        for (uint32_t i = 0; embed != NULL && i < c->embed_rows; i++)
            vitrine_model_input(m, i, embed + i * input);
        p->embed = embed;
    }
    p->kind = m->net.kind;
    const bool bytes = (c->net.flags & VITRINE_NET_BYTES) != 0;
    p->cell_w = bytes ? rows_of_bytes(arena, &m->net.cell_w_q8, gates, input) : rows_of(arena, m->net.cell_w, gates, input);
    p->cell_u = bytes ? rows_of_bytes(arena, &m->net.cell_u_q8, gates, hidden) : rows_of(arena, m->net.cell_u, gates, hidden);
    p->cell_b = m->net.cell_b;
    p->cell_c = m->net.cell_c;
    p->out_w = rows_of(arena, m->net.out_w, dim, hidden);
    p->skip_w = rows_of(arena, m->net.skip_w, dim, input);
    p->norm_gain = m->net.norm_gain;
    p->norm_bias = m->net.norm_bias;
    unpack_table(arena, m, p);
    unpack_attributes(arena, m, p);
    p->kinds = m->kinds;
    p->fuse = m->fuse;
    p->trend = m->trend;
    p->intent = m->intent_section;
    p->intent_size = m->intent_section != NULL ? vitrine_intent_size(m->intent.hidden) : 0;
    p->card = m->card;
    p->card_size = m->card_size;
}

size_t vitrine_model_unpack_size(const vitrine_model *model)
{
    vitrine_arena arena = {0};
    vitrine_model_parts parts;
    unpack(&arena, model, &parts);
    return arena.used;
}

vitrine_status vitrine_model_unpack(const vitrine_model *model, void *mem, size_t mem_size,
                                    vitrine_model_parts *parts)
{
    vitrine_arena arena = {mem, mem_size, 0, false};
    if (mem == NULL || ((uintptr_t)mem & (VITRINE_ALIGN - 1)) != 0) return VITRINE_BAD_ARGUMENT;
    unpack(&arena, model, parts);
    return arena.failed ? VITRINE_NO_SPACE : VITRINE_OK;
}
