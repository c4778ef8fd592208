/* The best `k` of `n` scores, best first.
 *
 *   scores   [n]  no NaN
 *   allowed  [n]  0 leaves an item out; null allows all
 *   items    [k]  out: indices by falling score, equal scores by the lower index
 *   best     [k]  out: their scores
 *
 * Returns how many were written: min(k, allowed items). n reads, plus log k for every score that
 * displaces one held so far: few in any order but a rising one. */
#ifndef VITRINE_KERNELS_TOPK_H
#define VITRINE_KERNELS_TOPK_H

#include <stdint.h>

uint32_t vitrine_topk(const float *scores, uint32_t n, const uint8_t *allowed, uint32_t k,
                      uint32_t *items, float *best);

#endif
