/* Which of the 32 scores of a panel come up to a bar: bit l is set where score[l] + slack >= bar. The sum is rounded
 * once, as everywhere. */
#ifndef VITRINE_KERNELS_REACH_H
#define VITRINE_KERNELS_REACH_H

#include <stdint.h>

uint32_t vitrine_reach(const float score[32], float slack, float bar);

/* The same with a slack for each: score[l] + (scale[l] * slack + more) >= bar, each operator rounded. */
uint32_t vitrine_reach_scaled(const float score[32], const float scale[32], float slack, float more, float bar);

#endif
