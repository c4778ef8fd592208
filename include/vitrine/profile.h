/* All that is kept about one visitor: the events, the recurrent state made of them, and what each
 * item has been to the visitor. */
#ifndef VITRINE_PROFILE_H
#define VITRINE_PROFILE_H

#include "vitrine/catalog.h"
#include "vitrine/event.h"

/* Opaque. Belongs to one visitor and one thread; keeps a pointer to its catalog. */
typedef struct vitrine_profile vitrine_profile;

/* What an item has been to the visitor: bits of vitrine_profile_flags and of exclusions. */
enum {
    VITRINE_WAS_VIEWED = 1,
    VITRINE_IN_CART = 2,
    VITRINE_IN_WISHLIST = 4,
    VITRINE_WAS_PURCHASED = 8,
    VITRINE_WAS_DISMISSED = 16,
    VITRINE_WAS_RATED = 32
};

/* `capacity`: events kept one by one, 1..65536 (2000 is usual). Older ones fold into the base state:
 * they keep acting through it, but can only be forgotten together. */
vitrine_status vitrine_profile_size(const vitrine_catalog *catalog, uint32_t capacity, size_t *need);
vitrine_status vitrine_profile_init(void *mem, size_t mem_size, const vitrine_catalog *catalog,
                                    uint32_t capacity, vitrine_profile **profile);

/* Take one event in: one step of the network, no allocation. Times may be equal or step back; the
 * order of the calls is the order of events. VITRINE_UNKNOWN_ITEM, VITRINE_BAD_ARGUMENT,
 * VITRINE_BAD_VALUE or VITRINE_NOT_KEPT (a sensitive item) leave the profile as it was.
 * VITRINE_REC_VIEW is no event of the visitor's own doing: it goes to vitrine_profile_seen. */
vitrine_status vitrine_profile_observe(vitrine_profile *profile, const vitrine_event *event);

/* A shelf showed the item to the visitor at this time (s). The newest VITRINE_IMPRESSIONS are kept
 * beside the events: they tire an item and teach what is passed over, until the visitor takes the
 * item up. Forgotten and saved with the rest; statuses as above. */
#define VITRINE_IMPRESSIONS 512u
vitrine_status vitrine_profile_seen(vitrine_profile *profile, uint32_t item, int64_t time);
/* What happened up to now teaches the ranking no more (vitrine_ranker_learn); events stay. */
void vitrine_profile_reset_learning(vitrine_profile *profile);
/* How many impressions are kept. */
uint32_t vitrine_profile_impressions(const vitrine_profile *profile);

/* Forgetting replays what stays, so the state is to the bit as if the forgotten events had never
 * been. If older events had been folded already they are dropped too, as nobody can tell them apart.
 * Each returns how many of the kept events went. */
uint32_t vitrine_profile_forget_item(vitrine_profile *profile, uint32_t item);
/* All events with time >= since. */
uint32_t vitrine_profile_forget_since(vitrine_profile *profile, int64_t since);
uint32_t vitrine_profile_forget_all(vitrine_profile *profile);

/* Events kept, oldest first. */
uint32_t vitrine_profile_events(const vitrine_profile *profile);
/* index < vitrine_profile_events. */
vitrine_event vitrine_profile_event(const vitrine_profile *profile, uint32_t index);
/* Bits VITRINE_WAS_... of an item. */
uint32_t vitrine_profile_flags(const vitrine_profile *profile, uint32_t item);
/* The recurrent state h, [*width] floats; valid until the next call that changes the profile. */
const float *vitrine_profile_state(const vitrine_profile *profile, uint32_t *width);

/* Will this visit end in a purchase? A probability in 0..1 as of the newest event: of what the
 * visitor did since the last pause or purchase. False, and 0, when the model has no such part or the
 * visit no event yet. */
bool vitrine_profile_intent(const vitrine_profile *profile, float *intent);

/* Affinity to attributes (category levels, brand, price band, tags), strongest first: at most `k`.
 * name is not zero-terminated, as "brand:Acme", "category:Shoes/Boots", "price:3"; hashed models
 * know no names and give "". weight is a share of all affinity, 0..1. Returns how many. */
typedef struct vitrine_affinity {
    uint32_t attribute;
    float weight;
    const char *name;
    size_t name_length;
} vitrine_affinity;
uint32_t vitrine_profile_affinities(vitrine_profile *profile, uint32_t k, vitrine_affinity *out);

/* The profile as bytes (docs/profile-format.md). Items travel by id, so events survive a new model;
 * the state folded from older events fits its own model only and is dropped under another. */
size_t vitrine_profile_save_size(const vitrine_profile *profile);
vitrine_status vitrine_profile_save(const vitrine_profile *profile, void *out, size_t size,
                                    size_t *written);
/* Replaces the profile; after a failure it is as it was. `skipped` counts events about items that
 * the catalog no longer has. */
vitrine_status vitrine_profile_load(vitrine_profile *profile, const void *bytes, size_t size,
                                    uint32_t *skipped, vitrine_fault *fault);

#endif
