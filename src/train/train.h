/* From a dataset (and a catalog) to the parts of a model. Native only. */
#ifndef VITRINE_TRAIN_TRAIN_H
#define VITRINE_TRAIN_TRAIN_H

#include "data/dataset.h"
#include "data/item_table.h"
#include "model/model_writer.h"

typedef enum vitrine_loss { VITRINE_LOSS_FULL = 0, VITRINE_LOSS_SAMPLED = 1 } vitrine_loss;

typedef struct vitrine_train_options {
    uint32_t cell;      /* VITRINE_CELL_LSTM, _LSTM_RELU, _GRU; _NONE trains no network */
    uint32_t dim, hidden;
    bool tied, skip, norm;
    vitrine_loss loss;
    uint32_t negatives; /* sampled loss: draws per batch beside the batch's own targets */
    float sample_power; /* draws from popularity^power */
    uint32_t batch;     /* sessions */
    uint32_t bptt;      /* steps of truncated back-propagation; longer sessions carry their state */
    uint32_t epochs, patience; /* stop after `patience` epochs without a better validation */
    float rate, weight_decay, dropout_input, dropout_output, clip;
    float init;         /* standard deviation of initial weights */
    float validation;   /* share of sessions held out, the newest when timed; 0 = none */
    bool refit;         /* then train on everything for the best number of epochs */
    uint64_t seed;
    uint32_t threads;
    uint32_t table_neighbours, table_window; /* entries kept per item; steps apart that count */
    const char *checkpoint; /* file to keep and to resume from; null = none */
    const char *card_json;  /* what the caller wants in the card; null = none */
} vitrine_train_options;

/* One line of progress; called at least once a second. */
typedef struct vitrine_train_progress {
    const char *phase; /* "train", "refit", "fuse", ... */
    uint32_t epoch, epochs;
    double done;       /* of this epoch, 0..1 */
    double loss;       /* mean so far */
    double recall20, mrr20; /* last validation, NAN before the first */
    double events_per_second, seconds_left;
} vitrine_train_progress;
typedef void (*vitrine_train_watch)(void *context, const vitrine_train_progress *progress);

#endif
