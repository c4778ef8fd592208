/* The processes that mpirun started: vitrine train over MPI. */
#ifndef VITRINE_CLI_TEAM_H
#define VITRINE_CLI_TEAM_H

#include <stdbool.h>
#include "train/team.h"

typedef struct cli_team {
    vitrine_team team; /* size 1: alone */
    void *memory;      /* of the sums */
    size_t capacity;
} cli_team;

/* Whether mpirun started this process, among others. */
bool cli_team_called(void);

/* CLI_OK, or the exit code after a message: this build knows no MPI, though mpirun started it. */
int cli_team_join(const char *command, cli_team *team);

/* Passes an exit code through. One that is not CLI_OK ends all processes: the others would wait for
 * this one for ever. */
int cli_team_leave(cli_team *team, int code);

#endif
