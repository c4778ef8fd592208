#include "cli/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const double LIVE = 0.1, LOGGED = 10.0;

double cli_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void cli_progress_begin(cli_progress *progress, bool quiet)
{
    const cli_progress fresh = {.started = cli_now(), .terminal = isatty(STDERR_FILENO) == 1, .quiet = quiet};
    *progress = fresh;
}

static void wipe(cli_progress *progress)
{
    if (progress->width > 0) fprintf(stderr, "\r%*s\r", progress->width, "");
    progress->width = 0;
}

void cli_progress_show(cli_progress *progress, const char *format, ...)
{
    const double now = cli_now(), since = progress->shown > 0 ? progress->shown : progress->started;
    if (progress->quiet || now - since < (progress->terminal ? LIVE : LOGGED)) return;
    progress->shown = now;
    wipe(progress);
    va_list arguments;
    va_start(arguments, format);
    const int width = vfprintf(stderr, format, arguments);
    va_end(arguments);
    if (progress->terminal) progress->width = width > 0 ? width : 0;
    else fputc('\n', stderr);
    fflush(stderr);
}

void cli_progress_keep(cli_progress *progress, const char *format, ...)
{
    if (progress->quiet) return;
    wipe(progress);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

void cli_progress_end(cli_progress *progress)
{
    wipe(progress);
    fflush(stderr);
}
