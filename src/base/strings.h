/* A packed table of strings: string i is bytes[offset[i] .. offset[i+1]). Views, nothing owned. */
#ifndef VITRINE_BASE_STRINGS_H
#define VITRINE_BASE_STRINGS_H

#include <stddef.h>
#include <stdint.h>

typedef struct vitrine_strings {
    const uint32_t *offset; /* [count + 1], offset[0] = 0, not decreasing */
    const char *bytes;
    uint32_t count;
} vitrine_strings;

#define VITRINE_NO_STRING UINT32_MAX

static inline const char *vitrine_strings_get(const vitrine_strings *s, uint32_t i, size_t *length)
{
    *length = s->offset[i + 1] - s->offset[i];
    return s->bytes + s->offset[i];
}

/* As memcmp, eight bytes at a time: the module's own goes byte by byte, and ids that stand
 * side by side begin alike. */
int vitrine_bytes_order(const void *a, const void *b, size_t length);

/* The order of tables that are searched: shorter first, then by bytes. Decimal numbers without
 * leading zeros come out in numeric order. < 0, 0, > 0 as memcmp. */
int vitrine_string_order(const char *a, size_t a_length, const char *b, size_t b_length);

/* Which of low .. high-1 is that string, or VITRINE_NO_STRING: strings of a table in that order, or places in
 * `index`, which names strings of it in that order. */
uint32_t vitrine_strings_among(const vitrine_strings *s, const uint32_t *index, uint32_t low, uint32_t high,
                               const char *text, size_t length);

/* Index of a string in a table in that order, or VITRINE_NO_STRING. */
static inline uint32_t vitrine_strings_find(const vitrine_strings *s, const char *text, size_t length)
{
    return vitrine_strings_among(s, NULL, 0, s->count, text, length);
}

#endif
