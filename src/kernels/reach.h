/* Which of the 32 scores of a panel come up to a bar: bit l is set where score[l] + slack >= bar. The sum is rounded
 * once, as everywhere. */
#ifndef VITRINE_KERNELS_REACH_H
#define VITRINE_KERNELS_REACH_H

#include <stdint.h>

uint32_t vitrine_reach(const float score[32], float slack, float bar);

#endif
