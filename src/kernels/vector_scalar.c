/* The vector loops in plain C: the definition. Contract: vector.h. */
#include "kernels/vector.h"

float vitrine_sum_scalar(const float *x, size_t n)
{
    float lane[8] = {0};
    for (size_t i = 0; i < n; i++) lane[i % 8] += x[i];
    return vitrine_add_lanes(lane);
}

float vitrine_max_scalar(const float *x, size_t n)
{
    float most = x[0];
    for (size_t i = 1; i < n; i++) most = x[i] > most ? x[i] : most;
    /* -0 and 0 are equal, and lanes would meet them in another order: 0 + -0 is 0 for all. */
    return most + 0.0f;
}

float vitrine_dot_f32_scalar(const float *restrict a, const float *restrict b, size_t n)
{
    float lane[8] = {0};
    for (size_t i = 0; i < n; i++) lane[i % 8] += a[i] * b[i];
    return vitrine_add_lanes(lane);
}

void vitrine_axpby_scalar(float *restrict y, float a, const float *restrict x, float b, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = a * x[i] + b * y[i];
}
