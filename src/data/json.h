/* JSON at the edges, by cJSON, with the bounds that it lacks: size, depth and syntax are checked by a
 * strict scan of our own before parsing, and trailing bytes and duplicate keys are refused. */
#ifndef VITRINE_DATA_JSON_H
#define VITRINE_DATA_JSON_H

#include <stddef.h>
#include <cjson/cJSON.h>
#include "data/problem.h"

enum { VITRINE_JSON_DEPTH = 32, VITRINE_JSON_VALUE = 1 << 20 };

/* Parse one value of at most `max_size` bytes; VITRINE_JSON_VALUE unless the caller knows better.
 * `where` ("events.jsonl, line 3") opens the message. Null with `problem` when refused;
 * cJSON_Delete the result. */
cJSON *vitrine_json_parse(const char *text, size_t size, size_t max_size, const char *where,
                          vitrine_problem *problem);

/* A member by its exact name, or null. */
const cJSON *vitrine_json_member(const cJSON *object, const char *name);
/* The text of a string member, or null. */
const char *vitrine_json_text(const cJSON *object, const char *name);

#endif
