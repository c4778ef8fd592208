/* Ranked lists as text, so that another program can score them again: one line for each case,
 *
 *     session <TAB> position <TAB> item,item,...
 *
 * best first. Tab, comma, percent sign and line breaks in an id are percent-encoded. */
#ifndef VITRINE_EVAL_LISTS_H
#define VITRINE_EVAL_LISTS_H

#include "eval/evaluate.h"

/* An id as it stands in a list: out [3 * length], returns the bytes written. */
size_t vitrine_lists_encode(const char *id, size_t length, char *out);

/* The line of case c of session s, with its line break, into *line, which grows by realloc (start
 * from null and 0). The session is called as in the dataset: by its id, or by its row number where
 * the format has no ids. Returns the line's length, or 0 when memory is out. */
size_t vitrine_lists_line(const vitrine_dataset *dataset, const vitrine_strings *ids,
                          const vitrine_cases *cases, const vitrine_ranks *ranks, uint32_t s,
                          uint32_t c, char **line, size_t *capacity);

#endif
