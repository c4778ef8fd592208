/* Momentum of items: how much more is asked for them now than before, not how much. */
#ifndef VITRINE_DATA_ITEM_TREND_H
#define VITRINE_DATA_ITEM_TREND_H

#include "data/item_table.h"
#include "data/log.h"

/* How many windows before the newest it is compared with. */
#define VITRINE_TREND_BEFORE 4

/* Momentum of an item that got `now` events in the newest window and `before` in those before it, where
 * all items together got `share` times as many as before. */
float vitrine_item_momentum(double now, double before, double share);

/* Sets table->trend from a cleaned log with times. The newest `window` seconds of the log are compared
 * with the four windows before them: an item that got n events where its share of before lets expect e
 * has (n - e) / sqrt(e + 1), or 0 when that is negative or n is below 3. */
bool vitrine_item_table_trend(vitrine_item_table *table, const vitrine_log *log, uint32_t window,
                              vitrine_problem *problem);

#endif
