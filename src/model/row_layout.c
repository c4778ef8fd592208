#include "model/row_layout.h"

#include <string.h>

#include "base/fault.h"
#include "model/container.h"
#include "model/head.h"

static void copy(vitrine_container_writer *w, const vitrine_section *section)
{
    void *to = vitrine_container_add(w, section->id, section->size);
    if (to != NULL) memcpy(to, section->bytes, section->size);
}

static void put_halves(vitrine_container_writer *w, const vitrine_model *model)
{
    int8_t row[VITRINE_MAX_WIDTH];
    const uint32_t items = model->config.items, dim = model->config.dim;
    uint8_t *high = vitrine_container_add(w, VITRINE_S_HIGH, vitrine_halves_size(items, dim));
    uint8_t *low = vitrine_container_add(w, VITRINE_S_LOW, vitrine_halves_size(items, dim));
    if (high == NULL || low == NULL) return;
    vitrine_halves_clear(high, low, items, dim);
    for (uint32_t i = 0; i < items; i++) {
        vitrine_panels_row_q8(row, model->item_q8, i, dim);
        vitrine_halves_put(high, low, row, i, dim);
    }
}

static void put_panels(vitrine_container_writer *w, const vitrine_model *model)
{
    int8_t row[VITRINE_MAX_WIDTH];
    const uint32_t items = model->config.items, dim = model->config.dim;
    const vitrine_rows_halves halves = {model->item_high, model->item_low, model->scale, model->bias};
    int8_t *panels = vitrine_container_add(w, VITRINE_S_ITEM, vitrine_panels_q8_count(items, dim));
    if (panels == NULL) return;
    for (uint32_t i = 0; i < items; i++) {
        int8_t *const to = panels + (vitrine_panels_row(panels, i, dim) - panels);
        vitrine_halves_row(row, 4, &halves, i, dim);
        for (uint32_t c = 0; c < dim; c++) to[c / 4 * 4 * VITRINE_PANEL + c % 4] = row[c];
    }
}

vitrine_status vitrine_model_lay_out(const vitrine_model *model, const void *bytes, size_t size, bool split,
                                     void *out, size_t out_size, size_t *written, vitrine_fault *fault)
{
    vitrine_container file;
    vitrine_container_writer w;
    const bool is_split = vitrine_model_is_split(model);
    *written = 0;
    if (model->config.precision == VITRINE_F32)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "precision", 0, VITRINE_F32, VITRINE_INT8);
    if (split && model->config.fused != 0)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "fused", 0, model->config.fused, 0);
    vitrine_status status = vitrine_container_open(&file, bytes, size, VITRINE_KIND_MODEL, fault);
    if (status != VITRINE_OK) return status;
    const uint32_t sections = file.sections + (uint32_t)(split && !is_split) - (uint32_t)(is_split && !split);
    vitrine_container_begin(&w, out, out_size, VITRINE_KIND_MODEL, file.version, file.parent, sections);
    for (uint32_t i = 0; i < file.sections; i++) {
        const vitrine_section section = vitrine_container_section(&file, i);
        const bool rows = section.id == VITRINE_S_ITEM || section.id == VITRINE_S_HIGH || section.id == VITRINE_S_LOW;
        if (!rows || split == is_split) copy(&w, &section);
        else if (section.id == VITRINE_S_ITEM) put_halves(&w, model);
        else if (section.id == VITRINE_S_HIGH) put_panels(&w, model); /* what lies in 'low ' goes with it */
    }
    status = vitrine_container_end(&w, written);
    if (status != VITRINE_OK) vitrine_refuse(fault, status, "size", 0, out_size, vitrine_row_layout_bound(size));
    return status;
}
