/* What went wrong with an input or output file, as a value: a sentence that names the file, the
 * line or byte, and the remedy. The command line prints it and turns its kind into an exit code. */
#ifndef VITRINE_DATA_PROBLEM_H
#define VITRINE_DATA_PROBLEM_H

#include <stdbool.h>

typedef enum vitrine_problem_kind {
    VITRINE_PROBLEM_NONE = 0,
    VITRINE_PROBLEM_USAGE, /* options that do not fit the file: exit code 2 */
    VITRINE_PROBLEM_INPUT, /* the file's content: 3 */
    VITRINE_PROBLEM_IO     /* open, read, write, memory: 4 */
} vitrine_problem_kind;

typedef struct vitrine_problem {
    vitrine_problem_kind kind;
    char text[768]; /* zero-terminated, no line break at the end */
} vitrine_problem;

/* Fills in `problem` and returns false, so that a function can `return vitrine_problem_set(...)`.
 * The first problem stays: a later one, usually its consequence, does not replace it. */
bool vitrine_problem_set(vitrine_problem *problem, vitrine_problem_kind kind, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

/* The one for a failed malloc. */
bool vitrine_problem_memory(vitrine_problem *problem);

#endif
