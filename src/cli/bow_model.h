/* The baseline `bow`: an embedding bag trained on the spot. */
#ifndef VITRINE_CLI_BOW_MODEL_H
#define VITRINE_CLI_BOW_MODEL_H

#include "data/dataset.h"

/* The mean of the history's input vectors, then the softmax over all items; nothing else: no
 * recurrence, table, popularity or fusion. Rows are those of `training`.
 *
 *   bytes  [out]  a model file, aligned to 64; free() it
 *
 * CLI_OK, or the exit code after a message. */
int cli_bow_model(const char *command, const vitrine_dataset *training, uint64_t seed,
                  uint32_t threads, bool quiet, void **bytes, size_t *size);

#endif
