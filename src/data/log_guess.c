#include "data/log.h"

#include <string.h>

#include "data/columns.h"

static const char *const FORMATS[VITRINE_LOG_FORMATS] = {
    "guess", "events", "sessions", "pairs", "sequences", "recbole", "ga4-bigquery", "segment",
    "algolia"};

const char *vitrine_log_format_name(vitrine_log_format format)
{
    return format < VITRINE_LOG_FORMATS ? FORMATS[format] : NULL;
}

vitrine_log_format vitrine_log_format_of(const char *name)
{
    for (int i = VITRINE_LOG_EVENTS; i < VITRINE_LOG_FORMATS; i++)
        if (strcmp(name, FORMATS[i]) == 0) return (vitrine_log_format)i;
    return VITRINE_LOG_FORMATS;
}

static bool holds(const char *text, size_t size, const char *word)
{
    const size_t length = strlen(word);
    for (size_t i = 0; i + length <= size; i++)
        if (memcmp(text + i, word, length) == 0) return true;
    return false;
}

/* Tabs of a line, and whether only one word stands behind the last. */
static bool one_word_behind_one_tab(const char *line, size_t length)
{
    const char *tab = memchr(line, '\t', length);
    if (tab == NULL || tab == line || tab + 1 == line + length) return false;
    const size_t left = length - (size_t)(tab + 1 - line);
    return memchr(tab + 1, '\t', left) == NULL && memchr(tab + 1, ' ', left) == NULL;
}

/* A header of a table: some field of it is an item column by its usual name. */
static bool is_header(const char *line, size_t length)
{
    static const vitrine_column_name item = {
        "item", "item itemid product productid sku stockcode articleid objectid asin"};
    const char delimiter = vitrine_csv_delimiter(line, length);
    const char *const end = line + length;
    while (line < end) {
        const char *stop = memchr(line, delimiter, (size_t)(end - line));
        if (stop == NULL) stop = end;
        size_t size = (size_t)(stop - line);
        const char *name = line;
        if (size >= 2 && name[0] == '"' && name[size - 1] == '"') name++, size -= 2;
        if (vitrine_column_is(&item, name, size)) return true;
        line = stop + 1;
    }
    return false;
}

vitrine_log_format vitrine_log_guess(const char *text, size_t size, const char **why)
{
    const char *stop = size == 0 ? NULL : memchr(text, '\n', size);
    size_t length = stop == NULL ? size : (size_t)(stop - text);
    if (length > 0 && text[length - 1] == '\r') length--;
    *why = "";
    if (length > 0 && text[0] == '{') {
        if (holds(text, length, "\"event_name\"")) return VITRINE_LOG_GA4;
        if (holds(text, length, "\"event\"") && holds(text, length, "\"properties\"")) return VITRINE_LOG_SEGMENT;
        *why = "lines of JSON that are neither events of ga4-bigquery (event_name) nor track calls of "
               "segment (event, properties)";
        return VITRINE_LOG_GUESS;
    }
    if (memchr(text, '\t', length) != NULL &&
        (holds(text, length, ":token") || holds(text, length, ":float")))
        return VITRINE_LOG_RECBOLE;
    if (holds(text, length, "userToken") && holds(text, length, "objectID") && holds(text, length, "eventType"))
        return VITRINE_LOG_ALGOLIA;
    if (is_header(text, length)) return VITRINE_LOG_EVENTS;
    bool pairs = length > 0, plain = length > 0;
    const char *at = text;
    for (int lines = 0; lines < 20 && at < text + size; lines++) {
        stop = memchr(at, '\n', size - (size_t)(at - text));
        if (stop == NULL && lines > 0) break; /* may be cut by the peek */
        size_t here = (size_t)((stop == NULL ? text + size : stop) - at);
        if (here > 0 && at[here - 1] == '\r') here--;
        pairs = pairs && one_word_behind_one_tab(at, here);
        plain = plain && memchr(at, '\t', here) == NULL && memchr(at, ',', here) == NULL &&
                memchr(at, ';', here) == NULL;
        at += here + 1;
        while (at < text + size && at[-1] != '\n') at++;
    }
    if (pairs) return VITRINE_LOG_PAIRS;
    *why = plain ? "ids by blanks: --format sessions when a line is a session, --format sequences when "
                   "its first word is a user"
                 : "no header with a usual item column: --format events with --columns item=..., or one "
                   "of sessions, pairs, sequences, recbole, ga4-bigquery, segment, algolia";
    return VITRINE_LOG_GUESS;
}
