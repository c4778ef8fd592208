/* The journal of a search: a line of JSON for what is asked, then one for each trial that ended. It is
 * only ever appended to, so a search that was stopped goes on from it. */
#ifndef VITRINE_CLI_TUNE_JOURNAL_H
#define VITRINE_CLI_TUNE_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include "data/json.h"

/* What came of one trial. */
typedef struct tune_result {
    uint32_t trial, epochs;
    bool ok; /* false: train refused or failed */
    double recall20, mrr20, seconds, bytes;
} tune_result;

typedef struct tune_journal {
    int file; /* -1: nothing is kept */
    tune_result *result; /* [count] */
    size_t count, capacity;
} tune_journal;

/* path null: nothing is kept. `asked` describes the search; a journal of another search is refused.
 * A last line that was cut off is dropped. */
bool tune_journal_open(tune_journal *journal, const char *path, const cJSON *asked,
                       vitrine_problem *problem);
/* Adds one result, on disk before the call returns; `setting` is an object of options. */
bool tune_journal_add(tune_journal *journal, const tune_result *result, const cJSON *setting,
                      vitrine_problem *problem);
/* The result of a trial at a budget, or null. */
const tune_result *tune_journal_find(const tune_journal *journal, uint32_t trial, uint32_t epochs);
void tune_journal_close(tune_journal *journal);

#endif
