/* A live line on stderr when it is a terminal; otherwise an ordinary line every ten seconds, so
 * that a log file stays short. Silent with --quiet. */
#ifndef VITRINE_CLI_PROGRESS_H
#define VITRINE_CLI_PROGRESS_H

#include <stdbool.h>

typedef struct cli_progress {
    double started, shown; /* seconds of the monotonic clock; shown 0: nothing yet */
    bool terminal, quiet;
    int width; /* of the line on the screen, to be wiped */
} cli_progress;

/* Seconds of a monotonic clock. */
double cli_now(void);

void cli_progress_begin(cli_progress *progress, bool quiet);
/* Show a line, at most ten times a second (or every ten seconds); others are skipped. */
void cli_progress_show(cli_progress *progress, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* A line that stays: never skipped, for results of an epoch and the like. */
void cli_progress_keep(cli_progress *progress, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* Wipe the live line. */
void cli_progress_end(cli_progress *progress);

#endif
