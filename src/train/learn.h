/* The loop: epochs of batches, one Adam step a batch, validation after each epoch. */
#ifndef VITRINE_TRAIN_LEARN_H
#define VITRINE_TRAIN_LEARN_H

#include "train/feature_net.h"
#include "train/matmul.h"
#include "train/params.h"
#include "train/sequences.h"
#include "train/train.h"

typedef struct vitrine_learnt {
    uint32_t best_epoch; /* from 1 */
    double recall20, mrr20; /* its validation; NAN without one */
} vitrine_learnt;

/* Where the loop stands after an epoch: with it, the same sequences and options give what follows to
 * the bit. */
typedef struct vitrine_learn_state {
    uint32_t epoch; /* finished */
    uint64_t steps; /* of Adam */
    vitrine_learnt learnt;
    double recall20, mrr20; /* of this epoch */
    const float *theta, *mean, *square; /* [layout total] */
    const float *best;                  /* the best epoch's weights; null without validation */
} vitrine_learn_state;

typedef struct vitrine_learning {
    const vitrine_layout *layout;
    const vitrine_train_options *options;
    const vitrine_feature_inputs *features; /* of the layout's feature network; null: it has none */
    const vitrine_sequences *training;
    const vitrine_sequences *validation; /* null or empty: the last epoch is the best one */
    uint32_t stop; /* epochs to run of options->epochs (the schedule's length); early stopping may end before */
    const char *phase;
    uint64_t seed;
    vitrine_matmul matmul;
    vitrine_train_watch watch; /* may be null */
    void *watch_context;
    const float *start; /* [layout total] first weights; null: random ones */
    const vitrine_learn_state *resume; /* null: from the first epoch */
    /* Called after every epoch; null: none. False ends the learning. */
    bool (*keep)(void *context, const vitrine_learn_state *state);
    void *keep_context;
} vitrine_learning;

/* theta [layout total] is written: first weights, then training, in the end the best epoch's.
 * VITRINE_NO_SPACE: memory; VITRINE_BAD_ARGUMENT: keep said no. */
vitrine_status vitrine_learn(const vitrine_learning *learning, float *theta, vitrine_learnt *learnt);

#endif
