/* vitrine recommend: the list that a page would show for a history, from the same core. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/strings.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/log_options.h"
#include "cli/model_file.h"
#include "cli/output.h"
#include "cli/shelf.h"
#include "vitrine/engine.h"

static const char command[] = "recommend";

static const cli_option what_options[] = {
    { "model", 'm', "FILE", "the model" },
    { "catalog", 'c', "FILE", "a catalog made by vitrine import: titles, prices, stock, new items" },
    { "history", 0, "LIST", "items seen, oldest first: ID,ID,... each may carry its kind, as in\n"
                            "add_to_cart:ID; comma, percent sign and tab in an id as %2C %25 %09" },
    { "similar", 0, "ID", "items like this one instead" },
    { "by", 0, "NAME", "cosine (usual), dot or euclidean, for --similar" },
    { "rerank", 0, "LIST", "put these items in order instead of all" },
    { "max-displacement", 0, "N", "how many places --rerank may move an item (usual: any)" },
    { "keep-top", 0, "N", "how many of the first of --rerank stay in place (usual: 0)" },
    { "placement", 0, "NAME", "a shelf: for_you, related, bought_together, cart_addons, trending,\n"
                              "bestsellers, new_arrivals, recently_viewed, more_like_this or\n"
                              "because_you_viewed" },
    { "seeds", 0, "LIST", "items the shelf is about, as ID,ID,...; the last is the rules' context" },
    { "rules", 0, "FILE", "JSON of filter, boost, bury, pin, hide, diversity, maxPer, minRelevance,\n"
                          "fatigue and mustMatch, see docs/rules.md" },
    { "promotions", 0, "FILE", "JSON of offers or banners, [{ \"id\", \"target\": tree }]: which to show instead" },
    { "now", 0, "DATE", "the time of the rules and of fatigue: the newest event's" },
    { "learn", 0, NULL, "let the history change the visitor's ranking, as in the browser" },
    { "exclude", 0, "LIST", "leave out what was viewed, cart, wishlist, purchased or rated" },
    { "limit", 'n', "N", "length of the list (usual: 20)" },
    { 0 }
};
static const cli_option output_options[] = {
    { "explain", 0, NULL, "say which event and which part of the model carried each item" },
    { "json", 0, NULL, "for machines: one line, or one for each session of --events" },
    { "quiet", 'q', NULL, "no report of left-out rows" },
    { 0 }
};
static const cli_group groups[] = { { "What to recommend", what_options },
                                    { "Histories from a log: a list for each session", cli_log_input },
                                    { "Cleaning", cli_log_cleaning },
                                    { "Output", output_options },
                                    { 0 } };
static const cli_syntax syntax = {
    .command = command,
    .about = "Ranks the whole catalog for a visitor. An empty history gives the most popular items.",
    .groups = groups,
};

enum { MOST_WARNINGS = 64, MOST_HISTORY = 10000 };

typedef struct request {
    const char *history, *similar, *rerank;
    vitrine_similarity by;
    uint32_t limit, exclude;
    bool explain, json, stream;
    bool shelf;          /* a placement or rules */
    int placement;
    const char *seeds, *rules, *promotions;
    uint32_t most, keep_top;
    int64_t now;
    bool learn;
} request;

/* An engine, and the room for one answer. */
typedef struct recommender {
    vitrine_engine *engine;
    vitrine_scored *list;   /* [items] */
    vitrine_reason *reason; /* [items]; null without --explain */
    uint32_t count;
    const char *source; /* "model", "similar", "popular" or a rung */
    const char *placement; /* its name; null: no shelf */
    cli_shelf shelf;
    const vitrine_profile *explained; /* whose events the reasons name */
    uint32_t *seeds, seed_count;      /* [VITRINE_SHELF_SEEDS] */
    cJSON *warnings;    /* texts, for --json */
} recommender;

static const char *const part_names[VITRINE_PARTS] = { "network", "neighbours", "content", "recent",
                                                       "popularity" };

/* Printed at once, and kept for the JSON. */
static void warn(recommender *desk, const request *asked, const char *text, const char *id, size_t length)
{
    char line[512];
    const int cut = length > 200 ? 200 : (int)length;
    const int size = snprintf(line, sizeof line, text, cut, id);
    if (!asked->json) fprintf(stderr, "vitrine %s: %s\n", command, line);
    if (desk->warnings == NULL || cJSON_GetArraySize(desk->warnings) >= MOST_WARNINGS) return;
    cJSON *object = cli_json_object(desk->warnings, NULL);
    cli_json_text(object, "message", line, size < 0 ? 0 : strlen(line));
    cli_json_text(object, "item_id", id, length);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/* Takes the next entry of a list, percent-decoded, into out (as long as the entry at most); moves
 * *text behind it. False at the end. */
static bool next_entry(const char **text, char *out, size_t *length)
{
    const char *at = *text;
    *length = 0;
    if (*at == '\0') return false;
    for (; *at != '\0' && *at != ','; at++) {
        if (at[0] == '%' && digit_of(at[1]) >= 0 && digit_of(at[2]) >= 0) {
            out[(*length)++] = (char)(digit_of(at[1]) * 16 + digit_of(at[2]));
            at += 2;
        } else {
            out[(*length)++] = *at;
        }
    }
    *text = *at == ',' ? at + 1 : at;
    return true;
}

/* A leading "kind:" counts only when it names a kind: ids may hold colons. */
static uint32_t kind_of(const char *entry, size_t length, size_t *skipped)
{
    const char *colon = memchr(entry, ':', length);
    *skipped = 0;
    if (colon == NULL) return VITRINE_VIEW_ITEM;
    const uint32_t kind = vitrine_event_kind_of(entry, (size_t)(colon - entry));
    if (kind == VITRINE_EVENT_KINDS) return VITRINE_VIEW_ITEM;
    *skipped = (size_t)(colon - entry) + 1;
    return kind;
}

/* Feeds --history to the visitor. Returns events that were about known items, or UINT32_MAX when
 * memory is out. */
static uint32_t observe_history(recommender *desk, const request *asked)
{
    const char *rest = asked->history;
    char *entry = malloc(strlen(rest) + 1);
    size_t length, skipped;
    uint32_t known = 0;
    if (entry == NULL) return UINT32_MAX;
    while (next_entry(&rest, entry, &length)) {
        if (length == 0) continue;
        /* The whole entry may be an id with a colon in it. */
        uint32_t kind = VITRINE_VIEW_ITEM;
        uint32_t item = vitrine_catalog_find(desk->engine->catalog, entry, length);
        if (item == VITRINE_NO_ITEM) {
            kind = kind_of(entry, length, &skipped);
            item = vitrine_catalog_find(desk->engine->catalog, entry + skipped, length - skipped);
        } else {
            skipped = 0;
        }
        if (item == VITRINE_NO_ITEM) {
            warn(desk, asked, "the model does not know item '%.*s'; left out of the history",
                 entry + skipped, length - skipped);
            continue;
        }
        const vitrine_event event = { .item = item, .kind = kind };
        if (vitrine_profile_observe(desk->engine->visitor, &event) == VITRINE_OK) known++;
    }
    free(entry);
    return known;
}

/* Items of a list that are known, each once; returns how many of the newest `most` there are. */
static uint32_t read_items(recommender *desk, const request *asked, const char *list, const char *what,
                           uint32_t most, uint32_t *items)
{
    char *entry = malloc(strlen(list) + 1);
    size_t length;
    uint32_t count = 0;
    if (entry == NULL) return UINT32_MAX;
    while (next_entry(&list, entry, &length)) {
        const uint32_t item = vitrine_catalog_find(desk->engine->catalog, entry, length);
        if (item == VITRINE_NO_ITEM) {
            warn(desk, asked, what, entry, length);
            continue;
        }
        if (count == most) memmove(items, items + 1, --count * sizeof *items);
        items[count++] = item;
    }
    free(entry);
    return count;
}

/* A shelf under rules. */
static int make_shelf(recommender *desk, const request *asked)
{
    vitrine_engine *e = desk->engine;
    vitrine_shelf_request r = desk->shelf.request;
    vitrine_shelf shelf;
    r.placement = (vitrine_placement)asked->placement;
    r.limit = asked->limit;
    r.exclude_flags = asked->exclude;
    r.seeds = desk->seeds;
    r.seed_count = desk->seed_count;
    r.now = asked->now;
    const vitrine_status status = vitrine_recommend(e->ranker, desk->shelf.rules, e->visitor,
                                                    desk->shelf.seeds, &r, desk->shelf.placed, &shelf);
    if (status != VITRINE_OK)
        return cli_fail(command, CLI_INPUT, "the shelf is refused: %s", vitrine_status_name(status));
    for (uint32_t i = 0; i < shelf.count; i++)
        desk->list[i] = (vitrine_scored){ desk->shelf.placed[i].item, desk->shelf.placed[i].score };
    desk->count = shelf.count;
    desk->source = cli_rungs[shelf.rung];
    if (shelf.seeded) desk->explained = desk->shelf.seeds;
    if (shelf.relaxed)
        warn(desk, asked, "nothing was left%.*s: exclusions, caps and variants were lifted", "", 0);
    return CLI_OK;
}

static int make_list(recommender *desk, const request *asked)
{
    if (asked->shelf) return make_shelf(desk, asked);
    vitrine_engine *e = desk->engine;
    const vitrine_filter filter = { .exclude_flags = asked->exclude };
    vitrine_status status = VITRINE_OK;
    desk->source = "model";
    if (asked->similar != NULL) {
        const uint32_t item =
            vitrine_catalog_find(e->catalog, asked->similar, strlen(asked->similar));
        if (item == VITRINE_NO_ITEM)
            return cli_fail(command, CLI_INPUT, "--similar: the model does not know item '%s'",
                            asked->similar);
        desk->source = "similar";
        status = vitrine_similar(e->ranker, item, asked->by, e->visitor, &filter, asked->limit,
                                 desk->list, &desk->count);
    } else if (vitrine_profile_events(e->visitor) == 0 && asked->rerank == NULL) {
        desk->source = "popular";
        status = vitrine_popular(e->ranker, e->visitor, &filter, asked->limit, desk->list,
                                 &desk->count);
    } else if (asked->rerank == NULL) {
        status = vitrine_rank(e->ranker, e->visitor, &filter, asked->limit, desk->list,
                              &desk->count);
    }
    if (status != VITRINE_OK)
        return cli_fail(command, CLI_INPUT, "ranking refused: %s", vitrine_status_name(status));
    return CLI_OK;
}

/* Within the bounds of --max-displacement and --keep-top, and under the rules. */
static vitrine_status rerank_within(recommender *desk, const request *asked, const uint32_t *given,
                                    uint32_t count)
{
    uint8_t keep[VITRINE_SHELF_LIMIT] = { 0 };
    if (count > VITRINE_SHELF_LIMIT) return VITRINE_BAD_ARGUMENT;
    for (uint32_t i = 0; i < asked->keep_top && i < count; i++) keep[i] = 1;
    const vitrine_status status =
        vitrine_rerank_within(desk->engine->ranker, desk->shelf.rules, desk->engine->visitor, given, count,
                              keep, asked->most, asked->now, desk->shelf.placed);
    for (uint32_t i = 0; i < count && status == VITRINE_OK; i++)
        desk->list[i] = (vitrine_scored){ desk->shelf.placed[i].item, desk->shelf.placed[i].score };
    return status;
}

/* Orders the items of --rerank that are known; each is taken once. */
static int make_reranked(recommender *desk, const request *asked)
{
    const uint32_t items = vitrine_catalog_items(desk->engine->catalog);
    const char *rest = asked->rerank;
    char *entry = malloc(strlen(rest) + 1);
    uint32_t *given = malloc(items * sizeof *given);
    uint8_t *taken = calloc(items, 1);
    size_t length;
    uint32_t count = 0;
    vitrine_status status = VITRINE_NO_SPACE;
    if (entry == NULL || given == NULL || taken == NULL) goto done;
    while (next_entry(&rest, entry, &length)) {
        const uint32_t item = vitrine_catalog_find(desk->engine->catalog, entry, length);
        if (item == VITRINE_NO_ITEM) {
            warn(desk, asked, "the model does not know item '%.*s'; left out of the list", entry,
                 length);
        } else if (!taken[item]) {
            taken[item] = 1;
            given[count++] = item;
        }
    }
    desk->source = "model";
    desk->count = count;
    if (count == 0)
        status = VITRINE_OK;
    else if (asked->rules == NULL && asked->most >= count && asked->keep_top == 0)
        status = vitrine_rerank(desk->engine->ranker, desk->engine->visitor, given, count, desk->list);
    else
        status = rerank_within(desk, asked, given, count);
done:
    free(entry);
    free(given);
    free(taken);
    if (status == VITRINE_NO_SPACE) return cli_fail(command, CLI_IO, "out of memory");
    if (status != VITRINE_OK)
        return cli_fail(command, CLI_INPUT, "ranking refused: %s", vitrine_status_name(status));
    return CLI_OK;
}

static int explain_list(recommender *desk)
{
    uint32_t *items = malloc(((size_t)desk->count + 1) * sizeof *items);
    if (items == NULL) return cli_fail(command, CLI_IO, "out of memory");
    for (uint32_t n = 0; n < desk->count; n++) items[n] = desk->list[n].item;
    vitrine_status status = VITRINE_OK;
    for (uint32_t n = 0; n < desk->count && status == VITRINE_OK; n += VITRINE_EXPLAIN_ITEMS) {
        const uint32_t left = desk->count - n;
        status = vitrine_explain(desk->engine->ranker, desk->explained, items + n,
                                 left < VITRINE_EXPLAIN_ITEMS ? left : VITRINE_EXPLAIN_ITEMS,
                                 desk->reason + n);
    }
    free(items);
    return status == VITRINE_OK
               ? CLI_OK
               : cli_fail(command, CLI_INPUT, "explaining refused: %s", vitrine_status_name(status));
}

static void add_reason(cJSON *item, const recommender *desk, const vitrine_reason *reason)
{
    size_t length;
    cJSON *to = cli_json_object(item, "reason");
    cli_json_text(to, "kind", part_names[reason->kind], strlen(part_names[reason->kind]));
    cli_json_number(to, "share", (double)reason->share);
    cJSON *parts = cli_json_object(to, "parts");
    for (int k = 0; k < VITRINE_PARTS; k++)
        cli_json_number(parts, part_names[k], (double)reason->parts[k]);
    if (reason->source == VITRINE_NO_ITEM) return;
    const char *id = vitrine_catalog_id(desk->engine->catalog, reason->source, &length);
    cli_json_text(to, "source_item_id", id, length);
    cli_json_number(to, "event", reason->event);
    cli_json_number(to, "lost", (double)reason->lost);
}

static int print_json(const recommender *desk, const char *session, size_t session_length)
{
    const vitrine_catalog *catalog = desk->engine->catalog;
    vitrine_problem problem = {0};
    size_t length;
    cJSON *root = cJSON_CreateObject();
    if (session != NULL) cli_json_text(root, "session", session, session_length);
    if (desk->placement != NULL) cli_json_text(root, "placement", desk->placement, strlen(desk->placement));
    cli_json_text(root, "source", desk->source, strlen(desk->source));
    cli_json_number(root, "model_version", (double)vitrine_model_version(desk->engine->model));
    if (desk->warnings != NULL && cJSON_GetArraySize(desk->warnings) > 0)
        cli_json_add(root, "warnings", cJSON_Duplicate(desk->warnings, true));
    cJSON *items = cli_json_array(root, "items");
    for (uint32_t n = 0; n < desk->count; n++) {
        const uint32_t i = desk->list[n].item;
        cJSON *item = cli_json_object(items, NULL);
        const char *id = vitrine_catalog_id(catalog, i, &length);
        cli_json_text(item, "item_id", id, length);
        cli_json_number(item, "rank", n + 1.0);
        cli_json_number(item, "score", (double)desk->list[n].score);
        if (desk->placement != NULL) {
            const vitrine_placed *placed = &desk->shelf.placed[n];
            cli_json_text(item, "source", cli_rungs[placed->rung], strlen(cli_rungs[placed->rung]));
            if (placed->factor < 1.0f || placed->factor > 1.0f)
                cli_json_number(item, "factor", (double)placed->factor);
        }
        const char *title = vitrine_catalog_text(catalog, i, VITRINE_TEXT_TITLE, &length);
        if (length > 0) cli_json_text(item, "title", title, length);
        const float price = vitrine_catalog_price(catalog, i);
        if (price >= 0.0f) cli_json_number(item, "price", (double)price);
        if (desk->reason != NULL) add_reason(item, desk, &desk->reason[n]);
    }
    return cli_json_print(root, stdout, &problem) ? CLI_OK : cli_problem(command, &problem);
}

static void print_reason(const recommender *desk, const vitrine_reason *reason)
{
    static const char *const because[VITRINE_PARTS] = {
        "fits the course of the visit", "others went on to it", "shares attributes",
        "was here before", "is popular"
    };
    size_t length;
    printf("  %s (%.0f %%)", because[reason->kind], 100.0 * (double)reason->share);
    if (reason->source == VITRINE_NO_ITEM) return;
    const char *id = vitrine_catalog_id(desk->engine->catalog, reason->source, &length);
    printf(", mostly by %.*s", (int)length, id);
}

static void print_table(const recommender *desk, const char *session, size_t session_length)
{
    const vitrine_catalog *catalog = desk->engine->catalog;
    size_t length, title_length;
    if (session != NULL) printf("session %.*s\n", (int)session_length, session);
    for (uint32_t n = 0; n < desk->count; n++) {
        const uint32_t i = desk->list[n].item;
        const char *id = vitrine_catalog_id(catalog, i, &length);
        const char *title = vitrine_catalog_text(catalog, i, VITRINE_TEXT_TITLE, &title_length);
        const float price = vitrine_catalog_price(catalog, i);
        printf("%4u  %-14.*s %9.6f", n + 1, (int)length, id, (double)desk->list[n].score);
        if (title_length > 0) printf("  %.*s", (int)title_length, title);
        if (price >= 0.0f) printf("  %.2f", (double)price);
        if (desk->reason != NULL) print_reason(desk, &desk->reason[n]);
        printf("\n");
    }
}

/* Ranks for the visitor as they stand and prints it. */
static int answer(recommender *desk, const request *asked, const char *session, size_t session_length)
{
    desk->explained = desk->engine->visitor;
    if (asked->promotions != NULL) {
        vitrine_problem problem = {0};
        const uint32_t context = desk->seed_count > 0 ? desk->seeds[desk->seed_count - 1] : VITRINE_NO_ITEM;
        return cli_promotions(asked->promotions, desk->engine, &desk->shelf, context, asked->now, asked->json,
                              &problem)
                   ? CLI_OK
                   : cli_problem(command, &problem);
    }
    int code = asked->rerank != NULL ? make_reranked(desk, asked) : make_list(desk, asked);
    if (code == CLI_OK && desk->reason != NULL) code = explain_list(desk);
    if (code != CLI_OK) return code;
    if (asked->json) return print_json(desk, session, session_length);
    print_table(desk, session, session_length);
    return CLI_OK;
}

static int answer_history(recommender *desk, const request *asked)
{
    const uint32_t known = observe_history(desk, asked);
    if (known == UINT32_MAX) return cli_fail(command, CLI_IO, "out of memory");
    if (known == 0 && asked->history[0] != '\0' && asked->similar == NULL)
        warn(desk, asked,
             "none of the items in '%.*s' is known to the model: these are the most popular items",
             asked->history, strlen(asked->history));
    return answer(desk, asked, NULL, 0);
}

/* A catalog's new items are no rows of the model's table: ids are looked up one by one. */
static int answer_stream(recommender *desk, const request *asked, const cli_options *options)
{
    vitrine_dataset log;
    int code = cli_read_log(options, NULL, &log, NULL);
    if (code != CLI_OK) return code;
    for (uint32_t s = 0; s < log.sessions && code == CLI_OK; s++) {
        size_t length;
        vitrine_profile_forget_all(desk->engine->visitor);
        for (uint64_t e = log.session_start[s]; e < log.session_start[s + 1]; e++) {
            const char *id = vitrine_strings_get(&log.item_ids, log.item[e], &length);
            const vitrine_event event = {
                .item = vitrine_catalog_find(desk->engine->catalog, id, length),
                .kind = log.kind[e], .time = log.time[e], .value = log.value[e]
            };
            if (event.item != VITRINE_NO_ITEM)
                (void)vitrine_profile_observe(desk->engine->visitor, &event);
        }
        const char *name = vitrine_strings_get(&log.session_ids, s, &length);
        code = answer(desk, asked, name, length);
    }
    vitrine_dataset_free(&log);
    return code;
}

static bool read_exclusions(const cli_options *options, uint32_t *flags)
{
    const char *text = cli_value(options, "exclude");
    *flags = 0;
    while (text != NULL && *text != '\0') {
        const size_t length = strcspn(text, ",");
        const uint32_t flag = cli_exclusion(text, length);
        if (flag == 0) {
            cli_usage(options, "--exclude: '%.*s' is none of: viewed, cart, wishlist, purchased, "
                               "rated", (int)length, text);
            return false;
        }
        *flags |= flag;
        text += length + (text[length] == ',');
    }
    return true;
}

static bool read_request(const cli_options *options, request *asked)
{
    static const char *const similarities[] = { "cosine", "dot", "euclidean", NULL };
    int by = 0;
    *asked = (request){ .history = cli_value(options, "history"),
                        .similar = cli_value(options, "similar"),
                        .rerank = cli_value(options, "rerank"), .limit = 20,
                        .explain = cli_has(options, "explain"), .json = cli_has(options, "json"),
                        .stream = cli_has(options, "events"), .seeds = cli_value(options, "seeds"),
                        .rules = cli_value(options, "rules"),
                        .promotions = cli_value(options, "promotions"), .most = UINT32_MAX,
                        .learn = cli_has(options, "learn") };
    if (!cli_u32(options, "limit", 1, VITRINE_MAX_ITEMS, &asked->limit) ||
        !cli_choice(options, "by", similarities, &by) || !read_exclusions(options, &asked->exclude) ||
        !cli_choice(options, "placement", cli_placements, &asked->placement) ||
        !cli_u32(options, "max-displacement", 0, VITRINE_MAX_ITEMS, &asked->most) ||
        !cli_u32(options, "keep-top", 0, VITRINE_MAX_ITEMS, &asked->keep_top) ||
        (cli_has(options, "now") && !cli_moment(options, "now", &asked->now)))
        return false;
    asked->shelf = asked->rerank == NULL && (cli_has(options, "placement") || asked->rules != NULL);
    if (asked->shelf && asked->similar != NULL) {
        cli_usage(options, "--similar is a list of its own; --placement more_like_this takes --seeds");
        return false;
    }
    if (asked->shelf && asked->limit > VITRINE_SHELF_LIMIT) {
        cli_usage(options, "--limit: a shelf has at most %u items", VITRINE_SHELF_LIMIT);
        return false;
    }
    if (asked->seeds != NULL && !asked->shelf && asked->promotions == NULL) {
        cli_usage(options, "--seeds wants --placement, --rules or --promotions");
        return false;
    }
    asked->by = (vitrine_similarity)by;
    if (cli_value(options, "model") == NULL) {
        cli_usage(options, "--model FILE is missing");
        return false;
    }
    if (asked->stream && asked->history != NULL) {
        cli_usage(options, "--history and --events both give histories: choose one");
        return false;
    }
    if (asked->history == NULL) asked->history = "";
    return true;
}

/* Opens model and catalog; CLI_OK, or the exit code after a message. */
static int open_desk(const cli_options *options, const request *asked, recommender *desk)
{
    const char *catalog_path = cli_value(options, "catalog");
    vitrine_problem problem = {0};
    vitrine_fault fault = {0};
    cli_model model;
    void *catalog = NULL;
    size_t catalog_size = 0;
    int code = cli_model_open(command, cli_value(options, "model"), &model);
    if (code != CLI_OK) return code;
    if (catalog_path != NULL &&
        !cli_input_file(catalog_path, (size_t)1 << 31, &catalog, &catalog_size, &problem)) {
        cli_model_close(&model);
        return cli_problem(command, &problem);
    }
    if (catalog_path != NULL) catalog_size = cli_file_end(catalog, catalog_size);
    /* The model has just been opened without the catalog: what fails now is the catalog. */
    const vitrine_status status =
        vitrine_engine_create(model.bytes, model.size, catalog, catalog_size, MOST_HISTORY,
                              &desk->engine, &fault);
    cli_model_close(&model);
    if (status != VITRINE_OK)
        code = cli_refusal(command, catalog_path != NULL ? catalog_path : "the model", catalog, catalog_size,
                           status, &fault);
    free(catalog);
    if (status != VITRINE_OK) return code;
    const uint32_t items = vitrine_catalog_items(desk->engine->catalog);
    desk->list = malloc(((size_t)items + 1) * sizeof *desk->list);
    if (asked->explain) desk->reason = malloc(((size_t)items + 1) * sizeof *desk->reason);
    desk->warnings = asked->json ? cJSON_CreateArray() : NULL;
    desk->seeds = malloc(VITRINE_SHELF_SEEDS * sizeof *desk->seeds);
    if (desk->seeds == NULL) return cli_fail(command, CLI_IO, "out of memory");
    if (asked->learn) (void)vitrine_ranker_learn(desk->engine->ranker, desk->engine->visitor, 1.0f);
    if (!cli_shelf_open(desk->engine->catalog, &desk->shelf, &problem)) return cli_problem(command, &problem);
    if (asked->rules != NULL) {
        uint32_t unknown;
        if (!cli_shelf_rules(asked->rules, desk->engine->catalog, &desk->shelf, &unknown, &problem))
            return cli_problem(command, &problem);
        if (unknown > 0) warn(desk, asked, "%.*s: some ids of pin or hide are unknown", asked->rules, strlen(asked->rules));
    }
    if (asked->shelf) desk->placement = cli_placements[asked->placement];
    if (asked->seeds != NULL) {
        desk->seed_count = read_items(desk, asked, asked->seeds, "the model does not know the seed '%.*s'",
                                      VITRINE_SHELF_SEEDS, desk->seeds);
        if (desk->seed_count == UINT32_MAX) return cli_fail(command, CLI_IO, "out of memory");
    }
    if (desk->list == NULL || (asked->explain && desk->reason == NULL))
        return cli_fail(command, CLI_IO, "out of memory");
    return CLI_OK;
}

int cmd_recommend(int argc, char **argv)
{
    cli_options options;
    request asked;
    recommender desk = {0};
    int code = cli_parse(&options, &syntax, argc, argv);
    if (code != CLI_GO_ON) return code;
    if (!read_request(&options, &asked)) return CLI_USAGE;
    code = open_desk(&options, &asked, &desk);
    if (code == CLI_OK)
        code = asked.stream ? answer_stream(&desk, &asked, &options)
                            : answer_history(&desk, &asked);
    vitrine_engine_destroy(desk.engine);
    cli_shelf_close(&desk.shelf);
    free(desk.seeds);
    free(desk.list);
    free(desk.reason);
    cJSON_Delete(desk.warnings);
    return code;
}
