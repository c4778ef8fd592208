/* The weights of the five parts of a score, learnt on sessions that the training did not see.
 *
 * A model is written to memory and its own ranker replays the sessions, so training and device
 * cannot disagree about what a part says. First expectation-maximisation for a mixture of known
 * distributions (Jelinek and Mercer's deleted interpolation, 1980), one mixture for each context and
 * each shrunk towards the one of all positions; then a search around it, because the best mixture by
 * likelihood is not quite the best ranking. */
#ifndef VITRINE_TRAIN_FUSE_H
#define VITRINE_TRAIN_FUSE_H

#include "data/dataset.h"
#include "model/model_writer.h"
#include "train/train.h"
#include "vitrine/rank.h"

typedef struct vitrine_fuse_options {
    uint32_t positions;    /* at most so many are replayed, spread over the sessions; 0 = 20000 */
    uint32_t threads;
    bool last_only;        /* leave-one-out: only the last event of a session is a target */
    bool drop_seen;        /* items of the history are no candidates (review data) */
    const uint8_t *known;  /* [items] 0 = not in the training: no target. Null: all are */
    float shrink;          /* positions that the common weights count for in a context; usually 200 */
    bool tune;             /* also choose the decays, content_power, sharpness and the table */
    /* Tables to choose from: puts the n-th, from 0, into the parts' table, and says of what kind it is, from 0;
     * BAD_ARGUMENT when there is none such. Null: the table stays. */
    vitrine_status (*table)(void *context, uint32_t n, vitrine_model_parts *parts, uint32_t *kind);
    void *table_context;
    vitrine_train_watch watch; /* may be null; phase "fuse" */
    void *watch_context;
} vitrine_fuse_options;

/* What to put into the model. */
typedef struct vitrine_fusion {
    float fuse[VITRINE_CONTEXTS * VITRINE_PARTS]; /* each row sums to 1; weights below .005 are 0 */
    float item_decay, recent_decay, attr_decay; /* as given, unless tuned */
    uint32_t table; /* which was chosen; 0 unless tuned */
    uint32_t content_power;
    float sharpness; /* the network's logits times this: see vitrine_fuse_apply */
    float repeat_penalty; /* in eighths as it is; 0 unless the log all but never repeats an item */
} vitrine_fusion;

/* Ranking quality on the replayed positions. */
typedef struct vitrine_fuse_score {
    double log_likelihood; /* mean, natural, of the true next item */
    double recall20, mrr20;
} vitrine_fuse_score;

typedef struct vitrine_fuse_report {
    uint64_t positions;
    uint64_t in_context[VITRINE_CONTEXTS];
    vitrine_fuse_score alone[VITRINE_PARTS]; /* each part by itself */
    vitrine_fuse_score mixture;              /* after expectation-maximisation */
    vitrine_fuse_score final;                /* after the search */
} vitrine_fuse_report;

/* Learn from sessions first .. last-1 of `dataset`, whose items are the rows of the model. `parts`
 * is the model trained without them; its config.fused, parts->fuse and the decays are the starting
 * point (fuse may be null). With no usable position the result is a fixed sensible default and
 * report->positions is 0. VITRINE_NO_SPACE when memory is out; else what the model writer says. */
vitrine_status vitrine_fuse_learn(const vitrine_model_parts *parts, const vitrine_dataset *dataset,
                                  uint32_t first, uint32_t last,
                                  const vitrine_fuse_options *options, vitrine_fusion *fusion,
                                  vitrine_fuse_report *report, vitrine_fault *fault);

/* Put a fusion into the parts of a model: decays, power and repeat penalty into config, and the
 * sharpness into bias [items], norm_gain and norm_bias [dim], which the caller owns and which are
 * scaled in place (they are what parts->bias and so on point to). Without VITRINE_NET_NORM the
 * sharpness is always 1. parts->fuse points into `fusion`, which must stay. */
void vitrine_fuse_apply(const vitrine_fusion *fusion, vitrine_model_parts *parts, float *bias,
                        float *norm_gain, float *norm_bias);

/* The mixture alone. share [positions][parts <= 16] is what each part gives to the truth, mass what
 * each leaves to the items that are candidates (null: 1 each); weight [parts] starts it and is replaced.
 * prior_strength positions of `prior` [parts] are added (null: none). Returns the mean
 * log-likelihood of the weights it ends with. */
double vitrine_fuse_mixture(const float *share, const float *mass, uint64_t positions,
                            uint32_t parts, const float *prior, float prior_strength,
                            float *weight);

#endif
