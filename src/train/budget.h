/* Fits the item-to-item table to the room that a model's file has. */
#ifndef VITRINE_TRAIN_BUDGET_H
#define VITRINE_TRAIN_BUDGET_H

#include "model/model_writer.h"
#include "train/table.h"

/* Drops the entries that are worth least, of whatever row, until the model that `parts` would make
 * as int8 has at most `bytes` bytes, or no entry is left: the lightest ones, of equal ones the
 * later. (Weights times the row's popularity, or its root, were worth no more.) parts->table_...
 * must be the table's, and are still after it. VITRINE_NO_SPACE when memory is out; the table is then as it was. */
vitrine_status vitrine_budget_fit(vitrine_model_parts *parts, vitrine_table *table, uint64_t bytes);

#endif
