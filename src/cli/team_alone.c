/* Without MPI in the build there is no team. */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/team.h"

int cli_team_join(const char *command, cli_team *team)
{
    *team = (cli_team){ .team = { .size = 1 } };
    if (!cli_team_called()) return CLI_OK;
    return cli_fail(command, CLI_USAGE, "mpirun started this, but it was built without MPI; install "
                                        "libopenmpi-dev and build again, or run it without mpirun");
}

int cli_team_leave(cli_team *team, int code)
{
    (void)team;
    return code;
}
