#include "data/columns.h"

#include <stdio.h>
#include <string.h>

static char folded(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }
static bool is_filler(char c) { return c == ' ' || c == '_' || c == '-' || c == '\t'; }

/* Compare without case and fillers; `b` ends at a blank or its zero. */
static bool same_name(const char *a, size_t length, const char *b)
{
    const char *const end = a + length;
    for (;;) {
        while (a < end && is_filler(*a)) a++;
        while (*b == '_' || *b == '-') b++;
        const bool b_ends = *b == 0 || *b == ' ';
        if (a == end || b_ends) return a == end && b_ends;
        if (folded(*a) != folded(*b)) return false;
        a++, b++;
    }
}

static int find_alias(const char *aliases, const vitrine_field *header, uint32_t fields)
{
    while (*aliases != 0) {
        for (uint32_t i = 0; i < fields; i++)
            if (same_name(header[i].text, header[i].length, aliases)) return (int)i;
        while (*aliases != 0 && *aliases != ' ') aliases++;
        while (*aliases == ' ') aliases++;
    }
    return VITRINE_NO_COLUMN;
}

bool vitrine_column_is(const vitrine_column_name *name, const char *text, size_t length)
{
    const vitrine_field field = {text, length};
    return find_alias(name->aliases, &field, 1) == 0;
}

/* "a, b, c" for a message, cut to fit. */
static void list_names(char *out, size_t size, const vitrine_field *header, uint32_t fields)
{
    size_t used = 0;
    out[0] = 0;
    for (uint32_t i = 0; i < fields && used + 1 < size; i++) {
        const int length = header[i].length > 60 ? 60 : (int)header[i].length;
        const int wrote = snprintf(out + used, size - used, "%s%.*s", i == 0 ? "" : ", ", length,
                                   header[i].text);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
}

static bool find_mapped(const char *wanted, size_t length, bool numbers, const vitrine_field *header,
                        uint32_t fields, const char *where, int *column, vitrine_problem *problem)
{
    if (numbers) {
        uint32_t place = 0;
        for (size_t i = 0; i < length && place <= VITRINE_CSV_FIELDS; i++)
            place = wanted[i] >= '0' && wanted[i] <= '9' ? place * 10 + (uint32_t)(wanted[i] - '0')
                                                         : VITRINE_CSV_FIELDS + 1;
        if (place == 0 || place > fields)
            return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                       "--columns: '%.*s' is no column number 1..%u of %s",
                                       (int)(length > 60 ? 60 : length), wanted, fields, where);
        *column = (int)place - 1;
        return true;
    }
    for (uint32_t i = 0; i < fields; i++)
        if (header[i].length == length && memcmp(header[i].text, wanted, length) == 0) {
            *column = (int)i;
            return true;
        }
    if (where == NULL) return true;
    char have[400];
    list_names(have, sizeof have, header, fields);
    return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                               "%s, line 1: no column '%.*s' (--columns); the header has: %s", where,
                               (int)(length > 60 ? 60 : length), wanted, have);
}

bool vitrine_columns_find(const vitrine_column_name *name, size_t names, const char *map,
                          bool numbers, const vitrine_field *header, uint32_t fields,
                          const char *where, int *column, vitrine_problem *problem)
{
    for (size_t i = 0; i < names; i++)
        column[i] = map != NULL ? VITRINE_NO_COLUMN : find_alias(name[i].aliases, header, fields);
    if (map == NULL) return true;
    while (*map != 0) {
        const size_t whole = strcspn(map, ","), left = strcspn(map, "=,");
        size_t i = 0;
        while (i < names && !(strlen(name[i].name) == left && memcmp(name[i].name, map, left) == 0)) i++;
        if (i == names || left == whole) {
            char have[300];
            size_t used = 0;
            for (size_t j = 0; j < names && used + 1 < sizeof have; j++)
                used += (size_t)snprintf(have + used, sizeof have - used, "%s%s", j == 0 ? "" : ", ",
                                         name[j].name);
            return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                       "--columns: '%.*s' should be NAME=COLUMN with a NAME of: %s",
                                       (int)(whole > 60 ? 60 : whole), map, have);
        }
        const size_t right = whole - left - 1;
        if (right > 0 && !find_mapped(map + left + 1, right, numbers, header, fields, where,
                                      &column[i], problem))
            return false;
        map += whole;
        if (*map == ',') map++;
    }
    return true;
}
