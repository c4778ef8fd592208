/* The options of `vitrine recommend`, read and checked. */
#include <string.h>
#include "cli/command.h"
#include "cli/log_options.h"
#include "cli/output.h"
#include "cli/recommend.h"
#include "model/model.h"

const char recommend_command[] = "recommend";

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
    { "promotions", 0, "FILE", "JSON of offers or banners, [{ \"id\", \"target\", \"when\" }]: which to show instead" },
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
    .command = recommend_command,
    .about = "Ranks the whole catalog for a visitor. An empty history gives the most popular items.",
    .groups = groups,
};

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

static bool read_request(const cli_options *options, recommend_request *asked)
{
    static const char *const similarities[] = { "cosine", "dot", "euclidean", NULL };
    int by = 0;
    *asked = (recommend_request){ .history = cli_value(options, "history"),
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

int recommend_ask(int argc, char **argv, cli_options *options, recommend_request *asked)
{
    const int code = cli_parse(options, &syntax, argc, argv);
    if (code != CLI_GO_ON) return code;
    return read_request(options, asked) ? CLI_GO_ON : CLI_USAGE;
}
