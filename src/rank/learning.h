/* What this visitor's own behaviour changes about their ranking. Everything is a function of the kept
 * events and impressions, so that what is forgotten has never taught anything. */
#ifndef VITRINE_RANK_LEARNING_H
#define VITRINE_RANK_LEARNING_H

#include "rank/ranker.h"

/* Brings ranker->gain, ->bias and ->drift up to date for the profile it learns from. */
void vitrine_adapt(vitrine_ranker *ranker, const vitrine_profile *profile);

/* The weights of a view with what was learnt: each part's times its gain, adding up to 1. */
void vitrine_learnt_weights(const vitrine_ranker *ranker, const vitrine_view *view,
                            float weights[VITRINE_PARTS]);

#endif
