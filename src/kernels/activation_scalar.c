/* exp, sigmoid and tanh of arrays in plain C: the definition. Contract: activation.h. */
#include "kernels/activation.h"
#include "kernels/vector.h"

float vitrine_exp_scalar(float x) { return vitrine_exp1(x); }

float vitrine_exp_shifted_scalar(float *restrict y, const float *restrict x, float shift, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = vitrine_exp1(x[i] - shift);
    return vitrine_sum_scalar(y, n);
}

void vitrine_sigmoid_scalar(float *restrict y, const float *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = vitrine_sigmoid1(x[i]);
}

void vitrine_tanh_scalar(float *restrict y, const float *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = vitrine_tanh1(x[i]);
}
