/* The list itself: a shelf, similar or popular items, the model's best, or a given list in order. */
#include <stdlib.h>
#include <string.h>
#include "cli/command.h"
#include "cli/output.h"
#include "cli/recommend.h"
#include "model/model.h"

/* A shelf under rules. */
static int make_shelf(recommend_desk *desk, const recommend_request *asked)
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
        return cli_fail(recommend_command, CLI_INPUT, "the shelf is refused: %s", vitrine_status_name(status));
    for (uint32_t i = 0; i < shelf.count; i++)
        desk->list[i] = (vitrine_scored){ desk->shelf.placed[i].item, desk->shelf.placed[i].score };
    desk->count = shelf.count;
    desk->source = cli_rungs[shelf.rung];
    if (shelf.seeded) desk->explained = desk->shelf.seeds;
    if (shelf.relaxed)
        recommend_warn(desk, asked, "nothing was left%.*s: exclusions, caps and variants were lifted", "", 0);
    return CLI_OK;
}

static int make_whole(recommend_desk *desk, const recommend_request *asked)
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
            return cli_fail(recommend_command, CLI_INPUT, "--similar: the model does not know item '%s'",
                            asked->similar);
        if (e->model->config.net.cell == VITRINE_CELL_NONE)
            return cli_fail(recommend_command, CLI_INPUT,
                            "--similar: this model was trained without a network and has no vectors; "
                            "--placement more_like_this does without");
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
        return cli_fail(recommend_command, CLI_INPUT, "ranking refused: %s", vitrine_status_name(status));
    return CLI_OK;
}

/* Within the bounds of --max-displacement and --keep-top, and under the rules. */
static vitrine_status rerank_within(recommend_desk *desk, const recommend_request *asked,
                                    const uint32_t *given, uint32_t count)
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
static int make_reranked(recommend_desk *desk, const recommend_request *asked)
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
    while (recommend_next(&rest, entry, &length)) {
        const uint32_t item = vitrine_catalog_find(desk->engine->catalog, entry, length);
        if (item == VITRINE_NO_ITEM) {
            recommend_warn(desk, asked, "the model does not know item '%.*s'; left out of the list", entry,
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
    if (status == VITRINE_NO_SPACE) return cli_fail(recommend_command, CLI_IO, "out of memory");
    if (status != VITRINE_OK)
        return cli_fail(recommend_command, CLI_INPUT, "ranking refused: %s", vitrine_status_name(status));
    return CLI_OK;
}

static int explain_list(recommend_desk *desk)
{
    uint32_t *items = malloc(((size_t)desk->count + 1) * sizeof *items);
    if (items == NULL) return cli_fail(recommend_command, CLI_IO, "out of memory");
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
               : cli_fail(recommend_command, CLI_INPUT, "explaining refused: %s", vitrine_status_name(status));
}

int recommend_list(recommend_desk *desk, const recommend_request *asked)
{
    const int code = asked->rerank != NULL ? make_reranked(desk, asked) : make_whole(desk, asked);
    return code == CLI_OK && desk->reason != NULL ? explain_list(desk) : code;
}
