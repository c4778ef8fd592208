/* The model's lists under a shop's rules, for the evaluation: what each rule costs. */
#ifndef VITRINE_CLI_RULES_LISTER_H
#define VITRINE_CLI_RULES_LISTER_H

#include "cli/model_file.h"
#include "data/json.h"
#include "eval/lister.h"

/* Lists of the placement 'for_you' as a page would get them with these rules (docs/rules.md). Nothing
 * is excluded but by them, and all items are taken as in stock. `opened` is the lister's own catalog.
 * False with `problem`. */
bool cli_rules_lister(const cli_model *model, const void *catalog, size_t catalog_size,
                      const char *rules, size_t rules_size, const char *where, uint32_t longest,
                      vitrine_lister *lister, const vitrine_catalog **opened,
                      vitrine_problem *problem);

/* One rule of a file by itself. */
typedef struct cli_rule {
    char name[64]; /* "boost 2" */
    char *text;    /* a file that holds it alone; owned */
} cli_rule;

/* The rules of a file one by one: each entry of boost, bury and pin, and each other member. Returns how
 * many, at most `capacity`; UINT32_MAX with `problem` when the file is no object, or memory is out. */
uint32_t cli_rules_split(const char *text, size_t size, const char *where, cli_rule *rules,
                         uint32_t capacity, vitrine_problem *problem);
void cli_rules_free(cli_rule *rules, uint32_t count);

#endif
