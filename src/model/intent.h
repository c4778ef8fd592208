/* Purchase intent: will this visit end in a purchase? The optional section 'inte' of a model, and the
 * formulas that it holds the weights of (docs/intent.md):
 *
 *   x   features of one event (profile/intent.h)
 *   h   = LSTM with relu, as nn/cells.h defines it, over the visit's events from zero
 *   p   = sigmoid(out . h + out_bias)
 *
 * Matrices are bytes with a scale for each row, stored by columns: a step adds column after column,
 * which every compiler turns into wide instructions without changing the order of any sum, so one
 * plain loop gives the same bits everywhere. Features are mostly 0 and so are relu's states: their
 * columns are passed over. */
#ifndef VITRINE_MODEL_INTENT_H
#define VITRINE_MODEL_INTENT_H

#include <stdbool.h>
#include "kernels/kernels.h"
#include "vitrine/status.h"

#define VITRINE_INTENT_INPUTS 16u
#define VITRINE_INTENT_MAX_HIDDEN 128u
#define VITRINE_INTENT_EVENTS 256u /* of a visit that count: the newest */

/* A view of a section. */
typedef struct vitrine_intent {
    uint32_t hidden;
    uint32_t gap; /* seconds without an event that end a visit */
    float base;   /* share of the training's visits that ended in a purchase */
    float out_bias;
    const float *bias, *scale_w, *scale_u; /* [4 hidden] gates i f g o, gate-major */
    const float *out;                      /* [hidden] */
    const int8_t *w;                       /* [VITRINE_INTENT_INPUTS][4 hidden] */
    const int8_t *u;                       /* [hidden][4 hidden] */
} vitrine_intent;

/* Weights as training has them: row-major floats. */
typedef struct vitrine_intent_weights {
    uint32_t hidden, gap;
    float base, out_bias;
    const float *w;    /* [4 hidden][VITRINE_INTENT_INPUTS] */
    const float *u;    /* [4 hidden][hidden] */
    const float *bias; /* [4 hidden] */
    const float *out;  /* [hidden] */
} vitrine_intent_weights;

/* Bytes of the section. */
size_t vitrine_intent_size(uint32_t hidden);
/* Writes a section; out [vitrine_intent_size], aligned to 4. */
void vitrine_intent_write(const vitrine_intent_weights *weights, uint8_t *out);
/* Checks every field. False, with `offset` of the first wrong one, when the section cannot be. */
bool vitrine_intent_read(const uint8_t *section, size_t size, vitrine_intent *intent, size_t *offset);

/* One event into the state h, c [hidden]. x [VITRINE_INTENT_INPUTS]. */
void vitrine_intent_step(const vitrine_intent *intent, const vitrine_kernels *kernels, const float *x,
                         float *h, float *c);
/* The answer for a state, in 0..1. */
float vitrine_intent_answer(const vitrine_intent *intent, const vitrine_kernels *kernels,
                            const float *h);

#endif
