/* The golden numbers of a test: one JSON file, read before the tests and dropped after them. */
#ifndef VITRINE_TESTS_GOLDEN_H
#define VITRINE_TESTS_GOLDEN_H

#include <cjson/cJSON.h>

/* NAME of tests/golden/NAME.json, at most 256 KB; null when it cannot be read. cJSON_Delete() it. */
cJSON *golden_read(const char *name);

#endif
