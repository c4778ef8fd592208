/* The profile's inside. The ranker reads it; only profile.c and profile_file.c write. */
#ifndef VITRINE_PROFILE_PROFILE_H
#define VITRINE_PROFILE_PROFILE_H

#include "base/arena.h"
#include "catalog/catalog.h"
#include "vitrine/profile.h"

/* What the network remembers after some events. The three arrays are one piece, in this order, each
 * padded to 32 floats: copying a state is one move. */
typedef struct vitrine_state {
    float *h, *c;      /* [hidden] */
    float *x;          /* [input] the last input */
    int64_t last_time; /* of the newest event with a time; 0 none */
    uint32_t steps;    /* steps since the network started anew */
} vitrine_state;

#define VITRINE_SNAPSHOTS 8u       /* newest events that can be left out by replay: explain */
#define VITRINE_WAS_FOLDED 128u    /* internal flag: an event about the item is in the base */
#define VITRINE_NO_EVENT UINT32_MAX

/* An item that a shelf showed. */
typedef struct vitrine_impression {
    uint32_t item;
    int64_t time;
} vitrine_impression;

struct vitrine_profile {
    const vitrine_catalog *catalog;
    uint32_t capacity, start, count; /* ring: event i is events[(start + i) % capacity] */
    vitrine_event *events;
    uint64_t folded; /* events in the base */
    uint64_t revision; /* grows with every change */
    uint64_t epoch;    /* grows when events change their numbers, folded + index */
    uint64_t learns_from; /* number of the first event that teaches */
    vitrine_state state;
    vitrine_state base;    /* before event 0 */
    int64_t base_latest;   /* largest time folded into the base */
    vitrine_state before[VITRINE_SNAPSHOTS]; /* before event i: before[(folded + i) % SNAPSHOTS] */
    uint8_t *flags, *base_flags; /* [items] */
    uint32_t seen_start, seen_count; /* ring like the events' */
    vitrine_impression *seen;        /* [VITRINE_IMPRESSIONS] */
    uint64_t seen_revision;          /* grows with every change of the impressions */
    float *scratch;  /* network scratch */
    float *affinity; /* [attributes] */
};

static inline const vitrine_event *vitrine_profile_at(const vitrine_profile *profile, uint32_t index)
{
    return &profile->events[(profile->start + index) % profile->capacity];
}

/* One event into a state: a new session starts the network anew, a kind that steps takes a step. */
void vitrine_state_advance(const vitrine_profile *profile, vitrine_state *state,
                           const vitrine_event *event);
void vitrine_state_take(vitrine_arena *arena, const vitrine_network_shape *net, vitrine_state *state);
void vitrine_state_copy(const vitrine_profile *profile, vitrine_state *to, const vitrine_state *from);

/* The newest events that count, newest first: items and weights
 *     weight(kind) * exp(-steps back / decay) * 2^(-age / half_life(kind))
 * with ages against the newest event. `without` leaves one event out (VITRINE_NO_EVENT: none).
 * items, weights [VITRINE_MAX_TAIL]; returns how many. */
uint32_t vitrine_profile_evidence(const vitrine_profile *profile, uint32_t without, float decay,
                                  uint32_t *items, float *weights);

static inline const vitrine_impression *vitrine_profile_seen_at(const vitrine_profile *profile,
                                                                uint32_t index)
{
    return &profile->seen[(profile->seen_start + index) % VITRINE_IMPRESSIONS];
}

/* Whether an event of this kind says that the visitor took the item up. */
static inline bool vitrine_takes_up(uint32_t kind)
{
    return kind <= VITRINE_ADD_TO_CART || kind == VITRINE_ADD_TO_WISHLIST || kind == VITRINE_PURCHASE ||
           kind == VITRINE_RATE || kind == VITRINE_REC_CLICK || kind == VITRINE_REC_ADD_TO_CART;
}

/* Drop the impressions of an item, and those with time >= since (0: none by time; -1: all). */
void vitrine_seen_forget(vitrine_profile *profile, uint32_t item, int64_t since);

/* How often each item was shown since the visitor last took it up: views [items], each view counting
 * 2^(-age / half_life) at `now` (half_life 0: 1). taken [items]: scratch. Returns how many views there
 * were; 0: the arrays were not touched. */
uint32_t vitrine_seen_views(const vitrine_profile *profile, int64_t now, float half_life, float *views,
                            float *taken);

#endif
