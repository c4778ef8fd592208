/* Layer normalisation (Ba, Kiros & Hinton 2016):
 *
 *   y[i] = gain[i] * (x[i] - mean) / sqrt(var + 1e-5) + bias[i]
 *
 *   y, x, gain, bias, scratch  [n], n > 0; y and scratch overlap no input and not each other
 *
 * Mean and (biased) variance divide sums in the order of kernels/vector.h, and the root is
 * correctly rounded on every machine: the same bits everywhere. */
#ifndef VITRINE_NN_LAYER_NORM_H
#define VITRINE_NN_LAYER_NORM_H

#include "kernels/kernels.h"

#define VITRINE_LAYER_NORM_EPSILON 1e-5f

void vitrine_layer_norm(float *y, const vitrine_kernels *kernels, const float *x,
                        const float *gain, const float *bias, size_t n, float *scratch);

#endif
