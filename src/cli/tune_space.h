/* The settings that `vitrine tune` may choose from: for each option of train a list of values or a
 * range. As JSON, an object by option:
 *
 *   "arch": ["gru", "lstm"]                        one of these
 *   "rate": { "low": 0.001, "high": 0.006, "log": true }   even in the logarithm
 *   "neighbours": { "low": 20, "high": 100, "whole": true }
 *   "untied": [false, true]                        a flag: given or not */
#ifndef VITRINE_CLI_TUNE_SPACE_H
#define VITRINE_CLI_TUNE_SPACE_H

#include <stdbool.h>
#include <stdint.h>
#include "data/json.h"

enum { TUNE_MOST_OPTIONS = 32, TUNE_NAME = 32, TUNE_VALUE = 32 };

typedef struct tune_space {
    cJSON *json; /* owned; the checked object */
} tune_space;

/* One point of it. A flag that is not set has an empty name. */
typedef struct tune_setting {
    uint32_t count;
    char name[TUNE_MOST_OPTIONS][TUNE_NAME];
    char value[TUNE_MOST_OPTIONS][TUNE_VALUE]; /* "" of a flag that is set */
} tune_setting;

/* From the text of a file; null: the built-in space. False with `problem`. */
bool tune_space_read(tune_space *space, const char *text, size_t size, const char *where,
                     vitrine_problem *problem);
void tune_space_free(tune_space *space);

/* Point `trial` of the sequence that belongs to the seed. Trial 0 is empty: what train does when
 * nobody chooses, so that the best is never worse than that. */
void tune_space_draw(const tune_space *space, uint64_t seed, uint32_t trial, tune_setting *setting);

#endif
