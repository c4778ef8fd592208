/* A list as text and as JSON. */
#include <stdio.h>
#include <string.h>
#include "cli/command.h"
#include "cli/output.h"
#include "cli/recommend.h"

static const char *const part_names[VITRINE_PARTS] = { "network", "neighbours", "content", "recent",
                                                       "popularity" };

static void add_reason(cJSON *item, const recommend_desk *desk, const vitrine_reason *reason)
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

int recommend_print_json(const recommend_desk *desk, const char *session, size_t session_length)
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
    return cli_json_print(root, stdout, &problem) ? CLI_OK : cli_problem(recommend_command, &problem);
}

static void print_reason(const recommend_desk *desk, const vitrine_reason *reason)
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

void recommend_print_table(const recommend_desk *desk, const char *session, size_t session_length)
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
