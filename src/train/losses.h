/* Losses beside the softmax: for comparison, and for those who trust them more. One position at a time
 * over its candidates, of which one is the target and all others are negatives.
 *
 *   BPR-max  s_j = softmax over the negatives, P = sum of s_j sigmoid(x_t - x_j)
 *            -log P + weight * sum of s_j x_j^2              (Hidasi and Karatzoglou 2018)
 *   gBCE     -beta log sigmoid(x_t) - sum of log(1 - sigmoid(x_j))   (Petrov and Macdonald 2023)
 *            beta = a (t (1 - 1/a) + 1/a), a the share of all items that are negatives */
#ifndef VITRINE_TRAIN_LOSSES_H
#define VITRINE_TRAIN_LOSSES_H

#include <stddef.h>
#include <stdint.h>
#include "kernels/kernels.h"

/* x [n] are logits and become the slopes of the loss, which is returned; scratch [2 * n]; n >= 2. */
double vitrine_loss_bpr_max(const vitrine_kernels *kernels, float *x, uint32_t target, size_t n,
                            float weight, float *scratch);
double vitrine_loss_gbce(const vitrine_kernels *kernels, float *x, uint32_t target, size_t n,
                         float beta, float *scratch);

/* beta of gBCE for n candidates of `items` at the calibration t, 0..1. */
float vitrine_gbce_beta(size_t n, uint32_t items, float t);

#endif
