/* Three shapes: a fixed order (pop, spop), one ready list per last item (ar, itemknn, sr), and
 * neighbours found anew each time (vsknn, stan). */
#include "eval/baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "eval/metrics.h"
#include "eval/stan.h"
#include "eval/vsknn.h"
#include "train/table.h"

/* Sessions that an item is taken to be in beside its own: GRU4Rec's comparison uses 20. */
static const double ITEMKNN_DAMPING = 20.0;

struct vitrine_baseline {
    vitrine_baseline_kind kind;
    uint32_t items;
    float *popularity;   /* [items] */
    uint32_t *by_popularity; /* [items] items, most frequent first */
    uint64_t *row_start; /* [items + 1] ar, itemknn, sr: into row_item */
    uint32_t *row_item;  /* each row best first */
    vitrine_session_index index; /* vsknn, stan */
};

/* One candidate, and how it compares. */
typedef struct candidate {
    double score;
    float popularity;
    uint32_t item;
} candidate;

typedef struct baseline_lister {
    const vitrine_baseline *baseline;
    uint32_t *history; /* [capacity] */
    uint32_t length, capacity;
    uint32_t *count;       /* [items] spop: occurrences in the history */
    int64_t now;           /* of the newest event */
    candidate *candidates; /* [items] vsknn, stan */
    vitrine_session_query query; /* vsknn, stan */
} baseline_lister;

static const char *const names[VITRINE_BASELINES] = { "pop", "spop", "ar", "itemknn", "sr", "vsknn",
                                                     "stan" };

const char *vitrine_baseline_name(uint32_t kind)
{
    return kind < VITRINE_BASELINES ? names[kind] : NULL;
}

uint32_t vitrine_baseline_of(const char *name, size_t length)
{
    uint32_t kind = 0;
    while (kind < VITRINE_BASELINES &&
           (strlen(names[kind]) != length || memcmp(names[kind], name, length) != 0))
        kind++;
    return kind;
}

bool vitrine_baseline_needs_log(uint32_t kind)
{
    return kind != VITRINE_BASELINE_POP && kind != VITRINE_BASELINE_SPOP;
}

static int better_first(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    if (x->popularity != y->popularity) return x->popularity > y->popularity ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

void vitrine_baseline_destroy(vitrine_baseline *baseline)
{
    if (baseline == NULL) return;
    free(baseline->popularity);
    free(baseline->by_popularity);
    free(baseline->row_start);
    free(baseline->row_item);
    vitrine_session_index_free(&baseline->index);
    free(baseline);
}

/* In how many sessions each item is; null when memory is out. */
static uint32_t *support_of(const vitrine_dataset *training)
{
    uint32_t *support = calloc((size_t)training->items + 1, sizeof *support);
    uint32_t *last = calloc((size_t)training->items + 1, sizeof *last); /* session + 1 */
    for (uint32_t s = 0; support != NULL && last != NULL && s < training->sessions; s++)
        for (uint64_t e = training->session_start[s]; e < training->session_start[s + 1]; e++) {
            const uint32_t i = training->item[e];
            if (i >= training->items || last[i] == s + 1) continue;
            last[i] = s + 1;
            support[i]++;
        }
    if (last == NULL) {
        free(support);
        support = NULL;
    }
    free(last);
    return support;
}

/* The whole table, each row in the order of a list. */
static vitrine_status make_rows(vitrine_baseline *baseline, const vitrine_dataset *training,
                                uint32_t threads)
{
    const uint32_t items = baseline->items;
    vitrine_table_options options = { .kind = VITRINE_TABLE_STEPS, .neighbours = items,
                                      .window = 10, .threads = threads };
    if (baseline->kind == VITRINE_BASELINE_AR) options.kind = VITRINE_TABLE_TOGETHER;
    const bool cosine = baseline->kind == VITRINE_BASELINE_ITEMKNN;
    if (cosine) options.kind = VITRINE_TABLE_TOGETHER;
    vitrine_table table;
    candidate *row = malloc(((size_t)items + 1) * sizeof *row);
    uint32_t *support = cosine ? support_of(training) : NULL;
    vitrine_status status = VITRINE_NO_SPACE;
    if (row != NULL && (!cosine || support != NULL))
        status = vitrine_table_count(training, 0, training->sessions, &options, &table);
    if (status != VITRINE_OK) {
        free(row);
        free(support);
        return status;
    }
    for (uint32_t i = 0; i < items; i++) {
        const uint64_t start = table.offset[i];
        const uint32_t size = (uint32_t)(table.offset[i + 1] - start);
        for (uint32_t t = 0; t < size; t++) {
            const uint32_t j = table.neighbour[start + t];
            /* The last item's own factor is the same for the whole row. */
            const double weight = (double)table.weight[start + t] /
                                  (cosine ? sqrt((double)support[j] + ITEMKNN_DAMPING) : 1.0);
            row[t] = (candidate){ weight, baseline->popularity[j], j };
        }
        qsort(row, size, sizeof *row, better_first);
        for (uint32_t t = 0; t < size; t++) table.neighbour[start + t] = row[t].item;
    }
    baseline->row_start = table.offset;
    baseline->row_item = table.neighbour;
    free(table.weight);
    free(row);
    free(support);
    return VITRINE_OK;
}

static vitrine_status make_order(vitrine_baseline *baseline)
{
    const uint32_t items = baseline->items;
    candidate *all = malloc(((size_t)items + 1) * sizeof *all);
    if (all == NULL) return VITRINE_NO_SPACE;
    for (uint32_t j = 0; j < items; j++) all[j] = (candidate){ 0.0, baseline->popularity[j], j };
    qsort(all, items, sizeof *all, better_first);
    for (uint32_t j = 0; j < items; j++) baseline->by_popularity[j] = all[j].item;
    free(all);
    return VITRINE_OK;
}

vitrine_status vitrine_baseline_make(vitrine_baseline_kind kind, uint32_t items,
                                     const float *popularity, const vitrine_dataset *training,
                                     uint32_t threads, vitrine_baseline **out)
{
    if (kind >= VITRINE_BASELINES) return VITRINE_BAD_ARGUMENT;
    if (vitrine_baseline_needs_log(kind) && (training == NULL || training->items != items))
        return VITRINE_BAD_ARGUMENT;
    vitrine_baseline *baseline = calloc(1, sizeof *baseline);
    if (baseline == NULL) return VITRINE_NO_SPACE;
    baseline->kind = kind;
    baseline->items = items;
    baseline->popularity = malloc(((size_t)items + 1) * sizeof *baseline->popularity);
    baseline->by_popularity = malloc(((size_t)items + 1) * sizeof *baseline->by_popularity);
    vitrine_status status = VITRINE_NO_SPACE;
    if (baseline->popularity != NULL && baseline->by_popularity != NULL) {
        memcpy(baseline->popularity, popularity, items * sizeof *popularity);
        if (kind == VITRINE_BASELINE_VSKNN)
            status = vitrine_session_index_make(training, VITRINE_BY_FIRST_EVENT, &baseline->index);
        else if (kind == VITRINE_BASELINE_STAN)
            status = vitrine_session_index_make(training, VITRINE_BY_LAST_EVENT, &baseline->index);
        else if (vitrine_baseline_needs_log(kind)) status = make_rows(baseline, training, threads);
        else status = make_order(baseline);
    }
    if (status != VITRINE_OK) {
        vitrine_baseline_destroy(baseline);
        return status;
    }
    *out = baseline;
    return VITRINE_OK;
}

static void start(void *self)
{
    baseline_lister *lister = self;
    lister->length = 0;
}

static void observe(void *self, const vitrine_event *event)
{
    baseline_lister *lister = self;
    if (lister->length < lister->capacity) lister->history[lister->length++] = event->item;
    lister->now = event->time;
}

/* Copies allowed items of a list, passing over those with a count already taken; up to k. */
static uint32_t copy_allowed(const uint32_t *from, uint64_t size, const uint8_t *allowed,
                             const uint32_t *taken, uint32_t k, uint32_t have, uint32_t *items)
{
    for (uint64_t n = 0; n < size && have < k; n++) {
        if (allowed != NULL && !allowed[from[n]]) continue;
        if (taken != NULL && taken[from[n]] > 0) continue;
        items[have++] = from[n];
    }
    return have;
}

/* Equal counts: whichever was met first. */
static uint32_t list_own_first(baseline_lister *lister, const uint8_t *allowed, uint32_t k,
                               uint32_t *items)
{
    const vitrine_baseline *baseline = lister->baseline;
    uint32_t have = 0, most = 0;
    for (uint32_t h = 0; h < lister->length; h++) {
        const uint32_t times = ++lister->count[lister->history[h]];
        if (times > most) most = times;
    }
    /* An item is written where it is first met and its count is the one of the round. */
    for (uint32_t times = most; times > 0 && have < k; times--)
        for (uint32_t h = 0; h < lister->length && have < k; h++) {
            const uint32_t i = lister->history[h];
            if (lister->count[i] != times || (allowed != NULL && !allowed[i])) continue;
            if (vitrine_rank_of(i, items, have) != 0) continue;
            items[have++] = i;
        }
    have = copy_allowed(baseline->by_popularity, baseline->items, allowed, lister->count, k, have,
                        items);
    for (uint32_t h = 0; h < lister->length; h++) lister->count[lister->history[h]] = 0;
    return have;
}

/* What sessions like this one voted for. */
static uint32_t list_neighbours(baseline_lister *lister, const uint8_t *allowed, uint32_t k,
                                uint32_t *items)
{
    const vitrine_baseline *baseline = lister->baseline;
    vitrine_session_query *query = &lister->query;
    uint32_t size = 0;
    if (baseline->kind == VITRINE_BASELINE_VSKNN)
        vitrine_vsknn_score(&baseline->index, lister->history, lister->length, query);
    else
        vitrine_stan_score(&baseline->index, lister->history, lister->length, lister->now, query);
    for (uint32_t t = 0; t < query->size; t++) {
        const uint32_t i = query->scored[t];
        if (allowed != NULL && !allowed[i]) continue;
        lister->candidates[size++] = (candidate){ query->score[i], baseline->popularity[i], i };
    }
    qsort(lister->candidates, size, sizeof *lister->candidates, better_first);
    const uint32_t have = size < k ? size : k;
    for (uint32_t t = 0; t < have; t++) items[t] = lister->candidates[t].item;
    return have;
}

static uint32_t list(void *self, const uint8_t *allowed, uint32_t k, uint32_t *items)
{
    baseline_lister *lister = self;
    const vitrine_baseline *baseline = lister->baseline;
    if (baseline->kind == VITRINE_BASELINE_POP)
        return copy_allowed(baseline->by_popularity, baseline->items, allowed, NULL, k, 0, items);
    if (baseline->kind == VITRINE_BASELINE_SPOP) return list_own_first(lister, allowed, k, items);
    if (lister->length == 0) return 0;
    if (baseline->kind >= VITRINE_BASELINE_VSKNN) return list_neighbours(lister, allowed, k, items);
    const uint32_t last = lister->history[lister->length - 1];
    const uint64_t from = baseline->row_start[last], size = baseline->row_start[last + 1] - from;
    return copy_allowed(baseline->row_item + from, size, allowed, NULL, k, 0, items);
}

static void destroy(void *self)
{
    baseline_lister *lister = self;
    free(lister->history);
    free(lister->count);
    free(lister->candidates);
    vitrine_session_query_free(&lister->query);
    free(lister);
}

vitrine_status vitrine_baseline_lister(const vitrine_baseline *baseline, uint32_t longest,
                                       vitrine_lister *out)
{
    const size_t items = (size_t)baseline->items + 1;
    baseline_lister *lister = calloc(1, sizeof *lister);
    if (lister == NULL) return VITRINE_NO_SPACE;
    lister->baseline = baseline;
    lister->capacity = longest;
    lister->history = malloc(((size_t)longest + 1) * sizeof *lister->history);
    lister->count = calloc(items, sizeof *lister->count);
    lister->candidates = malloc(items * sizeof *lister->candidates);
    vitrine_status status = VITRINE_NO_SPACE;
    if (lister->history && lister->count && lister->candidates)
        status = VITRINE_OK;
    const uint32_t latest = baseline->kind == VITRINE_BASELINE_VSKNN  ? VITRINE_VSKNN_LATEST
                            : baseline->kind == VITRINE_BASELINE_STAN ? VITRINE_STAN_LATEST
                                                                      : 0;
    if (status == VITRINE_OK && latest > 0)
        status = vitrine_session_query_make(&baseline->index, latest, &lister->query);
    if (status != VITRINE_OK) {
        destroy(lister);
        return status;
    }
    *out = (vitrine_lister){ .self = lister, .start = start, .observe = observe, .list = list,
                             .destroy = destroy };
    return VITRINE_OK;
}
