/* The inside of a pass, for the files that it is made of: pass.c (packing, query, loss), pass_cells.c
 * (the recurrence) and pass_rank.c. */
#ifndef VITRINE_TRAIN_PASS_INSIDE_H
#define VITRINE_TRAIN_PASS_INSIDE_H

#include "train/loops.h"
#include "train/pass.h"

/* Logits of so many positions at a time, and when ranking of so many items: they should stay in
 * cache. */
enum { LOSS_ROWS = 128, RANK_ITEMS = 4096 };

struct vitrine_pass {
    const vitrine_layout *layout;
    const float *theta;
    const vitrine_kernels *kernels;
    const vitrine_loops *loops;
    vitrine_pass_options options;
    vitrine_gradient gradient;

    /* The sequences in work, longest first. */
    uint32_t count;
    uint32_t *sequence; /* [options.sequences] */

    /* The chunk: step t is positions start[t] .. start[t] + running[t]. */
    uint32_t first; /* step of the sequences that it begins with */
    uint32_t steps, positions;
    uint32_t *running, *start;        /* [bptt + 1] */
    uint32_t *input, *target, *order; /* [P] compact row of the input, of the target; sequence's place */
    uint8_t *kind, *gap;              /* [P] */

    float *x, *mask_x;       /* [P][input] after dropout; the mask */
    float *gate;             /* [P][gates*hidden] after their activations */
    float *recurrent;        /* [P][hidden] GRU: U_n h + c_n; LSTM: a(c') */
    float *h, *before;       /* [P][hidden] state after and before the step */
    float *c, *c_before;     /* [P][hidden] LSTM */
    float *unit, *inverse;   /* [P][dim] normalised z; [P] 1 / deviation */
    float *q, *mask_q;       /* [P][dim] */
    float *state_h, *state_c; /* [sequences][hidden] carried over */

    float *d_q, *d_z;       /* [P][dim] */
    float *d_h, *d_x;       /* [P][hidden], [P][input] */
    float *d_gate, *d_sums; /* [P][gates*hidden] by the input half, by the recurrent half */
    float *carry_h, *carry_c, *product; /* [sequences][hidden], same, [sequences][gates*hidden] */
    float *logit;           /* [LOSS_ROWS][most_rows or RANK_ITEMS] without the bias */
    float *scratch;         /* [2 * most_rows] of losses.h */
    float *offset;          /* [most_rows] bias and correction of the batch's candidates */
    float *truth;           /* [LOSS_ROWS] the target's logit */
    uint32_t *better;       /* [LOSS_ROWS] items that stand before it */
    void *block;            /* all of the above */
};

static inline const float *vitrine_pass_weights(const vitrine_pass *p, vitrine_segment segment)
{
    return p->theta + p->layout->offset[segment];
}

/* The gradient of a segment of the dense rest. */
static inline float *vitrine_pass_slope(const vitrine_pass *p, vitrine_segment segment)
{
    return p->gradient.rest + (p->layout->offset[segment] - p->layout->offset[VITRINE_SEG_KIND]);
}

static inline bool vitrine_pass_has(const vitrine_pass *p, unsigned flag)
{
    return (p->layout->shape.flags & flag) != 0;
}

/* Which sequences, longest first; equal ones keep their order. Their states are 0 then. */
void vitrine_pass_choose(vitrine_pass *p, const vitrine_batch *batch, uint32_t own, uint32_t step);
/* Packs the chunk that begins at step p->first. False when every sequence has ended. */
bool vitrine_pass_load_chunk(vitrine_pass *p, const vitrine_batch *batch);
void vitrine_pass_load_inputs(vitrine_pass *p, const vitrine_batch *batch, bool training);

/* From x to h, all steps of the chunk; and from d_h to d_x, which is added to, and the gradients. */
void vitrine_pass_run_cell(vitrine_pass *p);
void vitrine_pass_back_cell(vitrine_pass *p);

/* From h and x to q. */
void vitrine_pass_run_query(vitrine_pass *p, bool training);
/* logit [n][width], without the bias, of queries q [n][dim] with candidates first ..
 * first + width - 1. */
void vitrine_pass_run_logits(vitrine_pass *p, const vitrine_batch *batch, const float *q, uint32_t n,
                             uint32_t first, uint32_t width);

#endif
