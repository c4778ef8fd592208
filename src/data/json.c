#include "data/json.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 60 };

/* A strict reading of RFC 8259 that keeps nothing. It runs first, so that the parser's recursion stays
 * shallow, sloppy numbers and cut strings are refused in every version of the library, and a parser
 * that fails all the same has run out of memory. */
typedef struct scan {
    const char *at, *end;
    const char *wrong; /* null: fine so far */
    bool fatal;        /* `wrong` is not about the byte, but about the whole */
} scan;

static bool complain(scan *s, const char *what, bool fatal)
{
    if (s->wrong == NULL) {
        s->wrong = what;
        s->fatal = fatal;
    }
    return false;
}

static void skip_blanks(scan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r')) s->at++;
}

static bool is_digit(const scan *s) { return s->at < s->end && *s->at >= '0' && *s->at <= '9'; }

/* The four digits behind "\u", or -1. */
static int hex4(scan *s)
{
    int value = 0;
    if (s->end - s->at < 4) return -1;
    for (int i = 0; i < 4; i++) {
        const char c = *s->at++;
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* Behind a backslash. Halves of a surrogate pair name no character alone, and a zero would end the
 * text early. */
static bool scan_escape(scan *s)
{
    if (s->at == s->end) return complain(s, "a string without an end", false);
    const char c = *s->at++;
    if (c != 'u') return strchr("\"\\/bfnrt", c) != NULL || complain(s, "an unknown escape", false);
    const int first = hex4(s);
    if (first < 0) return complain(s, "\\u needs four hexadecimal digits", false);
    if (first == 0) return complain(s, "a zero character", false);
    if (first >= 0xdc00 && first <= 0xdfff) return complain(s, "half a surrogate pair", false);
    if (first < 0xd800 || first > 0xdbff) return true;
    if (s->end - s->at < 2 || s->at[0] != '\\' || s->at[1] != 'u')
        return complain(s, "half a surrogate pair", false);
    s->at += 2;
    const int second = hex4(s);
    return (second >= 0xdc00 && second <= 0xdfff) || complain(s, "half a surrogate pair", false);
}

static bool scan_string(scan *s)
{
    if (s->at == s->end || *s->at != '"') return complain(s, "a string was expected", false);
    s->at++;
    while (s->at < s->end && *s->at != '"') {
        if (*s->at++ == '\\' && !scan_escape(s)) return false;
    }
    if (s->at == s->end) return complain(s, "a string without an end", false);
    s->at++;
    return true;
}

static bool scan_number(scan *s)
{
    const char *const start = s->at;
    if (*s->at == '-') s->at++;
    if (!is_digit(s)) return complain(s, "a digit was expected", false);
    if (*s->at == '0') s->at++;
    else while (is_digit(s)) s->at++;
    if (s->at < s->end && *s->at == '.') {
        s->at++;
        if (!is_digit(s)) return complain(s, "a digit was expected", false);
        while (is_digit(s)) s->at++;
    }
    if (s->at < s->end && (*s->at == 'e' || *s->at == 'E')) {
        s->at++;
        if (s->at < s->end && (*s->at == '+' || *s->at == '-')) s->at++;
        if (!is_digit(s)) return complain(s, "a digit was expected", false);
        while (is_digit(s)) s->at++;
    }
    return s->at - start <= NUMBER_MAX || complain(s, "a number of more than 60 characters", false);
}

static bool scan_word(scan *s)
{
    static const char *const words[] = {"true", "false", "null"};
    for (int i = 0; i < 3; i++) {
        const size_t length = strlen(words[i]);
        if ((size_t)(s->end - s->at) < length || memcmp(s->at, words[i], length) != 0) continue;
        s->at += length;
        return true;
    }
    return complain(s, "a value was expected", false);
}

static bool scan_value(scan *s, int depth)
{
    skip_blanks(s);
    if (s->at == s->end) return complain(s, "it ends too early", false);
    const char open = *s->at;
    if (open == '"') return scan_string(s);
    if (open == '-' || is_digit(s)) return scan_number(s);
    if (open != '{' && open != '[') return scan_word(s);
    if (depth == VITRINE_JSON_DEPTH) return complain(s, "nested deeper than 32", true);
    const char close = open == '{' ? '}' : ']';
    s->at++;
    skip_blanks(s);
    if (s->at < s->end && *s->at == close) {
        s->at++;
        return true;
    }
    for (;;) {
        skip_blanks(s);
        if (open == '{') {
            if (!scan_string(s)) return false;
            skip_blanks(s);
            if (s->at == s->end || *s->at != ':') return complain(s, "':' was expected", false);
            s->at++;
        }
        if (!scan_value(s, depth + 1)) return false;
        skip_blanks(s);
        if (s->at < s->end && *s->at == ',') {
            s->at++;
            continue;
        }
        if (s->at == s->end || *s->at != close) return complain(s, "',' or the end was expected", false);
        s->at++;
        return true;
    }
}

static int by_name(const void *a, const void *b)
{
    const cJSON *const *x = a, *const *y = b;
    return strcmp((*x)->string, (*y)->string);
}

/* The first key that an object below `value` has twice, or null. `failed` is set when memory ran
 * out. Sorting keeps an object of a hundred thousand keys quick. */
static const char *twin_key(const cJSON *value, bool *failed)
{
    size_t count = 0;
    for (const cJSON *child = value->child; child != NULL; child = child->next) {
        const char *twin = child->child != NULL ? twin_key(child, failed) : NULL;
        if (twin != NULL || *failed) return twin;
        count++;
    }
    if (!cJSON_IsObject(value) || count < 2) return NULL;
    const cJSON **list = malloc(count * sizeof *list);
    if (list == NULL) {
        *failed = true;
        return NULL;
    }
    count = 0;
    for (const cJSON *child = value->child; child != NULL; child = child->next) list[count++] = child;
    qsort(list, count, sizeof *list, by_name);
    const char *twin = NULL;
    for (size_t i = 1; i < count && twin == NULL; i++)
        if (strcmp(list[i - 1]->string, list[i]->string) == 0) twin = list[i]->string;
    free(list);
    return twin;
}

cJSON *vitrine_json_parse(const char *text, size_t size, size_t max_size, const char *where,
                          vitrine_problem *problem)
{
    if (size > max_size) {
        vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: JSON of more than %zu bytes", where,
                            max_size);
        return NULL;
    }
    if (memchr(text, 0, size) != NULL) {
        vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: a zero byte in JSON", where);
        return NULL;
    }
    scan check = {.at = text, .end = text + size};
    if (!scan_value(&check, 0)) {
        if (check.fatal)
            vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: JSON %s", where, check.wrong);
        else
            vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: no valid JSON, byte %zu: %s", where,
                                (size_t)(check.at - text), check.wrong);
        return NULL;
    }
    const char *end = NULL;
    cJSON *value = cJSON_ParseWithLengthOpts(text, size, &end, false);
    if (value == NULL) {
        vitrine_problem_memory(problem);
        return NULL;
    }
    while (end < text + size && (*end == ' ' || *end == '\t' || *end == '\n' || *end == '\r')) end++;
    bool failed = false;
    const char *twin = NULL;
    if (end != text + size)
        vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: text behind the JSON value, byte %zu",
                            where, (size_t)(end - text));
    else if ((twin = twin_key(value, &failed)) != NULL)
        vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: the key \"%.60s\" stands twice", where,
                            twin);
    else if (failed)
        vitrine_problem_memory(problem);
    else
        return value;
    cJSON_Delete(value);
    return NULL;
}

const cJSON *vitrine_json_member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

const char *vitrine_json_text(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(vitrine_json_member(object, name));
}
