/* The price of rules: the shelf 'for_you' without any, under all of them, and under each alone. A shelf
 * shows one variant of an item, which bare lists do not, so the shelf is what rules are held against. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/command.h"
#include "cli/evaluate_contest.h"
#include "cli/output.h"
#include "cli/rules_lister.h"

static const char command[] = "evaluate";

int evaluation_run_rules(const evaluate_settings *set, evaluation *ev)
{
    vitrine_problem problem = { 0 };
    cli_rule rules[EVALUATE_MAX_RULES];
    void *text = NULL;
    size_t size = 0;
    if (set->rules_path == NULL) return CLI_OK;
    if (!cli_input_file(set->rules_path, VITRINE_JSON_VALUE, &text, &size, &problem))
        return cli_problem(command, &problem);
    const uint32_t count =
        cli_rules_split(text, size, set->rules_path, rules, EVALUATE_MAX_RULES, &problem);
    if (count == UINT32_MAX) {
        free(text);
        return cli_problem(command, &problem);
    }
    evaluation_player who = { .kind = CONTESTANT_RULES, .path = set->rules_path, .rules = text,
                              .rules_size = size, .translated = ev->catalog != NULL };
    int code = evaluation_play(set, &(evaluation_player){ .kind = CONTESTANT_RULES, .path = set->rules_path,
                                                          .rules = "{}", .rules_size = 2,
                                                          .translated = ev->catalog != NULL },
                               "no rules", ev);
    if (code == CLI_OK) code = evaluation_play(set, &who, "all rules", ev);
    for (uint32_t n = 0; n < count && count > 1 && code == CLI_OK; n++) {
        who.rules = rules[n].text;
        who.rules_size = strlen(rules[n].text);
        code = evaluation_play(set, &who, rules[n].name, ev);
    }
    cli_rules_free(rules, count);
    free(text);
    return code;
}

void evaluation_print_rules(const evaluate_settings *set, const evaluation *ev)
{
    const uint32_t k = set->cut[set->cuts - 1];
    const double lists = ev->cases.cases;
    uint32_t first = 0;
    if (set->rules_path == NULL) return;
    while (ev->contestant[first].kind != CONTESTANT_RULES) first++;
    const vitrine_quality base = evaluation_quality(ev, first, k);
    const double cover = evaluation_spread(ev, first, set->cuts - 1).coverage;
    printf("\nprice of rules at %-6u  recall     MRR    NDCG  coverage   us a list\n", k);
    printf("%-24s%8.4f%8.4f%8.4f%10.4f%12.1f\n", "no rules", base.recall, base.mrr, base.ndcg, cover,
           1e6 * ev->contestant[first].seconds / lists);
    for (uint32_t c = first + 1; c < ev->contestants; c++) {
        const contestant *one = &ev->contestant[c];
        const vitrine_quality q = evaluation_quality(ev, c, k);
        if (one->kind != CONTESTANT_RULES) continue;
        printf("%-24.24s%+8.4f%+8.4f%+8.4f%+10.4f%12.1f\n", one->name, q.recall - base.recall, q.mrr - base.mrr,
               q.ndcg - base.ndcg, evaluation_spread(ev, c, set->cuts - 1).coverage - cover,
               1e6 * one->seconds / lists);
    }
}
