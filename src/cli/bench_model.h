/* A made-up model to time: an LSTM of random weights over random rows, ids 0, 1, 2 ... */
#ifndef VITRINE_CLI_BENCH_MODEL_H
#define VITRINE_CLI_BENCH_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Vectors and state are `dim` wide. The bytes of the file are the caller's to free; false when memory is
 * out. split: int8 and exact rows in two halves. */
bool bench_model(uint32_t items, uint32_t dim, uint32_t precision, bool split, void **bytes, size_t *size);

#endif
