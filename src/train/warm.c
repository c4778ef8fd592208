#include "train/warm.h"

#include <stdlib.h>
#include <string.h>
#include "data/id_set.h"

static vitrine_strings ids_of(const vitrine_model_parts *model)
{
    const vitrine_strings ids = {.offset = model->id_offset, .bytes = model->id_bytes, .count = model->config.items};
    return ids;
}

/* Two sorted tables into one; place_a, place_b [count] say where each string went. */
static bool merge(const vitrine_strings *a, const vitrine_strings *b, uint32_t *place_b,
                  vitrine_strings *both)
{
    uint32_t *offset = malloc(((size_t)a->count + b->count + 1) * sizeof *offset);
    char *bytes = malloc(vitrine_strings_size(a) + vitrine_strings_size(b) + 1);
    if (offset == NULL || bytes == NULL) {
        free(offset);
        free(bytes);
        return false;
    }
    uint32_t i = 0, j = 0, n = 0, used = 0;
    offset[0] = 0;
    while (i < a->count || j < b->count) {
        size_t length, other = 0;
        const char *text = NULL, *from_b = NULL;
        int order = i < a->count ? -1 : 1;
        if (j < b->count) from_b = vitrine_strings_get(b, j, &other);
        if (i < a->count) text = vitrine_strings_get(a, i, &length);
        if (i < a->count && j < b->count) order = vitrine_string_order(text, length, from_b, other);
        if (order > 0) text = from_b, length = other;
        memcpy(bytes + used, text, length);
        used += (uint32_t)length;
        if (order <= 0) i++;
        if (order >= 0) place_b[j++] = n;
        offset[++n] = used;
    }
    *both = (vitrine_strings){.offset = offset, .bytes = bytes, .count = n};
    return true;
}

vitrine_status vitrine_warm_items(const vitrine_strings *known, vitrine_dataset *log)
{
    vitrine_strings both;
    uint32_t *place = malloc(((size_t)log->items + 1) * sizeof *place);
    if (place == NULL) return VITRINE_NO_SPACE;
    if (!merge(known, &log->item_ids, place, &both)) {
        free(place);
        return VITRINE_NO_SPACE;
    }
    for (uint64_t e = 0; e < log->events; e++)
        log->item[e] = log->item[e] < log->items ? place[log->item[e]] : both.count;
    vitrine_strings_free(&log->item_ids);
    log->item_ids = both;
    log->items = both.count;
    free(place);
    return VITRINE_OK;
}

vitrine_status vitrine_warm_make(const vitrine_model_parts *model, const vitrine_strings *ids,
                                 vitrine_warm *w)
{
    const vitrine_strings known = ids_of(model);
    *w = (vitrine_warm){ model, ids, malloc(((size_t)ids->count + 1) * sizeof *w->row) };
    if (w->row == NULL) return VITRINE_NO_SPACE;
    for (uint32_t i = 0; i < ids->count; i++) {
        size_t length;
        const char *id = vitrine_strings_get(ids, i, &length);
        w->row[i] = vitrine_strings_find(&known, id, length);
    }
    return VITRINE_OK;
}

void vitrine_warm_free(vitrine_warm *w)
{
    free(w->row);
    *w = (vitrine_warm){ 0 };
}

static void copy(const vitrine_layout *layout, vitrine_segment segment, const float *from, float *theta)
{
    const size_t count = layout->rows[segment] * layout->cols[segment];
    if (count > 0 && from != NULL) memcpy(theta + layout->offset[segment], from, count * sizeof *theta);
}

/* Rows by id; new ones get the mean of the known ones, which is where training would take a rare item. */
static void copy_rows(const vitrine_warm *w, const float *from, size_t cols, float *to)
{
    for (size_t c = 0; c < cols; c++) {
        double sum = 0.0;
        for (uint32_t i = 0; i < w->model->config.items; i++) sum += (double)from[i * cols + c];
        const float mean = (float)(sum / w->model->config.items);
        for (uint32_t i = 0; i < w->ids->count; i++)
            to[i * cols + c] = w->row[i] != VITRINE_NO_STRING ? from[w->row[i] * cols + c] : mean;
    }
}

static void copy_attributes(const vitrine_warm *w, const vitrine_layout *layout,
                            const vitrine_attribute_list *a, float *theta)
{
    const vitrine_model_parts *m = w->model;
    const size_t width = layout->cols[VITRINE_SEG_FEATURE_EMBED];
    float *embed = theta + layout->offset[VITRINE_SEG_FEATURE_EMBED];
    const bool hashed = a->mode == VITRINE_ATTR_HASHED;
    if (hashed != (m->config.attr_mode == VITRINE_ATTR_HASHED)) return;
    if (hashed && a->attributes != m->config.attributes) return;
    const vitrine_strings names = { .offset = m->attr_name_offset,
                                    .bytes = m->attr_name_bytes,
                                    .count = m->config.attributes };
    for (uint32_t k = 0; k < a->attributes; k++) {
        uint32_t known = k;
        if (!hashed) {
            size_t length;
            const char *name = vitrine_strings_get(&a->names, k, &length);
            known = vitrine_strings_find(&names, name, length);
        }
        if (known != VITRINE_NO_STRING)
            memcpy(embed + k * width, m->feature_embed + known * width, width * sizeof *embed);
    }
}

static void copy_features(const vitrine_warm *w, const vitrine_layout *layout,
                          const vitrine_attribute_list *a, float vector_scale, float *theta)
{
    const vitrine_model_parts *m = w->model;
    const size_t numbers = layout->cols[VITRINE_SEG_FEATURE_DENSE];
    if (m->config.feature_hidden != layout->cols[VITRINE_SEG_FEATURE_EMBED]) return;
    copy_attributes(w, layout, a, theta);
    copy(layout, VITRINE_SEG_FEATURE_BIAS, m->feature_bias, theta);
    copy(layout, VITRINE_SEG_FEATURE_OUT, m->feature_out, theta);
    copy(layout, VITRINE_SEG_FEATURE_OUT_BIAS, m->feature_out_bias, theta);
    if (numbers != VITRINE_NUMERICS + (size_t)m->config.vector_dim) return;
    float *dense = theta + layout->offset[VITRINE_SEG_FEATURE_DENSE];
    for (size_t i = 0; i < layout->rows[VITRINE_SEG_FEATURE_DENSE] * numbers; i++)
        dense[i] = m->feature_dense[i] / (i % numbers < VITRINE_NUMERICS ? 1.0f : vector_scale);
}

/* Ids are what the features leave of the vectors; a new item is its features. */
static vitrine_status take_features_off(const vitrine_warm *w, const vitrine_layout *layout,
                                        const vitrine_feature_inputs *features, vitrine_matmul matmul,
                                        float *theta)
{
    const size_t D = layout->shape.dim, count = (size_t)layout->items * D;
    float *part = calloc(count, sizeof *part);
    vitrine_feature_net *net = vitrine_feature_net_create(layout, theta, features, 0, 0.0f, matmul);
    if (part == NULL || net == NULL) {
        free(part);
        vitrine_feature_net_destroy(net);
        return VITRINE_NO_SPACE;
    }
    vitrine_feature_net_forward(net, NULL, layout->items, false, 0, part);
    for (size_t i = 0; i < count; i++) {
        const bool is_new = w->row[i / D] == VITRINE_NO_STRING && features->known[i / D];
        theta[i] = is_new ? 0.0f : theta[i] - part[i];
    }
    free(part);
    vitrine_feature_net_destroy(net);
    return VITRINE_OK;
}

vitrine_status vitrine_warm_params(const vitrine_warm *w, const vitrine_layout *layout,
                                   const vitrine_feature_inputs *features,
                                   const vitrine_attribute_list *attributes, float vector_scale,
                                   vitrine_matmul matmul, float *theta)
{
    const vitrine_model_parts *m = w->model;
    copy_rows(w, m->item, layout->shape.dim, theta);
    copy_rows(w, m->bias, 1, theta + layout->offset[VITRINE_SEG_BIAS]);
    if (layout->rows[VITRINE_SEG_EMBED] > 0)
        copy_rows(w, m->embed, layout->shape.input, theta + layout->offset[VITRINE_SEG_EMBED]);
    copy(layout, VITRINE_SEG_KIND, m->kind, theta);
    copy(layout, VITRINE_SEG_CELL_W, m->cell_w, theta);
    copy(layout, VITRINE_SEG_CELL_U, m->cell_u, theta);
    copy(layout, VITRINE_SEG_CELL_B, m->cell_b, theta);
    copy(layout, VITRINE_SEG_CELL_C, m->cell_c, theta);
    copy(layout, VITRINE_SEG_OUT_W, m->out_w, theta);
    copy(layout, VITRINE_SEG_SKIP_W, m->skip_w, theta);
    copy(layout, VITRINE_SEG_NORM_GAIN, m->norm_gain, theta);
    copy(layout, VITRINE_SEG_NORM_BIAS, m->norm_bias, theta);
    if (features == NULL) return VITRINE_OK;
    copy_features(w, layout, attributes, vector_scale, theta);
    return take_features_off(w, layout, features, matmul, theta);
}

typedef struct entry {
    uint32_t item;
    float weight;
} entry;

static int by_item(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    return x->item < y->item ? -1 : x->item > y->item;
}

static int heavier_first(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
    return by_item(a, b);
}

/* The sum of a row's counts, from its weights: their sum is sum / (sum + damping). */
static float sum_of(const float *weight, uint64_t count, float damping)
{
    float share = 0.0f;
    for (uint64_t e = 0; e < count; e++) share += weight[e];
    if (share > 0.98f) share = 0.98f; /* rounded weights may pass 1 */
    return (damping > 0.0f ? damping : 1.0f) * share / (1.0f - share);
}

/* Both rows of an item into out; returns the entries kept. place [model items] are the training's. */
static uint32_t merge_row(const vitrine_warm *w, const vitrine_table *fresh, const uint32_t *place,
                          uint32_t item, float damping, float keep, uint32_t neighbours, entry *out)
{
    const vitrine_model_parts *m = w->model;
    const uint32_t row = w->row[item];
    const uint64_t first = fresh->offset[item], count = fresh->offset[item + 1] - first;
    const float sum = sum_of(fresh->weight + first, count, damping);
    float old_sum = 0.0f;
    uint32_t n = 0, kept = 0;
    for (uint64_t e = first; e < first + count; e++)
        out[n++] = (entry){ fresh->neighbour[e], fresh->weight[e] * (sum + damping) };
    if (row != VITRINE_NO_STRING && m->table_offset != NULL) {
        const uint64_t from = m->table_offset[row], to = m->table_offset[row + 1];
        const float whole = sum_of(m->table_weight + from, to - from, damping);
        old_sum = keep * whole;
        for (uint64_t e = from; e < to; e++)
            out[n++] = (entry){ place[m->table_neighbour[e]],
                                keep * m->table_weight[e] * (whole + damping) };
    }
    qsort(out, n, sizeof *out, by_item);
    for (uint32_t i = 0; i < n; i++) {
        if (kept > 0 && out[kept - 1].item == out[i].item) out[kept - 1].weight += out[i].weight;
        else out[kept++] = out[i];
    }
    qsort(out, kept, sizeof *out, heavier_first);
    if (kept > neighbours) kept = neighbours;
    while (kept > 0 && !(out[kept - 1].weight > 0.0f)) kept--;
    for (uint32_t i = 0; i < kept; i++) out[i].weight /= sum + old_sum + damping;
    qsort(out, kept, sizeof *out, by_item);
    return kept;
}

vitrine_status vitrine_warm_table(const vitrine_warm *w, float damping, float keep, uint32_t neighbours,
                                  vitrine_table *table)
{
    const vitrine_model_parts *m = w->model;
    const uint32_t items = w->ids->count;
    const uint64_t most = table->offset[items] +
                          (m->table_offset != NULL ? m->table_offset[m->config.items] : 0);
    vitrine_table made = { .offset = calloc((size_t)items + 1, sizeof *made.offset),
                           .neighbour = malloc((size_t)(most + 1) * sizeof *made.neighbour),
                           .weight = malloc((size_t)(most + 1) * sizeof *made.weight) };
    uint32_t *place = malloc(((size_t)m->config.items + 1) * sizeof *place);
    entry *row = malloc((2 * (size_t)items + 1) * sizeof *row);
    const bool ok = made.offset != NULL && made.neighbour != NULL && made.weight != NULL &&
                    place != NULL && row != NULL;
    if (ok) {
        for (uint32_t i = 0; i < items; i++)
            if (w->row[i] != VITRINE_NO_STRING) place[w->row[i]] = i;
        for (uint32_t i = 0; i < items; i++) {
            const uint32_t kept = merge_row(w, table, place, i, damping, keep, neighbours, row);
            uint64_t used = made.offset[i];
            for (uint32_t e = 0; e < kept; e++, used++) {
                made.neighbour[used] = row[e].item;
                made.weight[used] = row[e].weight;
            }
            made.offset[i + 1] = used;
        }
    } else {
        vitrine_table_free(&made);
    }
    free(place);
    free(row);
    vitrine_table_free(table);
    *table = made;
    return ok ? VITRINE_OK : VITRINE_NO_SPACE;
}

void vitrine_warm_popularity(const vitrine_warm *w, float keep, float *share)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < w->ids->count; i++) {
        if (w->row[i] != VITRINE_NO_STRING) share[i] += keep * w->model->popularity[w->row[i]];
        sum += (double)share[i];
    }
    for (uint32_t i = 0; i < w->ids->count; i++) share[i] = (float)(share[i] / sum);
}
