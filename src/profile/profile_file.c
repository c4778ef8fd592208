/* The profile as bytes: a container of kind profile. docs/profile-format.md describes them. */
#include <string.h>

#include "base/fault.h"
#include "base/reader.h"
#include "base/strings.h"
#include "base/writer.h"
#include "profile/profile.h"

enum {
    S_HEAD = VITRINE_ID('h', 'e', 'a', 'd'),
    S_ID_OFFSET = VITRINE_ID('i', 'd', 'o', 'f'),
    S_ID_BYTES = VITRINE_ID('i', 'd', 'b', 'y'),
    S_EVENTS = VITRINE_ID('e', 'v', 'n', 't'),
    S_FLAGS = VITRINE_ID('f', 'l', 'a', 'g'),
    S_STATE = VITRINE_ID('s', 't', 'a', 't'),
    S_SEEN = VITRINE_ID('s', 'e', 'e', 'n'),
    HEAD_SIZE = 56,
    OLD_HEAD_SIZE = 48, /* before there was anything to learn */
    EVENT_SIZE = 20,
    SEEN_SIZE = 8,
    MOST = 1 << 20 /* events or flags in one file */
};

/* Items with something in the base, in order; the next one from `item` on, or items. */
static uint32_t next_folded(const vitrine_profile *profile, uint32_t item)
{
    while (item < profile->catalog->items && profile->base_flags[item] == 0) item++;
    return item;
}

/* Writes every section; measures when w->out is null. */
static void put_all(vitrine_container_writer *w, const vitrine_profile *p)
{
    const vitrine_catalog *catalog = p->catalog;
    const vitrine_network_shape *net = &catalog->model->config.net;
    uint32_t flagged = 0;
    size_t bytes = 0, length;
    for (uint32_t i = 0; i < p->count; i++) {
        (void)vitrine_catalog_id(catalog, vitrine_profile_at(p, i)->item, &length);
        bytes += length;
    }
    for (uint32_t i = next_folded(p, 0); i < catalog->items; i = next_folded(p, i + 1)) {
        (void)vitrine_catalog_id(catalog, i, &length);
        bytes += length;
        flagged++;
    }
    for (uint32_t i = 0; i < p->seen_count; i++) {
        (void)vitrine_catalog_id(catalog, vitrine_profile_seen_at(p, i)->item, &length);
        bytes += length;
    }
    const uint32_t count = p->count + flagged + p->seen_count;
    const size_t state = 2 * (size_t)net->hidden + net->input;

    uint8_t *head = vitrine_container_add(w, S_HEAD, HEAD_SIZE);
    uint8_t *offsets = vitrine_container_add(w, S_ID_OFFSET, ((size_t)count + 1) * 4);
    char *ids = vitrine_container_add(w, S_ID_BYTES, bytes);
    uint8_t *events = vitrine_container_add(w, S_EVENTS, (size_t)p->count * EVENT_SIZE);
    uint8_t *flags = vitrine_container_add(w, S_FLAGS, flagged);
    float *values = vitrine_container_add(w, S_STATE, state * sizeof(float));
    uint8_t *seen = vitrine_container_add(w, S_SEEN, (size_t)p->seen_count * SEEN_SIZE);
    if (head == NULL || offsets == NULL || values == NULL) return;

    vitrine_writer to = {head, head + HEAD_SIZE, true};
    vitrine_write_u32(&to, p->count);
    vitrine_write_u32(&to, flagged);
    vitrine_write_u32(&to, net->hidden);
    vitrine_write_u32(&to, net->input);
    vitrine_write_u64(&to, p->folded);
    vitrine_write_u64(&to, (uint64_t)p->base.last_time);
    vitrine_write_u64(&to, (uint64_t)p->base_latest);
    vitrine_write_u32(&to, p->base.steps);
    vitrine_write_u32(&to, p->seen_count);
    vitrine_write_u64(&to, p->learns_from);

    vitrine_writer offset = {offsets, offsets + ((size_t)count + 1) * 4, true};
    vitrine_writer event = {events, events + (size_t)p->count * EVENT_SIZE, true};
    vitrine_writer shown = {seen, seen + (size_t)p->seen_count * SEEN_SIZE, true};
    uint32_t used = 0;
    for (uint32_t i = 0, item = next_folded(p, 0); i < count; i++) {
        const vitrine_event *e = i < p->count ? vitrine_profile_at(p, i) : NULL;
        const vitrine_impression *s =
            i < p->count + flagged ? NULL : vitrine_profile_seen_at(p, i - p->count - flagged);
        const char *id =
            vitrine_catalog_id(catalog, e != NULL ? e->item : s != NULL ? s->item : item, &length);
        vitrine_write_u32(&offset, used);
        if (length > 0) memcpy(ids + used, id, length);
        used += (uint32_t)length;
        if (e != NULL) {
            vitrine_write_u32(&event, e->kind);
            vitrine_write_u64(&event, (uint64_t)e->time);
            vitrine_write_f32(&event, e->value);
            vitrine_write_u32(&event, 0);
        } else if (s != NULL) {
            vitrine_write_u64(&shown, (uint64_t)s->time);
        } else {
            flags[i - p->count] = p->base_flags[item] & (uint8_t)~VITRINE_WAS_FOLDED;
            item = next_folded(p, item + 1);
        }
    }
    vitrine_write_u32(&offset, used);
    memcpy(values, p->base.h, net->hidden * sizeof(float));
    memcpy(values + net->hidden, p->base.c, net->hidden * sizeof(float));
    memcpy(values + 2 * (size_t)net->hidden, p->base.x, net->input * sizeof(float));
}

enum { SECTIONS = 7 };

size_t vitrine_profile_save_size(const vitrine_profile *profile)
{
    size_t bytes;
    vitrine_container_writer w;
    vitrine_container_begin(&w, NULL, 0, VITRINE_KIND_PROFILE, 0, NULL, SECTIONS);
    put_all(&w, profile);
    return vitrine_container_end(&w, &bytes) == VITRINE_OK ? bytes : 0;
}

vitrine_status vitrine_profile_save(const vitrine_profile *profile, void *out, size_t size,
                                    size_t *written)
{
    *written = 0;
    if (out == NULL || ((uintptr_t)out & (VITRINE_SECTION_ALIGN - 1)) != 0)
        return VITRINE_BAD_ARGUMENT;
    vitrine_container_writer w;
    vitrine_container_begin(&w, out, size, VITRINE_KIND_PROFILE, 0, profile->catalog->model->hash,
                            SECTIONS);
    put_all(&w, profile);
    return vitrine_container_end(&w, written);
}

/* A checked file, before anything is changed. */
typedef struct profile_file {
    uint32_t events, flagged, shown;
    uint64_t folded, learns_from;
    int64_t base_time, base_latest;
    uint32_t base_steps;
    bool same_model;
    vitrine_strings ids;
    const uint8_t *event, *flag, *seen;
    const float *state;
} profile_file;

static vitrine_event read_event(const profile_file *file, uint32_t index)
{
    const uint8_t *at = file->event + (size_t)index * EVENT_SIZE;
    vitrine_reader in = {at, at + EVENT_SIZE, true};
    vitrine_event event;
    event.item = VITRINE_NO_ITEM;
    event.kind = vitrine_read_u32(&in);
    event.time = (int64_t)vitrine_read_u64(&in);
    event.value = vitrine_read_f32(&in);
    return event;
}

static int64_t read_seen(const profile_file *file, uint32_t index)
{
    const uint8_t *at = file->seen + (size_t)index * SEEN_SIZE;
    vitrine_reader in = {at, at + SEEN_SIZE, true};
    return (int64_t)vitrine_read_u64(&in);
}

static vitrine_status read_file(const vitrine_profile *profile, const void *bytes, size_t size,
                                profile_file *out, vitrine_fault *fault)
{
    const vitrine_model *model = profile->catalog->model;
    vitrine_container file;
    memset(out, 0, sizeof *out);
    vitrine_status status = vitrine_container_open(&file, bytes, size, VITRINE_KIND_PROFILE, fault);
    if (status == VITRINE_OK) status = vitrine_container_verify(&file, NULL, fault);
    if (status != VITRINE_OK) return status;

    vitrine_section head, offsets, ids, events, flags, state, seen;
    (void)vitrine_container_find(&file, S_HEAD, &head);
    (void)vitrine_container_find(&file, S_ID_OFFSET, &offsets);
    (void)vitrine_container_find(&file, S_ID_BYTES, &ids);
    (void)vitrine_container_find(&file, S_EVENTS, &events);
    (void)vitrine_container_find(&file, S_FLAGS, &flags);
    (void)vitrine_container_find(&file, S_STATE, &state);
    (void)vitrine_container_find(&file, S_SEEN, &seen);
    if (head.size != HEAD_SIZE && head.size != OLD_HEAD_SIZE)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "head", head.offset, head.size, HEAD_SIZE);
    vitrine_reader in = {head.bytes, head.bytes + head.size, true};
    out->events = vitrine_read_u32(&in);
    out->flagged = vitrine_read_u32(&in);
    const uint32_t hidden = vitrine_read_u32(&in), input = vitrine_read_u32(&in);
    out->folded = vitrine_read_u64(&in);
    out->base_time = (int64_t)vitrine_read_u64(&in);
    out->base_latest = (int64_t)vitrine_read_u64(&in);
    out->base_steps = vitrine_read_u32(&in);
    out->shown = vitrine_read_u32(&in); /* 0 in files of before there were any */
    out->learns_from = head.size == HEAD_SIZE ? vitrine_read_u64(&in) : 0;
    if (out->events > MOST || out->flagged > MOST || out->shown > MOST || hidden > VITRINE_MAX_WIDTH ||
        input > VITRINE_MAX_WIDTH)
        return vitrine_refuse(fault, VITRINE_BAD_VALUE, "head", head.offset, out->events, MOST);

    const uint32_t count = out->events + out->flagged + out->shown;
    const uint32_t *offset = (const uint32_t *)(const void *)offsets.bytes;
    if (offsets.size != ((uint64_t)count + 1) * 4 || offset[0] != 0 || offset[count] != ids.size)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "ids", offsets.offset, offsets.size,
                              ((uint64_t)count + 1) * 4);
    for (uint32_t i = 0; i < count; i++)
        if (offset[i] > offset[i + 1])
            return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "ids", offsets.offset + i * 4u,
                                  offset[i], offset[i + 1]);
    if (events.size != (uint64_t)out->events * EVENT_SIZE)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "events", events.offset, events.size,
                              (uint64_t)out->events * EVENT_SIZE);
    if (flags.size != out->flagged)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "flags", flags.offset, flags.size,
                              out->flagged);
    if (seen.size != (uint64_t)out->shown * SEEN_SIZE)
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "seen", seen.offset, seen.size,
                              (uint64_t)out->shown * SEEN_SIZE);
    const uint64_t floats = 2 * (uint64_t)hidden + input;
    if (state.size != floats * sizeof(float))
        return vitrine_refuse(fault, VITRINE_BAD_FORMAT, "state", state.offset, state.size,
                              floats * sizeof(float));
    out->ids = (vitrine_strings){.offset = offset, .bytes = (const char *)ids.bytes, .count = count};
    out->event = events.bytes;
    out->flag = flags.bytes;
    out->seen = seen.bytes;
    out->state = (const float *)(const void *)state.bytes;
    for (uint32_t i = 0; i < out->events; i++) {
        const vitrine_event event = read_event(out, i);
        if (event.kind >= VITRINE_EVENT_KINDS || event.time < 0 ||
            event.time > (int64_t)1 << 40 || !(event.value >= 0.0f && event.value <= 1e9f))
            return vitrine_refuse(fault, VITRINE_BAD_VALUE, "event",
                                  events.offset + (uint64_t)i * EVENT_SIZE, event.kind,
                                  VITRINE_EVENT_KINDS);
    }
    for (uint32_t i = 0; i < out->shown; i++)
        if (read_seen(out, i) < 0 || read_seen(out, i) > (int64_t)1 << 40)
            return vitrine_refuse(fault, VITRINE_BAD_VALUE, "seen",
                                  seen.offset + (uint64_t)i * SEEN_SIZE, i, out->shown);
    for (uint64_t i = 0; i < floats; i++)
        if (!(out->state[i] >= -1e6f && out->state[i] <= 1e6f))
            return vitrine_refuse(fault, VITRINE_BAD_VALUE, "state", state.offset + i * 4, i, floats);
    for (uint32_t i = 0; i < out->flagged; i++)
        if (out->flag[i] >= VITRINE_WAS_FOLDED)
            return vitrine_refuse(fault, VITRINE_BAD_VALUE, "flags", flags.offset + i, out->flag[i],
                                  VITRINE_WAS_FOLDED);
    out->same_model = vitrine_bytes_order(file.parent, model->hash, 32) == 0 &&
                      hidden == model->config.net.hidden && input == model->config.net.input;
    return VITRINE_OK;
}

vitrine_status vitrine_profile_load(vitrine_profile *profile, const void *bytes, size_t size,
                                    uint32_t *skipped, vitrine_fault *fault)
{
    profile_file file;
    *skipped = 0;
    const vitrine_status status = read_file(profile, bytes, size, &file, fault);
    if (status != VITRINE_OK) return status;

    (void)vitrine_profile_forget_all(profile);
    const vitrine_catalog *catalog = profile->catalog;
    for (uint32_t i = 0; i < file.flagged; i++) {
        size_t length;
        const char *id = vitrine_strings_get(&file.ids, file.events + i, &length);
        const uint32_t item = vitrine_catalog_find(catalog, id, length);
        if (item == VITRINE_NO_ITEM) continue;
        profile->base_flags[item] = file.flag[i] | VITRINE_WAS_FOLDED;
        profile->flags[item] = profile->base_flags[item];
    }
    profile->folded = file.folded;
    profile->learns_from = file.learns_from;
    profile->base_latest = file.base_latest;
    if (file.same_model) {
        const vitrine_network_shape *net = &catalog->model->config.net;
        memcpy(profile->base.h, file.state, net->hidden * sizeof(float));
        memcpy(profile->base.c, file.state + net->hidden, net->hidden * sizeof(float));
        memcpy(profile->base.x, file.state + 2 * (size_t)net->hidden, net->input * sizeof(float));
        profile->base.last_time = file.base_time;
        profile->base.steps = file.base_steps;
        vitrine_state_copy(profile, &profile->state, &profile->base);
    }
    for (uint32_t i = 0; i < file.events; i++) {
        size_t length;
        const char *id = vitrine_strings_get(&file.ids, i, &length);
        vitrine_event event = read_event(&file, i);
        event.item = vitrine_catalog_find(catalog, id, length);
        if (event.item == VITRINE_NO_ITEM)
            (*skipped)++;
        else
            (void)vitrine_profile_observe(profile, &event);
    }
    for (uint32_t i = 0; i < file.shown; i++) {
        size_t length;
        const char *id = vitrine_strings_get(&file.ids, file.events + file.flagged + i, &length);
        (void)vitrine_profile_seen(profile, vitrine_catalog_find(catalog, id, length), read_seen(&file, i));
    }
    return VITRINE_OK;
}
