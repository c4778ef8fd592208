/* What the steps of one training share, and the steps. train.c puts them in order. */
#ifndef VITRINE_TRAIN_TRAINING_H
#define VITRINE_TRAIN_TRAINING_H

#include "train/attribute_list.h"
#include "train/checkpoint.h"
#include "train/feature_table.h"
#include "train/fuse.h"
#include "train/learn.h"
#include "train/table.h"
#include "train/train.h"
#include "train/warm.h"

struct vitrine_trained_arrays {
    float *theta;
    vitrine_table table;
    float *popularity;
    vitrine_attribute_list attributes;
    vitrine_feature_table features;
    float *start;   /* first weights, going on from another model; null: random ones */
    vitrine_warm warm;
    float *vectors; /* [items][dim] with features: those of theta and what the features add */
    vitrine_kind_weight kinds[VITRINE_EVENT_KINDS];
    vitrine_fusion fusion;
};

/* What the steps of one training share. */
typedef struct vitrine_training {
    const vitrine_dataset *log;
    vitrine_dataset view; /* leave-one-out: the log's sessions cut short; else the log itself */
    uint64_t *start;      /* of the view; null: the log's */
    uint32_t first_held;  /* sessions from here on are held out */
    const vitrine_item_table *catalog;
    const vitrine_train_options *options;
    vitrine_train_watch watch;
    void *watch_context;
    vitrine_trained *trained;
    struct vitrine_trained_arrays *arrays;
    vitrine_layout layout;
    vitrine_training_mark mark;   /* with resume alone, as is what follows */
    vitrine_checkpoint kept;      /* to go on from; state.epoch 0: none */
    vitrine_checkpoint keeping;   /* all but its state */
    float *first_theta;           /* the first training's weights, while refitting */
    vitrine_fault *fault;
} vitrine_training;

static inline bool vitrine_training_lacks(const vitrine_training *t, vitrine_part part)
{
    return (t->options->ablate >> part & 1u) != 0;
}

/* What only the one who writes the model needs. */
static inline bool vitrine_training_writes(const vitrine_training *t)
{
    return t->options->team == NULL || t->options->team->rank == 0;
}

/* training_options.c: BAD_ARGUMENT with the field and its limit. */
vitrine_status vitrine_training_check(const vitrine_training *t);

/* training_parts.c: from options and catalog, and from the weights once there are any, to the parts of
 * the model. _items wants the layout, to which it may add a feature network. */
void vitrine_training_kinds(const vitrine_training *t, vitrine_kind_weight *kinds);
void vitrine_training_config(vitrine_training *t);
vitrine_status vitrine_training_items(vitrine_training *t);
vitrine_status vitrine_training_weights(vitrine_training *t);
void vitrine_training_apply_fusion(vitrine_training *t);

/* training_network.c: the network, first on what is not held out and then, for `stop` epochs, on
 * everything; where the caller keeps checkpoints, from the last one on. */
vitrine_status vitrine_training_resume(vitrine_training *t);
vitrine_status vitrine_training_learn_first(vitrine_training *t, const vitrine_sequences *training_set,
                                            const vitrine_sequences *held, vitrine_learnt *learnt);
vitrine_status vitrine_training_learn(vitrine_training *t, const vitrine_sequences *training_set,
                                      const vitrine_sequences *held, uint32_t stop, const char *phase,
                                      vitrine_learnt *learnt);

/* training_counts.c: table and popularity over sessions 0 .. last-1 of `log`, and the fusion weights that
 * the held-out sessions teach; `counted` is what the former were counted from. */
vitrine_status vitrine_training_count(const vitrine_training *t, const vitrine_dataset *log, uint32_t last);
vitrine_status vitrine_training_fuse(vitrine_training *t, const vitrine_dataset *counted);

#endif
