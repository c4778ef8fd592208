/* From a dataset (and a catalog) to the parts of a model. Native only. */
#ifndef VITRINE_TRAIN_TRAIN_H
#define VITRINE_TRAIN_TRAIN_H

#include "data/dataset.h"
#include "data/item_table.h"
#include "model/model_writer.h"
#include "train/team.h"

typedef enum vitrine_loss {
    VITRINE_LOSS_FULL = 0,
    VITRINE_LOSS_SAMPLED = 1,
    VITRINE_LOSS_BPR_MAX = 2, /* these two are sampled as well; losses.h */
    VITRINE_LOSS_GBCE = 3,
    VITRINE_LOSS_BY_SIZE = 4 /* full or sampled: presets.h */
} vitrine_loss;

typedef enum vitrine_preset {
    VITRINE_PRESET_SMALL = 0,
    VITRINE_PRESET_BASE = 1,
    VITRINE_PRESET_LARGE = 2
} vitrine_preset;

/* Bytes that follow the ones before them in a file. */
typedef struct vitrine_piece {
    const void *bytes;
    size_t size;
} vitrine_piece;

/* Interruptions: what to keep after each epoch, and what to go on from. */
typedef struct vitrine_train_resume {
    /* Keep these in place of what was kept before. False ends the training. */
    bool (*keep)(void *context, const vitrine_piece *pieces, size_t count);
    void *context;
    const void *kept; /* aligned to 64; null: begin anew */
    size_t kept_size;
} vitrine_train_resume;

typedef struct vitrine_train_options {
    vitrine_preset preset; /* decides, with the size of the log, what is left open: presets.h */
    uint32_t cell;      /* VITRINE_CELL_LSTM, _LSTM_RELU, _GRU, _BAG; _NONE trains no network */
    uint32_t dim, hidden; /* 0: open */
    bool tied, skip, norm;
    bool gaps; /* the time since the event before is an input */
    vitrine_loss loss;
    float loss_weight;  /* BPR-max: of the logits' size; gBCE: its calibration t, 0..1 */
    bool fuse;          /* false: the network alone, neither table nor fusion weights */
    uint32_t negatives; /* sampled loss: draws per batch beside the batch's own targets; 0: open */
    float sample_power; /* draws from popularity^power */
    uint32_t batch;     /* sessions; 0: open */
    uint32_t bptt;      /* steps of truncated back-propagation; longer sessions carry their state */
    uint32_t epochs, patience; /* stop after `patience` epochs without a better validation; 0: open */
    float rate, weight_decay, clip; /* clip 0: none */
    float dropout_input, dropout_output; /* below 0: open */
    float init;         /* standard deviation of initial item vectors */
    float validation;   /* share of sessions held out, the newest; 0 = none */
    bool refit;         /* then train on everything for the best number of epochs */
    bool leave_one_out; /* the last event of each session is a test that training never sees, the
                         * one before it the validation; `validation` and `refit` do not apply */
    bool drop_seen;     /* items of the history are no candidates (review data) */
    uint64_t seed;
    uint32_t threads;
    uint32_t table_kind; /* vitrine_table_kind, or VITRINE_TABLE_BEST: steps, or of few items ease where it
                          * serves better */
    uint32_t table_neighbours, table_window; /* entries kept per item; steps apart that count */
    float table_damping;
    uint32_t table_bits;     /* of a stored weight, 1..8 */
    float bytes_per_item;    /* of the model's file as int8: the table is cut to fit, though a file of
                              * VITRINE_SMALL_FILE bytes may always be; 0: it is not cut;
                              * below 0: 36 more than dim, 100 without a network */
    bool table_self;
    uint32_t attr_mode;      /* VITRINE_ATTR_INDEXED, or _HASHED into attr_buckets */
    uint32_t attr_buckets;
    uint32_t feature_width;  /* hidden units of the feature network (feature_net.h); 0: none. It needs
                              * a catalog and tied vectors */
    float id_dropout;        /* share of items that a batch knows by their features alone */
    uint32_t ablate;         /* parts to leave out: bits 1 << vitrine_part */
    uint32_t session_gap;    /* into the model: pause after which the network starts anew; 0: none */
    const vitrine_kind_weight *kinds; /* [VITRINE_EVENT_KINDS]; null: by what the log holds */
    const char *card_json;  /* what the caller wants in the card; null = none */
    const vitrine_train_resume *resume; /* null: nothing is kept */
    /* To go on from another model (warm.h), of the same cell, widths and layers, whose items are among
     * the log's; null: from the start. keep_old: what its counts weigh beside the log's. */
    const vitrine_model_parts *start;
    float keep_old;
    /* Asked once the model is fused, before it is trained on everything: `parts` know nothing of the
     * sessions from `first` on of `log` (of their last events, with leave_one_out). False ends the
     * training. Null: no question. */
    bool (*judge)(void *context, const vitrine_model_parts *parts, const vitrine_dataset *log,
                  uint32_t first);
    void *judge_context;
    const vitrine_team *team; /* null: alone. All members give the same log and options; the parts are
                               * whole for rank 0, the others' lack the table and fusion weights */
} vitrine_train_options;

/* A GRU with tied vectors, skip and LayerNorm, preset base; what goes by size is left open. */
vitrine_train_options vitrine_train_options_default(void);

/* One line of progress; called at least once a second while batches run. */
typedef struct vitrine_train_progress {
    const char *phase; /* "train", "refit", "fuse", ... */
    uint32_t epoch, epochs;
    double done;       /* of this epoch, 0..1; 1: the epoch's result */
    double loss;       /* mean so far */
    double recall20, mrr20; /* last validation, NAN before the first */
    double events_per_second, seconds_left;
} vitrine_train_progress;
typedef void (*vitrine_train_watch)(void *context, const vitrine_train_progress *progress);

#define VITRINE_SMALL_FILE (256u << 10)

/* What came out. recall and MRR are those at 20 on the held-out part, 0 without one. */
typedef struct vitrine_train_report {
    uint64_t events;                     /* that the network is trained on */
    uint32_t sessions, best_epoch;
    uint32_t table_kind;                 /* of the table in the model: vitrine_table_kind */
    uint64_t positions;                  /* held out and ranked by the fused model */
    double network_recall, network_mrr;  /* every held-out position, network alone */
    double fused_recall, fused_mrr;      /* of the sample that the fusion was learnt on */
    double popular_recall, popular_mrr;  /* popularity alone, on the same */
    double seconds;
} vitrine_train_report;

/* A model's parts with all that they point to. */
typedef struct vitrine_trained {
    vitrine_model_parts parts; /* f32; set config.precision before writing for int8 */
    vitrine_train_report report;
    struct vitrine_trained_arrays *arrays;
} vitrine_trained;

/* Train on `dataset`; `table` (null: none) gives items their attributes and prices, looked up by
 * id. The same dataset, options, threads and BLAS give the same parts. dataset must stay as
 * long as the parts, which point to its ids.
 *
 * VITRINE_BAD_ARGUMENT with the field and the limit passed: "items" below 2, "sessions" without
 * two events, options out of range, "keep" or "judge" after it said no,
 * "start" of another shape. Field "checkpoint": what was kept is of
 * another log or other options, or damaged (checkpoint.h). VITRINE_NO_SPACE: memory. */
vitrine_status vitrine_train(const vitrine_dataset *dataset, const vitrine_item_table *table,
                             const vitrine_train_options *options, vitrine_train_watch watch,
                             void *watch_context, vitrine_trained *trained, vitrine_fault *fault);
/* Cuts the table again, now that what the caller added to the parts (a card, intent) takes room. */
vitrine_status vitrine_trained_fit(vitrine_trained *trained, float bytes_per_item);
void vitrine_trained_free(vitrine_trained *trained);

#endif
