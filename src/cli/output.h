/* A file that is either old or new, never half: written beside its place, synced, renamed.
 * "-" is stdout; a name that ends in .gz is compressed. */
#ifndef VITRINE_CLI_OUTPUT_H
#define VITRINE_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include "data/problem.h"

typedef struct cli_output cli_output;

/* Null, with `problem` filled in, when it cannot be opened. */
cli_output *cli_output_open(const char *path, vitrine_problem *problem);
/* Errors are kept until commit: no need to look at every write. */
void cli_output_write(cli_output *output, const void *bytes, size_t size);
void cli_output_printf(cli_output *output, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* Sync and rename; frees. False with `problem` when anything failed; the old file is then intact. */
bool cli_output_commit(cli_output *output, vitrine_problem *problem);
/* Forget what was written; frees. Null is allowed. */
void cli_output_discard(cli_output *output);

/* All of it in one call. */
bool cli_output_file(const char *path, const void *bytes, size_t size, vitrine_problem *problem);

/* A whole file in memory aligned to 64, as models and catalogs want it; free() it. Refused above
 * max_size. Plain or gzip. */
bool cli_input_file(const char *path, size_t max_size, void **bytes, size_t *size,
                    vitrine_problem *problem);

#endif
