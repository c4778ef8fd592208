#include "train/training.h"

#include <stdlib.h>
#include <string.h>

/* Carts and wishlists say more than views; a purchase ends an interest, unless purchases are all
 * that the log has. */
void vitrine_training_kinds(const vitrine_training *t, vitrine_kind_weight *kinds)
{
    bool has_views = false;
    if (t->options->kinds != NULL) {
        memcpy(kinds, t->options->kinds, VITRINE_EVENT_KINDS * sizeof *kinds);
        return;
    }
    for (uint64_t e = 0; e < t->log->events && !has_views; e++)
        has_views = t->log->kind[e] == VITRINE_VIEW_ITEM || t->log->kind[e] == VITRINE_SELECT_ITEM;
    memset(kinds, 0, VITRINE_EVENT_KINDS * sizeof *kinds);
    kinds[VITRINE_VIEW_ITEM] = (vitrine_kind_weight){ 1.0f, 0.0f, 1 };
    kinds[VITRINE_SELECT_ITEM] = (vitrine_kind_weight){ 0.5f, 0.0f, 1 };
    kinds[VITRINE_ADD_TO_CART] = (vitrine_kind_weight){ 3.0f, 0.0f, 1 };
    kinds[VITRINE_ADD_TO_WISHLIST] = (vitrine_kind_weight){ 3.0f, 0.0f, 1 };
    kinds[VITRINE_PURCHASE] = (vitrine_kind_weight){ has_views ? 0.3f : 1.0f, 0.0f, 1 };
    kinds[VITRINE_RATE] = (vitrine_kind_weight){ 1.0f, 0.0f, 1 };
}

void vitrine_training_config(vitrine_training *t)
{
    const vitrine_train_options *o = t->options;
    vitrine_model_parts *p = &t->trained->parts;
    vitrine_config *c = &p->config;
    c->items = t->log->items;
    c->precision = VITRINE_F32;
    if (o->cell != VITRINE_CELL_NONE && !vitrine_training_lacks(t, VITRINE_PART_NETWORK)) {
        const uint32_t hidden = o->cell == VITRINE_CELL_BAG ? o->dim : o->hidden;
        const bool out = hidden != o->dim;
        c->dim = o->dim;
        c->net = (vitrine_network_shape){ o->cell, o->dim, hidden, o->dim,
                                          (o->tied ? VITRINE_NET_TIED : 0u) | (out ? VITRINE_NET_OUT : 0u) |
                                              (o->skip ? VITRINE_NET_SKIP : 0u) |
                                              (o->norm ? VITRINE_NET_NORM : 0u) |
                                              (o->gaps ? VITRINE_NET_GAP : 0u) };
        c->embed_rows = o->tied ? 0 : c->items;
    } else {
        c->dim = 1; /* the least that the format allows: nobody reads the vectors */
        c->net = (vitrine_network_shape){ VITRINE_CELL_NONE, 1, 1, 1, VITRINE_NET_TIED };
    }
    c->session_gap = o->session_gap;
    c->tail = 50;
    c->item_decay = 5.0f;
    c->attr_decay = 3.0f;
    c->recent_decay = 5.0f;
    c->affinity_decay = 20.0f;
    c->content_power = 4;
    c->dismiss_penalty = 0.5f;
    c->numeric_deviation[0] = c->numeric_deviation[1] = 1.0f;
    p->version = 1;
    p->id_offset = t->log->item_ids.offset;
    p->id_bytes = t->log->item_ids.bytes;
    p->kinds = t->arrays->kinds;
    p->fuse = t->arrays->fusion.fuse;
    if (o->card_json != NULL) {
        p->card = o->card_json;
        p->card_size = strlen(o->card_json);
    }
}

/* What the catalog says: attributes for the content part, and a feature network. */
vitrine_status vitrine_training_items(vitrine_training *t)
{
    const vitrine_train_options *o = t->options;
    struct vitrine_trained_arrays *a = t->arrays;
    vitrine_model_parts *p = &t->trained->parts;
    if (t->catalog == NULL) return VITRINE_OK;
    vitrine_status status = vitrine_attribute_list_make(t->catalog, &t->log->item_ids, o->attr_mode,
                                                        o->attr_buckets, &a->attributes);
    if (status != VITRINE_OK) return status;
    if (!vitrine_training_lacks(t, VITRINE_PART_CONTENT) || o->feature_width > 0)
        vitrine_attribute_list_set(&a->attributes, p);
    if (o->feature_width == 0 || p->config.attr_mode == VITRINE_ATTR_NONE || !o->tied ||
        p->config.net.cell == VITRINE_CELL_NONE)
        return VITRINE_OK;
    status = vitrine_feature_table_make(t->catalog, &t->log->item_ids, &a->attributes, &p->config,
                                        &a->features);
    if (status != VITRINE_OK) return status;
    vitrine_layout_add_features(&t->layout, a->attributes.attributes, o->feature_width,
                                a->features.inputs.numbers);
    return VITRINE_OK;
}

/* The feature network in its place, and the vectors that it and the ids make together. */
static vitrine_status set_features(vitrine_training *t, const float *const at[VITRINE_SEGMENTS])
{
    const vitrine_layout *l = &t->layout;
    struct vitrine_trained_arrays *a = t->arrays;
    vitrine_model_parts *p = &t->trained->parts;
    const size_t bytes = (size_t)l->items * l->shape.dim * sizeof *a->vectors;
    vitrine_feature_net *net = vitrine_feature_net_create(l, a->theta, &a->features.inputs, 0, 0.0f,
                                                          vitrine_matmul_blas);
    if (a->vectors == NULL) a->vectors = malloc(bytes);
    if (net == NULL || a->vectors == NULL) {
        vitrine_feature_net_destroy(net);
        return VITRINE_NO_SPACE;
    }
    memcpy(a->vectors, a->theta, bytes);
    vitrine_feature_net_forward(net, NULL, l->items, false, 0, a->vectors);
    vitrine_feature_net_destroy(net);
    p->item = a->vectors;
    p->config.feature_hidden = (uint32_t)l->cols[VITRINE_SEG_FEATURE_EMBED];
    p->feature_embed = at[VITRINE_SEG_FEATURE_EMBED];
    p->feature_bias = at[VITRINE_SEG_FEATURE_BIAS];
    p->feature_out = at[VITRINE_SEG_FEATURE_OUT];
    p->feature_out_bias = at[VITRINE_SEG_FEATURE_OUT_BIAS];
    const vitrine_status status = vitrine_feature_table_dense(
        &a->features, at[VITRINE_SEG_FEATURE_DENSE], p->config.feature_hidden);
    p->feature_dense = a->features.dense;
    return status;
}

vitrine_status vitrine_training_weights(vitrine_training *t)
{
    const vitrine_layout *l = &t->layout;
    vitrine_model_parts *p = &t->trained->parts;
    const float *at[VITRINE_SEGMENTS];
    for (int s = 0; s < VITRINE_SEGMENTS; s++)
        at[s] = l->rows[s] * l->cols[s] > 0 ? t->arrays->theta + l->offset[s] : NULL;
    p->item = at[VITRINE_SEG_ITEM];
    p->bias = at[VITRINE_SEG_BIAS];
    p->embed = at[VITRINE_SEG_EMBED];
    p->kind = at[VITRINE_SEG_KIND];
    p->cell_w = at[VITRINE_SEG_CELL_W];
    p->cell_u = at[VITRINE_SEG_CELL_U];
    p->cell_b = at[VITRINE_SEG_CELL_B];
    p->cell_c = at[VITRINE_SEG_CELL_C];
    p->out_w = at[VITRINE_SEG_OUT_W];
    p->skip_w = at[VITRINE_SEG_SKIP_W];
    p->norm_gain = at[VITRINE_SEG_NORM_GAIN];
    p->norm_bias = at[VITRINE_SEG_NORM_BIAS];
    double sum = 0.0;
    for (uint32_t j = 0; j < l->items; j++) sum += (double)p->bias[j];
    p->config.cold_bias = (float)(sum / l->items);
    return vitrine_layout_feature(l) > 0 ? set_features(t, at) : VITRINE_OK;
}

/* Parts that the caller wants gone lose their weight; the others share it. */
static void ablate(const vitrine_training *t)
{
    for (int c = 0; c < VITRINE_CONTEXTS; c++) {
        float *w = t->arrays->fusion.fuse + c * VITRINE_PARTS, sum = 0.0f;
        for (int k = 0; k < VITRINE_PARTS; k++) {
            if (vitrine_training_lacks(t, (vitrine_part)k)) w[k] = 0.0f;
            sum += w[k];
        }
        for (int k = 0; k < VITRINE_PARTS; k++)
            w[k] = sum > 0.0f ? w[k] / sum : (float)(k == VITRINE_PART_POPULARITY);
    }
}

void vitrine_training_apply_fusion(vitrine_training *t)
{
    struct vitrine_trained_arrays *a = t->arrays;
    float *const theta = a->theta;
    const size_t *at = t->layout.offset;
    if (!t->options->fuse || !vitrine_training_writes(t)) {
        for (int c = 0; c < VITRINE_CONTEXTS; c++)
            a->fusion.fuse[c * VITRINE_PARTS + VITRINE_PART_NETWORK] = 1.0f;
        return;
    }
    vitrine_fuse_apply(&a->fusion, &t->trained->parts, theta + at[VITRINE_SEG_BIAS],
                       theta + at[VITRINE_SEG_NORM_GAIN], theta + at[VITRINE_SEG_NORM_BIAS]);
    ablate(t);
}
