#include "eval/evaluate.h"

#include <stdlib.h>
#include <string.h>
#include "eval/metrics.h"

/* One thread's share of the counts, and its scratch. */
typedef struct worker {
    uint32_t *recommended; /* [cuts][items] */
    uint32_t *list;        /* [longest] */
    uint8_t *allowed;      /* [items] 1 = candidate; null when all are */
} worker;

vitrine_status vitrine_ranks_make(const vitrine_cases *cases, const uint32_t *cut, uint32_t cuts,
                                  uint32_t longest, bool keep, vitrine_ranks *ranks)
{
    *ranks = (vitrine_ranks){ .cuts = cuts, .longest = longest };
    for (uint32_t c = 0; c < cuts; c++) {
        ranks->cut[c] = cut[c];
        if (cut[c] > ranks->longest) ranks->longest = cut[c];
    }
    ranks->rank = calloc((size_t)cases->cases + 1, sizeof *ranks->rank);
    ranks->recommended = calloc((size_t)cuts * cases->items + 1, sizeof *ranks->recommended);
    if (keep)
        ranks->list = malloc(((size_t)cases->cases * ranks->longest + 1) * sizeof *ranks->list);
    if (ranks->rank != NULL && ranks->recommended != NULL && (!keep || ranks->list != NULL))
        return VITRINE_OK;
    vitrine_ranks_free(ranks);
    return VITRINE_NO_SPACE;
}

void vitrine_ranks_free(vitrine_ranks *ranks)
{
    free(ranks->rank);
    free(ranks->recommended);
    free(ranks->list);
    *ranks = (vitrine_ranks){0};
}

static void take_list(const vitrine_cases *cases, uint32_t c, const vitrine_lister *lister,
                      worker *mine, vitrine_ranks *ranks)
{
    const uint32_t count = lister->list(lister->self, mine->allowed, ranks->longest, mine->list);
    const uint32_t last_cut = ranks->cut[ranks->cuts - 1];
    const uint32_t rank = vitrine_rank_of(cases->target[c], mine->list, count);
    ranks->rank[c] = rank <= last_cut ? rank : 0;
    for (uint32_t n = 0; n < ranks->cuts; n++)
        for (uint32_t r = 0; r < count && r < ranks->cut[n]; r++)
            mine->recommended[(size_t)n * cases->items + mine->list[r]]++;
    if (ranks->list == NULL) return;
    uint32_t *kept = ranks->list + (size_t)c * ranks->longest;
    for (uint32_t r = 0; r < ranks->longest; r++)
        kept[r] = r < count ? mine->list[r] : VITRINE_NO_ITEM;
}

static void play_session(const vitrine_cases *cases, uint32_t s, const vitrine_lister *lister,
                         worker *mine, vitrine_ranks *ranks)
{
    const uint64_t start = cases->session_start[s];
    const uint8_t now = cases->repeat == VITRINE_REPEAT_ONLY; /* an item that has been met */
    uint64_t c = cases->case_start[s];
    lister->start(lister->self);
    for (uint64_t e = start; c < cases->case_start[s + 1]; e++) {
        const vitrine_event *event = &cases->event[e];
        if (event->item != VITRINE_NO_ITEM) {
            lister->observe(lister->self, event);
            if (mine->allowed != NULL) mine->allowed[event->item] = now;
        }
        if (cases->position[c] == e - start) take_list(cases, (uint32_t)c++, lister, mine, ranks);
    }
    if (mine->allowed == NULL) return;
    for (uint64_t e = start; e < cases->session_start[s + 1]; e++)
        if (cases->event[e].item != VITRINE_NO_ITEM) mine->allowed[cases->event[e].item] = !now;
}

static bool worker_make(const vitrine_cases *cases, const vitrine_ranks *ranks, worker *mine)
{
    mine->recommended = calloc((size_t)ranks->cuts * cases->items + 1, sizeof *mine->recommended);
    mine->list = malloc((size_t)ranks->longest * sizeof *mine->list);
    const bool masks = cases->repeat != VITRINE_REPEAT_KEEP;
    if (masks) mine->allowed = malloc((size_t)cases->items + 1);
    if (mine->allowed != NULL)
        memset(mine->allowed, cases->repeat == VITRINE_REPEAT_DROP, (size_t)cases->items + 1);
    return mine->recommended && mine->list && (!masks || mine->allowed);
}

vitrine_status vitrine_evaluate(const vitrine_cases *cases, const vitrine_lister *listers,
                                uint32_t threads, void (*watch)(void *context, uint32_t sessions),
                                void *context, vitrine_ranks *ranks)
{
    const size_t counts = (size_t)ranks->cuts * cases->items;
    worker *workers = calloc(threads, sizeof *workers);
    bool ok = workers != NULL;
    for (uint32_t t = 0; ok && t < threads; t++) ok = worker_make(cases, ranks, &workers[t]);
    if (ok) {
#pragma omp parallel for num_threads(threads) schedule(static, 1)
        for (uint32_t t = 0; t < threads; t++)
            for (uint32_t s = t; s < cases->sessions; s += threads) {
                play_session(cases, s, &listers[t], &workers[t], ranks);
                if (t == 0 && watch != NULL) watch(context, s + 1);
            }
        for (uint32_t t = 0; t < threads; t++)
            for (size_t n = 0; n < counts; n++)
                ranks->recommended[n] += workers[t].recommended[n];
    }
    for (uint32_t t = 0; workers != NULL && t < threads; t++) {
        free(workers[t].recommended);
        free(workers[t].list);
        free(workers[t].allowed);
    }
    free(workers);
    return ok ? VITRINE_OK : VITRINE_NO_SPACE;
}
