/* How fast this machine trains, beside what its processor can multiply. Seconds are the processor's. */
#ifndef VITRINE_CLI_BENCH_TRAIN_H
#define VITRINE_CLI_BENCH_TRAIN_H

#include <stdbool.h>
#include <stdint.h>
#include "cli/json.h"

/* One thread, a GRU of width 100 with the full softmax over 3,000 items, batches of 32 sessions. */
typedef struct bench_training {
    double events_per_second;  /* events of a made-up log, each of them an input or a target */
    double done_per_second;    /* multiply-adds that the products of forward and backward need */
    double possible_per_second; /* fused multiply-adds in registers alone; 0: not measured here */
} bench_training;

/* Epochs are trained until `seconds` are over, one at least. False when memory is out. */
bool bench_train(double seconds, bench_training *out);
void bench_train_print(const bench_training *training);
void bench_train_json(const bench_training *training, cJSON *root); /* adds "training" */

#endif
