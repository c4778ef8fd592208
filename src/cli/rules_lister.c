#include "cli/rules_lister.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/shelf.h"

typedef struct rules_lister {
    vitrine_engine *engine;
    cli_shelf shelf;
} rules_lister;

static void start(void *self)
{
    rules_lister *lister = self;
    vitrine_profile_forget_all(lister->engine->visitor);
}

static void observe(void *self, const vitrine_event *event)
{
    rules_lister *lister = self;
    (void)vitrine_profile_observe(lister->engine->visitor, event);
}

static uint32_t list(void *self, const uint8_t *allowed, uint32_t k, uint32_t *items)
{
    rules_lister *lister = self;
    cli_shelf *shelf = &lister->shelf;
    vitrine_shelf made = { 0 };
    shelf->request.allowed = allowed;
    shelf->request.limit = k < VITRINE_SHELF_LIMIT ? k : VITRINE_SHELF_LIMIT;
    if (vitrine_recommend(lister->engine->ranker, shelf->rules, lister->engine->visitor, shelf->seeds,
                          &shelf->request, shelf->placed, &made) != VITRINE_OK)
        return 0;
    for (uint32_t r = 0; r < made.count; r++) items[r] = shelf->placed[r].item;
    return made.count;
}

static void destroy(void *self)
{
    rules_lister *lister = self;
    cli_shelf_close(&lister->shelf);
    vitrine_engine_destroy(lister->engine);
    free(lister);
}

bool cli_rules_lister(const cli_model *model, const void *catalog, size_t catalog_size,
                      const char *rules, size_t rules_size, const char *where, uint32_t longest,
                      vitrine_lister *out, const vitrine_catalog **opened,
                      vitrine_problem *problem)
{
    const uint32_t capacity = longest < 1 ? 1 : longest > 65536 ? 65536 : longest;
    vitrine_fault fault = { 0 };
    uint32_t unknown = 0;
    rules_lister *lister = calloc(1, sizeof *lister);
    if (lister == NULL) return vitrine_problem_memory(problem);
    if (vitrine_engine_create(model->bytes, model->size, catalog, catalog_size, capacity, &lister->engine,
                              &fault) != VITRINE_OK) {
        free(lister);
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "the catalog does not fit the model: '%s'",
                                   fault.field);
    }
    for (uint32_t i = 0; i < vitrine_catalog_items(lister->engine->catalog); i++)
        (void)vitrine_catalog_set_available(lister->engine->catalog, i, true);
    if (!cli_shelf_open(lister->engine->catalog, &lister->shelf, problem) ||
        !cli_shelf_rules_text(rules, rules_size, where, lister->engine->catalog, &lister->shelf, &unknown,
                              problem)) {
        destroy(lister);
        return false;
    }
    *opened = lister->engine->catalog;
    *out = (vitrine_lister){ .self = lister, .start = start, .observe = observe, .list = list,
                             .destroy = destroy };
    return true;
}

/* The member `name` of a file that holds nothing but `value`, or but a list of it. */
static bool add(cli_rule *rule, const char *name, const cJSON *value, int number)
{
    cJSON *file = cJSON_CreateObject(), *copy = cJSON_Duplicate(value, 1);
    cJSON *list = number > 0 ? cJSON_CreateArray() : NULL;
    bool ok = file != NULL && copy != NULL && (number == 0 || list != NULL);
    if (ok && number > 0) {
        ok = cJSON_AddItemToArray(list, copy);
        if (ok) copy = list;
        else cJSON_Delete(list);
    }
    if (ok) ok = cJSON_AddItemToObject(file, name, copy);
    if (!ok) cJSON_Delete(copy);
    char *text = ok ? cJSON_PrintUnformatted(file) : NULL;
    cJSON_Delete(file);
    if (text == NULL) return false;
    if (number > 0) snprintf(rule->name, sizeof rule->name, "%.40s %d", name, number);
    else snprintf(rule->name, sizeof rule->name, "%.40s", name);
    rule->text = malloc(strlen(text) + 1);
    if (rule->text != NULL) strcpy(rule->text, text);
    cJSON_free(text);
    return rule->text != NULL;
}

uint32_t cli_rules_split(const char *text, size_t size, const char *where, cli_rule *rules,
                         uint32_t capacity, vitrine_problem *problem)
{
    cJSON *file = vitrine_json_parse(text, size, VITRINE_JSON_VALUE, where, problem);
    const cJSON *member, *entry;
    uint32_t count = 0;
    bool ok = true;
    if (file == NULL) return UINT32_MAX;
    if (!cJSON_IsObject(file)) {
        vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: rules are an object", where);
        cJSON_Delete(file);
        return UINT32_MAX;
    }
    cJSON_ArrayForEach(member, file)
    {
        const bool listed = strcmp(member->string, "boost") == 0 || strcmp(member->string, "bury") == 0 ||
                            strcmp(member->string, "pin") == 0;
        int number = 0;
        if (!listed || !cJSON_IsArray(member)) {
            if (ok && count < capacity) ok = add(&rules[count], member->string, member, 0), count += ok;
            continue;
        }
        cJSON_ArrayForEach(entry, member)
            if (ok && count < capacity) ok = add(&rules[count], member->string, entry, ++number), count += ok;
    }
    cJSON_Delete(file);
    if (ok) return count;
    cli_rules_free(rules, count);
    vitrine_problem_memory(problem);
    return UINT32_MAX;
}

void cli_rules_free(cli_rule *rules, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) free(rules[i].text);
}
