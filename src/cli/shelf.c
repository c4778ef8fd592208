#include "cli/shelf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/output.h"

const char *const cli_placements[] = { "for_you", "related", "bought_together", "cart_addons",
                                       "trending", "bestsellers", "new_arrivals",
                                       "recently_viewed", "more_like_this", "because_you_viewed",
                                       NULL };
const char *const cli_rungs[] = { "model", "item_knn", "content", "trending", "popular",
                                  "static", "new",      "recent",  "pinned" };
_Static_assert(sizeof cli_placements / sizeof *cli_placements == VITRINE_PLACES + 1, "a name each");
_Static_assert(sizeof cli_rungs / sizeof *cli_rungs == VITRINE_RUNGS, "a name each");

uint32_t cli_exclusion(const char *name, size_t length)
{
    static const struct {
        const char *name;
        uint32_t flag;
    } known[] = { { "viewed", VITRINE_WAS_VIEWED },       { "cart", VITRINE_IN_CART },
                  { "wishlist", VITRINE_IN_WISHLIST },    { "purchased", VITRINE_WAS_PURCHASED },
                  { "rated", VITRINE_WAS_RATED } };
    for (size_t n = 0; n < sizeof known / sizeof *known; n++)
        if (strlen(known[n].name) == length && memcmp(known[n].name, name, length) == 0) return known[n].flag;
    return 0;
}

bool cli_shelf_open(const vitrine_catalog *catalog, cli_shelf *shelf, vitrine_problem *problem)
{
    size_t rules, seeds;
    *shelf = (cli_shelf){ .request = { .placement = VITRINE_PLACE_FOR_YOU, .limit = 20 } };
    shelf->placed = malloc(VITRINE_SHELF_LIMIT * sizeof *shelf->placed);
    if (shelf->placed != NULL && vitrine_rules_size(catalog, &rules) == VITRINE_OK &&
        vitrine_profile_size(catalog, VITRINE_SHELF_SEEDS, &seeds) == VITRINE_OK &&
        posix_memalign(&shelf->memory[0], 64, rules) == 0 &&
        posix_memalign(&shelf->memory[1], 64, seeds) == 0 &&
        vitrine_rules_init(shelf->memory[0], rules, catalog, &shelf->rules) == VITRINE_OK &&
        vitrine_profile_init(shelf->memory[1], seeds, catalog, VITRINE_SHELF_SEEDS, &shelf->seeds) ==
            VITRINE_OK)
        return true;
    return vitrine_problem_memory(problem);
}

void cli_shelf_close(cli_shelf *shelf)
{
    free(shelf->placed);
    free(shelf->memory[0]);
    free(shelf->memory[1]);
    *shelf = (cli_shelf){ 0 };
}

/* --- rules from JSON ---------------------------------------------------------------------------- */

/* Where the walk is: "rules.json: filter.all[1]". */
typedef struct walk {
    const char *where;
    const vitrine_catalog *catalog;
    cli_shelf *shelf;
    vitrine_problem *problem;
    char path[256];
    size_t used;
    uint32_t unknown;
} walk;

static size_t enter(walk *w, const char *name, int index)
{
    const size_t before = w->used;
    const size_t room = sizeof w->path - w->used;
    const int length = index < 0 ? snprintf(w->path + w->used, room, "%s%s", before > 0 ? "." : "", name)
                                 : snprintf(w->path + w->used, room, "[%d]", index);
    w->used += length < 0 ? 0 : (size_t)length < room ? (size_t)length : room - 1;
    return before;
}

static void leave(walk *w, size_t before)
{
    w->used = before;
    w->path[before] = '\0';
}

static bool wrong(const walk *w, const char *what)
{
    return vitrine_problem_set(w->problem, VITRINE_PROBLEM_INPUT, "%s: %s: %s", w->where,
                               w->used > 0 ? w->path : "the rules", what);
}

/* A refusal of the builder, with the node it names. */
static bool built(const walk *w, vitrine_status status)
{
    const vitrine_fault *fault = vitrine_rules_fault(w->shelf->rules);
    if (status == VITRINE_OK) return true;
    return vitrine_problem_set(w->problem, VITRINE_PROBLEM_INPUT, "%s: %s: %s (node %llu)", w->where, w->path,
                               fault->field != NULL ? fault->field : vitrine_status_name(status),
                               (unsigned long long)fault->offset);
}

static bool add_value(walk *w, const cJSON *value)
{
    vitrine_rules *rules = w->shelf->rules;
    if (cJSON_IsString(value))
        return built(w, vitrine_rules_text(rules, value->valuestring, strlen(value->valuestring)));
    if (cJSON_IsNumber(value)) return built(w, vitrine_rules_number(rules, value->valuedouble));
    if (cJSON_IsBool(value)) return built(w, vitrine_rules_number(rules, cJSON_IsTrue(value) ? 1.0 : 0.0));
    const char *field = cJSON_IsObject(value) ? vitrine_json_text(value, "ctx") : NULL;
    if (field == NULL) return wrong(w, "a value is a text, a number, true, false or { ctx: field }");
    double number[2] = { 1.0, 0.0 };
    const cJSON *member;
    cJSON_ArrayForEach(member, value)
    {
        const int which = strcmp(member->string, "mul") == 0 ? 0 : strcmp(member->string, "add") == 0 ? 1 : -1;
        if (which < 0 && strcmp(member->string, "ctx") != 0) return wrong(w, "beside ctx there is mul and add");
        if (which >= 0 && !cJSON_IsNumber(member)) return wrong(w, "mul and add are numbers");
        if (which >= 0) number[which] = member->valuedouble;
    }
    return built(w, vitrine_rules_context(rules, field, strlen(field), number[0], number[1]));
}

/* A node and all below it; JSON is no deeper than its parser allows. */
static bool add_node(walk *w, const cJSON *node)
{
    const cJSON *test = NULL, *member;
    const char *field = vitrine_json_text(node, "field");
    if (!cJSON_IsObject(node)) return wrong(w, "a node is an object such as { field: \"brand\", eq: \"Acme\" }");
    cJSON_ArrayForEach(member, node)
    {
        if (strcmp(member->string, "field") == 0) continue;
        if (test != NULL) return wrong(w, "a node has one test");
        test = member;
    }
    if (test == NULL) return wrong(w, "a node has one test");
    const vitrine_rule_op op = vitrine_rule_op_of(test->string, strlen(test->string));
    if (op == VITRINE_RULE_OPS)
        return wrong(w, "tests are all, any, not, eq, in, between, less, greater, exists");
    const bool list = cJSON_IsArray(test);
    const int count = list ? cJSON_GetArraySize(test) : 1;
    vitrine_rules *rules = w->shelf->rules;
    const size_t before = enter(w, test->string, -1);
    bool ok = field == NULL ? built(w, vitrine_rules_group(rules, op, (uint32_t)count))
                            : built(w, vitrine_rules_test(rules, op, field, strlen(field), (uint32_t)count));
    int index = 0;
    for (member = list ? test->child : test; ok && member != NULL; member = list ? member->next : NULL) {
        const size_t inside = list ? enter(w, "", index++) : w->used;
        ok = field == NULL ? add_node(w, member) : add_value(w, member);
        if (ok) leave(w, inside);
    }
    if (ok) leave(w, before);
    return ok;
}

static bool add_boost(walk *w, const cJSON *rule, bool bury)
{
    const cJSON *when = vitrine_json_member(rule, "when"), *mul = vitrine_json_member(rule, "mul");
    const double usual = bury ? 0.5 : 1.5, value = cJSON_IsNumber(mul) ? mul->valuedouble : usual;
    if (when == NULL || cJSON_GetArraySize(rule) > (mul != NULL) + 1)
        return wrong(w, "a boost is { when: node, mul: number }");
    if ((mul != NULL && !cJSON_IsNumber(mul)) || (bury ? value <= 0 || value > 1 : value < 1))
        return wrong(w, bury ? "bury wants mul above 0, up to 1" : "boost wants mul from 1 up");
    const size_t before = enter(w, "when", -1);
    const bool ok = built(w, vitrine_rules_begin(w->shelf->rules, (float)value)) && add_node(w, when);
    if (ok) leave(w, before);
    return ok;
}

/* The item an id names: a text, or a whole number. */
static uint32_t item_of(walk *w, const cJSON *id)
{
    char text[32];
    if (cJSON_IsString(id)) {
        const uint32_t item = vitrine_catalog_find(w->catalog, id->valuestring, strlen(id->valuestring));
        if (item == VITRINE_NO_ITEM) w->unknown++;
        return item;
    }
    if (cJSON_IsNumber(id)) {
        const int length = snprintf(text, sizeof text, "%.0f", id->valuedouble);
        const uint32_t item = vitrine_catalog_find(w->catalog, text, (size_t)length);
        if (item == VITRINE_NO_ITEM) w->unknown++;
        return item;
    }
    return VITRINE_NO_ITEM;
}

static bool add_pin(walk *w, const cJSON *pin)
{
    const cJSON *id = vitrine_json_member(pin, "item_id"), *position = vitrine_json_member(pin, "position");
    if ((!cJSON_IsString(id) && !cJSON_IsNumber(id)) || (position != NULL && !cJSON_IsNumber(position)) ||
        cJSON_GetArraySize(pin) > (position != NULL) + 1)
        return wrong(w, "a pin is { item_id: id, position: number from 0 }");
    const double place = position != NULL ? position->valuedouble : 0.0;
    if (!(place >= 0 && place < 1000 && floor(place) == place)) return wrong(w, "position is a whole number 0..999");
    const uint32_t item = item_of(w, id);
    return item == VITRINE_NO_ITEM || built(w, vitrine_rules_pin(w->shelf->rules, item, (uint32_t)place));
}

static bool read_text_field(walk *w, const char *name, vitrine_text_field *field)
{
    static const char *const names[] = { "title", "brand", "category", "image_link", "link",
                                         "item_group_id", "currency", "tags" };
    for (uint32_t f = 0; f < VITRINE_TEXT_FIELDS; f++) {
        size_t length = f < VITRINE_TEXT_OWN_1 ? strlen(names[f]) : 0;
        const char *known = f < VITRINE_TEXT_OWN_1
                                ? names[f]
                                : vitrine_catalog_own_name(w->catalog, f - VITRINE_TEXT_OWN_1, &length);
        if (length == 0 || strlen(name) != length || memcmp(name, known, length) != 0) continue;
        *field = (vitrine_text_field)f;
        return true;
    }
    return wrong(w, "no such text field in the catalog");
}

static bool read_share(walk *w, const cJSON *value, float *out)
{
    if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0 && value->valuedouble <= 1))
        return wrong(w, "a number 0..1 is wanted");
    *out = (float)value->valuedouble;
    return true;
}

static bool read_fatigue(walk *w, const cJSON *value)
{
    const cJSON *views = cJSON_IsObject(value) ? vitrine_json_member(value, "views") : value;
    const cJSON *half = cJSON_IsObject(value) ? vitrine_json_member(value, "halfLife") : NULL;
    if (!cJSON_IsNumber(views) || !(views->valuedouble >= 0 && views->valuedouble <= 1e6) ||
        (half != NULL && (!cJSON_IsNumber(half) || !(half->valuedouble >= 0 && half->valuedouble <= 1e9))))
        return wrong(w, "fatigue is a number of views, or { views, halfLife: seconds }");
    w->shelf->request.fatigue = (float)views->valuedouble;
    w->shelf->request.fatigue_half_life = half != NULL ? (float)half->valuedouble : 0.0f;
    return true;
}

static bool read_caps(walk *w, const cJSON *value)
{
    const cJSON *cap;
    uint32_t count = 0;
    if (!cJSON_IsObject(value) || cJSON_GetArraySize(value) > (int)VITRINE_SHELF_CAPS)
        return wrong(w, "maxPer is an object of at most four fields");
    cJSON_ArrayForEach(cap, value)
    {
        const size_t before = enter(w, cap->string, -1);
        if (!read_text_field(w, cap->string, &w->shelf->request.cap[count].field)) return false;
        if (!cJSON_IsNumber(cap) || !(cap->valuedouble >= 1 && cap->valuedouble <= 1000))
            return wrong(w, "a number 1..1000 is wanted");
        w->shelf->request.cap[count++].most = (uint32_t)cap->valuedouble;
        leave(w, before);
    }
    return true;
}

static bool read_relevance(walk *w, const cJSON *value)
{
    static const struct { const char *name; float share; } words[] = {
        { "low", 0.05f }, { "medium", 0.2f }, { "high", 0.5f } };
    for (size_t i = 0; cJSON_IsString(value) && i < 3; i++) {
        if (strcmp(value->valuestring, words[i].name) != 0) continue;
        w->shelf->request.min_relevance = words[i].share;
        return true;
    }
    return read_share(w, value, &w->shelf->request.min_relevance);
}

static bool add_member(walk *w, const cJSON *member)
{
    static const char *const lists[] = { "boost", "bury", "pin", "hide", "mustMatch" };
    const char *name = member->string;
    if (strcmp(name, "filter") == 0)
        return built(w, vitrine_rules_begin(w->shelf->rules, 0.0f)) && add_node(w, member);
    if (strcmp(name, "diversity") == 0) return read_share(w, member, &w->shelf->request.diversity);
    if (strcmp(name, "minRelevance") == 0) return read_relevance(w, member);
    if (strcmp(name, "fatigue") == 0) return read_fatigue(w, member);
    if (strcmp(name, "maxPer") == 0) return read_caps(w, member);
    size_t which = 0;
    while (which < 5 && strcmp(name, lists[which]) != 0) which++;
    if (which == 5)
        return wrong(w, "no such rule; there are filter, boost, bury, pin, hide, diversity, maxPer, "
                        "minRelevance, fatigue, mustMatch");
    if (!cJSON_IsArray(member)) return wrong(w, "an array is wanted");
    const cJSON *one;
    int index = 0;
    cJSON_ArrayForEach(one, member)
    {
        const size_t before = enter(w, "", index++);
        vitrine_text_field field;
        bool ok = true;
        if (which < 2) {
            ok = add_boost(w, one, which == 1);
        } else if (which == 2) {
            ok = add_pin(w, one);
        } else if (which == 3) {
            if (!cJSON_IsString(one) && !cJSON_IsNumber(one)) return wrong(w, "an id is wanted");
            const uint32_t item = item_of(w, one);
            ok = item == VITRINE_NO_ITEM || built(w, vitrine_rules_hide(w->shelf->rules, item));
        } else {
            ok = cJSON_IsString(one) ? read_text_field(w, one->valuestring, &field) : wrong(w, "a field is wanted");
            if (ok) w->shelf->request.must_match |= 1u << field;
        }
        if (!ok) return false;
        leave(w, before);
    }
    return true;
}

bool cli_shelf_rules_text(const char *text, size_t size, const char *where,
                          const vitrine_catalog *catalog, cli_shelf *shelf, uint32_t *unknown,
                          vitrine_problem *problem)
{
    walk w = { .where = where, .catalog = catalog, .shelf = shelf, .problem = problem };
    *unknown = 0;
    vitrine_rules_clear(shelf->rules);
    cJSON *top = vitrine_json_parse(text, size, VITRINE_JSON_VALUE, where, problem);
    if (top == NULL) return false;
    bool ok = cJSON_IsObject(top) || wrong(&w, "an object is wanted, such as { \"filter\": ... }");
    for (const cJSON *member = ok ? top->child : NULL; ok && member != NULL; member = member->next) {
        const size_t before = enter(&w, member->string, -1);
        ok = add_member(&w, member);
        if (ok) leave(&w, before);
    }
    ok = ok && built(&w, vitrine_rules_end(shelf->rules));
    cJSON_Delete(top);
    *unknown = w.unknown;
    return ok;
}

bool cli_shelf_rules(const char *path, const vitrine_catalog *catalog, cli_shelf *shelf,
                     uint32_t *unknown, vitrine_problem *problem)
{
    void *bytes;
    size_t size;
    if (!cli_input_file(path, VITRINE_JSON_VALUE, &bytes, &size, problem)) return false;
    const bool ok = cli_shelf_rules_text(bytes, size, path, catalog, shelf, unknown, problem);
    free(bytes);
    return ok;
}
