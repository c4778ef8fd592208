#include "eval/stan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LATEST = 5000, NEIGHBOURS = 500 };

static const double HISTORY_DECAY = 1.0, NEIGHBOUR_DECAY = 3.0, AGE_DECAY = 10.0 * 86400.0;

typedef struct dated {
    int64_t end;
    uint32_t session;
} dated;

static int older_first(const void *a, const void *b)
{
    const dated *x = a, *y = b;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    return x->session < y->session ? -1 : x->session > y->session;
}

void vitrine_stan_free(vitrine_stan *stan)
{
    free(stan->ended);
    free(stan->session_start);
    free(stan->session_item);
    free(stan->session_place);
    free(stan->item_start);
    free(stan->item_session);
    *stan = (vitrine_stan){0};
}

/* Session `s` of the log becomes session `n`; slot [items] says where in n an item stands, + 1. */
static uint64_t take_session(const vitrine_dataset *training, uint32_t s, uint32_t n, uint64_t used,
                             uint64_t *slot, vitrine_stan *stan)
{
    const uint64_t first = used;
    uint32_t place = 0;
    for (uint64_t e = training->session_start[s]; e < training->session_start[s + 1]; e++) {
        const uint32_t i = training->item[e];
        if (i >= stan->items) continue;
        place++;
        if (slot[i] <= first) { /* not met in this session: slots of earlier ones lie before */
            stan->session_item[used++] = i;
            stan->item_start[i + 1]++;
            slot[i] = used;
        }
        stan->session_place[slot[i] - 1] = place;
    }
    stan->session_start[n + 1] = used;
    return used;
}

vitrine_status vitrine_stan_make(const vitrine_dataset *training, vitrine_stan *stan)
{
    const uint32_t items = training->items, sessions = training->sessions;
    const size_t events = training->events;
    *stan = (vitrine_stan){
        .items = items,
        .sessions = sessions,
        .ended = malloc(((size_t)sessions + 1) * sizeof *stan->ended),
        .session_start = calloc((size_t)sessions + 1, sizeof *stan->session_start),
        .session_item = malloc((events + 1) * sizeof *stan->session_item),
        .session_place = malloc((events + 1) * sizeof *stan->session_place),
        .item_start = calloc((size_t)items + 1, sizeof *stan->item_start),
        .item_session = malloc((events + 1) * sizeof *stan->item_session),
    };
    dated *order = malloc(((size_t)sessions + 1) * sizeof *order);
    uint64_t *slot = calloc((size_t)items + 1, sizeof *slot); /* later a cursor */
    if (!stan->ended || !stan->session_start || !stan->session_item ||
        !stan->session_place || !stan->item_start || !stan->item_session || !order || !slot) {
        free(order);
        free(slot);
        vitrine_stan_free(stan);
        return VITRINE_NO_SPACE;
    }
    for (uint32_t s = 0; s < sessions; s++) {
        const uint64_t end = training->session_start[s + 1];
        const bool dateable = training->timed && end > training->session_start[s];
        order[s] = (dated){ dateable ? training->time[end - 1] : 0, s };
    }
    qsort(order, sessions, sizeof *order, older_first);
    uint64_t used = 0;
    for (uint32_t n = 0; n < sessions; n++) {
        stan->ended[n] = order[n].end;
        used = take_session(training, order[n].session, n, used, slot, stan);
    }
    for (uint32_t i = 0; i < items; i++) stan->item_start[i + 1] += stan->item_start[i];
    memcpy(slot, stan->item_start, ((size_t)items + 1) * sizeof *slot);
    for (uint32_t n = 0; n < sessions; n++)
        for (uint64_t e = stan->session_start[n]; e < stan->session_start[n + 1]; e++)
            stan->item_session[slot[stan->session_item[e]]++] = n;
    free(order);
    free(slot);
    return VITRINE_OK;
}

vitrine_status vitrine_stan_query_make(const vitrine_stan *stan, vitrine_stan_query *query)
{
    const size_t items = (size_t)stan->items + 1, sessions = (size_t)stan->sessions + 1;
    *query = (vitrine_stan_query){
        .place = calloc(items, sizeof *query->place),
        .met = calloc(sessions, sizeof *query->met),
        .candidate = malloc(sessions * sizeof *query->candidate),
        .neighbour = malloc(LATEST * sizeof *query->neighbour),
        .score = calloc(items, sizeof *query->score),
        .scored = malloc(items * sizeof *query->scored),
    };
    if (query->place && query->met && query->candidate && query->neighbour && query->score &&
        query->scored)
        return VITRINE_OK;
    vitrine_stan_query_free(query);
    return VITRINE_NO_SPACE;
}

void vitrine_stan_query_free(vitrine_stan_query *query)
{
    free(query->place);
    free(query->met);
    free(query->candidate);
    free(query->neighbour);
    free(query->score);
    free(query->scored);
    *query = (vitrine_stan_query){0};
}

static int later_first(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x > y ? -1 : x < y;
}

static int more_similar_first(const void *a, const void *b)
{
    const struct vitrine_stan_neighbour *x = a, *y = b;
    if (x->similarity != y->similarity) return x->similarity > y->similarity ? -1 : 1;
    return x->session > y->session ? -1 : x->session < y->session;
}

/* The latest sessions with an item of the history, at most LATEST; latest first. */
static uint32_t find_candidates(const vitrine_stan *stan, const uint32_t *history, uint32_t length,
                                vitrine_stan_query *query)
{
    uint32_t count = 0;
    query->query++;
    for (uint32_t h = 0; h < length; h++) {
        const uint32_t i = history[h];
        if (query->place[i] != h + 1) continue; /* comes again: once is enough */
        const uint64_t end = stan->item_start[i + 1], all = end - stan->item_start[i];
        for (uint64_t o = end - (all < LATEST ? all : LATEST); o < end; o++) {
            const uint32_t n = stan->item_session[o];
            if (query->met[n] == query->query) continue;
            query->met[n] = query->query;
            query->candidate[count++] = n;
        }
    }
    qsort(query->candidate, count, sizeof *query->candidate, later_first);
    return count < LATEST ? count : LATEST;
}

static double similarity_of(const vitrine_stan *stan, uint32_t n, uint32_t length, int64_t now,
                            const vitrine_stan_query *query)
{
    const uint64_t from = stan->session_start[n], to = stan->session_start[n + 1];
    double sum = 0.0;
    for (uint64_t e = from; e < to; e++) {
        const uint32_t place = query->place[stan->session_item[e]];
        if (place > 0) sum += exp(-(double)(length - place) / HISTORY_DECAY);
    }
    sum /= sqrt((double)length * (double)(to - from));
    if (now > 0 && stan->ended[n] > 0 && now > stan->ended[n])
        sum *= exp(-(double)(now - stan->ended[n]) / AGE_DECAY);
    return sum;
}

static void vote(const vitrine_stan *stan, const struct vitrine_stan_neighbour *one,
                 vitrine_stan_query *query)
{
    const uint64_t from = stan->session_start[one->session];
    const uint64_t to = stan->session_start[one->session + 1];
    uint32_t newest = 0, there = 0;
    for (uint64_t e = from; e < to; e++)
        if (query->place[stan->session_item[e]] > newest) {
            newest = query->place[stan->session_item[e]];
            there = stan->session_place[e];
        }
    for (uint64_t e = from; e < to; e++) {
        const uint32_t i = stan->session_item[e], at = stan->session_place[e];
        const double apart = at > there ? at - there : there - at;
        if (query->score[i] == 0.0) query->scored[query->size++] = i;
        query->score[i] += one->similarity * exp(-apart / NEIGHBOUR_DECAY);
    }
}

void vitrine_stan_score(const vitrine_stan *stan, const uint32_t *history, uint32_t length,
                        int64_t now, vitrine_stan_query *query)
{
    for (uint32_t t = 0; t < query->size; t++) query->score[query->scored[t]] = 0.0;
    query->size = 0;
    for (uint32_t h = 0; h < length; h++) query->place[history[h]] = h + 1;
    const uint32_t candidates = find_candidates(stan, history, length, query);
    for (uint32_t n = 0; n < candidates; n++) {
        const uint32_t session = query->candidate[n];
        query->neighbour[n] = (struct vitrine_stan_neighbour){
            similarity_of(stan, session, length, now, query), session };
    }
    qsort(query->neighbour, candidates, sizeof *query->neighbour, more_similar_first);
    for (uint32_t n = 0; n < candidates && n < NEIGHBOURS; n++)
        vote(stan, &query->neighbour[n], query);
    for (uint32_t h = 0; h < length; h++) query->place[history[h]] = 0;
}
