#include "eval/lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t vitrine_lists_encode(const char *id, size_t length, char *out)
{
    static const char digit[] = "0123456789ABCDEF";
    size_t at = 0;
    for (size_t n = 0; n < length; n++) {
        const unsigned char byte = (unsigned char)id[n];
        if (byte == '\t' || byte == ',' || byte == '%' || byte == '\n' || byte == '\r') {
            out[at++] = '%';
            out[at++] = digit[byte >> 4];
            out[at++] = digit[byte & 15];
        } else {
            out[at++] = (char)byte;
        }
    }
    return at;
}

static bool make_room(char **line, size_t *capacity, size_t need)
{
    if (need <= *capacity) return true;
    char *wider = realloc(*line, need * 2);
    if (wider == NULL) return false;
    *line = wider;
    *capacity = need * 2;
    return true;
}

size_t vitrine_lists_line(const vitrine_dataset *dataset, const vitrine_strings *ids,
                          const vitrine_cases *cases, const vitrine_ranks *ranks, uint32_t s,
                          uint32_t c, char **line, size_t *capacity)
{
    size_t length, at = 0;
    const char *session = vitrine_strings_get(&dataset->session_ids, cases->row[s], &length);
    if (!make_room(line, capacity, 3 * length + 16)) return 0;
    at += vitrine_lists_encode(session, length, *line);
    at += (size_t)snprintf(*line + at, 16, "\t%u\t", cases->position[c]);
    const uint32_t *list = ranks->list + (size_t)c * ranks->longest;
    for (uint32_t r = 0; r < ranks->longest && list[r] != VITRINE_NO_ITEM; r++) {
        const char *id = vitrine_strings_get(ids, list[r], &length);
        if (!make_room(line, capacity, at + 3 * length + 2)) return 0;
        if (r > 0) (*line)[at++] = ',';
        at += vitrine_lists_encode(id, length, *line + at);
    }
    (*line)[at++] = '\n';
    return at;
}
