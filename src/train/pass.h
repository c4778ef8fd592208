/* The network forward and backward over whole sequences, for one thread.
 *
 * The formulas are those of nn/network.h; docs/training.md derives the gradients. Sequences are
 * packed: sorted by length, so that the steps of all that are still running stand together, the
 * input half of the gates is one matrix product for a whole chunk, and only the recurrent half goes
 * step by step (Appleyard and others, "Optimizing performance of recurrent neural networks on GPUs",
 * 2016). A chunk is `bptt` steps; longer sequences carry their state on, gradients stop there. */
#ifndef VITRINE_TRAIN_PASS_H
#define VITRINE_TRAIN_PASS_H

#include "train/batch.h"
#include "train/matmul.h"
#include "train/params.h"
#include "vitrine/status.h"

/* What a thread sums up. Owned by the pass. */
typedef struct vitrine_gradient {
    float *item;  /* [rows][dim] */
    float *bias;  /* [candidates] */
    float *embed; /* [embed_rows][input] */
    float *rest;  /* [vitrine_layout_rest] segments from VITRINE_SEG_KIND on */
} vitrine_gradient;

typedef struct vitrine_pass vitrine_pass;

typedef enum vitrine_pass_loss {
    VITRINE_PASS_SOFTMAX = 0, /* cross-entropy */
    VITRINE_PASS_BPR_MAX,     /* losses.h */
    VITRINE_PASS_GBCE
} vitrine_pass_loss;

typedef struct vitrine_pass_options {
    uint32_t sequences; /* at most so many at once */
    uint32_t bptt;
    uint32_t most_rows; /* item rows (and candidates) of a batch at most; ranking needs none */
    float dropout_input, dropout_output; /* 0 <= p < 1 */
    vitrine_pass_loss loss;
    float loss_weight; /* BPR-max: of the logits' size; gBCE: its calibration t */
    vitrine_matmul matmul;
} vitrine_pass_options;

/* Null when memory is out. theta and layout must stay. */
vitrine_pass *vitrine_pass_create(const vitrine_layout *layout, const float *theta,
                                  const vitrine_pass_options *options);
void vitrine_pass_destroy(vitrine_pass *pass);

/* Sequences own, own + step, ... of the batch: adds to the gradient, which is zeroed first, and
 * returns the sum (not the mean) of the losses. */
double vitrine_pass_train(vitrine_pass *pass, const vitrine_batch *batch, uint32_t own,
                          uint32_t step);
vitrine_gradient *vitrine_pass_gradient(vitrine_pass *pass);

/* The rank from 1 of each target among all items, ties against it, without dropout. rank[start - s
 * + t] is step t of sequence s, start = sequences->start[s]. last_only ranks the last step alone, the
 * others get 0; drop_seen takes items of the history out (a target among them gets 0). The batch has
 * every item as a row. */
void vitrine_pass_rank(vitrine_pass *pass, const vitrine_batch *batch, uint32_t own, uint32_t step,
                       bool last_only, bool drop_seen, uint32_t *rank);

#endif
