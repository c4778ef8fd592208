#include "eval/stan.h"

#include <math.h>

enum { NEIGHBOURS = 500 };

static const double HISTORY_DECAY = 1.0, NEIGHBOUR_DECAY = 3.0, AGE_DECAY = 10.0 * 86400.0;

static double similarity_of(const vitrine_session_index *index, uint32_t n, uint32_t length,
                            int64_t now, const vitrine_session_query *query)
{
    const uint64_t from = index->session_start[n], to = index->session_start[n + 1];
    double sum = 0.0;
    for (uint64_t e = from; e < to; e++) {
        const uint32_t place = query->place[index->session_item[e]];
        if (place > 0) sum += exp(-(double)(length - place) / HISTORY_DECAY);
    }
    sum /= sqrt((double)length * (double)(to - from));
    if (now > 0 && index->date[n] > 0 && now > index->date[n])
        sum *= exp(-(double)(now - index->date[n]) / AGE_DECAY);
    return sum;
}

static void vote(const vitrine_session_index *index, const vitrine_session_neighbour *one,
                 vitrine_session_query *query)
{
    const uint64_t from = index->session_start[one->session];
    const uint64_t to = index->session_start[one->session + 1];
    uint32_t newest = 0, there = 0;
    for (uint64_t e = from; e < to; e++)
        if (query->place[index->session_item[e]] > newest) {
            newest = query->place[index->session_item[e]];
            there = index->session_place[e];
        }
    for (uint64_t e = from; e < to; e++) {
        const uint32_t at = index->session_place[e];
        const double apart = at > there ? at - there : there - at;
        vitrine_session_query_vote(query, index->session_item[e],
                                   one->similarity * exp(-apart / NEIGHBOUR_DECAY));
    }
}

void vitrine_stan_score(const vitrine_session_index *index, const uint32_t *history,
                        uint32_t length, int64_t now, vitrine_session_query *query)
{
    const uint32_t candidates = vitrine_session_query_begin(index, history, length, query);
    for (uint32_t n = 0; n < candidates; n++) {
        vitrine_session_neighbour *one = &query->neighbour[n];
        one->similarity = similarity_of(index, one->session, length, now, query);
    }
    vitrine_session_query_sort(query, candidates);
    for (uint32_t n = 0; n < candidates && n < NEIGHBOURS; n++)
        vote(index, &query->neighbour[n], query);
    vitrine_session_query_end(history, length, query);
}
