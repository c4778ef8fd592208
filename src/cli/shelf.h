/* Shelves on the command line: rules from a JSON file, a placement, seeds. */
#ifndef VITRINE_CLI_SHELF_H
#define VITRINE_CLI_SHELF_H

#include "data/problem.h"
#include "vitrine/engine.h"

extern const char *const cli_placements[]; /* names, in the order of vitrine_placement; null ends them */
extern const char *const cli_rungs[];

/* The flag of items to leave out, by its name: viewed, cart, ...; 0: none has it. */
uint32_t cli_exclusion(const char *name, size_t length);

/* What an engine lacks for shelves, in memory of its own. */
typedef struct cli_shelf {
    vitrine_rules *rules;
    vitrine_profile *seeds;
    vitrine_placed *placed; /* [VITRINE_SHELF_LIMIT] */
    vitrine_shelf_request request; /* rules of a file fill what they name */
    void *memory[2];
} cli_shelf;

/* False with `problem` when memory ran out. Zeroes first; cli_shelf_close after either. */
bool cli_shelf_open(const vitrine_catalog *catalog, cli_shelf *shelf, vitrine_problem *problem);
void cli_shelf_close(cli_shelf *shelf);

/* Rules as docs/rules.md describes them, from a file or from text: replaces those of the shelf and sets
 * the fields of shelf->request that they name. False with `problem`, which says where in the JSON the
 * fault lies. Ids of pin and hide that the catalog does not have are passed over and counted. */
bool cli_shelf_rules(const char *path, const vitrine_catalog *catalog, cli_shelf *shelf,
                     uint32_t *unknown, vitrine_problem *problem);
bool cli_shelf_rules_text(const char *text, size_t size, const char *where,
                          const vitrine_catalog *catalog, cli_shelf *shelf, uint32_t *unknown,
                          vitrine_problem *problem);

/* Promotions from a JSON file, [{ "id": ..., "target": tree, "when": condition }, ...], ranked for the visitor and written
 * as lines or as one line of JSON. False with `problem`. */
bool cli_promotions(const char *path, vitrine_engine *engine, cli_shelf *shelf, uint32_t context,
                    int64_t now, bool json, vitrine_problem *problem);

#endif
