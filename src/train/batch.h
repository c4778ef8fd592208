/* What one step of training works on: some sequences and the item rows that they touch.
 *
 * Rows are compact: the `candidates` among which the loss chooses come first, then items that are
 * only met as inputs. With the full loss every item is a candidate and row r is item r. */
#ifndef VITRINE_TRAIN_BATCH_H
#define VITRINE_TRAIN_BATCH_H

#include "train/sequences.h"

typedef struct vitrine_batch {
    const vitrine_sequences *sequences;
    const uint32_t *sequence; /* [count] those of the batch */
    uint32_t count;
    uint64_t targets; /* positions in all of them; the loss is the mean over these */

    uint32_t rows, candidates;
    const uint32_t *row;     /* [rows] the item of a row; null: row r is item r */
    const uint32_t *row_of;  /* [items] of those in the batch; null: the same */
    const float *item;       /* [rows][dim] vectors */
    const float *bias;       /* [candidates] */
    const float *correction; /* [candidates] added to the logits; null: none */

    /* Untied input embeddings; tied: null, inputs are read from `item`. */
    uint32_t embed_rows;
    const uint32_t *embed_row;    /* [embed_rows] */
    const uint32_t *embed_row_of; /* [items]; null: row r is item r */
    const float *embed;           /* [embed_rows][input] */

    uint64_t key; /* of this batch's dropout */
} vitrine_batch;

#endif
