/* Items as the command line names them: ID,ID,... with commas, percent signs and tabs percent-encoded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/recommend.h"

enum { MOST_WARNINGS = 64 };

void recommend_warn(recommend_desk *desk, const recommend_request *asked, const char *text, const char *id,
                    size_t length)
{
    char line[512];
    const int cut = length > 200 ? 200 : (int)length;
    const int size = snprintf(line, sizeof line, text, cut, id);
    if (!asked->json) fprintf(stderr, "vitrine %s: %s\n", recommend_command, line);
    if (desk->warnings == NULL || cJSON_GetArraySize(desk->warnings) >= MOST_WARNINGS) return;
    cJSON *object = cli_json_object(desk->warnings, NULL);
    cli_json_text(object, "message", line, size < 0 ? 0 : strlen(line));
    cli_json_text(object, "item_id", id, length);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

bool recommend_next(const char **text, char *out, size_t *length)
{
    const char *at = *text;
    *length = 0;
    if (*at == '\0') return false;
    for (; *at != '\0' && *at != ','; at++) {
        if (at[0] == '%' && digit_of(at[1]) >= 0 && digit_of(at[2]) >= 0) {
            out[(*length)++] = (char)(digit_of(at[1]) * 16 + digit_of(at[2]));
            at += 2;
        } else {
            out[(*length)++] = *at;
        }
    }
    *text = *at == ',' ? at + 1 : at;
    return true;
}

/* A leading "kind:" counts only when it names a kind: ids may hold colons. */
static uint32_t kind_of(const char *entry, size_t length, size_t *skipped)
{
    const char *colon = memchr(entry, ':', length);
    *skipped = 0;
    if (colon == NULL) return VITRINE_VIEW_ITEM;
    const uint32_t kind = vitrine_event_kind_of(entry, (size_t)(colon - entry));
    if (kind == VITRINE_EVENT_KINDS) return VITRINE_VIEW_ITEM;
    *skipped = (size_t)(colon - entry) + 1;
    return kind;
}

uint32_t recommend_observe(recommend_desk *desk, const recommend_request *asked)
{
    const char *rest = asked->history;
    char *entry = malloc(strlen(rest) + 1);
    size_t length, skipped;
    uint32_t known = 0;
    if (entry == NULL) return UINT32_MAX;
    while (recommend_next(&rest, entry, &length)) {
        if (length == 0) continue;
        /* The whole entry may be an id with a colon in it. */
        uint32_t kind = VITRINE_VIEW_ITEM;
        uint32_t item = vitrine_catalog_find(desk->engine->catalog, entry, length);
        if (item == VITRINE_NO_ITEM) {
            kind = kind_of(entry, length, &skipped);
            item = vitrine_catalog_find(desk->engine->catalog, entry + skipped, length - skipped);
        } else {
            skipped = 0;
        }
        if (item == VITRINE_NO_ITEM) {
            recommend_warn(desk, asked, "the model does not know item '%.*s'; left out of the history",
                 entry + skipped, length - skipped);
            continue;
        }
        const vitrine_event event = { .item = item, .kind = kind };
        if (vitrine_profile_observe(desk->engine->visitor, &event) == VITRINE_OK) known++;
    }
    free(entry);
    return known;
}

uint32_t recommend_items(recommend_desk *desk, const recommend_request *asked, const char *list,
                         const char *what, uint32_t most, uint32_t *items)
{
    char *entry = malloc(strlen(list) + 1);
    size_t length;
    uint32_t count = 0;
    if (entry == NULL) return UINT32_MAX;
    while (recommend_next(&list, entry, &length)) {
        const uint32_t item = vitrine_catalog_find(desk->engine->catalog, entry, length);
        if (item == VITRINE_NO_ITEM) {
            recommend_warn(desk, asked, what, entry, length);
            continue;
        }
        if (count == most) memmove(items, items + 1, --count * sizeof *items);
        items[count++] = item;
    }
    free(entry);
    return count;
}
