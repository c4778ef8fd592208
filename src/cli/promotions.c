/* Which of a shop's offers or banners to show a visitor: each is about the items of its target. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/conditions.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/shelf.h"

typedef struct offer {
    const cJSON *id;
    int written; /* place in the file */
    vitrine_promotion worth;
} offer;

/* By falling appeal; of equals the one that was written first. */
static int by_appeal(const void *a, const void *b)
{
    const offer *x = a, *y = b;
    if (x->worth.appeal > y->worth.appeal || x->worth.appeal < y->worth.appeal)
        return x->worth.appeal > y->worth.appeal ? -1 : 1;
    return x->written - y->written;
}

static bool judge(const cJSON *promotion, const char *where, const cli_moment_of *at, offer *out,
                  vitrine_problem *problem)
{
    const cJSON *target = vitrine_json_member(promotion, "target");
    const cJSON *when = vitrine_json_member(promotion, "when");
    char here[320];
    bool holds = true;
    out->id = vitrine_json_member(promotion, "id");
    if (!cJSON_IsString(out->id) || target == NULL || cJSON_GetArraySize(promotion) != 2 + (when != NULL))
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                   "%s: a promotion is { id: text, target: tree, when: condition }", where);
    snprintf(here, sizeof here, "%s.when", where);
    if (when != NULL && !cli_condition(when, here, at, &holds, problem)) return false;
    if (!cli_filter(target, where, at->engine->catalog, at->shelf, problem)) return false;
    if (!holds) return true; /* of no items: it does not stand */
    const vitrine_status status = vitrine_promote(at->engine->ranker, at->shelf->rules, at->engine->visitor,
                                                  at->context, at->now, &out->worth);
    return status == VITRINE_OK ||
           vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: refused: %s", where, vitrine_status_name(status));
}

static bool print(const offer *offers, int count, const vitrine_catalog *catalog, bool json,
                  vitrine_problem *problem)
{
    cJSON *root = json ? cJSON_CreateObject() : NULL;
    cJSON *list = cli_json_array(root, "promotions");
    for (int i = 0; i < count && offers[i].worth.items > 0; i++) {
        const offer *o = &offers[i];
        size_t length;
        const char *best = vitrine_catalog_id(catalog, o->worth.best, &length);
        if (!json) {
            printf("%-24s %9.4f  %.4f of the visitor's ranking, %u items, first %.*s\n", o->id->valuestring,
                   (double)o->worth.appeal, (double)o->worth.share, o->worth.items, (int)length, best);
            continue;
        }
        cJSON *to = cli_json_object(list, NULL);
        cli_json_text(to, "id", o->id->valuestring, strlen(o->id->valuestring));
        cli_json_number(to, "appeal", (double)o->worth.appeal);
        cli_json_number(to, "share", (double)o->worth.share);
        cli_json_number(to, "items", o->worth.items);
        cli_json_text(to, "best_item_id", best, length);
    }
    return !json || cli_json_print(root, stdout, problem);
}

bool cli_promotions(const char *path, vitrine_engine *engine, cli_shelf *shelf, uint32_t context,
                    int64_t now, bool json, vitrine_problem *problem)
{
    void *bytes;
    size_t size;
    if (!cli_input_file(path, VITRINE_JSON_VALUE, &bytes, &size, problem)) return false;
    cJSON *top = vitrine_json_parse(bytes, size, VITRINE_JSON_VALUE, path, problem);
    free(bytes);
    if (top == NULL) return false;
    const int count = cJSON_GetArraySize(top);
    offer *offers = calloc((size_t)count + 1, sizeof *offers);
    uint8_t *mask = malloc(vitrine_catalog_items(engine->catalog) + 1u);
    uint64_t *scratch = calloc(vitrine_catalog_items(engine->catalog) + 1u, sizeof *scratch);
    const uint32_t events = vitrine_profile_events(engine->visitor);
    if (now == 0 && events > 0) now = vitrine_profile_event(engine->visitor, events - 1).time;
    const cli_moment_of at = { engine, shelf, context, now, mask, scratch };
    bool ok = (offers != NULL && mask != NULL && scratch != NULL) || vitrine_problem_memory(problem);
    if (ok && (!cJSON_IsArray(top) || count == 0))
        ok = vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: an array of promotions is wanted", path);
    int index = 0;
    for (const cJSON *one = ok ? top->child : NULL; ok && one != NULL; one = one->next, index++) {
        char where[300];
        offers[index].written = index;
        snprintf(where, sizeof where, "%.256s: [%d]", path, index);
        ok = judge(one, where, &at, &offers[index], problem);
    }
    if (ok) {
        qsort(offers, (size_t)count, sizeof *offers, by_appeal);
        ok = print(offers, count, engine->catalog, json, problem);
    }
    free(offers);
    free(mask);
    free(scratch);
    cJSON_Delete(top);
    return ok;
}
