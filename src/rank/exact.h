/* The exact definition: the list of the f32 rows' scores, at the price of an int8 scan.
 *
 * The scan gives every item a rounded score. How far it can lie from the score of the f32 row is
 * bounded for every panel, so only items whose rounded score comes that near to the k-th best are
 * scored in full. With row w = s q + e (int8 part and what it leaves) and query x = x' + d (7-bit part
 * and what it leaves), Cauchy and Schwarz give
 *
 *   |w . x - s q . x'| = |e . x + s q . d| <= |e| |x| + |s q| |d|
 *
 * and what floats round on either way is at most (dim + 16) * 2^-24 of the sizes that are added up. */
#ifndef VITRINE_RANK_EXACT_H
#define VITRINE_RANK_EXACT_H

#include "rank/ranker.h"

/* Keeps the query that ranker->logit was just made from. */
void vitrine_exact_begin(vitrine_ranker *ranker, const float *query);

/* The definition: out[i] = bias + sum over the columns, ascending, of w * x, as kernels/gemv.h adds
 * them, for items of the model and cold ones alike. out [count]. */
void vitrine_exact_scores(const vitrine_ranker *ranker, const uint32_t *items, uint32_t count,
                          float *out);

/* ranker->scores from rounded to exact, of all items. Uses order. */
void vitrine_exact_all(vitrine_ranker *ranker);

/* The best k under ranker->allowed by exact scores, from rounded ones in ranker->scores. Counts in
 * ranker->exact_rows how many rows it scored in full. Uses part, order and logit. */
uint32_t vitrine_exact_best(vitrine_ranker *ranker, uint32_t k, vitrine_scored *out);

#endif
