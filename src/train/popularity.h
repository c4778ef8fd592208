/* How often each item was met in training: the last resort of a ranking, and its first guess. */
#ifndef VITRINE_TRAIN_POPULARITY_H
#define VITRINE_TRAIN_POPULARITY_H

#include "data/dataset.h"
#include "vitrine/status.h"

/* share[j] = (events of j in sessions first .. last-1 + smoothing) / (all of them + items*smoothing).
 * kind_weight [VITRINE_EVENT_KINDS] counts an event by its kind; null: every event is 1.
 * smoothing > 0 keeps every share above 0; an empty log gives equal shares. share [items] sums to 1.
 * Events about items outside the log's table (>= items) are passed over.
 * VITRINE_NO_SPACE when memory is out. */
vitrine_status vitrine_popularity(const vitrine_dataset *dataset, uint32_t first, uint32_t last,
                                  const float *kind_weight, float smoothing, float *share);

/* The share from which an item is frequent: the items that have it or more hold half of all events.
 * VITRINE_NO_SPACE when memory is out. */
vitrine_status vitrine_popularity_half(const float *share, uint32_t items, float *half);

#endif
