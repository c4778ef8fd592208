/* The loops of loops.h, in plain C that compilers turn into eight lanes. Included once for each
 * instruction set, by a file that is compiled for it and names the table. */
#include <math.h>
#include "kernels/activation.h"
#include "kernels/vector.h"
#include "train/loops.h"

static void add(float *restrict y, const float *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] += x[i];
}

static float squares(const float *x, size_t n)
{
    float lane[8] = { 0 };
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (size_t l = 0; l < 8; l++) lane[l] += x[i + l] * x[i + l];
    for (size_t l = 0; i < n; i++, l++) lane[l] += x[i] * x[i];
    return vitrine_add_lanes(lane);
}

static float softmax(float *restrict x, const float *restrict bias, float *most, size_t n)
{
    float lane[8], sum[8] = { 0 };
    size_t i = 0;
    add(x, bias, n);
    for (size_t l = 0; l < 8; l++) lane[l] = x[0];
    for (; i + 8 <= n; i += 8)
        for (size_t l = 0; l < 8; l++) lane[l] = x[i + l] > lane[l] ? x[i + l] : lane[l];
    for (; i < n; i++) lane[0] = x[i] > lane[0] ? x[i] : lane[0];
    for (size_t l = 1; l < 8; l++) lane[0] = lane[l] > lane[0] ? lane[l] : lane[0];
    const float top = *most = lane[0];
    for (i = 0; i < n; i++) x[i] = vitrine_exp1(x[i] - top);
    for (i = 0; i + 8 <= n; i += 8)
        for (size_t l = 0; l < 8; l++) sum[l] += x[i + l];
    for (size_t l = 0; i < n; i++, l++) sum[l] += x[i];
    return vitrine_add_lanes(sum);
}

static void spread(float *restrict x, float scale, float *restrict total, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        x[i] *= scale;
        total[i] += x[i];
    }
}

static size_t count(const float *restrict x, const float *restrict bias, float limit, size_t n)
{
    int found = 0;
    for (size_t i = 0; i < n; i++) found += x[i] + bias[i] >= limit;
    return (size_t)found;
}

static void adam_apply(const vitrine_adam *adam, int decays, const float *restrict gradient,
                       float *restrict theta, float *restrict mean, float *restrict square, size_t n)
{
    const float keep = decays ? 1.0f - adam->rate * adam->weight_decay : 1.0f;
    const float rate = adam->rate * adam->first, second = adam->second, scale = adam->scale;
    for (size_t i = 0; i < n; i++) {
        const float g = gradient[i] * scale;
        mean[i] = VITRINE_ADAM_BETA1 * mean[i] + (1.0f - VITRINE_ADAM_BETA1) * g;
        square[i] = VITRINE_ADAM_BETA2 * square[i] + (1.0f - VITRINE_ADAM_BETA2) * g * g;
        theta[i] = keep * theta[i] -
                   rate * mean[i] / (sqrtf(square[i] * second) + VITRINE_ADAM_EPSILON);
    }
}

const vitrine_loops LOOPS = { add, squares, softmax, spread, count, adam_apply };
