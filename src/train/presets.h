/* What `vitrine train` chooses by itself: settings by the wish for a small or a good model, and by the
 * size of the log. docs/training.md says what it rests on. */
#ifndef VITRINE_TRAIN_PRESETS_H
#define VITRINE_TRAIN_PRESETS_H

#include "train/train.h"

/* Fills in what is left open in `options`: dim, hidden, batch, epochs, patience and negatives that are 0, dropout
 * below 0, and the loss that goes by size. */
void vitrine_train_fit(uint32_t sessions, uint64_t events, uint32_t items, vitrine_train_options *options);

#endif
