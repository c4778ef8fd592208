#include "cli/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INCOMPLETE = 1 };

/* Bytes of the UTF-8 character at `at`, or 0 when there is none (RFC 3629: no overlong forms, no
 * surrogates, nothing above U+10FFFF). */
static size_t character(const unsigned char *at, size_t left)
{
    if (at[0] < 0x80) return 1;
    const size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4 || length > left) return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80) return 0;
    if (at[0] == 0xe0 && at[1] < 0xa0) return 0;
    if (at[0] == 0xed && at[1] > 0x9f) return 0;
    if (at[0] == 0xf0 && at[1] < 0x90) return 0;
    if (at[0] == 0xf4 && at[1] > 0x8f) return 0;
    return length;
}

/* A zero-terminated copy that is valid UTF-8; free() it. */
static char *clean_copy(const char *text, size_t length)
{
    char *copy = malloc(length * 3 + 1);
    if (copy == NULL) return NULL;
    char *to = copy;
    for (size_t i = 0; i < length;) {
        const size_t step = text[i] == 0 ? 0 : character((const unsigned char *)text + i, length - i);
        if (step > 0) {
            memcpy(to, text + i, step);
            to += step;
            i += step;
        } else {
            memcpy(to, "\xef\xbf\xbd", 3);
            to += 3;
            i++;
        }
    }
    *to = 0;
    return copy;
}

/* Into an object by name, or into an array when name is null. What is missing is marked in the parent,
 * in a field that objects and arrays do not use: cli_json_print finds it, and callers need not look. */
bool cli_json_add(cJSON *parent, const char *name, cJSON *value)
{
    const bool ok = value != NULL && (name != NULL ? cJSON_AddItemToObject(parent, name, value)
                                                   : cJSON_AddItemToArray(parent, value));
    if (!ok) {
        cJSON_Delete(value);
        if (parent != NULL) parent->valueint = INCOMPLETE;
    }
    return ok;
}

static bool is_complete(const cJSON *value)
{
    const cJSON *child;
    if (!cJSON_IsObject(value) && !cJSON_IsArray(value)) return true;
    if (value->valueint == INCOMPLETE) return false;
    cJSON_ArrayForEach(child, value)
    {
        if (!is_complete(child)) return false;
    }
    return true;
}

bool cli_json_text(cJSON *object, const char *name, const char *text, size_t length)
{
    char *copy = clean_copy(text, length);
    const bool ok = cli_json_add(object, name, copy != NULL ? cJSON_CreateString(copy) : NULL);
    free(copy);
    return ok;
}

bool cli_json_number(cJSON *object, const char *name, double value)
{
    return cli_json_add(object, name, isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull());
}

bool cli_json_bool(cJSON *object, const char *name, bool value)
{
    return cli_json_add(object, name, cJSON_CreateBool(value));
}

cJSON *cli_json_object(cJSON *parent, const char *name)
{
    cJSON *made = cJSON_CreateObject();
    return cli_json_add(parent, name, made) ? made : NULL;
}

cJSON *cli_json_array(cJSON *parent, const char *name)
{
    cJSON *made = cJSON_CreateArray();
    return cli_json_add(parent, name, made) ? made : NULL;
}

char *cli_json_line(cJSON *value)
{
    char *text = value != NULL && is_complete(value) ? cJSON_PrintUnformatted(value) : NULL;
    cJSON_Delete(value);
    char *copy = text != NULL ? malloc(strlen(text) + 1) : NULL;
    if (copy != NULL) strcpy(copy, text);
    cJSON_free(text);
    return copy;
}

bool cli_json_print(cJSON *value, FILE *out, vitrine_problem *problem)
{
    char *text = cli_json_line(value);
    if (text == NULL) return vitrine_problem_memory(problem);
    const bool ok = fputs(text, out) >= 0 && fputc('\n', out) != EOF && fflush(out) == 0;
    free(text);
    return ok || vitrine_problem_set(problem, VITRINE_PROBLEM_IO, "cannot write the JSON result");
}
