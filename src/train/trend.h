/* What a model says of momentum, for shops whose catalog file says nothing of it. */
#ifndef VITRINE_TRAIN_TREND_H
#define VITRINE_TRAIN_TREND_H

#include "data/dataset.h"
#include "model/model.h"

/* Momentum of items in the newest `window` seconds of a log with times, as data/item_trend.h has it.
 *
 *   ids    the model's items, sorted
 *   out    [ids->count] in eighths, to nearest, 255 at most. The caller's
 *   any    [out] whether an item has some: a log without times or shorter than two windows has none
 *
 * VITRINE_NO_SPACE when memory is out. */
vitrine_status vitrine_trends(const vitrine_dataset *log, const vitrine_strings *ids, uint32_t window,
                              uint8_t *out, bool *any);

#endif
