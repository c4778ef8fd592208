#include "eval/session_index.h"

#include <stdlib.h>
#include <string.h>

typedef struct dated {
    int64_t date;
    uint32_t session;
} dated;

static int older_first(const void *a, const void *b)
{
    const dated *x = a, *y = b;
    if (x->date != y->date) return x->date < y->date ? -1 : 1;
    return x->session < y->session ? -1 : x->session > y->session;
}

void vitrine_session_index_free(vitrine_session_index *index)
{
    free(index->date);
    free(index->session_start);
    free(index->session_item);
    free(index->session_place);
    free(index->item_start);
    free(index->item_session);
    *index = (vitrine_session_index){0};
}

static int64_t date_of(const vitrine_dataset *training, uint32_t s, vitrine_session_order order)
{
    const uint64_t first = training->session_start[s], end = training->session_start[s + 1];
    if (!training->timed || first == end) return 0;
    return training->time[order == VITRINE_BY_LAST_EVENT ? end - 1 : first];
}

/* Session `s` of the log becomes session `n`; slot [items] says where in n an item stands, + 1. */
static uint64_t take_session(const vitrine_dataset *training, uint32_t s, uint32_t n, uint64_t used,
                             uint64_t *slot, vitrine_session_index *index)
{
    const uint64_t first = used;
    uint32_t place = 0;
    for (uint64_t e = training->session_start[s]; e < training->session_start[s + 1]; e++) {
        const uint32_t i = training->item[e];
        if (i >= index->items) continue;
        place++;
        if (slot[i] <= first) { /* not met in this session: slots of earlier ones lie before */
            index->session_item[used++] = i;
            index->item_start[i + 1]++;
            slot[i] = used;
        }
        index->session_place[slot[i] - 1] = place;
    }
    index->session_start[n + 1] = used;
    return used;
}

vitrine_status vitrine_session_index_make(const vitrine_dataset *training,
                                          vitrine_session_order order,
                                          vitrine_session_index *index)
{
    const uint32_t items = training->items, sessions = training->sessions;
    const size_t events = training->events;
    *index = (vitrine_session_index){
        .items = items,
        .sessions = sessions,
        .date = malloc(((size_t)sessions + 1) * sizeof *index->date),
        .session_start = calloc((size_t)sessions + 1, sizeof *index->session_start),
        .session_item = malloc((events + 1) * sizeof *index->session_item),
        .session_place = malloc((events + 1) * sizeof *index->session_place),
        .item_start = calloc((size_t)items + 1, sizeof *index->item_start),
        .item_session = malloc((events + 1) * sizeof *index->item_session),
    };
    dated *list = malloc(((size_t)sessions + 1) * sizeof *list);
    uint64_t *slot = calloc((size_t)items + 1, sizeof *slot); /* later a cursor */
    if (!index->date || !index->session_start || !index->session_item || !index->session_place ||
        !index->item_start || !index->item_session || !list || !slot) {
        free(list);
        free(slot);
        vitrine_session_index_free(index);
        return VITRINE_NO_SPACE;
    }
    for (uint32_t s = 0; s < sessions; s++) list[s] = (dated){ date_of(training, s, order), s };
    qsort(list, sessions, sizeof *list, older_first);
    uint64_t used = 0;
    for (uint32_t n = 0; n < sessions; n++) {
        index->date[n] = list[n].date;
        used = take_session(training, list[n].session, n, used, slot, index);
    }
    for (uint32_t i = 0; i < items; i++) index->item_start[i + 1] += index->item_start[i];
    memcpy(slot, index->item_start, ((size_t)items + 1) * sizeof *slot);
    for (uint32_t n = 0; n < sessions; n++)
        for (uint64_t e = index->session_start[n]; e < index->session_start[n + 1]; e++)
            index->item_session[slot[index->session_item[e]]++] = n;
    free(list);
    free(slot);
    return VITRINE_OK;
}

vitrine_status vitrine_session_query_make(const vitrine_session_index *index, uint32_t latest,
                                          vitrine_session_query *query)
{
    const size_t items = (size_t)index->items + 1, sessions = (size_t)index->sessions + 1;
    *query = (vitrine_session_query){
        .latest = latest,
        .place = calloc(items, sizeof *query->place),
        .met = calloc(sessions, sizeof *query->met),
        .candidate = malloc(sessions * sizeof *query->candidate),
        .neighbour = malloc(latest * sizeof *query->neighbour),
        .score = calloc(items, sizeof *query->score),
        .scored = malloc(items * sizeof *query->scored),
    };
    if (query->place && query->met && query->candidate && query->neighbour && query->score &&
        query->scored)
        return VITRINE_OK;
    vitrine_session_query_free(query);
    return VITRINE_NO_SPACE;
}

void vitrine_session_query_free(vitrine_session_query *query)
{
    free(query->place);
    free(query->met);
    free(query->candidate);
    free(query->neighbour);
    free(query->score);
    free(query->scored);
    *query = (vitrine_session_query){0};
}

static int later_first(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x > y ? -1 : x < y;
}

uint32_t vitrine_session_query_begin(const vitrine_session_index *index, const uint32_t *history,
                                     uint32_t length, vitrine_session_query *query)
{
    uint32_t count = 0;
    for (uint32_t t = 0; t < query->size; t++) query->score[query->scored[t]] = 0.0;
    query->size = 0;
    query->query++;
    for (uint32_t h = 0; h < length; h++) query->place[history[h]] = h + 1;
    for (uint32_t h = 0; h < length; h++) {
        const uint32_t i = history[h];
        if (query->place[i] != h + 1) continue; /* comes again: once is enough */
        const uint64_t end = index->item_start[i + 1], all = end - index->item_start[i];
        for (uint64_t o = end - (all < query->latest ? all : query->latest); o < end; o++) {
            const uint32_t n = index->item_session[o];
            if (query->met[n] == query->query) continue;
            query->met[n] = query->query;
            query->candidate[count++] = n;
        }
    }
    qsort(query->candidate, count, sizeof *query->candidate, later_first);
    if (count > query->latest) count = query->latest;
    for (uint32_t n = 0; n < count; n++)
        query->neighbour[n] = (vitrine_session_neighbour){ 0.0, query->candidate[n] };
    return count;
}

static int more_similar_first(const void *a, const void *b)
{
    const vitrine_session_neighbour *x = a, *y = b;
    if (x->similarity != y->similarity) return x->similarity > y->similarity ? -1 : 1;
    return x->session > y->session ? -1 : x->session < y->session;
}

void vitrine_session_query_sort(vitrine_session_query *query, uint32_t count)
{
    qsort(query->neighbour, count, sizeof *query->neighbour, more_similar_first);
}

void vitrine_session_query_vote(vitrine_session_query *query, uint32_t item, double vote)
{
    if (query->score[item] == 0.0) query->scored[query->size++] = item;
    query->score[item] += vote;
}

void vitrine_session_query_end(const uint32_t *history, uint32_t length,
                               vitrine_session_query *query)
{
    for (uint32_t h = 0; h < length; h++) query->place[history[h]] = 0;
}
