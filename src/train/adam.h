/* Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019). */
#ifndef VITRINE_TRAIN_ADAM_H
#define VITRINE_TRAIN_ADAM_H

#include <stddef.h>
#include <stdint.h>

typedef struct vitrine_adam {
    float rate;         /* of this step */
    float weight_decay;
    float scale;        /* gradients are taken times this: clipping */
    float first, second; /* 1 / (1 - beta^t) of both moments */
} vitrine_adam;

/* Step `t` from 1. */
vitrine_adam vitrine_adam_step(uint64_t t, float rate, float weight_decay, float scale);

/* n numbers with their moments. decays: whether weight decay applies to them. */
void vitrine_adam_apply(const vitrine_adam *adam, int decays, const float *gradient, float *theta,
                        float *mean, float *square, size_t n);

#endif
