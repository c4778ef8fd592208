/* The profile's inside. The ranker reads it; only profile.c and profile_file.c write. */
#ifndef VITRINE_PROFILE_PROFILE_H
#define VITRINE_PROFILE_PROFILE_H

#include "catalog/catalog.h"
#include "vitrine/profile.h"

/* What the network remembers after some events. */
typedef struct vitrine_state {
    float *h, *c;      /* [hidden] */
    float *x;          /* [input] the last input */
    int64_t last_time; /* of the newest event with a time; 0 none */
    uint32_t steps;    /* steps since the network started anew */
} vitrine_state;

#define VITRINE_SNAPSHOTS 8u       /* newest events that can be left out by replay: explain */
#define VITRINE_WAS_FOLDED 128u    /* internal flag: an event about the item is in the base */
#define VITRINE_NO_EVENT UINT32_MAX

struct vitrine_profile {
    const vitrine_catalog *catalog;
    uint32_t capacity, start, count; /* ring: event i is events[(start + i) % capacity] */
    vitrine_event *events;
    uint64_t folded; /* events in the base */
    uint64_t revision; /* grows with every change */
    vitrine_state state;
    vitrine_state base;    /* before event 0 */
    int64_t base_latest;   /* largest time folded into the base */
    vitrine_state before[VITRINE_SNAPSHOTS]; /* before event i: before[(folded + i) % SNAPSHOTS] */
    uint8_t *flags, *base_flags; /* [items] */
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
void vitrine_state_copy(const vitrine_profile *profile, vitrine_state *to, const vitrine_state *from);

/* The newest events that count, newest first: items and weights
 *     weight(kind) * exp(-steps back / decay) * 2^(-age / half_life(kind))
 * with ages against the newest event. `without` leaves one event out (VITRINE_NO_EVENT: none).
 * items, weights [VITRINE_MAX_TAIL]; returns how many. */
uint32_t vitrine_profile_evidence(const vitrine_profile *profile, uint32_t without, float decay,
                                  uint32_t *items, float *weights);

#endif
