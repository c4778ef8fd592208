/* vitrine recommend: the list that a page would show for a history, from the same core. */
#include <stdlib.h>
#include <string.h>
#include "base/strings.h"
#include "cli/command.h"
#include "cli/log_options.h"
#include "cli/model_file.h"
#include "cli/output.h"
#include "cli/recommend.h"

enum { MOST_HISTORY = 10000 };

/* Ranks for the visitor as they stand and prints it. */
static int answer(recommend_desk *desk, const recommend_request *asked, const char *session,
                  size_t session_length)
{
    desk->explained = desk->engine->visitor;
    if (asked->promotions != NULL) {
        vitrine_problem problem = {0};
        const uint32_t context = desk->seed_count > 0 ? desk->seeds[desk->seed_count - 1] : VITRINE_NO_ITEM;
        return cli_promotions(asked->promotions, desk->engine, &desk->shelf, context, asked->now, asked->json,
                              &problem)
                   ? CLI_OK
                   : cli_problem(recommend_command, &problem);
    }
    const int code = recommend_list(desk, asked);
    if (code != CLI_OK) return code;
    if (asked->json) return recommend_print_json(desk, session, session_length);
    recommend_print_table(desk, session, session_length);
    return CLI_OK;
}

static int answer_history(recommend_desk *desk, const recommend_request *asked)
{
    const uint32_t known = recommend_observe(desk, asked);
    if (known == UINT32_MAX) return cli_fail(recommend_command, CLI_IO, "out of memory");
    if (known == 0 && asked->history[0] != '\0' && asked->similar == NULL)
        recommend_warn(desk, asked,
                       "none of the items in '%.*s' is known to the model: these are the most popular items",
                       asked->history, strlen(asked->history));
    return answer(desk, asked, NULL, 0);
}

/* A catalog's new items are no rows of the model's table: ids are looked up one by one. */
static int answer_stream(recommend_desk *desk, const recommend_request *asked, const cli_options *options)
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

/* Opens model and catalog; CLI_OK, or the exit code after a message. */
static int open_desk(const cli_options *options, const recommend_request *asked, recommend_desk *desk)
{
    const char *catalog_path = cli_value(options, "catalog");
    vitrine_problem problem = {0};
    vitrine_fault fault = {0};
    cli_model model;
    void *catalog = NULL;
    size_t catalog_size = 0;
    int code = cli_model_open(recommend_command, cli_value(options, "model"), &model);
    if (code != CLI_OK) return code;
    if (catalog_path != NULL &&
        !cli_input_file(catalog_path, (size_t)1 << 31, &catalog, &catalog_size, &problem)) {
        cli_model_close(&model);
        return cli_problem(recommend_command, &problem);
    }
    if (catalog_path != NULL) catalog_size = cli_file_end(catalog, catalog_size);
    /* The model has just been opened without the catalog: what fails now is the catalog. */
    const vitrine_status status =
        vitrine_engine_create(model.bytes, model.size, catalog, catalog_size, MOST_HISTORY,
                              &desk->engine, &fault);
    cli_model_close(&model);
    if (status != VITRINE_OK)
        code = cli_refusal(recommend_command, catalog_path != NULL ? catalog_path : "the model", catalog,
                           catalog_size, status, &fault);
    free(catalog);
    if (status != VITRINE_OK) return code;
    const uint32_t items = vitrine_catalog_items(desk->engine->catalog);
    desk->list = malloc(((size_t)items + 1) * sizeof *desk->list);
    if (asked->explain) desk->reason = malloc(((size_t)items + 1) * sizeof *desk->reason);
    desk->warnings = asked->json ? cJSON_CreateArray() : NULL;
    desk->seeds = malloc(VITRINE_SHELF_SEEDS * sizeof *desk->seeds);
    if (desk->seeds == NULL) return cli_fail(recommend_command, CLI_IO, "out of memory");
    if (asked->learn) (void)vitrine_ranker_learn(desk->engine->ranker, desk->engine->visitor, 1.0f);
    if (!cli_shelf_open(desk->engine->catalog, &desk->shelf, &problem))
        return cli_problem(recommend_command, &problem);
    if (asked->rules != NULL) {
        uint32_t unknown;
        if (!cli_shelf_rules(asked->rules, desk->engine->catalog, &desk->shelf, &unknown, &problem))
            return cli_problem(recommend_command, &problem);
        if (unknown > 0)
            recommend_warn(desk, asked, "%.*s: some ids of pin or hide are unknown", asked->rules,
                           strlen(asked->rules));
    }
    if (asked->shelf) desk->placement = cli_placements[asked->placement];
    if (asked->seeds != NULL) {
        desk->seed_count =
            recommend_items(desk, asked, asked->seeds, "the model does not know the seed '%.*s'",
                            VITRINE_SHELF_SEEDS, desk->seeds);
        if (desk->seed_count == UINT32_MAX) return cli_fail(recommend_command, CLI_IO, "out of memory");
    }
    if (desk->list == NULL || (asked->explain && desk->reason == NULL))
        return cli_fail(recommend_command, CLI_IO, "out of memory");
    return CLI_OK;
}

int cmd_recommend(int argc, char **argv)
{
    cli_options options;
    recommend_request asked;
    recommend_desk desk = {0};
    int code = recommend_ask(argc, argv, &options, &asked);
    if (code != CLI_GO_ON) return code;
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
