#include "base/strings.h"

#include <string.h>

int vitrine_string_order(const char *a, size_t a_length, const char *b, size_t b_length)
{
    if (a_length != b_length) return a_length < b_length ? -1 : 1;
    return a_length == 0 ? 0 : memcmp(a, b, a_length);
}

uint32_t vitrine_strings_find(const vitrine_strings *s, const char *text, size_t length)
{
    uint32_t low = 0, high = s->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        size_t there;
        const char *found = vitrine_strings_get(s, middle, &there);
        const int order = vitrine_string_order(found, there, text, length);
        if (order == 0) return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return VITRINE_NO_STRING;
}
