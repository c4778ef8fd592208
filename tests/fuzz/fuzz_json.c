/* Bytes as one JSON value. What our scan accepts the parser must accept, or it would be taken for a
 * lack of memory; and what was read and written again reads the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "data/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void walk(const cJSON *value, int depth)
{
    if (depth > VITRINE_JSON_DEPTH + 1) abort();
    for (const cJSON *child = value->child; child != NULL; child = child->next) walk(child, depth + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    vitrine_problem problem = {0};
    cJSON *value = vitrine_json_parse((const char *)bytes, size, VITRINE_JSON_VALUE, "fuzz", &problem);
    if ((value == NULL) != (problem.kind != VITRINE_PROBLEM_NONE)) abort();
    if (problem.kind == VITRINE_PROBLEM_IO) abort(); /* the scan passed what the parser refuses */
    if (value != NULL) {
        walk(value, 1);
        char *text = cJSON_PrintUnformatted(value);
        vitrine_problem again = {0};
        cJSON *copy = text != NULL ? vitrine_json_parse(text, strlen(text), VITRINE_JSON_VALUE * 8, "again", &again)
                                   : NULL;
        if (text != NULL && copy == NULL) abort();
        cJSON_Delete(copy);
        cJSON_free(text);
    }
    cJSON_Delete(value);
    return 0;
}
