/* Fits the item-to-item table to the room that a model's file has. */
#ifndef VITRINE_TRAIN_BUDGET_H
#define VITRINE_TRAIN_BUDGET_H

#include "model/model_writer.h"
#include "train/table.h"

/* Drops the entries that are worth least, of whatever row, until the model that `parts` would make
 * as int8 has at most `bytes` bytes, or no entry is left; of equal ones the later. An entry is worth its
 * weight times the root of its row's popularity: rows of frequent items are asked more often, and weights
 * of rare rows are large by chance. (The popularity itself, which would keep the most evidence of a
 * visitor like the log's, leaves the tail too little.) parts->table_... must be the table's, and are still
 * after it. VITRINE_NO_SPACE when memory is out; the table is then as it was. */
vitrine_status vitrine_budget_fit(vitrine_model_parts *parts, vitrine_table *table, uint64_t bytes);

#endif
