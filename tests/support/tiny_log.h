/* A log written out by hand: "1 2 3 | 2 2" is two sessions over the items 0 .. items-1. A number may
 * carry its kind, as in 2:6, and "-" is an item that is not in the table. Ids are the numbers. */
#ifndef VITRINE_TESTS_TINY_LOG_H
#define VITRINE_TESTS_TINY_LOG_H

#include "data/dataset.h"

/* Exits the program when memory is out; free with vitrine_dataset_free. */
vitrine_dataset tiny_log(uint32_t items, const char *text);

/* The same from arrays: session s is item[start[s]] .. item[start[s + 1]]. */
vitrine_dataset tiny_log_of(uint32_t items, uint32_t sessions, const uint64_t *start,
                            const uint32_t *item);

#endif
