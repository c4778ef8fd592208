/* What `vitrine recommend` was asked, and the desk that answers it. */
#ifndef VITRINE_CLI_RECOMMEND_H
#define VITRINE_CLI_RECOMMEND_H

#include "cli/json.h"
#include "cli/options.h"
#include "cli/shelf.h"
#include "vitrine/engine.h"

/* Texts live as long as the command line. */
typedef struct recommend_request {
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
} recommend_request;

/* An engine, and the room for one answer. */
typedef struct recommend_desk {
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
} recommend_desk;

extern const char recommend_command[]; /* its name, for messages */

/* recommend_request.c: the options. CLI_GO_ON, or the exit code after a message or the help. */
int recommend_ask(int argc, char **argv, cli_options *options, recommend_request *asked);

/* recommend_ids.c: lists of ids as the command line has them. Unknown ids are warned of. */

/* Takes the next entry of a list, percent-decoded, into out (as long as the entry at most); moves *text
 * behind it. False at the end. */
bool recommend_next(const char **text, char *out, size_t *length);

/* Feeds --history to the visitor. Returns events that were about known items, or UINT32_MAX when
 * memory is out. */
uint32_t recommend_observe(recommend_desk *desk, const recommend_request *asked);
/* The newest `most` known items of a list, oldest first; `what` is the warning, with %.*s for the id.
 * Returns how many, or UINT32_MAX when memory is out. */
uint32_t recommend_items(recommend_desk *desk, const recommend_request *asked, const char *list,
                         const char *what, uint32_t most, uint32_t *items);
/* To stderr at once, or kept for the JSON; id fills the text's %.*s. */
void recommend_warn(recommend_desk *desk, const recommend_request *asked, const char *text, const char *id,
                    size_t length);

/* recommend_list.c: fills desk->list, and desk->reason where there is room for reasons. CLI_OK, or the exit
 * code after a message. */
int recommend_list(recommend_desk *desk, const recommend_request *asked);

/* recommend_output.c: the list as text, and as one line of JSON; session: null without --events. */
void recommend_print_table(const recommend_desk *desk, const char *session, size_t session_length);
int recommend_print_json(const recommend_desk *desk, const char *session, size_t session_length);

#endif
