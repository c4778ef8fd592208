#include "data/csv.h"

#include <stdlib.h>
#include <string.h>

char vitrine_csv_delimiter(const char *header, size_t length)
{
    size_t commas = 0, semicolons = 0, bars = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        if (header[i] == '"') quoted = !quoted;
        if (quoted) continue;
        if (header[i] == '\t') return '\t';
        commas += header[i] == ',';
        semicolons += header[i] == ';';
        bars += header[i] == '|';
    }
    if (semicolons > commas && semicolons >= bars) return ';';
    return bars > commas ? '|' : ',';
}

bool vitrine_csv_open(vitrine_csv *csv, vitrine_text *source, char delimiter, vitrine_problem *problem)
{
    const vitrine_csv fresh = {.source = source, .delimiter = delimiter};
    *csv = fresh;
    csv->field = malloc(VITRINE_CSV_FIELDS * sizeof *csv->field);
    return csv->field != NULL || vitrine_problem_memory(problem);
}

void vitrine_csv_close(vitrine_csv *csv)
{
    free(csv->field);
    free(csv->joined);
    const vitrine_csv empty = {0};
    *csv = empty;
}

static void add_field(vitrine_csv *csv, const char *text, size_t length)
{
    if (csv->fields == VITRINE_CSV_FIELDS) {
        csv->malformed = true;
        return;
    }
    const vitrine_field field = {text, length};
    csv->field[csv->fields++] = field;
}

static void split_plain(vitrine_csv *csv, const char *line, size_t length)
{
    const char *const end = line + length;
    for (;;) {
        const char *stop = memchr(line, csv->delimiter, (size_t)(end - line));
        add_field(csv, line, (size_t)((stop == NULL ? end : stop) - line));
        if (stop == NULL) return;
        line = stop + 1;
    }
}

/* Where the quoted field that opens at `at` (or was open before it) closes; `end`: nowhere. */
static char *closing_quote(char *at, char *end, bool open)
{
    for (at += open ? 0 : 1; at < end; at++) {
        if (*at != '"') continue;
        if (at + 1 == end || at[1] != '"') return at;
        at++;
    }
    return end;
}

/* True when the line ends inside quotes, so that the next one belongs to the record. `open`: it also
 * begins inside. Changes nothing. */
static bool ends_open(char *at, char *end, char delimiter, bool open)
{
    for (;;) {
        if (open || (at < end && *at == '"')) {
            at = closing_quote(at, end, open);
            if (at == end) return true;
            open = false;
        }
        at = memchr(at, delimiter, (size_t)(end - at));
        if (at == NULL) return false;
        at++;
    }
}

static void split_quoted(vitrine_csv *csv, char *at, char *end)
{
    for (;;) {
        if (at < end && *at == '"') {
            char *const close = closing_quote(at, end, false), *to = at + 1;
            for (const char *from = at + 1; from < close; from++) {
                *to++ = *from;
                if (*from == '"') from++; /* the second of a doubled quote */
            }
            add_field(csv, at + 1, (size_t)(to - at - 1));
            at = close < end ? close + 1 : end;
            if (at < end && *at != csv->delimiter) {
                csv->malformed = true;
                return;
            }
        } else {
            char *stop = memchr(at, csv->delimiter, (size_t)(end - at));
            if (stop == NULL) stop = end;
            add_field(csv, at, (size_t)(stop - at));
            at = stop;
        }
        if (at == end) return;
        at++; /* the delimiter */
    }
}

static bool join(vitrine_csv *csv, const char *more, size_t length, size_t used,
                 vitrine_problem *problem)
{
    if (used + length + 1 > csv->joined_capacity) {
        const size_t capacity = (used + length + 1) * 2;
        char *grown = realloc(csv->joined, capacity);
        if (grown == NULL) return vitrine_problem_memory(problem);
        csv->joined = grown;
        csv->joined_capacity = capacity;
    }
    memcpy(csv->joined + used, more, length);
    return true;
}

vitrine_step vitrine_csv_next(vitrine_csv *csv, vitrine_problem *problem)
{
    char *line;
    size_t length;
    do {
        const vitrine_step step = vitrine_text_line(csv->source, &line, &length, problem);
        if (step != VITRINE_STEP_ONE) return step;
    } while (length == 0);
    csv->fields = 0;
    csv->malformed = false;
    csv->line = vitrine_text_line_number(csv->source);
    if (csv->delimiter == '\t' || memchr(line, '"', length) == NULL) {
        split_plain(csv, line, length);
        return VITRINE_STEP_ONE;
    }
    bool open = ends_open(line, line + length, csv->delimiter, false);
    if (open) {
        size_t used = length;
        if (!join(csv, line, length, 0, problem)) return VITRINE_STEP_BAD;
        while (open) {
            const vitrine_step step = vitrine_text_line(csv->source, &line, &length, problem);
            if (step == VITRINE_STEP_BAD) return step;
            if (step == VITRINE_STEP_END || used + length + 1 > VITRINE_LINE_MAX) {
                vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                    "%s, line %llu: a quoted field is never closed: "
                                    "double a quote that is part of the text",
                                    vitrine_text_name(csv->source), (unsigned long long)csv->line);
                return VITRINE_STEP_BAD;
            }
            if (!join(csv, "\n", 1, used, problem)) return VITRINE_STEP_BAD;
            if (!join(csv, line, length, used + 1, problem)) return VITRINE_STEP_BAD;
            used += length + 1;
            open = ends_open(line, line + length, csv->delimiter, true);
        }
        line = csv->joined;
        length = used;
    }
    split_quoted(csv, line, line + length);
    return VITRINE_STEP_ONE;
}
