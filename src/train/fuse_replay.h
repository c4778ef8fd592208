/* What each part of a model says along held-out sessions: the material that fusion weights are
 * learnt from. */
#ifndef VITRINE_TRAIN_FUSE_REPLAY_H
#define VITRINE_TRAIN_FUSE_REPLAY_H

#include "data/dataset.h"
#include "model/model_writer.h"
#include "train/fuse.h"

/* Powers of the network's shares that are tried: p^s, scaled to sum 1 again. All come from square
 * roots. */
enum { VITRINE_SHARPS = 5 };
extern const float vitrine_sharp[VITRINE_SHARPS]; /* .5 .75 1 1.25 1.5 */
#define VITRINE_SHARP_ONE 2 /* the place of 1 among them */
void vitrine_sharpen(float p, float power[VITRINE_SHARPS]); /* p to each of them */

/* Rivals kept for one position: the best of each part and of their sum. */
enum { VITRINE_RIVALS = 192 };

typedef struct vitrine_rival {
    float share[VITRINE_PARTS];
    uint32_t item;
    uint32_t times; /* that this visit had it before */
} vitrine_rival;

/* Owned. */
typedef struct vitrine_fuse_replay {
    uint32_t positions;
    uint8_t *context; /* [positions] */
    uint32_t *item;   /* [positions] the true next item */
    uint32_t *times;  /* [positions] that this visit had it before; with rivals alone */
    float *share;     /* [positions][VITRINE_PARTS] of it */
    float *mass;      /* [positions][VITRINE_PARTS] what each part leaves to the candidates */
    float *norm;      /* [positions][VITRINE_SHARPS] sum of the network's p^s over all items */
    float *open;      /* [positions][VITRINE_SHARPS] the part of it that falls to candidates, 0..1 */
    uint32_t *rivals; /* [positions] */
    vitrine_rival *rival; /* [positions][VITRINE_RIVALS]; null unless asked for */
    float keep; /* scores times this for each time that the visit had the item; a play leaves 1 */
} vitrine_fuse_replay;

/* What a play is for. `anew` are the parts to ask, bits 1 << part; the others' shares are taken from
 * `base`, a play of the same positions, so that trying a setting of one part costs only that part.
 * Rivals need all parts. Without them `norm` and `open` stay 0. */
typedef struct vitrine_fuse_play_plan {
    uint32_t positions; /* at most about so many, by whole sessions evenly spread */
    bool rivals;
    uint32_t anew;
    const vitrine_fuse_replay *base; /* may be null: then all parts are asked */
} vitrine_fuse_play_plan;

/* Plays sessions first .. last-1. Each thread has the whole model in memory. VITRINE_NO_SPACE, or
 * what the model writer and the engine say; the replay is then empty and needs no free. */
vitrine_status vitrine_fuse_play(const vitrine_model_parts *parts, const vitrine_dataset *dataset,
                                 uint32_t first, uint32_t last,
                                 const vitrine_fuse_options *options,
                                 const vitrine_fuse_play_plan *how, vitrine_fuse_replay *replay,
                                 vitrine_fault *fault);
void vitrine_fuse_replay_free(vitrine_fuse_replay *replay);

#endif
