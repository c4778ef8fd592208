/* Training of purchase intent (model/intent.h): Adam on the binary cross-entropy of every step. */
#ifndef VITRINE_TRAIN_INTENT_H
#define VITRINE_TRAIN_INTENT_H

#include "data/dataset.h"
#include "model/intent.h"

typedef struct vitrine_intent_options {
    uint32_t hidden;   /* 1..VITRINE_INTENT_MAX_HIDDEN */
    uint32_t gap;      /* seconds */
    uint32_t epochs, patience, batch; /* visits of a step */
    float rate, clip;
    double held;       /* share of the visits, the newest, that is judged at the end; 0 < held < 1 */
    uint64_t seed;
} vitrine_intent_options;

/* 64 units, a pause of 30 minutes, a fifth held out. */
vitrine_intent_options vitrine_intent_options_default(void);

/* How it does on the visits held out: at the last event of each visit, when all is known but the end,
 * and after every event. */
typedef struct vitrine_intent_quality {
    uint64_t asked;
    double bought;   /* share of answers whose visit ended in a purchase */
    double auc;      /* NAN when all or none did */
    double accuracy; /* "yes" from 0.5 on */
    double majority; /* accuracy of always giving the more frequent answer */
    double loss, base_loss; /* mean cross-entropy in nats; base_loss: of always giving the share */
} vitrine_intent_quality;

typedef struct vitrine_intent_report {
    uint32_t visits, held; /* trained on; judged on */
    uint32_t best_epoch;
    double bought; /* share of the visits trained on that ended in a purchase */
    vitrine_intent_quality at_end, at_every;
    double seconds;
} vitrine_intent_report;

/* `loss` is that of the epoch's training, `held_loss` that of the visits that choose the epoch. */
typedef void (*vitrine_intent_watch)(void *context, uint32_t epoch, uint32_t epochs, double loss,
                                     double held_loss);

/* The newest tenth of the visits trained on chooses the epoch; the visits held out choose nothing.
 *
 *   popularity  [items]  shares, as the model will have them
 *   section     [out]    vitrine_intent_size(options->hidden) bytes, to be written into a model; its
 *                        rounded weights are those judged. free() it
 *
 * The same log, options and BLAS give the same bytes. VITRINE_BAD_ARGUMENT: the log has less than 20
 * visits, or none or all of those trained on ended in a purchase. VITRINE_NO_SPACE: memory. */
vitrine_status vitrine_intent_train(const vitrine_dataset *log, const float *popularity,
                                    const vitrine_intent_options *options,
                                    vitrine_intent_watch watch, void *context, uint8_t **section,
                                    vitrine_intent_report *report);

#endif
