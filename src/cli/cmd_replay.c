/* vitrine replay: what a page knew and listed, done again here; the first difference is named. The file is
 * the page's export({ replay: true }), described in docs/cli.md. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/shelf.h"
#include "vitrine/engine.h"

static const char command[] = "replay";

static const cli_option OPTIONS[] = {
    {"model", 'm', "FILE", "The model that the page had."},
    {"catalog", 'c', "FILE", "The catalog that the page had."},
    {"delta", 0, "FILE", "The delta that the page had applied."},
    {"json", 0, NULL, "The outcome for machines."},
    {NULL, 0, NULL, NULL}};
static const cli_group GROUPS[] = {{"Options", OPTIONS}, {NULL, NULL}};
static const cli_syntax SYNTAX = {
    .command = command,
    .arguments = "FILE.json",
    .about = "Plays a replay file, made on a shopper's page by export({ replay: true }), with the same model and\n"
             "catalog, and names the first difference. Exit code 1 when there is one.",
    .groups = GROUPS,
    .min_arguments = 1,
    .max_arguments = 1};

enum { FILE_MAX = 16 << 20, MOST_EVENTS = 2000, WORDS = 400 };

typedef struct replay {
    const cli_options *options;
    const char *path;
    cJSON *file;
    vitrine_engine *engine;
    cli_shelf shelf;
    bool json;
    char difference[WORDS]; /* empty: none */
    uint32_t lists, items;  /* that were compared */
} replay;

static int bad(const replay *r, const char *what)
{
    return cli_fail(command, CLI_INPUT, "%s: %s; was it made by export({ replay: true })?", r->path, what);
}

static int differ(replay *r, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* A difference ends the play. */
static int differ(replay *r, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->difference, sizeof r->difference, format, arguments);
    va_end(arguments);
    return CLI_GATE;
}

static void hex(const uint8_t *bytes, char text[65])
{
    for (int i = 0; i < 32; i++) snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

/* --- model and catalog ----------------------------------------------------------------------- */

static bool read_optional(const cli_options *options, const char *name, void **bytes, size_t *size,
                          vitrine_problem *problem)
{
    const char *path = cli_value(options, name);
    *bytes = NULL;
    *size = 0;
    if (path == NULL) return true;
    if (!cli_input_file(path, (size_t)1 << 31, bytes, size, problem)) return false;
    *size = cli_file_end(*bytes, *size);
    return true;
}

static int open_engine(replay *r)
{
    const char *model_path = cli_value(r->options, "model"), *catalog_path = cli_value(r->options, "catalog");
    cli_model model;
    vitrine_problem problem = {0};
    vitrine_fault fault = {0};
    void *catalog = NULL, *delta = NULL;
    size_t size, delta_size;
    uint32_t changed;
    int code = cli_model_open(command, model_path, &model);
    if (code != CLI_OK) return code;
    if (!read_optional(r->options, "catalog", &catalog, &size, &problem) ||
        !read_optional(r->options, "delta", &delta, &delta_size, &problem))
        code = cli_problem(command, &problem);
    if (code == CLI_OK) {
        vitrine_status status =
            vitrine_engine_create(model.bytes, model.size, catalog, size, MOST_EVENTS, &r->engine, &fault);
        if (status != VITRINE_OK) code = cli_refusal(command, catalog_path, catalog, size, status, &fault);
    }
    if (code == CLI_OK && delta != NULL) {
        const vitrine_status status =
            vitrine_catalog_apply_delta(r->engine->catalog, delta, delta_size, &changed, &fault);
        if (status != VITRINE_OK)
            code = cli_refusal(command, cli_value(r->options, "delta"), delta, delta_size, status, &fault);
    }
    cli_model_close(&model);
    free(catalog);
    free(delta);
    return code;
}

static int compare_files(replay *r)
{
    const cJSON *catalog = vitrine_json_member(r->file, "catalog");
    const char *model = vitrine_json_text(r->file, "model"), *file = vitrine_json_text(catalog, "hash");
    const cJSON *digest = vitrine_json_member(catalog, "digest");
    char here[65];
    if (model == NULL || file == NULL || !cJSON_IsNumber(digest)) return bad(r, "the hashes of model and catalog are missing");
    hex(vitrine_model_hash(r->engine->model), here);
    if (strcmp(here, model) != 0)
        return differ(r, "another model: the page had %.16s..., %s is %.16s...", model, cli_value(r->options, "model"), here);
    hex(vitrine_catalog_hash(r->engine->catalog), here);
    if (strcmp(here, file) != 0)
        return differ(r, "another catalog: the page had %.16s..., here it is %.16s... (zeros: none); see --catalog", file, here);
    if ((double)vitrine_catalog_digest(r->engine->catalog) != digest->valuedouble)
        return differ(r, "other prices or stock: the page had changed them by update() or a delta; see --delta");
    return CLI_OK;
}

/* --- profile --------------------------------------------------------------------------------- */

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c != 0 ? strchr(digits, c) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

/* Base64 with its padding, into memory aligned to 64: free() it. Null when it is none, or memory is out. */
static void *decode(const char *text, size_t *size)
{
    const size_t length = strlen(text);
    if (length == 0 || length % 4 != 0) return NULL;
    uint8_t *out = aligned_alloc(64, (length + 64) / 64 * 64);
    *size = 0;
    for (size_t i = 0; out != NULL && i < length; i += 4) {
        const bool last = i + 4 == length;
        const int fill = last && text[i + 3] == '=' ? (text[i + 2] == '=' ? 2 : 1) : 0;
        uint32_t word = 0;
        for (int c = 0; c < 4; c++) {
            const int digit = c >= 4 - fill ? 0 : digit_of(text[i + (size_t)c]);
            if (digit < 0) {
                free(out);
                return NULL;
            }
            word = word << 6 | (uint32_t)digit;
        }
        for (int b = 0; b < 3 - fill; b++) out[(*size)++] = (uint8_t)(word >> (16 - 8 * b));
    }
    return out;
}

static int load_profile(replay *r)
{
    const char *text = vitrine_json_text(r->file, "profile");
    vitrine_fault fault = {0};
    size_t size;
    uint32_t skipped;
    void *bytes = text != NULL ? decode(text, &size) : NULL;
    if (bytes == NULL) return bad(r, "no profile in base64");
    const vitrine_status status = vitrine_profile_load(r->engine->visitor, bytes, size, &skipped, &fault);
    free(bytes);
    if (status != VITRINE_OK)
        return cli_fail(command, CLI_INPUT, "%s: the profile is refused: %s in '%s' at byte %" PRIu64, r->path,
                        vitrine_status_name(status), fault.field, fault.offset);
    if (skipped > 0) return differ(r, "%u events are about items that this catalog does not have", skipped);
    return CLI_OK;
}

static int compare_events(replay *r)
{
    const cJSON *events = vitrine_json_member(r->file, "events"), *event;
    const uint32_t count = vitrine_profile_events(r->engine->visitor);
    if (!cJSON_IsArray(events)) return bad(r, "no list of events");
    if (cJSON_GetArraySize(events) != (int)count)
        return differ(r, "the profile holds %u events, the page listed %d", count, cJSON_GetArraySize(events));
    uint32_t index = 0;
    cJSON_ArrayForEach(event, events)
    {
        const vitrine_event here = vitrine_profile_event(r->engine->visitor, index);
        const char *type = vitrine_json_text(event, "type"), *id = vitrine_json_text(event, "item_id");
        const cJSON *time = vitrine_json_member(event, "time");
        if (type == NULL || id == NULL || !cJSON_IsNumber(time)) return bad(r, "an event lacks its type, item_id or time");
        if (here.item != vitrine_catalog_find(r->engine->catalog, id, strlen(id)) ||
            strcmp(type, vitrine_event_name(here.kind)) != 0 || (double)here.time != time->valuedouble)
            return differ(r, "event %u: the page listed %s of '%.60s' at %.0f, the profile holds %s at %" PRId64, index, type,
                          id, time->valuedouble, vitrine_event_name(here.kind), here.time);
        index++;
    }
    return CLI_OK;
}

static bool same_bits(float here, double there)
{
    const float value = (float)there;
    return memcmp(&here, &value, sizeof value) == 0 || (here == 0.0f && value == 0.0f);
}

static int compare_state(replay *r)
{
    const cJSON *state = vitrine_json_member(r->file, "state"), *number;
    uint32_t width, unit = 0;
    const float *here = vitrine_profile_state(r->engine->visitor, &width);
    if (!cJSON_IsArray(state)) return bad(r, "no recurrent state");
    if (cJSON_GetArraySize(state) != (int)width)
        return differ(r, "the state is %u wide, the page's %d", width, cJSON_GetArraySize(state));
    cJSON_ArrayForEach(number, state)
    {
        if (!cJSON_IsNumber(number)) return bad(r, "a state that is no number");
        if (!same_bits(here[unit], number->valuedouble))
            return differ(r, "unit %u of the recurrent state: %.9g here, %.9g on the page", unit, (double)here[unit],
                          number->valuedouble);
        unit++;
    }
    return CLI_OK;
}

/* --- lists ----------------------------------------------------------------------------------- */

static bool flags_of(const cJSON *names, uint32_t *flags)
{
    const cJSON *name;
    *flags = 0;
    if (!cJSON_IsArray(names)) return names == NULL;
    cJSON_ArrayForEach(name, names)
    {
        const uint32_t flag = cJSON_IsString(name) ? cli_exclusion(name->valuestring, strlen(name->valuestring)) : 0;
        if (flag == 0) return false;
        *flags |= flag;
    }
    return true;
}

/* Fills a shelf as a request asks; false when it is none. */
static bool list(replay *r, const cJSON *request, vitrine_shelf *found)
{
    const char *place = vitrine_json_text(request, "placement");
    const cJSON *seeds = vitrine_json_member(request, "seeds"), *id;
    uint32_t items[VITRINE_SHELF_SEEDS], count = 0, number = 0;
    vitrine_shelf_request asked = {.seeds = items};
    while (number < VITRINE_PLACES && (place == NULL || strcmp(cli_placements[number], place) != 0)) number++;
    if (number == VITRINE_PLACES || (seeds != NULL && !cJSON_IsArray(seeds))) return false;
    const cJSON *limit = vitrine_json_member(request, "limit");
    if (!cJSON_IsNumber(limit) || !(limit->valuedouble >= 1 && limit->valuedouble <= VITRINE_SHELF_LIMIT)) return false;
    asked.limit = (uint32_t)limit->valuedouble;
    if (!flags_of(vitrine_json_member(request, "exclude"), &asked.exclude_flags)) return false;
    cJSON_ArrayForEach(id, seeds)
    {
        if (!cJSON_IsString(id) || count == VITRINE_SHELF_SEEDS) return false;
        items[count++] = vitrine_catalog_find(r->engine->catalog, id->valuestring, strlen(id->valuestring));
    }
    asked.placement = (vitrine_placement)number;
    asked.seed_count = count;
    return vitrine_recommend(r->engine->ranker, NULL, r->engine->visitor, r->shelf.seeds, &asked, r->shelf.placed, found) ==
           VITRINE_OK;
}

static int compare_list(replay *r, uint32_t number, const cJSON *request)
{
    const cJSON *theirs = vitrine_json_member(request, "list"), *entry;
    const vitrine_placed *here = r->shelf.placed;
    vitrine_shelf found;
    uint32_t place = 0;
    if (!cJSON_IsArray(theirs) || !list(r, request, &found)) return bad(r, "a request that we do not know");
    const char *name = vitrine_json_text(request, "placement");
    cJSON_ArrayForEach(entry, theirs)
    {
        const cJSON *id = cJSON_IsArray(entry) ? entry->child : NULL, *score = id != NULL ? id->next : NULL;
        const cJSON *rung = score != NULL ? score->next : NULL;
        if (!cJSON_IsString(id) || !cJSON_IsNumber(score) || !cJSON_IsString(rung))
            return bad(r, "an entry of a list that is no id, score and rung");
        if (place == found.count)
            return differ(r, "request %u (%s), rank %u: '%.60s' on the page, nothing here", number, name, place + 1,
                          id->valuestring);
        size_t length;
        const char *item = vitrine_catalog_id(r->engine->catalog, here[place].item, &length);
        if (strlen(id->valuestring) != length || memcmp(id->valuestring, item, length) != 0)
            return differ(r, "request %u (%s), rank %u: '%.60s' (%.9g) on the page, '%.*s' (%.9g) here", number, name,
                          place + 1, id->valuestring, score->valuedouble, (int)(length > 60 ? 60 : length), item,
                          (double)here[place].score);
        if (!same_bits(here[place].score, score->valuedouble))
            return differ(r, "request %u (%s), rank %u, '%.60s': score %.9g on the page, %.9g here", number, name, place + 1,
                          id->valuestring, score->valuedouble, (double)here[place].score);
        if (strcmp(rung->valuestring, cli_rungs[here[place].rung]) != 0)
            return differ(r, "request %u (%s), rank %u, '%.60s': from '%.20s' on the page, from '%s' here", number, name,
                          place + 1, id->valuestring, rung->valuestring, cli_rungs[here[place].rung]);
        place++;
    }
    if (place < found.count)
        return differ(r, "request %u (%s): %u items on the page, %u here", number, name, place, found.count);
    r->lists++;
    r->items += found.count;
    return CLI_OK;
}

static int compare_lists(replay *r)
{
    const cJSON *requests = vitrine_json_member(r->file, "requests"), *request;
    const cJSON *learn = vitrine_json_member(r->file, "learn");
    vitrine_problem problem = {0};
    uint32_t number = 0;
    int code = CLI_OK;
    if (!cJSON_IsArray(requests)) return bad(r, "no requests");
    if (learn != NULL &&
        !(cJSON_IsNumber(learn) &&
          vitrine_ranker_learn(r->engine->ranker, r->engine->visitor, (float)learn->valuedouble) == VITRINE_OK))
        return bad(r, "'learn' is no number from 0 to 1");
    if (!cli_shelf_open(r->engine->catalog, &r->shelf, &problem)) return cli_problem(command, &problem);
    cJSON_ArrayForEach(request, requests)
    {
        if (code == CLI_OK) code = compare_list(r, number++, request);
    }
    return code;
}

/* --- the command ----------------------------------------------------------------------------- */

static int read_file(replay *r)
{
    vitrine_problem problem = {0};
    void *bytes;
    size_t size;
    if (!cli_input_file(r->path, FILE_MAX, &bytes, &size, &problem)) return cli_problem(command, &problem);
    r->file = vitrine_json_parse(bytes, size, FILE_MAX, r->path, &problem);
    free(bytes);
    if (r->file == NULL) return cli_problem(command, &problem);
    const char *schema = vitrine_json_text(r->file, "schema");
    return schema != NULL && strcmp(schema, "vitrine-replay/1") == 0 ? CLI_OK : bad(r, "its schema is not vitrine-replay/1");
}

static int play(replay *r)
{
    static int (*const steps[])(replay *) = {read_file,    open_engine,   compare_files, load_profile,
                                             compare_events, compare_state, compare_lists};
    int code = CLI_OK;
    for (size_t i = 0; code == CLI_OK && i < sizeof steps / sizeof steps[0]; i++) code = steps[i](r);
    return code;
}

static int tell(replay *r, int code)
{
    vitrine_problem problem = {0};
    if (code != CLI_OK && code != CLI_GATE) return code;
    if (r->json) {
        cJSON *top = cJSON_CreateObject();
        cli_json_bool(top, "same", code == CLI_OK);
        if (code == CLI_GATE) cli_json_text(top, "difference", r->difference, strlen(r->difference));
        cli_json_number(top, "lists", r->lists);
        cli_json_number(top, "items", r->items);
        if (!cli_json_print(top, stdout, &problem)) return cli_problem(command, &problem);
    } else if (code == CLI_OK) {
        printf("the same: %u lists, %u items with their scores to the bit\n", r->lists, r->items);
    } else {
        printf("differs: %s\n", r->difference);
    }
    return code;
}

int cmd_replay(int argc, char **argv)
{
    cli_options options;
    int code = cli_parse(&options, &SYNTAX, argc, argv);
    if (code != CLI_GO_ON) return code;
    replay r = {.options = &options, .path = options.arguments[0], .json = cli_has(&options, "json")};
    if (!cli_has(&options, "model")) return cli_usage(&options, "--model FILE is missing: which model did the page have?");
    code = tell(&r, play(&r));
    cJSON_Delete(r.file);
    cli_shelf_close(&r.shelf);
    vitrine_engine_destroy(r.engine);
    return code;
}
