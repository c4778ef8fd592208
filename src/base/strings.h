/* Packed tables of strings. Views, nothing owned. */
#ifndef VITRINE_BASE_STRINGS_H
#define VITRINE_BASE_STRINGS_H

#include <stddef.h>
#include <stdint.h>

/* Strings of one length that lie one after another: string `first` and those behind it, from byte `start` on. */
typedef struct vitrine_stretch {
    uint32_t first, start, length;
} vitrine_stretch;

/* String i is bytes[offset[i] .. offset[i+1]). A table in the order of vitrine_string_order may do without
 * offsets: it says where each length begins, which takes next to nothing for an item. */
typedef struct vitrine_strings {
    const uint32_t *offset; /* [count + 1], offset[0] = 0, not decreasing; null: stretches */
    const char *bytes;
    uint32_t count;
    uint32_t stretches;             /* at least 1 where count is */
    const vitrine_stretch *stretch; /* [stretches] rising in first and length, the first from string 0 */
} vitrine_strings;

#define VITRINE_NO_STRING UINT32_MAX

/* String i < count, not ended by a zero. */
const char *vitrine_strings_get(const vitrine_strings *s, uint32_t i, size_t *length);

/* Bytes of all of them. */
static inline size_t vitrine_strings_size(const vitrine_strings *s)
{
    size_t length;
    if (s->count == 0) return 0;
    const char *last = vitrine_strings_get(s, s->count - 1, &length);
    return (size_t)(last - s->bytes) + length;
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
