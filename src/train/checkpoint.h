/* A training that was interrupted, as bytes: enough to go on and end with the very bytes of one that
 * was not. For the machine and build that wrote it: numbers are as they lie in memory. */
#ifndef VITRINE_TRAIN_CHECKPOINT_H
#define VITRINE_TRAIN_CHECKPOINT_H

#include "train/learn.h"

typedef struct vitrine_checkpoint {
    uint32_t refits;          /* 0: the first training; 1: that on everything */
    vitrine_learnt first;     /* refits: what the first one found */
    const float *first_theta; /* refits: its best weights */
    vitrine_learn_state state;
} vitrine_checkpoint;

/* SHA-256 of everything that decides the result: the log, and apart from it the options (attributes
 * and vectors of the catalog count as options). */
typedef struct vitrine_training_mark {
    uint8_t log[32], options[32];
} vitrine_training_mark;

enum { VITRINE_CHECKPOINT_HEADER = 256, VITRINE_CHECKPOINT_PIECES = 7 };

/* The file is the pieces one after the other; numbers [total] each. header is the caller's memory for
 * the first piece, and stands, like the checkpoint's arrays, as long as the pieces. Returns how many. */
size_t vitrine_checkpoint_pieces(const vitrine_checkpoint *checkpoint,
                                 const vitrine_training_mark *mark, size_t total,
                                 uint8_t header[VITRINE_CHECKPOINT_HEADER],
                                 vitrine_piece pieces[VITRINE_CHECKPOINT_PIECES]);

/* Views into bytes, which are aligned to 64 and stay. Refused, with field "checkpoint":
 * VITRINE_BAD_FORMAT no checkpoint or damaged; VITRINE_MISMATCH of another log (found 1) or of other
 * options (found 2). */
vitrine_status vitrine_checkpoint_open(const void *bytes, size_t size,
                                       const vitrine_training_mark *mark, size_t total,
                                       vitrine_checkpoint *checkpoint, vitrine_fault *fault);

#endif
