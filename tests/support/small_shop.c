#include "support/small_shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ATTRIBUTES 12u
#define FEATURE_HIDDEN 8u

static const char *const NAMES[ATTRIBUTES] = {
    /* sorted by (length, bytes) */
    "price:0",       "price:1",        "price:2",            "tag:red",
    "tag:blue",      "brand:Lumo",     "brand:Nord",         "category:Home",
    "category:Shoes", "category:Home/Lamps", "category:Shoes/Boots", "category:Shoes/Sandals"};

uint64_t small_shop_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static float uniform(uint64_t *state, float width)
{
    return ((float)(small_shop_random(state) >> 40) / 16777216.0f * 2.0f - 1.0f) * width;
}

static void *take(small_shop *shop, size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 64) / 64 * 64);
    if (memory == NULL || shop->owned_count == sizeof shop->owned / sizeof shop->owned[0]) {
        fprintf(stderr, "small_shop: out of memory or slots\n");
        exit(1);
    }
    memset(memory, 0, (bytes + 64) / 64 * 64);
    shop->owned[shop->owned_count++] = memory;
    return memory;
}

static float *noise(small_shop *shop, uint64_t *state, size_t count, float width)
{
    float *values = take(shop, count * sizeof *values);
    for (size_t i = 0; i < count; i++) values[i] = uniform(state, width);
    return values;
}

void small_shop_id(uint32_t item, char id[16]) { snprintf(id, 16, "%u", 100u + item); }

small_shop_options small_shop_usual(void)
{
    const small_shop_options usual = {300, 20, VITRINE_CELL_GRU, VITRINE_INT8, VITRINE_ATTR_INDEXED,
                                      1800, 7, 0.0f, false, false};
    return usual;
}

static void add_ids(small_shop *shop, uint32_t items)
{
    uint32_t *offset = take(shop, (items + 1) * sizeof *offset);
    char *bytes = take(shop, (size_t)items * 16);
    for (uint32_t i = 0; i < items; i++) {
        char id[16];
        small_shop_id(i, id);
        const size_t length = strlen(id);
        memcpy(bytes + offset[i], id, length);
        offset[i + 1] = offset[i] + (uint32_t)length;
    }
    shop->parts.id_offset = offset;
    shop->parts.id_bytes = bytes;
}

static void add_table(small_shop *shop, uint64_t *state, uint32_t items)
{
    uint64_t *offset = take(shop, ((size_t)items + 1) * sizeof *offset);
    uint32_t *neighbour = take(shop, (size_t)items * 8 * sizeof *neighbour);
    float *weight = take(shop, (size_t)items * 8 * sizeof *weight);
    uint64_t at = 0;
    for (uint32_t i = 0; i < items; i++) {
        offset[i] = at;
        uint32_t next = (uint32_t)(small_shop_random(state) % (items / 10 + 1));
        for (int n = 0; n < 8 && next < items && i % 11 != 10; n++) {
            neighbour[at] = next;
            weight[at++] = 0.01f + 0.2f * (uniform(state, 1.0f) + 1.0f);
            next += 1 + (uint32_t)(small_shop_random(state) % (items / 5 + 1));
        }
    }
    offset[items] = at;
    shop->parts.table_offset = offset;
    shop->parts.table_neighbour = neighbour;
    shop->parts.table_weight = weight;
}

static void add_attributes(small_shop *shop, uint64_t *state, const small_shop_options *o)
{
    vitrine_model_parts *p = &shop->parts;
    vitrine_config *c = &p->config;
    c->attr_mode = o->attr_mode;
    if (o->attr_mode == VITRINE_ATTR_NONE) return;
    c->attributes = o->attr_mode == VITRINE_ATTR_INDEXED ? ATTRIBUTES : 64;
    c->price_bands = 3;
    c->price_edge[0] = 10.0f;
    c->price_edge[1] = 50.0f;
    c->feature_hidden = FEATURE_HIDDEN;
    c->numeric_mean[0] = 3.0f;
    uint32_t *offset = take(shop, (o->items + 1) * sizeof *offset);
    uint32_t *index = take(shop, (size_t)o->items * 4 * sizeof *index);
    uint8_t *band = take(shop, o->items);
    uint32_t at = 0;
    for (uint32_t i = 0; i < o->items; i++) {
        offset[i] = at;
        uint32_t a = (uint32_t)(small_shop_random(state) % (c->attributes / 4));
        for (int n = 0; n < 4 && a < c->attributes; n++) {
            index[at++] = a;
            a += 1 + (uint32_t)(small_shop_random(state) % (c->attributes / 4));
        }
        band[i] = (uint8_t)(i % 5 == 0 ? VITRINE_NO_BAND : i % 3);
    }
    offset[o->items] = at;
    p->attr_offset = offset;
    p->attr_index = index;
    p->band = band;
    float *weight = take(shop, c->attributes * sizeof *weight);
    for (uint32_t a = 0; a < c->attributes; a++) weight[a] = 0.5f + 0.5f * (float)(a % 4);
    p->attr_weight = weight;
    uint32_t *name_offset = take(shop, (ATTRIBUTES + 1) * sizeof *name_offset);
    char *names = take(shop, 512);
    for (uint32_t a = 0; a < ATTRIBUTES; a++) {
        const size_t length = strlen(NAMES[a]);
        memcpy(names + name_offset[a], NAMES[a], length);
        name_offset[a + 1] = name_offset[a] + (uint32_t)length;
    }
    p->attr_name_offset = name_offset;
    p->attr_name_bytes = names;
    p->feature_embed = noise(shop, state, (size_t)c->attributes * FEATURE_HIDDEN, 0.5f);
    p->feature_dense = noise(shop, state, FEATURE_HIDDEN * VITRINE_NUMERICS, 0.5f);
    p->feature_bias = noise(shop, state, FEATURE_HIDDEN, 0.5f);
    p->feature_out = noise(shop, state, (size_t)o->dim * FEATURE_HIDDEN, 0.5f);
    p->feature_out_bias = noise(shop, state, o->dim, 0.1f);
}

static void add_network(small_shop *shop, uint64_t *state, const small_shop_options *o)
{
    vitrine_model_parts *p = &shop->parts;
    const size_t dim = o->dim, gates = vitrine_cell_gates(o->cell) * dim;
    vitrine_network_shape *net = &p->config.net;
    net->cell = o->cell;
    net->input = net->hidden = net->dim = o->dim;
    net->flags = VITRINE_NET_TIED | VITRINE_NET_SKIP | VITRINE_NET_NORM |
                 (o->gaps ? VITRINE_NET_GAP : 0u);
    vitrine_config_set_precision(&p->config, o->precision, o->byte_gates);
    p->kind = noise(shop, state, vitrine_kind_rows(net) * dim, 0.1f);
    p->cell_w = noise(shop, state, gates * dim, 0.4f);
    p->cell_u = noise(shop, state, gates * dim, 0.4f);
    p->cell_b = noise(shop, state, gates, 0.2f);
    p->cell_c = noise(shop, state, dim, 0.2f);
    p->skip_w = noise(shop, state, dim * dim, 0.4f);
    p->norm_gain = noise(shop, state, dim, 1.0f);
    p->norm_bias = noise(shop, state, dim, 0.1f);
}

static void add_catalog(small_shop *shop, uint32_t items)
{
    static const char *const FIELD[3][3] = {{"Tall lamp", "Shoe", "Thing"},
                                            {"Lumo", "Nord", "Nobody"},
                                            {"Home/Lamps", "Shoes > Boots", ""}};
    const uint32_t most = items + 3;
    uint32_t *offset = take(shop, (most + 1) * sizeof *offset), count = 0;
    uint32_t *text_offset[3];
    char *bytes = take(shop, (size_t)most * 16), *text[3];
    float *price = take(shop, most * sizeof *price);
    uint8_t *available = take(shop, most);
    for (int f = 0; f < 3; f++) {
        text_offset[f] = take(shop, (most + 1) * sizeof *text_offset[f]);
        text[f] = take(shop, (size_t)most * 16);
    }
    for (uint32_t i = 0; i < most; i++) {
        if (i < items && i % 3 == 2) continue;
        char id[16];
        if (i < items)
            small_shop_id(i, id);
        else
            snprintf(id, sizeof id, "new-item-%u", i - items);
        const size_t length = strlen(id);
        memcpy(bytes + offset[count], id, length);
        offset[count + 1] = offset[count] + (uint32_t)length;
        for (int f = 0; f < 3; f++) {
            const char *value = FIELD[f][i % 3];
            memcpy(text[f] + text_offset[f][count], value, strlen(value));
            text_offset[f][count + 1] = text_offset[f][count] + (uint32_t)strlen(value);
        }
        price[count] = 5.0f * (float)(i % 13);
        available[count] = i % 7 != 3;
        count++;
    }
    vitrine_catalog_columns c = {0};
    c.version = 1;
    c.ids = (vitrine_strings){.offset = offset, .bytes = bytes, .count = count};
    for (int f = 0; f < 3; f++) c.text[f] = (vitrine_strings){.offset = text_offset[f], .bytes = text[f], .count = count};
    c.price = price;
    c.available = available;
    const size_t bound = vitrine_catalog_write_bound(&c);
    shop->catalog = take(shop, bound);
    vitrine_fault fault;
    if (vitrine_catalog_write(&c, shop->catalog, bound, &shop->catalog_size, &fault) != VITRINE_OK) {
        fprintf(stderr, "small_shop: catalog refused at %s\n", fault.field);
        exit(1);
    }
}

static void add_intent(small_shop *shop, uint64_t *state, uint32_t hidden)
{
    vitrine_intent_weights w = { .hidden = hidden, .gap = 1800, .base = 0.1f, .out_bias = -0.5f };
    w.w = noise(shop, state, (size_t)4 * hidden * VITRINE_INTENT_INPUTS, 1.0f);
    w.u = noise(shop, state, (size_t)4 * hidden * hidden, 0.4f);
    w.bias = noise(shop, state, (size_t)4 * hidden, 0.5f);
    w.out = noise(shop, state, hidden, 1.0f);
    shop->parts.intent_size = vitrine_intent_size(hidden);
    uint8_t *section = take(shop, shop->parts.intent_size);
    vitrine_intent_write(&w, section);
    shop->parts.intent = section;
}

void small_shop_make(small_shop *shop, const small_shop_options *o)
{
    uint64_t state = o->seed;
    memset(shop, 0, sizeof *shop);
    vitrine_model_parts *p = &shop->parts;
    vitrine_config *c = &p->config;
    c->items = o->items;
    c->dim = o->dim;
    c->precision = o->precision;
    c->session_gap = o->session_gap;
    c->tail = 50;
    c->item_decay = 10.0f;
    c->attr_decay = 3.0f;
    c->recent_decay = 6.0f;
    c->affinity_decay = 20.0f;
    c->content_power = 3;
    c->fused = o->precision != VITRINE_EXACT ? 1 + (uint32_t)(8.0f * o->repeat_penalty) : 0;
    c->cold_bias = -0.5f;
    c->dismiss_penalty = 0.5f;
    c->numeric_deviation[0] = c->numeric_deviation[1] = 1.0f;
    p->version = 1;
    add_ids(shop, o->items);
    p->item = noise(shop, &state, (size_t)o->items * o->dim, 1.0f);
    p->bias = noise(shop, &state, o->items, 0.5f);
    float *popularity = take(shop, o->items * sizeof *popularity);
    for (uint32_t i = 0; i < o->items; i++) popularity[i] = 1.0f / (float)o->items;
    p->popularity = popularity;
    add_network(shop, &state, o);
    add_table(shop, &state, o->items);
    add_attributes(shop, &state, o);
    vitrine_kind_weight *kinds = take(shop, VITRINE_EVENT_KINDS * sizeof *kinds);
    for (uint32_t k = 0; k <= VITRINE_RATE; k++) {
        const bool takes_away = k == VITRINE_REMOVE_FROM_CART || k == VITRINE_REMOVE_FROM_WISHLIST ||
                                k == VITRINE_REFUND;
        kinds[k].weight = takes_away ? 0.0f : k == VITRINE_ADD_TO_CART ? 3.0f : 1.0f;
        kinds[k].half_life = k == VITRINE_VIEW_ITEM ? 86400.0f : 0.0f;
        kinds[k].steps = !takes_away;
    }
    p->kinds = kinds;
    float *fuse = take(shop, sizeof(float) * VITRINE_CONTEXTS * 5);
    static const float WEIGHT[5] = {0.5f, 0.2f, 0.15f, 0.1f, 0.05f};
    for (uint32_t i = 0; i < VITRINE_CONTEXTS; i++) memcpy(fuse + i * 5, WEIGHT, sizeof WEIGHT);
    p->fuse = fuse;
    if (o->items >= 100) add_intent(shop, &state, 20);
    p->card = "{\"seeded\":true}";
    p->card_size = strlen(p->card);
    const size_t bound = vitrine_model_write_bound(p);
    shop->model = take(shop, bound);
    vitrine_fault fault = {0};
    if (vitrine_model_write(p, shop->model, bound, &shop->model_size, &fault) != VITRINE_OK) {
        fprintf(stderr, "small_shop: model refused at %s\n", fault.field);
        exit(1);
    }
    add_catalog(shop, o->items);
}

void small_shop_free(small_shop *shop)
{
    for (uint32_t i = 0; i < shop->owned_count; i++) free(shop->owned[i]);
    memset(shop, 0, sizeof *shop);
}
