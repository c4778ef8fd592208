/* When a promotion may stand, as docs/rules.md has the words: web/conditions.js is the same for the page. */
#ifndef VITRINE_CLI_CONDITIONS_H
#define VITRINE_CLI_CONDITIONS_H

#include "cli/shelf.h"
#include "data/json.h"

/* What a condition is asked about: the item of the page (VITRINE_NO_ITEM: none) and the time in seconds. */
typedef struct cli_moment_of {
    vitrine_engine *engine;
    cli_shelf *shelf; /* its rules are used for the trees about items */
    uint32_t context;
    int64_t now;
    uint8_t *mask;     /* [items of the catalog] scratch, like the next */
    uint64_t *scratch; /* [items] */
} cli_moment_of;

/* Whether it holds. False with `problem`, which says where in the JSON, when it is none. */
bool cli_condition(const cJSON *node, const char *where, const cli_moment_of *at, bool *holds,
                   vitrine_problem *problem);

/* The shelf's rules become one filter: the tree. */
bool cli_filter(const cJSON *tree, const char *where, const vitrine_catalog *catalog, cli_shelf *shelf,
                vitrine_problem *problem);

#endif
