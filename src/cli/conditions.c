#include "cli/conditions.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/parse.h"

enum { LEARNT_KINDS = VITRINE_DISMISS + 1 };

static bool wrong(const char *where, const char *wants, vitrine_problem *problem)
{
    return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: %s", where, wants);
}

bool cli_filter(const cJSON *tree, const char *where, const vitrine_catalog *catalog, cli_shelf *shelf,
                vitrine_problem *problem)
{
    uint32_t unknown;
    cJSON *rules = cJSON_CreateObject();
    cJSON_AddItemToObject(rules, "filter", cJSON_Duplicate(tree, true));
    char *text = cJSON_PrintUnformatted(rules);
    cJSON_Delete(rules);
    if (text == NULL) return vitrine_problem_memory(problem);
    const bool ok = cli_shelf_rules_text(text, strlen(text), where, catalog, shelf, &unknown, problem);
    cJSON_free(text);
    return ok;
}

/* Of which items a tree is true, into the mask. */
static bool about(const cJSON *tree, const char *where, const cli_moment_of *at, vitrine_problem *problem)
{
    if (!cli_filter(tree, where, at->engine->catalog, at->shelf, problem)) return false;
    memset(at->mask, 1, vitrine_catalog_items(at->engine->catalog));
    vitrine_rules_apply(at->shelf->rules, at->context, at->now, at->scratch, at->mask, NULL);
    return true;
}

/* "2026-11-27", "2026-11-27T18:00Z", or seconds. */
static bool moment(const cJSON *value, const char *where, double *seconds, vitrine_problem *problem)
{
    const vitrine_time_format iso = { VITRINE_TIME_ISO, NULL };
    int64_t micro;
    if (cJSON_IsString(value)) {
        const char *text = value->valuestring;
        const size_t length = strlen(text);
        if ((length == 10 || (length > 10 && text[10] == 'T' && text[length - 1] == 'Z')) &&
            vitrine_time_parse(&iso, text, length, &micro)) {
            *seconds = (double)(micro / 1000000);
            return true;
        }
    } else if (cJSON_IsNumber(value) && value->valuedouble >= 0.0) {
        *seconds = value->valuedouble;
        return true;
    }
    return wrong(where, "seconds since 1970, \"2026-11-27\" or \"2026-11-27T18:00Z\" is wanted", problem);
}

/* A number of an object within bounds, or what is usual. */
static bool number(const cJSON *object, const char *name, double usual, double least, double most,
                   const char *where, double *out, vitrine_problem *problem)
{
    const cJSON *value = vitrine_json_member(object, name);
    *out = usual;
    if (value == NULL) return true;
    if (!cJSON_IsNumber(value) || !(value->valuedouble >= least && value->valuedouble <= most))
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: %s wants a number from %g to %g", where,
                                   name, least, most);
    *out = value->valuedouble;
    return true;
}

/* Whether every member of an object has one of these names. */
static bool only(const cJSON *object, const char *const *names, const char *where, vitrine_problem *problem)
{
    if (!cJSON_IsObject(object)) return wrong(where, "an object is wanted", problem);
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        size_t n = 0;
        while (names[n] != NULL && strcmp(names[n], member->string) != 0) n++;
        if (names[n] == NULL)
            return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: no '%s' is known there", where,
                                       member->string);
    }
    return true;
}

/* The kinds of event that `type` names, as bits. */
static bool kinds_of(const cJSON *type, const char *where, uint32_t *kinds, vitrine_problem *problem)
{
    *kinds = UINT32_MAX;
    if (type == NULL) return true;
    *kinds = 0;
    for (const cJSON *one = cJSON_IsArray(type) ? type->child : type; one != NULL;
         one = cJSON_IsArray(type) ? one->next : NULL) {
        const uint32_t kind = cJSON_IsString(one)
                                  ? vitrine_event_kind_of(one->valuestring, strlen(one->valuestring))
                                  : (uint32_t)VITRINE_EVENT_KINDS;
        if (kind >= LEARNT_KINDS) return wrong(where, "of no such type are events kept", problem);
        *kinds |= 1u << kind;
    }
    return true;
}

static bool did(const cJSON *value, const char *where, const cli_moment_of *at, bool *holds,
                vitrine_problem *problem)
{
    static const char *const names[] = { "type", "item", "within", "least", NULL };
    uint32_t kinds, count = 0;
    double within, least;
    if (!only(value, names, where, problem) ||
        !kinds_of(vitrine_json_member(value, "type"), where, &kinds, problem) ||
        !number(value, "within", HUGE_VAL, 1e-9, 1e300, where, &within, problem) ||
        !number(value, "least", 1.0, 1.0, 1e6, where, &least, problem))
        return false;
    if (least != floor(least)) return wrong(where, "least wants a whole number", problem);
    const cJSON *item = vitrine_json_member(value, "item");
    if (item != NULL && !about(item, where, at, problem)) return false;
    const vitrine_profile *visitor = at->engine->visitor;
    for (uint32_t i = 0; i < vitrine_profile_events(visitor); i++) {
        const vitrine_event event = vitrine_profile_event(visitor, i);
        count += (kinds >> event.kind & 1) != 0 && (double)(at->now - event.time) <= within &&
                 (item == NULL || at->mask[event.item] != 0);
    }
    *holds = (double)count >= least;
    return true;
}

static bool intent(const cJSON *value, const char *where, const cli_moment_of *at, bool *holds,
                   vitrine_problem *problem)
{
    static const char *const names[] = { "least", "most", NULL };
    double least, most;
    float chance = 0.0f;
    if (!only(value, names, where, problem) || !number(value, "least", 0.0, 0.0, 1.0, where, &least, problem) ||
        !number(value, "most", 1.0, 0.0, 1.0, where, &most, problem))
        return false;
    *holds = vitrine_profile_intent(at->engine->visitor, &chance) && (double)chance >= least &&
             (double)chance <= most;
    return true;
}

/* Every node is walked, whatever the others say: a mistake is told in any case. */
static bool group(const cJSON *nodes, bool all, const char *where, const cli_moment_of *at, bool *holds,
                  vitrine_problem *problem)
{
    if (!cJSON_IsArray(nodes)) return wrong(where, "an array is wanted", problem);
    int index = 0;
    *holds = all;
    for (const cJSON *one = nodes->child; one != NULL; one = one->next) {
        char here[400];
        bool part;
        snprintf(here, sizeof here, "%.380s[%d]", where, index++);
        if (!cli_condition(one, here, at, &part, problem)) return false;
        *holds = all ? *holds && part : *holds || part;
    }
    return true;
}

bool cli_condition(const cJSON *node, const char *where, const cli_moment_of *at, bool *holds,
                   vitrine_problem *problem)
{
    const cJSON *value = cJSON_IsObject(node) ? node->child : NULL;
    if (value == NULL || value->next != NULL)
        return wrong(where, "a condition has one of all, any, not, context, did, from, until, intent", problem);
    const char *word = value->string;
    char here[400];
    double border = 0.0;
    snprintf(here, sizeof here, "%.340s.%.40s", where, word);
    if (strcmp(word, "all") == 0 || strcmp(word, "any") == 0)
        return group(value, word[1] == 'l', here, at, holds, problem);
    if (strcmp(word, "not") == 0) {
        if (!cli_condition(value, here, at, holds, problem)) return false;
        *holds = !*holds;
        return true;
    }
    if (strcmp(word, "context") == 0) {
        if (!about(value, here, at, problem)) return false;
        *holds = at->context != VITRINE_NO_ITEM && at->mask[at->context] != 0;
        return true;
    }
    if (strcmp(word, "from") == 0 || strcmp(word, "until") == 0) {
        if (!moment(value, here, &border, problem)) return false;
        *holds = ((double)at->now >= border) == (word[0] == 'f');
        return true;
    }
    if (strcmp(word, "did") == 0) return did(value, here, at, holds, problem);
    if (strcmp(word, "intent") == 0) return intent(value, here, at, holds, problem);
    return wrong(here, "no such condition", problem);
}
