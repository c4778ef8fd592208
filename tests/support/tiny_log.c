#include "support/tiny_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *take(size_t bytes)
{
    void *memory = calloc(1, bytes + 1);
    if (memory == NULL) {
        fprintf(stderr, "tiny_log: out of memory\n");
        exit(1);
    }
    return memory;
}

/* Ids "0", "1", ... : in the order of (length, bytes) they are in numeric order. */
static vitrine_strings numbers(uint32_t count)
{
    uint32_t *offset = take(((size_t)count + 1) * sizeof *offset);
    char *bytes = take((size_t)count * 11);
    for (uint32_t i = 0; i < count; i++)
        offset[i + 1] = offset[i] + (uint32_t)sprintf(bytes + offset[i], "%u", i);
    return (vitrine_strings){ .offset = offset, .bytes = bytes, .count = count };
}

static vitrine_dataset empty(uint32_t items, uint32_t sessions, uint64_t events)
{
    return (vitrine_dataset){
        .items = items,
        .sessions = sessions,
        .events = events,
        .session_start = take((sessions + 1) * sizeof(uint64_t)),
        .item = take(events * sizeof(uint32_t)),
        .kind = take(events),
        .time = take(events * sizeof(int64_t)),
        .value = take(events * sizeof(float)),
        .item_ids = numbers(items),
        .session_ids = numbers(sessions),
    };
}

vitrine_dataset tiny_log(uint32_t items, const char *text)
{
    uint32_t sessions = 1;
    for (const char *c = text; *c != '\0'; c++) sessions += *c == '|';
    vitrine_dataset log = empty(items, sessions, strlen(text));
    uint32_t session = 0;
    uint64_t events = 0;
    for (const char *at = text; *at != '\0';) {
        if (*at == '|') log.session_start[++session] = events;
        if (*at == '|' || *at == ' ') {
            at++;
            continue;
        }
        char *end;
        log.item[events] = *at == '-' ? UINT32_MAX : (uint32_t)strtoul(at, &end, 10);
        at = *at == '-' ? at + 1 : end;
        if (*at == ':') {
            log.kind[events] = (uint8_t)strtoul(at + 1, &end, 10);
            at = end;
        }
        events++;
    }
    log.session_start[sessions] = events;
    log.events = events;
    return log;
}

vitrine_dataset tiny_log_of(uint32_t items, uint32_t sessions, const uint64_t *start,
                            const uint32_t *item)
{
    vitrine_dataset log = empty(items, sessions, start[sessions]);
    memcpy(log.session_start, start, (sessions + 1) * sizeof *start);
    memcpy(log.item, item, start[sessions] * sizeof *item);
    return log;
}
