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

/* The order of tables that are searched: shorter first, then by bytes. Decimal numbers without
 * leading zeros come out in numeric order. < 0, 0, > 0 as memcmp. */
int vitrine_string_order(const char *a, size_t a_length, const char *b, size_t b_length);

/* Index of a string in a table in that order, or VITRINE_NO_STRING. */
uint32_t vitrine_strings_find(const vitrine_strings *s, const char *text, size_t length);

#endif
