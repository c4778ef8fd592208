/* Distinct strings, numbered as they come: the hash table behind every id column. */
#ifndef VITRINE_DATA_ID_SET_H
#define VITRINE_DATA_ID_SET_H

#include <stdbool.h>
#include "base/strings.h"

typedef struct vitrine_id_set {
    uint32_t *slot;   /* [slots] index + 1, 0 = free; slots is a power of two */
    uint32_t *hash;   /* [capacity] of each string */
    uint32_t *offset; /* [capacity + 1] */
    char *bytes;
    size_t slots, capacity, byte_capacity;
    uint32_t count;
} vitrine_id_set;

void vitrine_id_set_free(vitrine_id_set *set); /* a zeroed set is empty and valid */

/* The string's number, adding it when new. False when memory ran out, or the strings passed 4 GiB. */
bool vitrine_id_set_add(vitrine_id_set *set, const char *text, size_t length, uint32_t *index);
/* VITRINE_NO_STRING when it is not there. */
uint32_t vitrine_id_set_find(const vitrine_id_set *set, const char *text, size_t length);

/* All strings by number; a view that the next add ends. */
vitrine_strings vitrine_id_set_view(const vitrine_id_set *set);

/* A table of its own (free with vitrine_strings_free) of those strings for which keep[number] is not
 * 0, in (length, bytes) order. rank[number] becomes the place in it, or VITRINE_NO_STRING. */
bool vitrine_id_set_sorted(const vitrine_id_set *set, const uint8_t *keep, vitrine_strings *table,
                           uint32_t *rank);

/* An owned table. `from` gives which string of `source` stands at each place; null: all in order. */
bool vitrine_strings_gather(const vitrine_strings *source, const uint32_t *from, uint32_t count,
                            vitrine_strings *table);
void vitrine_strings_free(vitrine_strings *table);

#endif
