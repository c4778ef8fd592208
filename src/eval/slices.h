/* Slices of the cases: where a recommender is good and where it is not. */
#ifndef VITRINE_EVAL_SLICES_H
#define VITRINE_EVAL_SLICES_H

#include "eval/cases.h"

/* By events known (1, 2, 3-4, 5-9, 10+), by whether the target had been met, and by how often
 * training met it. */
enum { VITRINE_SLICES = 10 };
const char *vitrine_slice_name(uint32_t slice);

/* How often training met an item: head, the most frequent fifth of the items that it met; tail, the
 * others of these; cold, never. */
enum { VITRINE_HEAD = 0, VITRINE_TAIL = 1, VITRINE_COLD = 2 };

/* popularity [items], any scale, 0: never met; equal ones: the lower item is the more frequent.
 * band [items]. VITRINE_NO_SPACE when memory is out. */
vitrine_status vitrine_bands_of(const float *popularity, uint32_t items, uint8_t *band);

/* chosen [cases] = 1 for the cases of the slice; band [cases->items]. A target outside the
 * vocabulary is cold. */
void vitrine_slice_choose(const vitrine_cases *cases, const uint8_t *band, uint32_t slice,
                          uint8_t *chosen);

#endif
