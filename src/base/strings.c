#include "base/strings.h"

#include <string.h>

static uint64_t word(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

int vitrine_bytes_order(const void *a, const void *b, size_t length)
{
    const uint8_t *one = a, *other = b;
    for (; length >= 8 && word(one) == word(other); length -= 8) one += 8, other += 8;
    for (; length > 0; length--, one++, other++)
        if (*one != *other) return *one - *other;
    return 0;
}

int vitrine_string_order(const char *a, size_t a_length, const char *b, size_t b_length)
{
    if (a_length != b_length) return a_length < b_length ? -1 : 1;
    return vitrine_bytes_order(a, b, a_length);
}

const char *vitrine_strings_get(const vitrine_strings *s, uint32_t i, size_t *length)
{
    if (s->offset != NULL) {
        *length = s->offset[i + 1] - s->offset[i];
        return s->bytes + s->offset[i];
    }
    const vitrine_stretch *at = s->stretch;
    for (uint32_t left = s->stretches; left > 1; left -= left / 2)
        if (at[left / 2].first <= i) at += left / 2;
    *length = at->length;
    return s->bytes + at->start + (size_t)(i - at->first) * at->length;
}

uint32_t vitrine_strings_among(const vitrine_strings *s, const uint32_t *index, uint32_t low, uint32_t high,
                               const char *text, size_t length)
{
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        size_t there;
        const char *found = vitrine_strings_get(s, index != NULL ? index[middle] : middle, &there);
        const int order = vitrine_string_order(found, there, text, length);
        if (order == 0) return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return VITRINE_NO_STRING;
}
