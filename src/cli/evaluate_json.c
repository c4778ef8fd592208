/* The result of an evaluation for machines; `vitrine report` reads it. */
#include <stdlib.h>
#include <string.h>
#include "cli/command.h"
#include "cli/evaluate_contest.h"
#include "cli/json.h"

static const char *const kinds[] = { "model", "baseline", "rules" };

static void add_quality(cJSON *to, vitrine_quality q)
{
    cli_json_number(to, "recall", q.recall);
    cli_json_number(to, "mrr", q.mrr);
    cli_json_number(to, "ndcg", q.ndcg);
}

static void add_interval(cJSON *to, const char *name, vitrine_interval interval)
{
    cJSON *pair = cli_json_object(to, name);
    cli_json_number(pair, "low", interval.low);
    cli_json_number(pair, "high", interval.high);
}

static void add_contestant(const evaluate_settings *set, const evaluation *ev, uint32_t c, uint8_t *chosen,
                           cJSON *systems)
{
    const contestant *one = &ev->contestant[c];
    cJSON *system = cli_json_object(systems, NULL);
    cli_json_text(system, "name", one->name, strlen(one->name));
    cli_json_text(system, "kind", kinds[one->kind], strlen(kinds[one->kind]));
    if (one->bytes > 0) cli_json_number(system, "bytes", (double)one->bytes);
    cli_json_number(system, "seconds", one->seconds);
    cJSON *metrics = cli_json_array(system, "metrics");
    for (size_t n = 0; n < set->cuts; n++) {
        cJSON *at = cli_json_object(metrics, NULL);
        const vitrine_spread s = evaluation_spread(ev, c, n);
        cli_json_number(at, "k", set->cut[n]);
        add_quality(at, evaluation_quality(ev, c, set->cut[n]));
        cli_json_number(at, "coverage", s.coverage);
        cli_json_number(at, "popularity_bias", s.bias);
    }
    cJSON *slices = cli_json_array(system, "slices");
    for (uint32_t s = 0; s < VITRINE_SLICES; s++) {
        cJSON *slice = cli_json_object(slices, NULL);
        vitrine_slice_choose(&ev->cases, ev->band, s, chosen);
        const vitrine_quality q = vitrine_quality_at(one->ranks.rank, chosen, ev->cases.cases,
                                                     set->cut[set->cuts - 1]);
        cli_json_text(slice, "name", vitrine_slice_name(s), strlen(vitrine_slice_name(s)));
        cli_json_number(slice, "positions", (double)q.cases);
        add_quality(slice, q);
    }
    if (set->samples == 0) return;
    cJSON *own = cli_json_object(system, "interval");
    add_interval(own, "recall", one->own.recall);
    add_interval(own, "mrr", one->own.mrr);
    add_interval(own, "ndcg", one->own.ndcg);
    if (c == 0) return;
    cJSON *against = cli_json_object(system, "first_minus_this");
    add_interval(against, "recall", one->against.recall);
    add_interval(against, "mrr", one->against.mrr);
    add_interval(against, "ndcg", one->against.ndcg);
    cli_json_number(against, "p_recall", one->against.p_recall);
    cli_json_number(against, "p_mrr", one->against.p_mrr);
    cli_json_number(against, "p_ndcg", one->against.p_ndcg);
}

int evaluation_print_json(const evaluate_settings *set, const evaluation *ev)
{
    vitrine_problem problem = {0};
    uint8_t *chosen = malloc((size_t)ev->cases.cases + 1);
    if (chosen == NULL) return cli_fail("evaluate", CLI_IO, "out of memory");
    cJSON *root = cJSON_CreateObject();
    cli_json_number(root, "positions", ev->cases.cases);
    cli_json_number(root, "sessions", ev->cases.sessions);
    cli_json_number(root, "items", ev->items);
    cli_json_number(root, "unknown_events", (double)ev->cases.unknown_events);
    cli_json_text(root, "unknown", set->rules.unknown_miss ? "miss" : "drop", 4);
    cli_json_text(root, "repeat", evaluate_repeats[set->rules.repeat], 4);
    if (set->targets != NULL) cli_json_text(root, "targets", set->targets, strlen(set->targets));
    cli_json_number(root, "seconds", ev->seconds);
    cli_json_number(root, "bootstrap", set->samples);
    cJSON *events = cli_json_array(root, "events");
    for (size_t n = 0; n < set->event_files; n++)
        cli_json_text(events, NULL, set->events[n], strlen(set->events[n]));
    const uint32_t best = ev->model.model != NULL ? evaluation_best_baseline(set, ev) : 0;
    if (best > 0) {
        cJSON *lift = cli_json_object(root, "lift");
        cli_json_text(lift, "over", ev->contestant[best].name, strlen(ev->contestant[best].name));
        cli_json_number(lift, "ndcg", evaluation_lift(set, ev, best));
    }
    cJSON *systems = cli_json_array(root, "systems");
    for (uint32_t c = 0; c < ev->contestants; c++) add_contestant(set, ev, c, chosen, systems);
    free(chosen);
    return cli_json_print(root, stdout, &problem) ? CLI_OK : cli_problem("evaluate", &problem);
}
