/* Carves the caller's memory. Run a layout over {0} to measure it, then over real memory: the same
 * function does both, so size and init cannot disagree. */
#ifndef VITRINE_BASE_ARENA_H
#define VITRINE_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct vitrine_arena {
    uint8_t *base; /* null: measuring */
    size_t size;   /* of base */
    size_t used;
    bool failed; /* a take passed size, or overflowed; sticky */
} vitrine_arena;

#define VITRINE_ALIGN 64u

/* count * each bytes, aligned to VITRINE_ALIGN, not cleared. Null when measuring or failed. */
static inline void *vitrine_arena_take(vitrine_arena *arena, size_t count, size_t each)
{
    if (each != 0 && count > (SIZE_MAX / 2 - arena->used) / each) {
        arena->failed = true;
        return NULL;
    }
    const size_t start = arena->used;
    const size_t bytes = (count * each + VITRINE_ALIGN - 1) & ~(size_t)(VITRINE_ALIGN - 1);
    arena->used = start + bytes;
    if (arena->base == NULL) return NULL;
    if (arena->used > arena->size) arena->failed = true;
    return arena->failed ? NULL : arena->base + start;
}

#define VITRINE_TAKE(arena, type, count) ((type *)vitrine_arena_take((arena), (count), sizeof(type)))

#endif
