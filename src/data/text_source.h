/* Text, line by line, from a file, stdin or memory, plain or gzip.
 *
 * Bounded everywhere: a line by VITRINE_LINE_MAX, the whole by max_bytes, and what gzip blows up by
 * a ratio of VITRINE_GZIP_RATIO once it passes VITRINE_GZIP_FREE. A gzip file that is cut off is a
 * problem, not an end. */
#ifndef VITRINE_DATA_TEXT_SOURCE_H
#define VITRINE_DATA_TEXT_SOURCE_H

#include <stddef.h>
#include <stdint.h>
#include "data/problem.h"

#define VITRINE_LINE_MAX ((size_t)1 << 20)
#define VITRINE_GZIP_RATIO 200u
#define VITRINE_GZIP_FREE ((uint64_t)64 << 20)

typedef struct vitrine_text vitrine_text;

typedef enum vitrine_step { VITRINE_STEP_BAD = -1, VITRINE_STEP_END = 0, VITRINE_STEP_ONE = 1 } vitrine_step;

/* path "-" is stdin. max_bytes 0: no bound. Null with `problem` when it cannot be opened. */
vitrine_text *vitrine_text_open(const char *path, uint64_t max_bytes, vitrine_problem *problem);
/* Reads `bytes` in place; they must outlive the source. `name` is for messages. */
vitrine_text *vitrine_text_memory(const char *name, const void *bytes, size_t size,
                                  uint64_t max_bytes, vitrine_problem *problem);
void vitrine_text_close(vitrine_text *text); /* null allowed */

/* The next line without its "\n" or "\r\n"; a byte order mark before the first is skipped. The bytes
 * may be changed by the caller and hold until the next call. A zero byte in a line is a problem:
 * such a file is no text, or UTF-16. */
vitrine_step vitrine_text_line(vitrine_text *text, char **line, size_t *length,
                               vitrine_problem *problem);
/* The text that comes next, about 64 KiB of it (all there is when shorter), without moving on: to
 * guess a format by. A byte order mark is skipped. */
bool vitrine_text_peek(vitrine_text *text, const char **bytes, size_t *size, vitrine_problem *problem);
/* Some of the text that comes next, whatever its lines, and on behind it; for formats that are no lines.
 * Holds until the next call. */
vitrine_step vitrine_text_block(vitrine_text *text, const char **bytes, size_t *size,
                                vitrine_problem *problem);
/* All that is left, in one block that the caller frees; a zero byte stands behind it. Refused above
 * max_size. */
bool vitrine_text_rest(vitrine_text *text, size_t max_size, char **bytes, size_t *size,
                       vitrine_problem *problem);

/* For messages: the name, and the number of the line that was read last, from 1. */
const char *vitrine_text_name(const vitrine_text *text);
uint64_t vitrine_text_line_number(const vitrine_text *text);

#endif
