/* Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019). The step itself
 * is in loops.h:
 *
 *   mean = b1 mean + (1 - b1) g     square = b2 square + (1 - b2) g^2
 *   theta = (1 - rate decay) theta - rate first mean / (sqrt(second square) + epsilon) */
#ifndef VITRINE_TRAIN_ADAM_H
#define VITRINE_TRAIN_ADAM_H

#include <math.h>
#include <stdint.h>

#define VITRINE_ADAM_BETA1 0.9f
#define VITRINE_ADAM_BETA2 0.999f
#define VITRINE_ADAM_EPSILON 1e-8f

typedef struct vitrine_adam {
    float rate;         /* of this step */
    float weight_decay;
    float scale;        /* gradients are taken times this: clipping */
    float first, second; /* 1 / (1 - beta^t) of both moments */
} vitrine_adam;

/* Step `t` from 1. */
static inline vitrine_adam vitrine_adam_step(uint64_t t, float rate, float weight_decay, float scale)
{
    const vitrine_adam adam = { rate, weight_decay, scale,
                                (float)(1.0 / (1.0 - pow(0.9, (double)t))),
                                (float)(1.0 / (1.0 - pow(0.999, (double)t))) };
    return adam;
}

#endif
