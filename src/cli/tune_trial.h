/* A trial: `vitrine train` as a child process, so that trials run side by side, each with memory of its
 * own, and mean exactly what the command line that is printed in the end means. */
#ifndef VITRINE_CLI_TUNE_TRIAL_H
#define VITRINE_CLI_TUNE_TRIAL_H

#include <sys/types.h>
#include "cli/tune_journal.h"
#include "cli/tune_space.h"

typedef struct tune_trial {
    uint32_t trial, epochs;
    tune_setting setting;
    pid_t process; /* 0: none runs */
    int answer, complaint; /* files that take stdout and stderr */
    double began;
} tune_trial;

/* Starts train with the caller's options [count], then the setting's. False with `problem`. */
bool tune_trial_start(tune_trial *trial, const char *const *options, size_t count,
                      vitrine_problem *problem);
/* The child has ended with `status` of waitpid: what came of it. A message of a child that failed goes
 * to stderr. */
tune_result tune_trial_end(tune_trial *trial, int status);

#endif
