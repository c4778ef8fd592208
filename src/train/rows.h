/* Which item rows a batch touches, and their vectors gathered side by side.
 *
 * With the full loss that is every item. With the sampled one it is the batch's targets, draws from
 * popularity^power that serve the whole batch, and items met only as inputs: memory and time follow
 * the batch, not the catalog. */
#ifndef VITRINE_TRAIN_ROWS_H
#define VITRINE_TRAIN_ROWS_H

#include <stdbool.h>
#include "train/batch.h"
#include "train/feature_net.h"
#include "train/params.h"

#define VITRINE_NO_ROW UINT32_MAX

typedef struct vitrine_rows {
    const vitrine_layout *layout;
    const float *theta;
    bool sampled, corrects; /* corrects: logits are lowered by the chance to be a candidate */
    uint32_t negatives;
    vitrine_feature_net *features; /* null: none; not owned, for `most` rows */
    uint32_t most;       /* rows of a batch at most, its inputs among them */
    double *cumulated;   /* [items] sums of popularity^power; sampled only, as is all that follows */
    double *popular;     /* [items] shares of the targets */
    uint32_t *row;       /* [most] */
    uint32_t *row_of;    /* [items] VITRINE_NO_ROW outside the batch */
    float *item;         /* [most][dim] gathered rows; also the full loss, with features */
    float *bias, *correction; /* [most] */
    uint32_t *embed_row, *embed_row_of; /* untied only */
    float *embed;
} vitrine_rows;

/* For batches of `batch` of these sequences. has_features: rows->features will be set. False when memory is out; free it all the same. */
bool vitrine_rows_make(const vitrine_layout *layout, const float *theta,
                       const vitrine_sequences *training, bool sampled, uint32_t batch,
                       uint32_t negatives, float power, bool has_features, vitrine_rows *rows);
void vitrine_rows_free(vitrine_rows *rows);

/* Fills in the batch's rows, whose sequences, targets and key are set; what it points to holds until
 * vitrine_rows_leave. */
void vitrine_rows_enter(vitrine_rows *rows, vitrine_batch *batch);
void vitrine_rows_leave(vitrine_rows *rows, const vitrine_batch *batch);

#endif
