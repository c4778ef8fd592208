#include "data/id_set.h"

#include <stdlib.h>
#include <string.h>

void vitrine_id_set_free(vitrine_id_set *set)
{
    free(set->slot);
    free(set->hash);
    free(set->offset);
    free(set->bytes);
    const vitrine_id_set empty = {0};
    *set = empty;
}

/* FNV-1a over 8-byte words, then a final mix (Fowler, Noll, Vo; the mix is xorshift-multiply). */
static uint32_t hash_of(const char *text, size_t length)
{
    uint64_t h = 14695981039346656037u ^ length;
    for (; length >= 8; length -= 8, text += 8) {
        uint64_t word;
        memcpy(&word, text, 8);
        h = (h ^ word) * 1099511628211u;
        h ^= h >> 29;
    }
    for (; length > 0; length--, text++) h = (h ^ (uint8_t)*text) * 1099511628211u;
    h = (h ^ h >> 32) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(h >> 32);
}

static bool grow(vitrine_id_set *set)
{
    const size_t capacity = set->capacity == 0 ? 64 : set->capacity * 2;
    uint32_t *hash = realloc(set->hash, capacity * sizeof *hash);
    if (hash == NULL) return false;
    set->hash = hash;
    uint32_t *offset = realloc(set->offset, (capacity + 1) * sizeof *offset);
    if (offset == NULL) return false;
    set->offset = offset;
    if (set->capacity == 0) offset[0] = 0;
    uint32_t *slot = calloc(capacity * 2, sizeof *slot);
    if (slot == NULL) return false;
    free(set->slot);
    set->slot = slot;
    set->slots = capacity * 2;
    for (uint32_t i = 0; i < set->count; i++) {
        size_t at = hash[i] & (set->slots - 1);
        while (slot[at] != 0) at = (at + 1) & (set->slots - 1);
        slot[at] = i + 1;
    }
    set->capacity = capacity;
    return true;
}

/* The slot that holds the string, or the free one where it belongs. slots > 0. */
static size_t slot_of(const vitrine_id_set *set, const char *text, size_t length, uint32_t hash)
{
    size_t at = hash & (set->slots - 1);
    for (; set->slot[at] != 0; at = (at + 1) & (set->slots - 1)) {
        const uint32_t i = set->slot[at] - 1;
        if (set->hash[i] == hash && set->offset[i + 1] - set->offset[i] == length &&
            (length == 0 || memcmp(set->bytes + set->offset[i], text, length) == 0))
            break;
    }
    return at;
}

bool vitrine_id_set_add(vitrine_id_set *set, const char *text, size_t length, uint32_t *index)
{
    const uint32_t hash = hash_of(text, length);
    if (set->count == set->capacity && !grow(set)) return false;
    const size_t at = slot_of(set, text, length, hash);
    if (set->slot[at] != 0) {
        *index = set->slot[at] - 1;
        return true;
    }
    const size_t used = set->offset[set->count];
    if (length > UINT32_MAX - 1 - used || set->count == UINT32_MAX - 2) return false;
    if (used + length > set->byte_capacity || set->bytes == NULL) {
        const size_t capacity = (used + length) * 2 + 1024;
        char *bytes = realloc(set->bytes, capacity);
        if (bytes == NULL) return false;
        set->bytes = bytes;
        set->byte_capacity = capacity;
    }
    if (length > 0) memcpy(set->bytes + used, text, length);
    set->hash[set->count] = hash;
    set->offset[set->count + 1] = (uint32_t)(used + length);
    *index = set->count++;
    set->slot[at] = set->count;
    return true;
}

uint32_t vitrine_id_set_find(const vitrine_id_set *set, const char *text, size_t length)
{
    if (set->count == 0) return VITRINE_NO_STRING;
    const uint32_t found = set->slot[slot_of(set, text, length, hash_of(text, length))];
    return found == 0 ? VITRINE_NO_STRING : found - 1;
}

vitrine_strings vitrine_id_set_view(const vitrine_id_set *set)
{
    static const uint32_t nothing[1] = {0};
    const vitrine_strings view = {.offset = set->count == 0 ? nothing : set->offset, .bytes = set->bytes, .count = set->count};
    return view;
}

/* qsort has no argument for its comparison, so the keys carry what it needs. */
typedef struct sort_key {
    const char *text;
    uint32_t length, index;
} sort_key;

static int by_string(const void *a, const void *b)
{
    const sort_key *x = a, *y = b;
    return vitrine_string_order(x->text, x->length, y->text, y->length);
}

bool vitrine_id_set_sorted(const vitrine_id_set *set, const uint8_t *keep, vitrine_strings *table,
                           uint32_t *rank)
{
    sort_key *key = malloc((set->count + (size_t)1) * sizeof *key);
    uint32_t *from = malloc((set->count + (size_t)1) * sizeof *from);
    bool ok = key != NULL && from != NULL;
    if (ok) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < set->count; i++) {
            rank[i] = VITRINE_NO_STRING;
            if (keep != NULL && keep[i] == 0) continue;
            const sort_key one = {set->bytes + set->offset[i], set->offset[i + 1] - set->offset[i], i};
            key[count++] = one;
        }
        qsort(key, count, sizeof *key, by_string);
        for (uint32_t i = 0; i < count; i++) {
            from[i] = key[i].index;
            rank[key[i].index] = i;
        }
        const vitrine_strings view = vitrine_id_set_view(set);
        ok = vitrine_strings_gather(&view, from, count, table);
    }
    free(key);
    free(from);
    return ok;
}

bool vitrine_strings_gather(const vitrine_strings *source, const uint32_t *from, uint32_t count,
                            vitrine_strings *table)
{
    uint64_t total = 0;
    size_t length;
    for (uint32_t i = 0; i < count; i++) {
        vitrine_strings_get(source, from == NULL ? i : from[i], &length);
        total += length;
    }
    uint32_t *offset = malloc((count + (size_t)1) * sizeof *offset);
    char *bytes = malloc(total + 1);
    if (offset == NULL || bytes == NULL || total > UINT32_MAX) {
        free(offset);
        free(bytes);
        return false;
    }
    offset[0] = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = vitrine_strings_get(source, from == NULL ? i : from[i], &length);
        if (length > 0) memcpy(bytes + offset[i], text, length);
        offset[i + 1] = offset[i] + (uint32_t)length;
    }
    const vitrine_strings made = {.offset = offset, .bytes = bytes, .count = count};
    *table = made;
    return true;
}

void vitrine_strings_free(vitrine_strings *table)
{
    free((void *)(uintptr_t)table->offset);
    free((void *)(uintptr_t)table->bytes);
    const vitrine_strings empty = {0};
    *table = empty;
}
