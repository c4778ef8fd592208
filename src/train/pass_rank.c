/* Ranks of the targets among all items, in blocks of items. */
#include <string.h>
#include "train/pass_inside.h"

/* The step that position i is of its sequence. */
static uint32_t step_of(const vitrine_pass *p, uint32_t i)
{
    uint32_t t = 0;
    while (p->start[t] + p->running[t] <= i) t++;
    return p->first + t;
}

/* How many of the items first .. first + width - 1 stand before the target of position i, whose
 * logits with them are given. Items of the history up to event `at` may be out. */
static uint32_t count_better(const vitrine_pass *p, const vitrine_sequences *all, uint32_t i,
                             const float *logit, const float *bias, float truth, uint32_t first,
                             uint32_t width, uint64_t at, bool drop_seen)
{
    const uint32_t own = p->target[i] - first;
    uint32_t better = (uint32_t)p->loops->count(logit, bias, truth, width);
    if (own < width) better -= logit[own] + bias[own] >= truth;
    const uint64_t began = all->start[p->sequence[p->order[i]]];
    for (uint64_t e = began; drop_seen && e <= at; e++) {
        const uint32_t j = all->item[e] - first;
        bool again = j >= width;
        for (uint64_t f = began; f < e && !again; f++) again = all->item[f] == all->item[e];
        if (!again) better -= logit[j] + bias[j] >= truth;
    }
    return better;
}

/* A target among the items of its history, where those are no candidates. */
static bool is_out(const vitrine_pass *p, const vitrine_sequences *all, uint32_t i, uint64_t at)
{
    for (uint64_t e = all->start[p->sequence[p->order[i]]]; e <= at; e++)
        if (all->item[e] == p->target[i]) return true;
    return false;
}

/* Ranks the n positions in `asked`. */
static void rank_some(vitrine_pass *p, const vitrine_batch *batch, const uint32_t *asked, uint32_t n,
                      bool drop_seen, uint32_t *rank)
{
    const vitrine_sequences *all = batch->sequences;
    const size_t D = p->layout->shape.dim;
    for (uint32_t k = 0; k < n; k++) {
        const uint32_t i = asked[k], target = p->target[i];
        float *q = p->d_q + k * D; /* side by side; no gradient needs the place now */
        memcpy(q, p->q + i * D, D * sizeof *q);
        p->truth[k] = batch->bias[target] + p->kernels->dot_f32(q, batch->item + target * D, D);
        p->better[k] = 0;
    }
    for (uint32_t first = 0; first < batch->candidates; first += RANK_ITEMS) {
        const uint32_t left = batch->candidates - first;
        const uint32_t width = left < RANK_ITEMS ? left : RANK_ITEMS;
        vitrine_pass_run_logits(p, batch, p->d_q, n, first, width);
        for (uint32_t k = 0; k < n; k++) {
            const uint32_t i = asked[k], s = p->sequence[p->order[i]];
            p->better[k] += count_better(p, all, i, p->logit + (size_t)k * width,
                                         batch->bias + first, p->truth[k], first, width,
                                         all->start[s] + step_of(p, i), drop_seen);
        }
    }
    for (uint32_t k = 0; k < n; k++) {
        const uint32_t s = p->sequence[p->order[asked[k]]];
        rank[all->start[s] - s + step_of(p, asked[k])] = p->better[k] + 1;
    }
}

void vitrine_pass_rank(vitrine_pass *p, const vitrine_batch *batch, uint32_t own, uint32_t step,
                       bool last_only, bool drop_seen, uint32_t *rank)
{
    const vitrine_sequences *all = batch->sequences;
    vitrine_pass_choose(p, batch, own, step);
    for (p->first = 0; vitrine_pass_load_chunk(p, batch); p->first += p->options.bptt) {
        uint32_t asked[LOSS_ROWS], n = 0;
        vitrine_pass_load_inputs(p, batch, false);
        vitrine_pass_run_cell(p);
        vitrine_pass_run_query(p, false);
        for (uint32_t i = 0; i < p->positions; i++) {
            const uint32_t s = p->sequence[p->order[i]], t = step_of(p, i);
            rank[all->start[s] - s + t] = 0;
            if (last_only && t + 1 != vitrine_sequence_steps(all, s)) continue;
            if (drop_seen && is_out(p, all, i, all->start[s] + t)) continue;
            asked[n++] = i;
            if (n < LOSS_ROWS) continue;
            rank_some(p, batch, asked, n, drop_seen, rank);
            n = 0;
        }
        if (n > 0) rank_some(p, batch, asked, n, drop_seen, rank);
    }
}
