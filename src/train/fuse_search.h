/* From the weights of greatest likelihood to those that rank best, by multiplying one weight at a
 * time and keeping what the replayed positions bear out. */
#ifndef VITRINE_TRAIN_FUSE_SEARCH_H
#define VITRINE_TRAIN_FUSE_SEARCH_H

#include "train/fuse_replay.h"

/* Quality of weights [VITRINE_CONTEXTS][VITRINE_PARTS] on a replay with rivals, the network's shares
 * taken to the power vitrine_sharp[sharp]. The rank is among the rivals, which hold the best of
 * every part: exact unless 20 items in the middle of all parts beat the target together. */
vitrine_fuse_score vitrine_fuse_quality(const vitrine_fuse_replay *replay, const float *weights,
                                        uint32_t sharp);

/* Raises recall@20 + MRR@20 by changing weights [VITRINE_CONTEXTS][VITRINE_PARTS] in place; rows keep
 * the sum 1. First all contexts together, then each alone. A change must gain more than a standard
 * error of its own paired differences (1.65 in a context alone). scratch [2 * positions]. */
void vitrine_fuse_search(const vitrine_fuse_replay *replay, uint32_t sharp, float *weights,
                         float *scratch);

/* How far items that the visit has met should sink (the repeat penalty: model.h): the value that
 * raises recall@20 + MRR@20 most under these weights, 0 unless that is beyond doubt. Sets replay->keep, and
 * with it what the functions above go by. scratch [2 * positions]. */
float vitrine_fuse_repeats(vitrine_fuse_replay *replay, const float *weights, uint32_t sharp,
                           float *scratch);

#endif
