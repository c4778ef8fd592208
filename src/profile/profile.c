/* The profile: a ring of the newest events over a base state made of the older ones. The state after
 * the last event is kept up to date, so a new event costs one step; everything else that ranking
 * wants (evidence, affinities) is read off the newest events when it is asked for, hence needs no
 * upkeep and nothing undone when events are forgotten. */
#include "profile/profile.h"

#include <string.h>

#include "base/arena.h"
#include "kernels/activation.h"
#include "nn/network.h"

static size_t state_floats(const vitrine_network_shape *net)
{
    return 2 * vitrine_padded_rows(net->hidden) + vitrine_padded_rows(net->input);
}

void vitrine_state_take(vitrine_arena *arena, const vitrine_network_shape *net, vitrine_state *state)
{
    const size_t hidden = vitrine_padded_rows(net->hidden);
    float *floats = VITRINE_TAKE(arena, float, state_floats(net));
    if (floats == NULL) return; /* measuring, or out of space */
    state->h = floats;
    state->c = floats + hidden;
    state->x = floats + 2 * hidden;
}

static vitrine_profile *layout(vitrine_arena *arena, const vitrine_catalog *catalog,
                               uint32_t capacity, vitrine_profile *fields)
{
    const vitrine_config *config = &catalog->model->config;
    vitrine_profile *profile = VITRINE_TAKE(arena, vitrine_profile, 1);
    fields->events = VITRINE_TAKE(arena, vitrine_event, capacity);
    vitrine_state_take(arena, &config->net, &fields->state);
    vitrine_state_take(arena, &config->net, &fields->base);
    for (uint32_t i = 0; i < VITRINE_SNAPSHOTS; i++)
        vitrine_state_take(arena, &config->net, &fields->before[i]);
    fields->flags = VITRINE_TAKE(arena, uint8_t, catalog->items);
    fields->base_flags = VITRINE_TAKE(arena, uint8_t, catalog->items);
    fields->seen = VITRINE_TAKE(arena, vitrine_impression, VITRINE_IMPRESSIONS);
    fields->scratch = VITRINE_TAKE(arena, float, vitrine_network_scratch(&config->net));
    fields->affinity = VITRINE_TAKE(arena, float, config->attributes);
    return profile;
}

vitrine_status vitrine_profile_size(const vitrine_catalog *catalog, uint32_t capacity, size_t *need)
{
    *need = 0;
    if (capacity == 0 || capacity > 65536) return VITRINE_BAD_ARGUMENT;
    vitrine_arena arena = {0};
    vitrine_profile fields;
    memset(&fields, 0, sizeof fields);
    (void)layout(&arena, catalog, capacity, &fields);
    *need = arena.used;
    return VITRINE_OK;
}

vitrine_status vitrine_profile_init(void *mem, size_t mem_size, const vitrine_catalog *catalog,
                                    uint32_t capacity, vitrine_profile **out)
{
    vitrine_arena arena = {mem, mem_size, 0, false};
    vitrine_profile fields;
    *out = NULL;
    if (mem == NULL || ((uintptr_t)mem & (VITRINE_ALIGN - 1)) != 0 || capacity == 0 ||
        capacity > 65536)
        return VITRINE_BAD_ARGUMENT;
    memset(&fields, 0, sizeof fields);
    vitrine_profile *profile = layout(&arena, catalog, capacity, &fields);
    if (arena.failed) return VITRINE_NO_SPACE;
    memset(mem, 0, arena.used);
    *profile = fields;
    profile->catalog = catalog;
    profile->capacity = capacity;
    *out = profile;
    return VITRINE_OK;
}

static void state_clear(const vitrine_profile *profile, vitrine_state *state)
{
    const vitrine_network_shape *net = &profile->catalog->model->config.net;
    memset(state->h, 0, state_floats(net) * sizeof(float));
    state->last_time = 0;
    state->steps = 0;
}

void vitrine_state_copy(const vitrine_profile *profile, vitrine_state *to, const vitrine_state *from)
{
    const vitrine_network_shape *net = &profile->catalog->model->config.net;
    memcpy(to->h, from->h, state_floats(net) * sizeof(float));
    to->last_time = from->last_time;
    to->steps = from->steps;
}

/* The input of the network for one event, `gap` as vitrine_gap_row has it: x [input]. */
static void input_of(const vitrine_profile *profile, const vitrine_event *event, uint32_t gap, float *x)
{
    const vitrine_model *model = profile->catalog->model;
    const uint32_t width = model->config.net.input;
    if ((model->config.net.flags & VITRINE_NET_TIED) != 0)
        vitrine_catalog_vector(profile->catalog, event->item, x);
    else if (event->item < model->config.embed_rows)
        vitrine_model_input(model, event->item, x);
    else
        memset(x, 0, width * sizeof *x); /* an item that the network has never seen */
    const float *kind = model->net.kind + (size_t)event->kind * width;
    for (uint32_t i = 0; i < width; i++) x[i] += kind[i];
    if ((model->config.net.flags & VITRINE_NET_GAP) == 0) return;
    kind = model->net.kind + (size_t)(VITRINE_EVENT_KINDS + gap) * width;
    for (uint32_t i = 0; i < width; i++) x[i] += kind[i];
}

void vitrine_state_advance(const vitrine_profile *profile, vitrine_state *state,
                           const vitrine_event *event)
{
    const vitrine_model *model = profile->catalog->model;
    const int64_t gap = model->config.session_gap;
    if (gap > 0 && event->time > 0 && state->last_time > 0 && event->time - state->last_time > gap)
        state_clear(profile, state);
    const uint32_t row = vitrine_gap_row(state->last_time, event->time);
    if (event->time > 0) state->last_time = event->time;
    if (model->kinds[event->kind].steps == 0) return;
    state->steps++;
    if (model->config.net.cell == VITRINE_CELL_NONE) return;
    input_of(profile, event, row, state->x);
    vitrine_network_step(&model->net, model->kernels, state->x, state->h, state->c, profile->scratch);
}

static uint8_t flags_after(uint8_t flags, uint32_t kind)
{
    unsigned f = flags;
    switch (kind) {
    case VITRINE_VIEW_ITEM:
    case VITRINE_SELECT_ITEM:
    case VITRINE_REC_CLICK: f |= VITRINE_WAS_VIEWED; break;
    case VITRINE_ADD_TO_CART:
    case VITRINE_REC_ADD_TO_CART:
        f |= VITRINE_IN_CART;
        f &= ~(unsigned)VITRINE_WAS_DISMISSED;
        break;
    case VITRINE_REMOVE_FROM_CART: f &= ~(unsigned)VITRINE_IN_CART; break;
    case VITRINE_ADD_TO_WISHLIST:
        f |= VITRINE_IN_WISHLIST;
        f &= ~(unsigned)VITRINE_WAS_DISMISSED;
        break;
    case VITRINE_REMOVE_FROM_WISHLIST: f &= ~(unsigned)VITRINE_IN_WISHLIST; break;
    case VITRINE_PURCHASE:
        f |= VITRINE_WAS_PURCHASED;
        f &= ~(unsigned)(VITRINE_IN_CART | VITRINE_WAS_DISMISSED);
        break;
    case VITRINE_REFUND: f &= ~(unsigned)VITRINE_WAS_PURCHASED; break;
    case VITRINE_RATE: f |= VITRINE_WAS_RATED; break;
    case VITRINE_DISMISS: f |= VITRINE_WAS_DISMISSED; break;
    default: break;
    }
    return (uint8_t)f;
}

/* Event `index`, already in the ring, into the running state and flags. */
static void apply(vitrine_profile *profile, uint32_t index)
{
    const vitrine_event *event = vitrine_profile_at(profile, index);
    vitrine_state_copy(profile, &profile->before[(profile->folded + index) % VITRINE_SNAPSHOTS],
                       &profile->state);
    vitrine_state_advance(profile, &profile->state, event);
    profile->flags[event->item] = flags_after(profile->flags[event->item], event->kind);
}

/* The oldest event leaves the ring and lives on in the base. */
static void fold_oldest(vitrine_profile *profile)
{
    const vitrine_event *event = vitrine_profile_at(profile, 0);
    vitrine_state_advance(profile, &profile->base, event);
    if (event->time > profile->base_latest) profile->base_latest = event->time;
    profile->base_flags[event->item] =
        flags_after(profile->base_flags[event->item], event->kind) | VITRINE_WAS_FOLDED;
    profile->start = (profile->start + 1) % profile->capacity;
    profile->count--;
    profile->folded++;
}

vitrine_status vitrine_profile_observe(vitrine_profile *profile, const vitrine_event *event)
{
    if (event->item >= profile->catalog->items) return VITRINE_UNKNOWN_ITEM;
    if (event->kind >= VITRINE_EVENT_KINDS) return VITRINE_BAD_ARGUMENT;
    /* Times up to the year 36812 fit a double exactly and leave room for differences. */
    if (event->time < 0 || event->time > (int64_t)1 << 40) return VITRINE_BAD_VALUE;
    if (!(event->value >= 0.0f && event->value <= 1e9f)) return VITRINE_BAD_VALUE;
    if ((vitrine_catalog_marks(profile->catalog, event->item) & VITRINE_IS_SENSITIVE) != 0)
        return VITRINE_NOT_KEPT;
    if (event->kind == VITRINE_REC_VIEW) return vitrine_profile_seen(profile, event->item, event->time);
    if (profile->count == profile->capacity) fold_oldest(profile);
    profile->events[(profile->start + profile->count) % profile->capacity] = *event;
    profile->count++;
    apply(profile, profile->count - 1);
    profile->revision++;
    return VITRINE_OK;
}

/* The state anew from the base and the events that are kept. */
static void refold(vitrine_profile *profile)
{
    vitrine_state_copy(profile, &profile->state, &profile->base);
    memcpy(profile->flags, profile->base_flags, profile->catalog->items);
    for (uint32_t i = 0; i < profile->count; i++) apply(profile, i);
    profile->revision++;
    profile->epoch++;
}

static void drop_base(vitrine_profile *profile)
{
    state_clear(profile, &profile->base);
    memset(profile->base_flags, 0, profile->catalog->items);
    profile->base_latest = 0;
    profile->learns_from -= profile->learns_from < profile->folded ? profile->learns_from : profile->folded;
    profile->folded = 0;
}

/* Keep the events that match nothing of (item, since); returns how many went. */
static uint32_t keep_others(vitrine_profile *profile, uint32_t item, int64_t since)
{
    uint32_t kept = 0;
    const uint64_t old = profile->learns_from;
    for (uint32_t i = 0; i < profile->count; i++) {
        const vitrine_event event = *vitrine_profile_at(profile, i);
        if (event.item == item || (since > 0 && event.time >= since)) {
            profile->learns_from -= profile->folded + i < old;
            continue;
        }
        profile->events[(profile->start + kept++) % profile->capacity] = event;
    }
    const uint32_t gone = profile->count - kept;
    profile->count = kept;
    return gone;
}

uint32_t vitrine_profile_forget_item(vitrine_profile *profile, uint32_t item)
{
    if (item >= profile->catalog->items) return 0;
    if ((profile->base_flags[item] & VITRINE_WAS_FOLDED) != 0) drop_base(profile);
    const uint32_t gone = keep_others(profile, item, 0);
    vitrine_seen_forget(profile, item, 0);
    refold(profile);
    return gone;
}

uint32_t vitrine_profile_forget_since(vitrine_profile *profile, int64_t since)
{
    if (since <= 0) return vitrine_profile_forget_all(profile);
    if (profile->base_latest >= since) drop_base(profile);
    const uint32_t gone = keep_others(profile, VITRINE_NO_ITEM, since);
    vitrine_seen_forget(profile, VITRINE_NO_ITEM, since);
    refold(profile);
    return gone;
}

uint32_t vitrine_profile_forget_all(vitrine_profile *profile)
{
    const uint32_t gone = profile->count;
    /* The bytes go too, not only the count. */
    memset(profile->events, 0, profile->capacity * sizeof *profile->events);
    profile->count = 0;
    profile->start = 0;
    memset(profile->seen, 0, VITRINE_IMPRESSIONS * sizeof *profile->seen);
    profile->seen_count = 0;
    profile->seen_revision++;
    profile->learns_from = 0;
    drop_base(profile);
    for (uint32_t i = 0; i < VITRINE_SNAPSHOTS; i++) state_clear(profile, &profile->before[i]);
    memset(profile->affinity, 0, profile->catalog->model->config.attributes * sizeof(float));
    refold(profile);
    return gone;
}

void vitrine_profile_reset_learning(vitrine_profile *profile)
{
    profile->learns_from = profile->folded + profile->count;
    profile->revision++;
    vitrine_seen_forget(profile, VITRINE_NO_ITEM, -1);
}

uint32_t vitrine_profile_events(const vitrine_profile *profile) { return profile->count; }

vitrine_event vitrine_profile_event(const vitrine_profile *profile, uint32_t index)
{
    return *vitrine_profile_at(profile, index);
}

uint32_t vitrine_profile_flags(const vitrine_profile *profile, uint32_t item)
{
    return profile->flags[item] & ~VITRINE_WAS_FOLDED;
}

const float *vitrine_profile_state(const vitrine_profile *profile, uint32_t *width)
{
    *width = profile->catalog->model->config.net.hidden;
    return profile->state.h;
}

uint32_t vitrine_profile_evidence(const vitrine_profile *profile, uint32_t without, float decay,
                                  uint32_t *items, float *weights)
{
    const vitrine_model *model = profile->catalog->model;
    uint32_t found = 0;
    int64_t newest = 0;
    for (uint32_t i = profile->count; i-- > 0 && found < model->config.tail;) {
        const vitrine_event *event = vitrine_profile_at(profile, i);
        const vitrine_kind_weight *kind = &model->kinds[event->kind];
        if (i == without || kind->weight == 0.0f) continue;
        if (newest == 0) newest = event->time;
        float weight = kind->weight * vitrine_exp_scalar(-(float)found / decay);
        if (event->kind == VITRINE_RATE) weight *= event->value;
        if (kind->half_life > 0.0f && event->time > 0 && newest > event->time)
            weight *= vitrine_exp_scalar((float)(newest - event->time) / kind->half_life * -0.693147181f);
        items[found] = event->item;
        weights[found++] = weight;
    }
    return found;
}

uint32_t vitrine_profile_affinities(vitrine_profile *profile, uint32_t k, vitrine_affinity *out)
{
    const vitrine_catalog *catalog = profile->catalog;
    const vitrine_model *model = catalog->model;
    uint32_t items[VITRINE_MAX_TAIL], written = 0;
    float weights[VITRINE_MAX_TAIL], total = 0.0f;
    float *affinity = profile->affinity;
    const uint32_t attributes = model->config.attributes;
    memset(affinity, 0, attributes * sizeof *affinity);
    const float decay = model->config.affinity_decay > 0.0f ? model->config.affinity_decay
                                                            : model->config.attr_decay;
    const uint32_t events =
        vitrine_profile_evidence(profile, VITRINE_NO_EVENT, decay, items, weights);
    for (uint32_t e = 0; e < events; e++) {
        uint32_t count;
        const uint16_t *at = vitrine_catalog_attributes(catalog, items[e], &count);
        const uint32_t band = vitrine_catalog_band(catalog, items[e]);
        for (uint32_t i = 0; i < count; i++) affinity[at[i]] += weights[e];
        if (band != VITRINE_NO_ATTRIBUTE) affinity[band] += weights[e];
    }
    for (uint32_t a = 0; a < attributes; a++) total += affinity[a];
    /* Insertion into a short sorted list: k is a panel's worth. */
    for (uint32_t a = 0; a < attributes && k > 0; a++) {
        if (affinity[a] == 0.0f) continue;
        if (written == k && affinity[a] <= out[k - 1].weight) continue;
        uint32_t at = written < k ? written++ : k - 1;
        for (; at > 0 && out[at - 1].weight < affinity[a]; at--) out[at] = out[at - 1];
        vitrine_affinity *slot = &out[at];
        slot->attribute = a;
        slot->weight = affinity[a];
        slot->name = "";
        slot->name_length = 0;
        if (model->attr_names.count > 0)
            slot->name = vitrine_strings_get(&model->attr_names, a, &slot->name_length);
    }
    for (uint32_t i = 0; i < written; i++) out[i].weight /= total;
    return written;
}
