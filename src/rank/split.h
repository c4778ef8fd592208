/* Lists from split rows (kernels/halves.h): half of the bytes are scanned for every item, the others are read where
 * they can matter. The machinery is that of exact.h; here is what differs by the layout.
 *
 * With a value v = w + r, where w is what the scan takes for it and r, in -8..7, what it leaves, and with a row's
 * scale s, the score of an int8 row is s (w . x') and s (r . x'), the latter of at most s |r| |x'|. Of an exact model r is
 * all that the upper half leaves of the row, the 16 bits more too, as opening found it. The norms are those of a panel's
 * longest rows. Completed by its lower half, the score is that of int8 panels to the bit. */
#ifndef VITRINE_RANK_SPLIT_H
#define VITRINE_RANK_SPLIT_H

#include <string.h>

#include "rank/ranker.h"

/* ranker->logit and ranker->most of the model's items by the upper halves, for the query in query_q8. */
void vitrine_split_scan(vitrine_ranker *ranker);

/* What the scan wrote in scores, for items [count], to the logits of int8 rows: out [count], which may be scores when
 * the items are all of them in order; null are those. Cold items have theirs already. */
void vitrine_split_complete(const vitrine_ranker *ranker, const float *scores, const uint32_t *items, uint32_t count,
                            float *out);

/* Of the model's items that are allowed, in rising order, those whose true score may be `least` or more by
 * ranker->scores, which the scan wrote: into ranker->order, and how many. Uses part and logit. */
uint32_t vitrine_split_candidates(vitrine_ranker *ranker, float least);

/* ranker->logit as int8 panels give it, to the bit (exact models: see exact.h): what all but the choice of the best
 * ask for. */
static inline void vitrine_logits(vitrine_ranker *ranker, const float *query)
{
    /* Scores that are known are completed by their own query later. */
    uint8_t kept[VITRINE_MAX_WIDTH];
    const float scale = ranker->query_scale;
    const bool split = vitrine_model_is_split(ranker->catalog->model);
    const size_t width = split ? vitrine_padded_cols_q8(ranker->catalog->model->config.dim) : 0;
    memcpy(kept, ranker->query_q8, width);
    vitrine_logits_rounded(ranker, query);
    if (!split) return;
    vitrine_split_complete(ranker, ranker->logit, NULL, ranker->catalog->model->config.items, ranker->logit);
    ranker->most_of = NULL;
    memcpy(ranker->query_q8, kept, width);
    ranker->query_scale = scale;
}

#endif
