/* A log as the network is trained on it: of each session the events that it takes a step for, in
 * order. Step t of a sequence has the item of t + 1 for its target. */
#ifndef VITRINE_TRAIN_SEQUENCES_H
#define VITRINE_TRAIN_SEQUENCES_H

#include "data/dataset.h"
#include "model/model.h"

/* Sequence s is entries start[s] .. start[s + 1], at least two of them. Owned. */
typedef struct vitrine_sequences {
    uint32_t count;
    uint32_t longest; /* entries */
    uint64_t *start;  /* [count + 1] */
    uint32_t *item;
    uint8_t *kind;
    uint8_t *gap; /* vitrine_gap_row of what has passed since the event before, of whatever kind */
} vitrine_sequences;

/* From sessions first .. last-1, without the last `leave_out` steps of each; items outside the
 * dataset and kinds without a step are passed over, and so are sessions with less than two steps.
 * VITRINE_NO_SPACE when memory is out; the sequences are then empty. */
vitrine_status vitrine_sequences_make(const vitrine_dataset *dataset, uint32_t first, uint32_t last,
                                      uint32_t leave_out,
                                      const vitrine_kind_weight kinds[VITRINE_EVENT_KINDS],
                                      vitrine_sequences *sequences);
void vitrine_sequences_free(vitrine_sequences *sequences);

static inline uint32_t vitrine_sequence_steps(const vitrine_sequences *sequences, uint32_t s)
{
    return (uint32_t)(sequences->start[s + 1] - sequences->start[s]) - 1;
}

/* Positions with a target. */
static inline uint64_t vitrine_sequences_targets(const vitrine_sequences *sequences)
{
    return sequences->count > 0 ? sequences->start[sequences->count] - sequences->count : 0;
}

#endif
