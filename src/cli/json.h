/* Writing --json results, and the bounded parser for reading JSON. */
#ifndef VITRINE_CLI_JSON_H
#define VITRINE_CLI_JSON_H

#include <stdio.h>
#include "data/json.h"

/* Add members (or elements of an array, with a null name); each returns false when memory ran out,
 * which is remembered until cli_json_print, so nobody needs to look. A null parent is allowed. Text
 * need not be zero-terminated; bytes that are no UTF-8 become U+FFFD. Numbers that are not finite
 * become null. */
bool cli_json_text(cJSON *object, const char *name, const char *text, size_t length);
bool cli_json_number(cJSON *object, const char *name, double value);
bool cli_json_bool(cJSON *object, const char *name, bool value);
/* Any value; it is the parent's afterwards, or deleted. Null: memory had run out. */
bool cli_json_add(cJSON *parent, const char *name, cJSON *value);
/* Add an empty object or array as a member or element, and return it. */
cJSON *cli_json_object(cJSON *parent, const char *name);
cJSON *cli_json_array(cJSON *parent, const char *name);

/* One line for machines, to `out`. Deletes `value` (null: memory had run out). False, with
 * `problem`, when writing failed or something is missing for want of memory: then nothing is
 * printed. */
bool cli_json_print(cJSON *value, FILE *out, vitrine_problem *problem);

/* The same as a text that the caller frees; null when memory ran out or something is missing. */
char *cli_json_line(cJSON *value);

#endif
