#include "eval/vsknn.h"

#include <stdlib.h>
#include <string.h>

enum { NEWEST = 500, NEIGHBOURS = 100 };

typedef struct dated {
    int64_t start;
    uint32_t session;
} dated;

static int older_first(const void *a, const void *b)
{
    const dated *x = a, *y = b;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return x->session < y->session ? -1 : x->session > y->session;
}

void vitrine_vsknn_free(vitrine_vsknn *knn)
{
    free(knn->session_start);
    free(knn->session_item);
    free(knn->item_start);
    free(knn->item_session);
    *knn = (vitrine_vsknn){0};
}

vitrine_status vitrine_vsknn_make(const vitrine_dataset *training, vitrine_vsknn *knn)
{
    const uint32_t items = training->items, sessions = training->sessions;
    const size_t events = training->events;
    *knn = (vitrine_vsknn){
        .items = items,
        .sessions = sessions,
        .session_start = calloc((size_t)sessions + 1, sizeof *knn->session_start),
        .session_item = malloc((events + 1) * sizeof *knn->session_item),
        .item_start = calloc((size_t)items + 1, sizeof *knn->item_start),
        .item_session = malloc((events + 1) * sizeof *knn->item_session),
    };
    dated *order = malloc(((size_t)sessions + 1) * sizeof *order);
    uint64_t *next = calloc((size_t)items + 1, sizeof *next); /* first a mark, then a cursor */
    const bool ok = knn->session_start && knn->session_item && knn->item_start &&
                    knn->item_session && order && next;
    if (!ok) {
        free(order);
        free(next);
        vitrine_vsknn_free(knn);
        return VITRINE_NO_SPACE;
    }
    for (uint32_t s = 0; s < sessions; s++) {
        const uint64_t first = training->session_start[s];
        const bool dateable = training->timed && first < training->session_start[s + 1];
        order[s] = (dated){ dateable ? training->time[first] : 0, s };
    }
    qsort(order, sessions, sizeof *order, older_first);

    uint64_t used = 0;
    for (uint32_t n = 0; n < sessions; n++) {
        const uint32_t s = order[n].session;
        for (uint64_t e = training->session_start[s]; e < training->session_start[s + 1]; e++) {
            const uint32_t i = training->item[e];
            if (i >= items || next[i] == (uint64_t)n + 1) continue;
            next[i] = (uint64_t)n + 1;
            knn->session_item[used++] = i;
            knn->item_start[i + 1]++;
        }
        knn->session_start[n + 1] = used;
    }
    for (uint32_t i = 0; i < items; i++) knn->item_start[i + 1] += knn->item_start[i];
    memcpy(next, knn->item_start, ((size_t)items + 1) * sizeof *next);
    for (uint32_t n = 0; n < sessions; n++)
        for (uint64_t e = knn->session_start[n]; e < knn->session_start[n + 1]; e++)
            knn->item_session[next[knn->session_item[e]]++] = n;
    free(order);
    free(next);
    return VITRINE_OK;
}

vitrine_status vitrine_vsknn_query_make(const vitrine_vsknn *knn, vitrine_vsknn_query *query)
{
    const size_t items = (size_t)knn->items + 1, sessions = (size_t)knn->sessions + 1;
    *query = (vitrine_vsknn_query){
        .place = calloc(items, sizeof *query->place),
        .met = calloc(sessions, sizeof *query->met),
        .candidate = malloc(sessions * sizeof *query->candidate),
        .neighbour = malloc(NEWEST * sizeof *query->neighbour),
        .score = calloc(items, sizeof *query->score),
        .scored = malloc(items * sizeof *query->scored),
    };
    if (query->place && query->met && query->candidate && query->neighbour && query->score &&
        query->scored)
        return VITRINE_OK;
    vitrine_vsknn_query_free(query);
    return VITRINE_NO_SPACE;
}

void vitrine_vsknn_query_free(vitrine_vsknn_query *query)
{
    free(query->place);
    free(query->met);
    free(query->candidate);
    free(query->neighbour);
    free(query->score);
    free(query->scored);
    *query = (vitrine_vsknn_query){0};
}

static int later_first(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x > y ? -1 : x < y;
}

static int more_similar_first(const void *a, const void *b)
{
    const struct vitrine_vsknn_neighbour *x = a, *y = b;
    if (x->similarity != y->similarity) return x->similarity > y->similarity ? -1 : 1;
    return x->session > y->session ? -1 : x->session < y->session;
}

/* The latest sessions with an item of the history, at most NEWEST; latest first. */
static uint32_t find_candidates(const vitrine_vsknn *knn, const uint32_t *history, uint32_t length,
                                vitrine_vsknn_query *query)
{
    uint32_t count = 0;
    query->query++;
    for (uint32_t h = 0; h < length; h++) {
        const uint32_t i = history[h];
        if (query->place[i] != h + 1) continue; /* comes again: once is enough */
        const uint64_t end = knn->item_start[i + 1], all = end - knn->item_start[i];
        for (uint64_t o = end - (all < NEWEST ? all : NEWEST); o < end; o++) {
            const uint32_t s = knn->item_session[o];
            if (query->met[s] == query->query) continue;
            query->met[s] = query->query;
            query->candidate[count++] = s;
        }
    }
    qsort(query->candidate, count, sizeof *query->candidate, later_first);
    return count < NEWEST ? count : NEWEST;
}

void vitrine_vsknn_score(const vitrine_vsknn *knn, const uint32_t *history, uint32_t length,
                         vitrine_vsknn_query *query)
{
    for (uint32_t t = 0; t < query->size; t++) query->score[query->scored[t]] = 0.0;
    query->size = 0;
    for (uint32_t h = 0; h < length; h++) query->place[history[h]] = h + 1;

    const uint32_t candidates = find_candidates(knn, history, length, query);
    for (uint32_t n = 0; n < candidates; n++) {
        const uint32_t s = query->candidate[n];
        /* In whole places, so that equal similarities are equal to the bit. */
        uint64_t similarity = 0;
        for (uint64_t e = knn->session_start[s]; e < knn->session_start[s + 1]; e++)
            similarity += query->place[knn->session_item[e]];
        query->neighbour[n] = (struct vitrine_vsknn_neighbour){ similarity, s };
    }
    qsort(query->neighbour, candidates, sizeof *query->neighbour, more_similar_first);

    for (uint32_t n = 0; n < candidates && n < NEIGHBOURS; n++) {
        const uint32_t s = query->neighbour[n].session;
        uint32_t last = 0;
        for (uint64_t e = knn->session_start[s]; e < knn->session_start[s + 1]; e++)
            if (query->place[knn->session_item[e]] > last) last = query->place[knn->session_item[e]];
        const double vote =
            (double)query->neighbour[n].similarity / length * (1.0 - 0.1 * (length - last + 1));
        if (length - last + 1 >= 10) continue;
        for (uint64_t e = knn->session_start[s]; e < knn->session_start[s + 1]; e++) {
            const uint32_t i = knn->session_item[e];
            if (query->score[i] == 0.0) query->scored[query->size++] = i;
            query->score[i] += vote;
        }
    }
    for (uint32_t h = 0; h < length; h++) query->place[history[h]] = 0;
}
