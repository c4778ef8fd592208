#include "eval/vsknn.h"

enum { NEIGHBOURS = 100, STEPS = 10 };

static void vote(const vitrine_session_index *index, const vitrine_session_neighbour *one,
                 uint32_t length, vitrine_session_query *query)
{
    const uint64_t from = index->session_start[one->session];
    const uint64_t to = index->session_start[one->session + 1];
    uint32_t last = 0;
    for (uint64_t e = from; e < to; e++)
        if (query->place[index->session_item[e]] > last) last = query->place[index->session_item[e]];
    const uint32_t steps = length - last + 1;
    if (steps >= STEPS) return;
    for (uint64_t e = from; e < to; e++)
        vitrine_session_query_vote(query, index->session_item[e],
                                   one->similarity / length * (1.0 - 0.1 * steps));
}

void vitrine_vsknn_score(const vitrine_session_index *index, const uint32_t *history,
                         uint32_t length, vitrine_session_query *query)
{
    const uint32_t candidates = vitrine_session_query_begin(index, history, length, query);
    for (uint32_t n = 0; n < candidates; n++) {
        vitrine_session_neighbour *one = &query->neighbour[n];
        /* In whole places, so that equal similarities are equal to the bit. */
        for (uint64_t e = index->session_start[one->session];
             e < index->session_start[one->session + 1]; e++)
            one->similarity += query->place[index->session_item[e]];
    }
    vitrine_session_query_sort(query, candidates);
    for (uint32_t n = 0; n < candidates && n < NEIGHBOURS; n++)
        vote(index, &query->neighbour[n], length, query);
    vitrine_session_query_end(history, length, query);
}
