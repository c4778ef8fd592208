/* The item-to-item table: what visitors went on to after an item. Counted from a log in one pass per
 * item over its own occurrences, so memory is 8 bytes an event and nothing per pair.
 *
 * Steps are the sequential rules of Ludewig and Jannach, "Evaluation of session-based recommendation
 * algorithms" (2018), read with the whole history by the ranker; the three similarities are the
 * classic item-kNN of Sarwar and others, "Item-based collaborative filtering recommendation
 * algorithms" (2001). Ease is the closed form of Steck, "Embarrassingly shallow autoencoders for sparse
 * data" (2019): of all tables with an empty diagonal the one that tells best, by least squares, what else a
 * session has. It needs items^2 doubles of memory and items^3 multiply-adds. */
#ifndef VITRINE_TRAIN_TABLE_H
#define VITRINE_TRAIN_TABLE_H

#include "data/dataset.h"
#include "vitrine/status.h"

typedef enum vitrine_table_kind {
    VITRINE_TABLE_STEPS = 0,   /* c(i,j) += weight of j's kind / steps^fade from i to a later j, and
                                * `back` times as much to an earlier one;
                                * entry = c / (sum of the row + damping) */
    VITRINE_TABLE_COSINE = 1,  /* sessions with both / (sqrt(with i * with j) + damping) */
    VITRINE_TABLE_JACCARD = 2, /* sessions with both / (with either + damping) */
    VITRINE_TABLE_EUCLIDEAN = 3, /* 1 / (1 + distance of the two 0/1 vectors over sessions) */
    VITRINE_TABLE_TOGETHER = 4, /* sessions with both / (sum of the row + damping) */
    VITRINE_TABLE_EASE = 5      /* -P[i][j] / P[j][j] where that is above 0, P the inverse of: sessions with
                                 * both, and on the diagonal sessions with i + ridge */
} vitrine_table_kind;
enum { VITRINE_TABLE_BEST = 6 }; /* no kind: whoever trains chooses one */

typedef struct vitrine_table_options {
    vitrine_table_kind kind;
    uint32_t neighbours;      /* entries kept per item, the heaviest; equal ones: the lower item */
    uint32_t window;          /* steps: how far apart two events may be, >= 1; usually 10 */
    float fade;               /* steps: 1 is usual, and what 0 is taken for */
    float back;               /* steps: >= 0; visitors also come from where others go to */
    float damping;            /* >= 0; usually 5: rows seen rarely weigh less */
    float ridge;              /* ease: > 0 */
    bool self;                /* keep i -> i (an item come back to); steps only */
    const float *kind_weight; /* [VITRINE_EVENT_KINDS] >= 0; events of weight 0 are passed over.
                               * Null: every event weighs 1 */
    uint32_t threads;         /* the result does not depend on it */
} vitrine_table_options;

#define VITRINE_EASE_ITEMS 16384u /* at most: 2 GiB of memory */

/* Rows as vitrine_model_parts wants them: neighbours ascending, weights > 0. Owned. */
typedef struct vitrine_table {
    uint64_t *offset;    /* [items + 1] */
    uint32_t *neighbour; /* [offset[items]] */
    float *weight;
} vitrine_table;

/* Sessions first .. last-1 of the log; events about items outside it (>= items) are passed over. VITRINE_NO_SPACE when memory is out, VITRINE_BAD_ARGUMENT for
 * ease of more than VITRINE_EASE_ITEMS items or without a ridge; the table is then empty and needs no free. */
vitrine_status vitrine_table_count(const vitrine_dataset *dataset, uint32_t first, uint32_t last,
                                   const vitrine_table_options *options, vitrine_table *table);
void vitrine_table_free(vitrine_table *table); /* also zeroes it */

#endif
