#include "cli/evaluate_settings.h"

#include <string.h>
#include <unistd.h>
#include "cli/command.h"

static const cli_option system_options[] = {
    { "model", 'm', "FILE", "the model; without it only baselines are run, from --train" },
    { "against", 0, "WHAT", "another model's file, or a baseline, to compare with: intervals and\n"
                            "the p-value of 'better'; may be repeated" },
    { "baselines", 0, "LIST", "pop,spop,ar,itemknn,sr,vsknn,stan,bow or none; all but pop and spop\n"
                              "need --train (usual: all that can be had, but bow, which is trained\n"
                              "on the spot)" },
    { "train", 0, "FILE", "the log the model was trained on, for the baselines; may be repeated" },
    { "train-format", 0, "NAME", "format of that log (usual: that of --format, or guessed)" },
    { "catalog", 0, "FILE", "a catalog made by vitrine import: items new since the training can be\n"
                            "found as well" },
    { "rules", 0, "FILE", "rules of the shop (docs/rules.md): what all of them, and each alone, cost" },
    { 0 }
};
static const cli_option protocol_options[] = {
    { "k", 'k', "LIST", "lengths to judge at (usual: 5,10,20)" },
    { "from", 0, "DATE", "split by time: events from this date on are judged, those before it are\n"
                         "the baselines' log unless --train names one; train with --until DATE" },
    { "unknown", 0, "drop|miss", "test events about items the model lacks: leave out (usual), or\n"
                                 "count as misses" },
    { "repeat", 0, "NAME", "items of the history: keep (usual), drop them from the candidates, or only:\n"
                            "they alone are candidates" },
    { "targets", 0, "LIST", "kinds of events that are to be found, such as purchase (usual: all)" },
    { "limit", 0, "N", "use N sessions, evenly spread" },
    { "bootstrap", 0, "N", "intervals and paired tests from N resamplings of the sessions\n"
                           "(usual: none; 1000 with --against)" },
    { "seed", 0, "N", "of the resampling, and of bow's training (usual: 1)" },
    { 0 }
};
static const cli_option output_options[] = {
    { "lists", 0, "FILE", "write every list: session, position, items (.gz by name)" },
    { "lists-of", 0, "NAME", "whose lists: the model (usual), or a baseline" },
    { "lists-k", 0, "N", "items in a list (usual: the largest of --k)" },
    { "min-lift", 0, "X", "fail with exit code 1 unless NDCG at the largest k is X above the best\n"
                          "baseline's, as a share of it (0.05 = five per cent)" },
    { "threads", 't', "N", "usual: 1" },
    { "json", 0, NULL, "one line for machines" },
    { "quiet", 'q', NULL, "no progress and no report of left-out rows" },
    { 0 }
};
static const cli_group groups[] = { { "Who is judged", system_options },
                                    { "Protocol", protocol_options },
                                    { "Events", cli_log_input },
                                    { "Cleaning", cli_log_cleaning },
                                    { "Output", output_options },
                                    { 0 } };
const cli_syntax evaluate_syntax = {
    .command = "evaluate",
    .about = "Plays held-out sessions and asks for the next item, ranking all items each time. For\n"
             "events and sessions every position counts; for pairs and sequences the last item.",
    .groups = groups,
};

/* Marks one baseline as wanted. False after a message. */
static bool want(const cli_options *options, const char *option, const char *name, size_t length,
                 evaluate_settings *set)
{
    const uint32_t kind = vitrine_baseline_of(name, length);
    const bool bow = length == 3 && memcmp(name, "bow", 3) == 0;
    if (kind == VITRINE_BASELINES && !bow) {
        cli_usage(options, "--%s: there is no '%.*s'; known are pop, spop, ar, itemknn, sr, vsknn, "
                           "stan, bow and none", option, (int)length, name);
        return false;
    }
    if ((bow || vitrine_baseline_needs_log(kind)) && set->train_count == 0) {
        cli_usage(options, "--%s %.*s counts in the training log: give it with --train", option,
                  (int)length, name);
        return false;
    }
    if (bow) set->wants_bow = true;
    else set->wants[kind] = true;
    return true;
}

static bool read_baselines(const cli_options *options, evaluate_settings *set)
{
    const char *text = cli_value(options, "baselines");
    for (uint32_t b = 0; b < VITRINE_BASELINES; b++)
        set->wants[b] = text == NULL && (set->train_count > 0 || !vitrine_baseline_needs_log(b));
    if (text == NULL || strcmp(text, "none") == 0) return true;
    while (*text != '\0') {
        const size_t length = strcspn(text, ",");
        if (!want(options, "baselines", text, length, set)) return false;
        text += length + (text[length] == ',');
    }
    return true;
}

const char *const evaluate_repeats[] = { "keep", "drop", "only", NULL };

static bool read_targets(const cli_options *options, evaluate_settings *set)
{
    const char *text = set->targets = cli_value(options, "targets");
    while (text != NULL && *text != '\0') {
        const size_t length = strcspn(text, ",");
        const uint32_t kind = vitrine_event_kind_of(text, length);
        if (kind == VITRINE_EVENT_KINDS) {
            cli_usage(options, "--targets: '%.*s' is no kind of event; docs/cli.md lists them", (int)length,
                      text);
            return false;
        }
        set->rules.targets |= 1u << kind;
        text += length + (text[length] == ',');
    }
    return true;
}

/* A file when there is one of that name, otherwise a baseline. */
static bool read_against(const cli_options *options, evaluate_settings *set)
{
    const char *given[EVALUATE_MAX_AGAINST];
    const size_t count = cli_values(options, "against", given, EVALUATE_MAX_AGAINST);
    for (size_t n = 0; n < count; n++) {
        const bool is_path = strchr(given[n], '/') != NULL || access(given[n], R_OK) == 0;
        if (is_path) set->against[set->against_count++] = given[n];
        else if (!want(options, "against", given[n], strlen(given[n]), set)) return false;
    }
    if (count > 0 && set->samples == 0) set->samples = 1000;
    return true;
}

static bool read_formats(const cli_options *options, evaluate_settings *set)
{
    const char *format = cli_value(options, "train-format");
    set->train_log = set->log;
    if (format != NULL) {
        set->train_log.format = vitrine_log_format_of(format);
        if (set->train_log.format == VITRINE_LOG_FORMATS) {
            cli_usage(options, "--train-format: there is no format '%s'", format);
            return false;
        }
    } else if (set->train_log.format == VITRINE_LOG_PAIRS) {
        set->train_log.format = VITRINE_LOG_GUESS; /* a test file's format, not a log's */
    }
    return true;
}

/* What lies before the date is for learning, what comes from it on for judging. */
static bool read_split(const cli_options *options, evaluate_settings *set)
{
    int64_t from = 0;
    if (!cli_has(options, "from")) return true;
    if (!cli_moment(options, "from", &from)) return false;
    if (from <= set->log.since || from >= set->log.until) {
        cli_usage(options, "--from must lie between --since and --until");
        return false;
    }
    set->log.since = from;
    if (set->train_count > 0) return true;
    set->train_log.until = from;
    set->train_count = set->event_files;
    memcpy(set->train_files, set->events, sizeof set->train_files);
    return true;
}

static bool check(const cli_options *options, const evaluate_settings *set)
{
    for (size_t c = 1; c < set->cuts; c++)
        if (set->cut[c] <= set->cut[c - 1]) {
            cli_usage(options, "--k wants rising numbers, as in 5,10,20");
            return false;
        }
    if (set->event_files == 0) {
        cli_usage(options, "--events FILE is missing: which log?");
        return false;
    }
    if (set->model_path == NULL && set->train_count == 0) {
        cli_usage(options, "give a model with --model, or a log with --train for baselines alone");
        return false;
    }
    const char *needs = set->gated                   ? "min-lift"
                        : set->against_count > 0     ? "against"
                        : set->rules_path != NULL    ? "rules"
                        : set->catalog_path != NULL  ? "catalog"
                                                     : NULL;
    if (needs != NULL && set->model_path == NULL) {
        cli_usage(options, "--%s wants a model: give one with --model", needs);
        return false;
    }
    return true;
}

bool evaluate_settings_read(const cli_options *options, evaluate_settings *set)
{
    static const char *const unknown[] = { "drop", "miss", NULL };
    int unknown_miss = 0, repeat = VITRINE_REPEAT_KEEP;
    *set = (evaluate_settings){ .cut = { 5, 10, 20 }, .cuts = 3, .threads = 1, .seed = 1 };
    set->model_path = cli_value(options, "model");
    set->catalog_path = cli_value(options, "catalog");
    set->lists_path = cli_value(options, "lists");
    set->lists_of = cli_value(options, "lists-of");
    set->rules_path = cli_value(options, "rules");
    set->event_files = cli_values(options, "events", set->events, CLI_MAX_FILES);
    set->train_count = cli_values(options, "train", set->train_files, CLI_MAX_FILES);
    set->json = cli_has(options, "json");
    set->quiet = cli_has(options, "quiet");
    set->gated = cli_has(options, "min-lift");
    if (!cli_u32_list(options, "k", 1, 1000, set->cut, VITRINE_MAX_CUTS, &set->cuts) ||
        !cli_u32(options, "lists-k", 1, 10000, &set->longest) ||
        !cli_u32(options, "threads", 1, 256, &set->threads) ||
        !cli_u32(options, "limit", 1, UINT32_MAX, &set->rules.limit) ||
        !cli_u32(options, "bootstrap", 100, 100000, &set->samples) ||
        !cli_u64(options, "seed", 0, UINT64_MAX, &set->seed) ||
        !cli_double(options, "min-lift", -1.0, 1e6, &set->min_lift) ||
        !cli_choice(options, "unknown", unknown, &unknown_miss) ||
        !cli_choice(options, "repeat", evaluate_repeats, &repeat) || !read_targets(options, set) ||
        !cli_log_options(options, &set->log) || !read_formats(options, set) ||
        !read_split(options, set) || !read_baselines(options, set) || !read_against(options, set))
        return false;
    set->rules.unknown_miss = unknown_miss == 1;
    set->rules.repeat = (vitrine_repeat)repeat;
    return check(options, set);
}
