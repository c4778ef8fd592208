/* The best `k` of `n` scores, best first.
 *
 *   scores   [n]  finite, and more than -FLT_MAX
 *   most     [panels]  no score of 32 p .. 32 p + 31 is larger than most[p]; panels is at most n / 32,
 *            and what lies behind them is looked at itself
 *   allowed  [n]  0 leaves an item out; null allows all
 *   items    [k]  out: indices by falling score, equal scores by the lower index
 *   best     [k]  out: their scores
 *
 * Returns how many were written: min(k, allowed items). n reads, or one for a panel, plus log k for every score that
 * displaces one held so far: few in any order but a rising one. */
#ifndef VITRINE_KERNELS_TOPK_H
#define VITRINE_KERNELS_TOPK_H

#include <stdint.h>

uint32_t vitrine_topk_panels(const float *scores, uint32_t n, const float *most, uint32_t panels,
                             const uint8_t *allowed, uint32_t k, uint32_t *items, float *best);

/* The same without maxima. */
uint32_t vitrine_topk(const float *scores, uint32_t n, const uint8_t *allowed, uint32_t k,
                      uint32_t *items, float *best);

#endif
