/* What an opened model is asked for. */
#include "model/model.h"

#include <string.h>

#include "kernels/exact.h"
#include "model/packed.h"

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
    vitrine_halves_row(q, 4, &w, item, dim);
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

void vitrine_popularities(const vitrine_model *model, float *out)
{
    const uint32_t items = model->config.items;
    if (model->popularity != NULL)
        memcpy(out, model->popularity, items * sizeof *out);
    else
        model->kernels->floats16(out, model->popularity_code, items);
}

void vitrine_model_input(const vitrine_model *model, uint32_t item, float *out)
{
    const size_t width = model->config.net.input, rows = model->config.embed_rows;
    const uint8_t *packed = model->embed_packed;
    if (packed == NULL) {
        memcpy(out, model->net.embed + item * width, width * sizeof *out);
        return;
    }
    vitrine_packed_row(packed, rows, width, item, out, 1);
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
