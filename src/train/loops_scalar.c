/* The loops for any machine. */
#define LOOPS vitrine_loops_scalar
#include "train/loops_body.h"

const vitrine_loops *vitrine_loops_best(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return &vitrine_loops_avx2;
#endif
    return &vitrine_loops_scalar;
}
