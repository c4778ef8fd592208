/* The result of an evaluation for people. */
#include <stdio.h>
#include <stdlib.h>
#include "cli/command.h"
#include "cli/evaluate_contest.h"

static void print_slices(const evaluate_settings *set, const evaluation *ev, uint8_t *chosen)
{
    const uint32_t k = set->cut[set->cuts - 1];
    printf("\n%-10s %9s", "", "positions");
    for (uint32_t c = 0; c < ev->contestants; c++) printf("  %14s", ev->contestant[c].name);
    printf("   recall@%u / MRR@%u\n", k, k);
    for (uint32_t s = 0; s < VITRINE_SLICES; s++) {
        vitrine_slice_choose(&ev->cases, ev->band, s, chosen);
        for (uint32_t c = 0; c < ev->contestants; c++) {
            const vitrine_quality q =
                vitrine_quality_at(ev->contestant[c].ranks.rank, chosen, ev->cases.cases, k);
            if (c == 0) printf("%-10s %9llu", vitrine_slice_name(s), (unsigned long long)q.cases);
            printf("  %6.4f /%6.4f", q.recall, q.mrr);
        }
        printf("\n");
    }
}

static void print_table(const evaluate_settings *set, const evaluation *ev)
{
    const size_t last = set->cuts - 1;
    static const char *const history[] = { "items of the history stay candidates",
                                           "items of the history are no candidates",
                                           "only items of the history are candidates" };
    printf("%u positions of %u sessions, %u items, unknown items %s, %s%s%s\n\n",
           ev->cases.cases, ev->cases.sessions, ev->items,
           set->rules.unknown_miss ? "count as misses" : "left out",
           history[set->rules.repeat], set->targets != NULL ? ", targets are " : "",
           set->targets != NULL ? set->targets : "");
    printf("%-9s", "");
    for (size_t c = 0; c < set->cuts; c++) printf("  recall@%-3u MRR@%-3u NDCG@%-3u", set->cut[c], set->cut[c], set->cut[c]);
    printf("  coverage@%-3u bias@%-3u\n", set->cut[last], set->cut[last]);
    for (uint32_t c = 0; c < ev->contestants; c++) {
        printf("%-9s", ev->contestant[c].name);
        for (size_t n = 0; n < set->cuts; n++) {
            const vitrine_quality q = evaluation_quality(ev, c, set->cut[n]);
            printf("     %.4f  %.4f   %.4f", q.recall, q.mrr, q.ndcg);
        }
        const vitrine_spread s = evaluation_spread(ev, c, last);
        printf("        %.4f %8.3f\n", s.coverage, s.bias);
    }
    for (uint32_t c = 0; set->samples > 0 && c < ev->contestants; c++) {
        const vitrine_bootstrap *own = &ev->contestant[c].own, *a = &ev->contestant[c].against;
        printf("%s%-9s 95 %%: recall %.4f..%.4f, MRR %.4f..%.4f, NDCG %.4f..%.4f", c == 0 ? "\n" : "",
               ev->contestant[c].name, own->recall.low, own->recall.high, own->mrr.low,
               own->mrr.high, own->ndcg.low, own->ndcg.high);
        if (c > 0)
            printf("; %s better but for p = %.4f, %.4f, %.4f", ev->contestant[0].name,
                   a->p_recall, a->p_mrr, a->p_ndcg);
        printf("\n");
    }
}

int evaluation_print_table(const evaluate_settings *set, const evaluation *ev)
{
    uint8_t *chosen = malloc((size_t)ev->cases.cases + 1);
    if (chosen == NULL) return cli_fail("evaluate", CLI_IO, "out of memory");
    print_table(set, ev);
    print_slices(set, ev, chosen);
    evaluation_print_rules(set, ev);
    free(chosen);
    return CLI_OK;
}
