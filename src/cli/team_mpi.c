/* Sums over MPI. MPI_Allreduce is free to add in any order; here everyone owns a piece, is sent that
 * piece of all others, adds them in the order of ranks, and sends the sum back: as many bytes as the
 * best all-reduce, and an order that does not depend on the network. */
#include <limits.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>
#include "cli/command.h"
#include "cli/options.h"
#include "cli/team.h"

/* So many values travel at once: counts of MPI are ints, and memory stays small. */
enum { MOST = 1 << 22 };

static void *room(cli_team *t, size_t bytes)
{
    if (bytes > t->capacity) {
        free(t->memory);
        t->memory = malloc(bytes);
        t->capacity = bytes;
        if (t->memory == NULL) MPI_Abort(MPI_COMM_WORLD, CLI_IO);
    }
    return t->memory;
}

/* n values in pieces of `piece`, the last members' shorter or empty: padded with zeros. */
#define ADD(type, mpi_type)                                                                          \
    const size_t size = t->team.size, piece = (n + size - 1) / size, all = piece * size;             \
    type *sent = room(t, 2 * all * sizeof *sent), *got = sent + all;                                 \
    memcpy(sent, x, n * sizeof *x);                                                                  \
    memset(sent + n, 0, (all - n) * sizeof *x);                                                      \
    MPI_Alltoall(sent, (int)piece, mpi_type, got, (int)piece, mpi_type, MPI_COMM_WORLD);             \
    for (size_t r = 1; r < size; r++)                                                                \
        for (size_t i = 0; i < piece; i++) got[i] += got[r * piece + i];                             \
    MPI_Allgather(got, (int)piece, mpi_type, sent, (int)piece, mpi_type, MPI_COMM_WORLD);            \
    memcpy(x, sent, n * sizeof *x)

static void add_some_floats(cli_team *t, float *x, size_t n)
{
    ADD(float, MPI_FLOAT);
}

static void add_some_doubles(cli_team *t, double *x, size_t n)
{
    ADD(double, MPI_DOUBLE);
}

static void add_floats(void *context, float *x, size_t n)
{
    for (; n > MOST; n -= MOST, x += MOST) add_some_floats(context, x, MOST);
    if (n > 0) add_some_floats(context, x, n);
}

static void add_doubles(void *context, double *x, size_t n)
{
    for (; n > MOST; n -= MOST, x += MOST) add_some_doubles(context, x, MOST);
    if (n > 0) add_some_doubles(context, x, n);
}

int cli_team_join(const char *command, cli_team *t)
{
    int rank, size, threads;
    *t = (cli_team){ .team = { .size = 1 } };
    if (!cli_team_called()) return CLI_OK; /* starting MPI takes longer than most commands */
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &threads) != MPI_SUCCESS)
        return cli_fail(command, CLI_IO, "MPI does not start");
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    t->team = (vitrine_team){ (uint32_t)rank, (uint32_t)size, t, add_floats, add_doubles };
    return CLI_OK;
}

int cli_team_leave(cli_team *t, int code)
{
    int started = 0, over = 0;
    MPI_Initialized(&started);
    if (started) MPI_Finalized(&over);
    free(t->memory);
    t->memory = NULL;
    if (!started || over) return code;
    if (code != CLI_OK && t->team.size > 1) MPI_Abort(MPI_COMM_WORLD, code);
    MPI_Finalize();
    return code;
}
