/* The intent network forward and backward over a batch of visits. The formulas are those of
 * model/intent.h; the question is asked after every event, and every answer counts alike:
 *
 *   L = - mean over the steps of all visits of  y log p + (1 - y) log(1 - p)
 *
 * with y whether the visit ended in a purchase. Visits are packed longest first, so that the steps of
 * all that still run stand together, as in pass.h; gradients go back through whole visits. */
#ifndef VITRINE_TRAIN_INTENT_PASS_H
#define VITRINE_TRAIN_INTENT_PASS_H

#include "train/intent_visits.h"
#include "train/matmul.h"

/* All weights in one array: w [4H][inputs], u [4H][H], bias [4H], out [H], out_bias. */
static inline size_t vitrine_intent_floats(uint32_t hidden)
{
    const size_t H = hidden;
    return 4 * H * VITRINE_INTENT_INPUTS + 4 * H * H + 4 * H + H + 1;
}
/* Views of such an array; gap and base are left 0. */
vitrine_intent_weights vitrine_intent_weights_of(const float *theta, uint32_t hidden);

typedef struct vitrine_intent_pass vitrine_intent_pass;

/* Null when memory is out. `visits` at most so many in a batch, `steps` at most so many in it. */
vitrine_intent_pass *vitrine_intent_pass_create(uint32_t hidden, uint32_t visits, uint64_t steps,
                                                vitrine_matmul matmul);
void vitrine_intent_pass_destroy(vitrine_intent_pass *pass);

/* The visits named in chosen [count]. answer, unless null, takes the probability after each step:
 * answer [steps of all visits], step t of visit v at start[v] + t. gradient, unless null, is
 * overwritten with dL/dtheta. Returns L. */
double vitrine_intent_pass_run(vitrine_intent_pass *pass, const float *theta,
                               const vitrine_intent_visits *visits, const uint32_t *chosen,
                               uint32_t count, float *answer, float *gradient);

#endif
