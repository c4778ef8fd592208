#include "train/adam.h"

#include <math.h>

#define BETA1 0.9f
#define BETA2 0.999f
#define EPSILON 1e-8f

vitrine_adam vitrine_adam_step(uint64_t t, float rate, float weight_decay, float scale)
{
    const vitrine_adam adam = { rate, weight_decay, scale,
                                (float)(1.0 / (1.0 - pow(0.9, (double)t))),
                                (float)(1.0 / (1.0 - pow(0.999, (double)t))) };
    return adam;
}

void vitrine_adam_apply(const vitrine_adam *adam, int decays, const float *restrict gradient,
                        float *restrict theta, float *restrict mean, float *restrict square,
                        size_t n)
{
    const float keep = decays ? 1.0f - adam->rate * adam->weight_decay : 1.0f;
    const float rate = adam->rate * adam->first, second = adam->second, scale = adam->scale;
    for (size_t i = 0; i < n; i++) {
        const float g = gradient[i] * scale;
        mean[i] = BETA1 * mean[i] + (1.0f - BETA1) * g;
        square[i] = BETA2 * square[i] + (1.0f - BETA2) * g * g;
        theta[i] = keep * theta[i] - rate * mean[i] / (sqrtf(square[i] * second) + EPSILON);
    }
}
