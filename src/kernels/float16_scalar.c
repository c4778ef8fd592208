/* Small floats in plain C: the definition. Contract: float16.h. */
#include "kernels/float16.h"

void vitrine_floats16_scalar(float *restrict y, const uint16_t *restrict code, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = vitrine_float16(code[i]);
}
