/* The loops of training that are long but no matrix product, for the best instructions of the machine.
 * Sums go in eight lanes, as in kernels/vector.h, so every variant gives the same bits. */
#ifndef VITRINE_TRAIN_LOOPS_H
#define VITRINE_TRAIN_LOOPS_H

#include <stddef.h>
#include "train/adam.h"

typedef struct vitrine_loops {
    /* y[i] += x[i] */
    void (*add)(float *restrict y, const float *restrict x, size_t n);
    /* sum of x[i]^2 */
    float (*squares)(const float *x, size_t n);
    /* x[i] becomes e^(x[i] + bias[i] - most), most the largest x + bias; returns their sum */
    float (*softmax)(float *restrict x, const float *restrict bias, float *most, size_t n);
    /* x[i] *= scale; total[i] += x[i] */
    void (*spread)(float *restrict x, float scale, float *restrict total, size_t n);
    /* how many x[i] + bias[i] >= limit */
    size_t (*count)(const float *restrict x, const float *restrict bias, float limit, size_t n);
    /* adam.h */
    void (*adam)(const vitrine_adam *adam, int decays, const float *restrict gradient,
                 float *restrict theta, float *restrict mean, float *restrict square, size_t n);
} vitrine_loops;

extern const vitrine_loops vitrine_loops_scalar;
extern const vitrine_loops vitrine_loops_avx2; /* x86 alone */

/* What this machine can run. */
const vitrine_loops *vitrine_loops_best(void);

#endif
