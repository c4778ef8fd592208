#include "data/json.h"

#include <stdlib.h>
#include <string.h>

/* Depth within VITRINE_JSON_DEPTH, so that the parser's own recursion stays shallow. */
static bool is_shallow(const char *text, size_t size)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < size; i++) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\') i++;
            else if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > VITRINE_JSON_DEPTH) return false;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return true;
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
    if (!is_shallow(text, size)) {
        vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: JSON nested deeper than %d", where,
                            VITRINE_JSON_DEPTH);
        return NULL;
    }
    const char *end = NULL;
    cJSON *value = cJSON_ParseWithLengthOpts(text, size, &end, false);
    if (value == NULL) {
        vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: no valid JSON near byte %zu", where,
                            end == NULL || end < text ? (size_t)0 : (size_t)(end - text));
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
