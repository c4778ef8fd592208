/* Layer normalisation. Contract: layer_norm.h. */
#include "nn/layer_norm.h"

void vitrine_layer_norm(float *y, const vitrine_kernels *kernels, const float *x,
                        const float *gain, const float *bias, size_t n, float *scratch)
{
    const float mean = kernels->sum(x, n) / (float)n;
    for (size_t i = 0; i < n; i++) scratch[i] = x[i] - mean;
    const float variance = kernels->dot_f32(scratch, scratch, n) / (float)n;
    /* The builtin is one instruction, natively and in WebAssembly: no libm. */
    const float inverse = 1.0f / __builtin_sqrtf(variance + VITRINE_LAYER_NORM_EPSILON);
    for (size_t i = 0; i < n; i++) y[i] = gain[i] * (scratch[i] * inverse) + bias[i];
}
