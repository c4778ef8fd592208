/* Several processes that train one model on one log. Each takes its share of every batch; what they
 * have found is added up in the order of their ranks, so all of them have the same numbers all the time
 * and the result is that of one process, but for the order of additions. */
#ifndef VITRINE_TRAIN_TEAM_H
#define VITRINE_TRAIN_TEAM_H

#include <stddef.h>
#include <stdint.h>

typedef struct vitrine_team {
    uint32_t rank, size; /* rank < size */
    void *context;
    /* x [n] becomes the sum of all members' x, added in the order of ranks; the same bits for all.
     * Every member calls with the same n. There is no failure: who cannot go on ends them all. */
    void (*add_floats)(void *context, float *x, size_t n);
    void (*add_doubles)(void *context, double *x, size_t n);
} vitrine_team;

#endif
