/* Sizes and places of what opening a model spreads out. Contract: model_room.h. */
#include "model/model_room.h"

#include <string.h>

#include "base/fault.h"
#include "base/reader.h"
#include "model/head.h"
#include "model/packed.h"

void vitrine_matrices_of(const vitrine_config *c, vitrine_matrix out[VITRINE_MATRICES])
{
    const size_t some = c->net.cell != VITRINE_CELL_NONE, dim = c->dim * some;
    const size_t gates = vitrine_cell_gates(c->net.cell) * (size_t)c->net.hidden;
    const uint32_t flags = c->net.flags;
    out[VITRINE_M_KIND] = (vitrine_matrix){VITRINE_S_KIND_EMBED, "kind embedding", vitrine_kind_rows(&c->net) * some,
                                           c->net.input};
    out[VITRINE_M_CELL_W] = (vitrine_matrix){VITRINE_S_CELL_W, "cell w", gates, c->net.input};
    out[VITRINE_M_CELL_U] = (vitrine_matrix){VITRINE_S_CELL_U, "cell u", gates, c->net.hidden};
    out[VITRINE_M_OUT_W] = (vitrine_matrix){VITRINE_S_OUT_W, "out w", flags & VITRINE_NET_OUT ? dim : 0, c->net.hidden};
    out[VITRINE_M_SKIP_W] = (vitrine_matrix){VITRINE_S_SKIP_W, "skip w", flags & VITRINE_NET_SKIP ? dim : 0, c->net.input};
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

vitrine_model *vitrine_room_layout(vitrine_arena *arena, const vitrine_config *c, const vitrine_room_sizes *sizes,
                                   vitrine_room *to)
{
    vitrine_model *model = VITRINE_TAKE(arena, vitrine_model, 1);
    const size_t rows = vitrine_padded_rows(c->items);
    memset(to, 0, sizeof *to);
    to->id_stretch = VITRINE_TAKE(arena, vitrine_stretch, vitrine_packed_stretches(c->items, sizes->id_bytes));
    to->id_bytes = VITRINE_TAKE(arena, char, sizes->id_bytes);
    if (sizes->table) to->table_row = VITRINE_TAKE(arena, uint32_t, c->items);
    if (c->attr_mode != VITRINE_ATTR_NONE) {
        to->attr_offset = VITRINE_TAKE(arena, uint32_t, (size_t)c->items + 1);
        to->attr_index = VITRINE_TAKE(arena, uint16_t, sizes->attributes);
    }
    if (c->attr_mode == VITRINE_ATTR_INDEXED) {
        to->name_stretch = VITRINE_TAKE(arena, vitrine_stretch, vitrine_packed_stretches(c->attributes, sizes->name_bytes));
        to->name_bytes = VITRINE_TAKE(arena, char, sizes->name_bytes);
    }
    if (c->precision == VITRINE_F32) return model;
    if (VITRINE_SPLIT && sizes->split) to->panel_scale = VITRINE_TAKE(arena, float, rows / VITRINE_PANEL);
    else to->row_sum = VITRINE_TAKE(arena, int32_t, rows);
    if (c->precision == VITRINE_EXACT || (VITRINE_SPLIT && sizes->split)) {
        to->panel_length = VITRINE_TAKE(arena, float, rows / VITRINE_PANEL);
        to->panel_rest = VITRINE_TAKE(arena, float, rows / VITRINE_PANEL);
    }
    if (VITRINE_SPLIT && sizes->split && c->precision == VITRINE_EXACT)
        to->panel_left = VITRINE_TAKE(arena, float, rows / VITRINE_PANEL);
    if (c->precision == VITRINE_EXACT) return model;
    to->scale = VITRINE_TAKE(arena, float, rows);
    to->bias = VITRINE_TAKE(arena, float, rows);
    if (c->feature_hidden > 0) to->feature = VITRINE_TAKE(arena, float, vitrine_feature_floats(c));
    vitrine_matrix matrices[VITRINE_MATRICES];
    vitrine_matrices_of(c, matrices);
    for (int m = 0; m < VITRINE_MATRICES; m++) {
        const size_t padded = vitrine_padded_rows(matrices[m].rows), cols = matrices[m].cols;
        const size_t bytes = vitrine_panels_q8_count(padded, cols) / sizeof(float) + 2 * padded;
        if (padded > 0) to->matrix[m] = VITRINE_TAKE(arena, float, vitrine_stays_bytes(c, m) ? bytes : padded * cols);
    }
    return model;
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

vitrine_status vitrine_room_measure(const void *bytes, size_t size, vitrine_container *file, vitrine_config *c,
                                    vitrine_room_sizes *sizes, vitrine_fault *fault)
{
    vitrine_section section;
    memset(sizes, 0, sizeof *sizes);
    vitrine_status status = vitrine_container_open(file, bytes, size, VITRINE_KIND_MODEL, fault);
    if (status != VITRINE_OK) return status;
    if (!vitrine_container_find(file, VITRINE_S_HEAD, &section))
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "head", VITRINE_HEADER_SIZE, 0, 1);
    status = vitrine_head_read(c, &section, fault);
    if (status == VITRINE_OK) status = strings_size(file, VITRINE_S_IDS, "ids", &sizes->id_bytes, fault);
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
    vitrine_matrix matrices[VITRINE_MATRICES];
    vitrine_matrices_of(c, matrices);
    for (int m = 0; c->precision == VITRINE_INT8 && m < VITRINE_MATRICES; m++) {
        const uint64_t packed = vitrine_packed_matrix_size(matrices[m].rows, matrices[m].cols);
        (void)vitrine_container_find(file, matrices[m].id, &section);
        if (packed > 0 && section.size != packed)
            return vitrine_refuse(fault, VITRINE_BAD_FORMAT, matrices[m].field, section.offset,
                                  section.size, packed);
    }
    return VITRINE_OK;
}

vitrine_status vitrine_model_size(const void *bytes, size_t size, size_t *need,
                                  vitrine_fault *fault)
{
    vitrine_container file;
    vitrine_config config;
    vitrine_room_sizes sizes;
    *need = 0;
    const vitrine_status status = vitrine_room_measure(bytes, size, &file, &config, &sizes, fault);
    if (status != VITRINE_OK) return status;
    vitrine_arena arena = {0};
    vitrine_room to;
    (void)vitrine_room_layout(&arena, &config, &sizes, &to);
    *need = arena.used;
    return VITRINE_OK;
}
