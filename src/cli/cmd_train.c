/* vitrine train: a log (and a catalog) to a model. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/catalog_options.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/log_options.h"
#include "cli/model_file.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/team.h"
#include "cli/train_continue.h"
#include "cli/train_intent.h"
#include "cli/train_story.h"
#include "train/presets.h"
#include "train/table.h"
#include "train/train.h"
#include "train/trend.h"
#include "vitrine/rank.h"

static const char command[] = "train";

static const cli_option model_options[] = {
    { "output", 'o', "FILE", "the model" },
    { "preset", 0, "NAME", "small, base (usual) or large: vectors and state of 32, 64, 128, and dropout\n"
                           "of .15, .3, .5" },
    { "arch", 0, "NAME", "gru (usual), lstm, lstm-relu, bow: the mean of the history's vectors, or\n"
                            "itemknn: no network" },
    { "dim", 0, "N", "width of item vectors" },
    { "hidden", 0, "N", "width of the network's state (usual: that of --dim)" },
    { "untied", 0, NULL, "inputs have item vectors of their own" },
    { "no-skip", 0, NULL, "no way past the cell for the newest event" },
    { "no-norm", 0, NULL, "no LayerNorm on the query" },
    { "gaps", 0, NULL, "the time since the event before is an input" },
    { "similarity", 0, "NAME", "of the item-to-item table: steps, cosine, jaccard, euclidean, together,\n"
                               "ease: the closed form, for up to 16384 items, or best (usual): steps, or ease\n"
                               "where the log has 4096 items at most and its newest part is told better by it" },
    { "neighbours", 0, "N", "entries kept for an item (usual: 64)" },
    { "bytes-per-item", 0, "N", "room for an item in the file as int8, all parts included: the entries\n"
                                "of the table worth least go until it fits, or the file is 256 KiB small;\n"
                                "0: keep all (usual: 36 more than --dim; 100 without a network)" },
    { "table-bits", 0, "N", "bits of a neighbour's weight, 1 to 8 (usual: 4)" },
    { "window", 0, "N", "steps apart that still count (usual: 10)" },
    { "attributes", 0, "HOW", "indexed (usual), or hashed:N into N buckets" },
    { "features", 0, "N", "hidden units of the network that gives items vectors by attributes, price,\n"
                          "sales and --vectors; 0: none (usual: 32)" },
    { "ablate", 0, "LIST", "leave out network,neighbours,content,recent,popularity" },
    { "no-fuse", 0, NULL, "the network alone: no table, and its logit is the score" },
    { "int8", 0, NULL, "item vectors and network as bytes: a quarter of the size" },
    { 0 }
};
static const cli_option learning_options[] = {
    { "loss", 0, "NAME", "full or sampled softmax (usual: by the size of the log), bpr-max, gbce" },
    { "loss-weight", 0, "X", "bpr-max: of the logits' size (usual: 1); gbce: its t (usual: 0.75)" },
    { "negatives", 0, "N", "draws of the sampled loss for a batch (usual: 2048; 8192 for 60,000 to\n"
                           "half a million sessions)" },
    { "sample-power", 0, "X", "they are drawn from popularity to this power (usual: 0.5)" },
    { "epochs", 0, "N", "at most (usual: by the number of sessions, from 30 for few to 4; more for\n"
                          "sequences)" },
    { "patience", 0, "N", "stop after N epochs without a gain (usual: likewise, from 6 to 2)" },
    { "batch", 0, "N", "sessions of one step (usual: likewise, from 32 to 256)" },
    { "bptt", 0, "N", "events that gradients go back through (usual: 32)" },
    { "rate", 0, "X", "of Adam, falling along a cosine (usual: 0.003)" },
    { "weight-decay", 0, "X", "usual: 0" },
    { "dropout-input", 0, "X", "usual: by the preset; 0.2 more for sequences" },
    { "dropout-output", 0, "X", "usual: by the preset" },
    { "id-dropout", 0, "X", "share of items known by their features alone in a step (usual: 0.1)" },
    { "clip", 0, "X", "largest norm of a step's gradient; 0: any (usual: 1)" },
    { "init", 0, "X", "deviation of first item vectors (usual: 0.02)" },
    { "validation", 0, "X", "share of sessions, the newest, that epochs and weights are chosen on\n"
                            "(usual: 0.1)" },
    { "no-refit", 0, NULL, "do not train again on everything at the end" },
    { "trend", 0, "SPAN", "momentum of items: the log's last 7d, say, against four times that before, for\n"
                          "catalogs that say nothing of it (usual: 7d where times are known; 0: none)" },
    { "model-session-gap", 0, "SPAN", "pause after which the network starts anew (usual: 30m where\n"
                                      "times are known; 0: never)" },
    { "continue", 0, "MODEL", "begin with what this model knows, instead of from nothing; fails with exit\n"
                              "code 1, and writes nothing, if the result is worse on the newest sessions" },
    { "keep-old", 0, "X", "what counts of that model's table weigh beside the log's (usual: 1)" },
    { "checkpoint", 0, "FILE", "write what a later --resume needs here, after every epoch" },
    { "resume", 0, NULL, "go on from the checkpoint, where there is one: the same bytes in the end" },
    { "seed", 's', "N", "usual: 1" },
    { "threads", 't', "N", "usual: 1; the same seed and threads give the same bytes" },
    { 0 }
};
static const cli_option intent_options[] = {
    { "intent", 0, NULL, "also learn, from visits with and without one, whether a visit will end in a\n"
                         "purchase" },
    { "intent-hidden", 0, "N", "units of its LSTM (usual: 64)" },
    { 0 }
};
static const cli_option output_options[] = {
    { "name", 0, "TEXT", "the card's name for the model" },
    { "date", 0, "TEXT", "the card's date; without it the card has none" },
    { "log", 0, "FILE", "the result with its learning curve as JSON, for vitrine report" },
    { "json", 0, NULL, "the result as one line for machines" },
    { "quiet", 'q', NULL, "no progress and no report of left-out rows" },
    { 0 }
};
static const cli_group groups[] = { { "Model", model_options },      { "Learning", learning_options },
                                    { "Purchase intent", intent_options },
                                    { "Events", cli_log_input },     { "Cleaning", cli_log_cleaning },
                                    { "Catalog", cli_catalog_input }, { "Output", output_options },
                                    { 0 } };
static const cli_syntax syntax = {
    .command = command,
    .about = "Trains a model: a recurrent network, an item-to-item table, attributes, popularity, and\n"
             "the weights that fuse them. A log of the format 'sequences' is split as leave-one-out:\n"
             "the last item of each user is never seen, the one before it chooses epochs and weights.",
    .groups = groups,
};

typedef struct settings {
    const char *output, *checkpoint, *from;
    bool resume;
    const char *log_path;
    vitrine_train_options train;
    vitrine_intent_options intent;
    uint32_t trend; /* seconds; 0: no momentum */
    bool wants_intent, int8, json, quiet;
} settings;

static bool read_ablate(const cli_options *options, uint32_t *ablate)
{
    static const char *const names[VITRINE_PARTS] = { "network", "neighbours", "content", "recent",
                                                      "popularity" };
    const char *text = cli_value(options, "ablate");
    while (text != NULL && *text != '\0') {
        const size_t length = strcspn(text, ",");
        int part = 0;
        while (part < VITRINE_PARTS &&
               (strlen(names[part]) != length || memcmp(names[part], text, length) != 0))
            part++;
        if (part == VITRINE_PARTS) {
            cli_usage(options, "--ablate: there is no part '%.*s'", (int)length, text);
            return false;
        }
        *ablate |= 1u << part;
        text += length + (text[length] == ',');
    }
    return true;
}

static bool read_attributes(const cli_options *options, vitrine_train_options *train)
{
    const char *text = cli_value(options, "attributes");
    if (text == NULL || strcmp(text, "indexed") == 0) return true;
    char *end = NULL;
    const unsigned long buckets = strncmp(text, "hashed:", 7) == 0 ? strtoul(text + 7, &end, 10) : 0;
    if (buckets == 0 || *end != '\0' || buckets > VITRINE_MAX_ATTRIBUTES) {
        cli_usage(options, "--attributes: '%s' is neither indexed nor hashed:N with N up to %u", text,
                  VITRINE_MAX_ATTRIBUTES);
        return false;
    }
    train->attr_mode = VITRINE_ATTR_HASHED;
    train->attr_buckets = (uint32_t)buckets;
    return true;
}

static bool read_settings(const cli_options *options, settings *set)
{
    static const char *const presets[] = { "small", "base", "large", NULL };
    static const char *const archs[] = { "itemknn", "lstm", "lstm-relu", "gru", "bow", NULL };
    static const char *const losses[] = { "full", "sampled", "bpr-max", "gbce", NULL };
    static const char *const tables[] = { "steps", "cosine", "jaccard", "euclidean", "together", "ease",
                                          "best", NULL };
    vitrine_train_options *t = &set->train;
    int preset = 1, arch = VITRINE_CELL_GRU, loss = VITRINE_LOSS_BY_SIZE, table = VITRINE_TABLE_BEST;
    *set = (settings){ .output = cli_value(options, "output"), .train = vitrine_train_options_default() };
    if (set->output == NULL) {
        cli_usage(options, "give the model's file with -o");
        return false;
    }
    if (!cli_choice(options, "preset", presets, &preset)) return false;
    t->preset = (vitrine_preset)preset;
    if (!cli_choice(options, "arch", archs, &arch) || !cli_choice(options, "loss", losses, &loss) ||
        !cli_choice(options, "similarity", tables, &table) ||
        !cli_u32(options, "dim", 1, VITRINE_MAX_WIDTH, &t->dim))
        return false;
    t->cell = (uint32_t)arch; /* in the order of VITRINE_CELL_... */
    t->loss = (vitrine_loss)loss;
    t->loss_weight = t->loss == VITRINE_LOSS_GBCE ? 0.75f : 1.0f;
    t->table_kind = (uint32_t)table;
    t->tied = !cli_has(options, "untied");
    t->skip = !cli_has(options, "no-skip");
    t->norm = !cli_has(options, "no-norm");
    t->gaps = cli_has(options, "gaps");
    t->fuse = !cli_has(options, "no-fuse");
    t->refit = !cli_has(options, "no-refit");
    static const char *const shape[] = { "arch", "dim", "hidden", "untied", "no-skip", "no-norm", "gaps",
                                        "no-fuse" };
    set->from = cli_value(options, "continue");
    for (size_t i = 0; set->from != NULL && i < sizeof shape / sizeof shape[0]; i++)
        if (cli_has(options, shape[i])) {
            cli_usage(options, "--%s is decided by the model that --continue names", shape[i]);
            return false;
        }
    if (set->from != NULL) t->epochs = 4;
    if (set->from != NULL) t->rate *= 0.3f; /* it is near its place: small steps */
    set->checkpoint = cli_value(options, "checkpoint");
    set->resume = cli_has(options, "resume");
    if (set->resume && set->checkpoint == NULL) {
        cli_usage(options, "--resume goes on from a file: name it with --checkpoint");
        return false;
    }
    set->intent = vitrine_intent_options_default();
    set->wants_intent = cli_has(options, "intent") || cli_has(options, "intent-hidden");
    set->trend = 7 * 86400;
    set->log_path = cli_value(options, "log");
    set->int8 = cli_has(options, "int8");
    set->json = cli_has(options, "json");
    set->quiet = cli_has(options, "quiet");
    return cli_u32(options, "hidden", 1, VITRINE_MAX_WIDTH, &t->hidden) &&
           cli_u32(options, "neighbours", 1, 1000, &t->table_neighbours) &&
           cli_u32(options, "window", 1, 1000, &t->table_window) &&
           cli_u32(options, "table-bits", 1, 8, &t->table_bits) &&
           cli_float(options, "bytes-per-item", 0.0f, 1e6f, &t->bytes_per_item) &&
           cli_float(options, "loss-weight", 0.0f, 1e3f, &t->loss_weight) &&
           cli_u32(options, "negatives", 1, 1u << 20, &t->negatives) &&
           cli_float(options, "sample-power", 0.0f, 1.0f, &t->sample_power) &&
           cli_u32(options, "epochs", 1, 1000, &t->epochs) &&
           cli_u32(options, "patience", 1, 1000, &t->patience) &&
           cli_u32(options, "batch", 1, 65536, &t->batch) &&
           cli_u32(options, "bptt", 1, 1024, &t->bptt) &&
           cli_float(options, "rate", 1e-7f, 1.0f, &t->rate) &&
           cli_float(options, "weight-decay", 0.0f, 1.0f, &t->weight_decay) &&
           cli_float(options, "dropout-input", 0.0f, 0.95f, &t->dropout_input) &&
           cli_float(options, "dropout-output", 0.0f, 0.95f, &t->dropout_output) &&
           cli_u32(options, "features", 0, VITRINE_MAX_WIDTH, &t->feature_width) &&
           cli_float(options, "keep-old", 0.0f, 1e3f, &t->keep_old) &&
           cli_float(options, "id-dropout", 0.0f, 0.9f, &t->id_dropout) &&
           cli_float(options, "clip", 0.0f, 1e6f, &t->clip) &&
           cli_float(options, "init", 1e-6f, 1.0f, &t->init) &&
           cli_float(options, "validation", 0.0f, 0.9f, &t->validation) &&
           cli_seconds(options, "model-session-gap", 0, UINT32_MAX, &t->session_gap) &&
           cli_seconds(options, "trend", 0, 366 * 86400, &set->trend) &&
           cli_u64(options, "seed", 0, UINT64_MAX, &t->seed) &&
           cli_u32(options, "intent-hidden", 1, VITRINE_INTENT_MAX_HIDDEN, &set->intent.hidden) &&
           cli_u32(options, "threads", 1, 64, &t->threads) && read_attributes(options, t) &&
           read_ablate(options, &t->ablate);
}

/* What the log's format and times say about the protocol. */
static void fit_to_log(const cli_options *options, const vitrine_dataset *log,
                       vitrine_log_format format, vitrine_train_options *t)
{
    if (!log->timed && !cli_has(options, "model-session-gap")) t->session_gap = 0;
    if (format == VITRINE_LOG_SEQUENCES) t->leave_one_out = t->drop_seen = true;
    vitrine_train_fit(log->sessions, log->events, log->items, t);
}

/* Who hears of progress. */
typedef struct watcher {
    cli_progress line;
    train_story *story;
} watcher;

static void show(void *context, const vitrine_train_progress *p)
{
    watcher *watched = context;
    cli_progress *line = &watched->line;
    train_story_progress(watched->story, p);
    char quality[64] = "";
    if (!isnan(p->recall20))
        snprintf(quality, sizeof quality, ", recall@20 %.4f, MRR@20 %.4f", p->recall20, p->mrr20);
    if (p->epochs == 0)
        cli_progress_show(line, "%s: %.0f %%", p->phase, 100.0 * p->done);
    else if (p->done >= 1.0)
        cli_progress_keep(line, "%s: epoch %u of %u, loss %.4f%s, %.0f events/s", p->phase, p->epoch,
                          p->epochs, p->loss, quality, p->events_per_second);
    else
        cli_progress_show(line, "%s: epoch %u of %u, %.0f %%, loss %.4f%s, %.0f events/s, %.0f s left",
                          p->phase, p->epoch, p->epochs, 100.0 * p->done, p->loss, quality,
                          p->events_per_second, p->seconds_left);
}

/* The checkpoint's file; the last problem with it. */
typedef struct keeper {
    const char *path;
    vitrine_problem problem;
} keeper;

static bool keep(void *context, const vitrine_piece *pieces, size_t count)
{
    keeper *k = context;
    cli_output *file = cli_output_open(k->path, &k->problem);
    if (file == NULL) return false;
    for (size_t i = 0; i < count; i++) cli_output_write(file, pieces[i].bytes, pieces[i].size);
    return cli_output_commit(file, &k->problem);
}

/* Without a checkpoint there is nothing to go on from, and a job that always says --resume starts. */
static int read_checkpoint(const settings *set, vitrine_train_resume *resume, void **bytes)
{
    vitrine_problem problem = { 0 };
    if (!set->resume || access(set->checkpoint, F_OK) != 0) return CLI_OK;
    if (!cli_input_file(set->checkpoint, SIZE_MAX / 2, bytes, &resume->kept_size, &problem))
        return cli_problem(command, &problem);
    resume->kept = *bytes;
    return CLI_OK;
}

static int write_model(const settings *set, vitrine_trained *trained, size_t *size)
{
    vitrine_fault fault = { 0 };
    vitrine_problem problem = { 0 };
    if (set->int8) vitrine_config_set_precision(&trained->parts.config, VITRINE_INT8, true);
    const size_t bound = vitrine_model_write_bound(&trained->parts);
    void *bytes = aligned_alloc(64, (bound + 63) / 64 * 64);
    if (bytes == NULL) return cli_fail(command, CLI_IO, "out of memory");
    const vitrine_status status = vitrine_model_write(&trained->parts, bytes, bound, size, &fault);
    int code = CLI_OK;
    if (status != VITRINE_OK) code = cli_fault(command, set->output, status, &fault);
    else if (!cli_output_file(set->output, bytes, *size, &problem)) code = cli_problem(command, &problem);
    free(bytes);
    return code;
}

/* Momentum, the intent part, when it was asked for, and the card: all go into the model. */
static int finish_model(const settings *set, const vitrine_dataset *log, train_story *story,
                        vitrine_trained *trained, vitrine_intent_report *intent, uint8_t **section,
                        char **card, uint8_t **trend)
{
    const vitrine_strings ids = { .offset = trained->parts.id_offset,
                                  .bytes = trained->parts.id_bytes,
                                  .count = trained->parts.config.items };
    bool any = false;
    *trend = malloc((size_t)ids.count + 1);
    if (*trend == NULL || vitrine_trends(log, &ids, set->trend, *trend, &any) != VITRINE_OK)
        return cli_fail(command, CLI_IO, "out of memory");
    if (any) trained->parts.trend = *trend;
    vitrine_intent_options options = set->intent;
    options.seed = set->train.seed;
    if (set->train.session_gap > 0) options.gap = set->train.session_gap;
    if (set->wants_intent) {
        const int code = cli_train_intent(command, log, trained->parts.popularity, &options, set->quiet,
                                          section, intent);
        if (code != CLI_OK) return code;
        trained->parts.intent = *section;
        trained->parts.intent_size = vitrine_intent_size(options.hidden);
        story->intent = intent;
    }
    *card = train_story_card(story);
    if (*card == NULL) return cli_fail(command, CLI_IO, "out of memory");
    trained->parts.card = *card;
    trained->parts.card_size = strlen(*card);
    if (vitrine_trained_fit(trained, set->train.bytes_per_item) != VITRINE_OK)
        return cli_fail(command, CLI_IO, "out of memory");
    return CLI_OK;
}

static int write_story(const settings *set, const train_story *story)
{
    vitrine_problem problem = { 0 };
    cJSON *result = train_story_result(story);
    char *text = result != NULL ? cJSON_Print(result) : NULL;
    cJSON_Delete(result);
    if (text == NULL) return cli_fail(command, CLI_IO, "out of memory");
    const bool ok = cli_output_file(set->log_path, text, strlen(text), &problem);
    cJSON_free(text);
    return ok ? CLI_OK : cli_problem(command, &problem);
}

static int print_result(const settings *set, const train_story *story)
{
    const vitrine_trained *trained = story->trained;
    const vitrine_train_report *r = &trained->report;
    vitrine_problem problem = { 0 };
    if (r->positions > 0 && r->fused_recall <= r->popular_recall)
        fprintf(stderr, "vitrine %s: warning: on %llu held-out events the model is no better than the most\n"
                        "popular items; more or cleaner events would help\n",
                command, (unsigned long long)r->positions);
    if (set->json)
        return cli_json_print(train_story_result(story), stdout, &problem) ? CLI_OK
                                                                           : cli_problem(command, &problem);
    printf("%s: %u items, %u sessions, %llu events, %zu bytes, %.1f s\n", set->output,
           trained->parts.config.items, r->sessions, (unsigned long long)r->events, story->bytes, r->seconds);
    if (r->positions > 0)
        printf("held out: recall@20 %.4f, MRR@20 %.4f; network alone %.4f, %.4f (epoch %u); "
               "most popular %.4f, %.4f\n",
               r->fused_recall, r->fused_mrr, r->network_recall, r->network_mrr, r->best_epoch,
               r->popular_recall, r->popular_mrr);
    if (story->intent != NULL) cli_print_intent(story->intent);
    return CLI_OK;
}

static int refused(const settings *set, const keeper *kept, const train_continue *from,
                   const vitrine_fault *fault)
{
    if (fault->status == VITRINE_NO_SPACE) return cli_fail(command, CLI_IO, "out of memory");
    if (strcmp(fault->field, "keep") == 0) return cli_problem(command, &kept->problem);
    if (strcmp(fault->field, "judge") == 0) return from->code;
    if (strcmp(fault->field, "checkpoint") == 0) {
        const char *const why = fault->status != VITRINE_MISMATCH ? "is no checkpoint, or damaged"
                                : fault->found == 1 ? "was made with another log or other cleaning"
                                                    : "was made with other options or another catalog";
        return cli_fail(command, CLI_INPUT, "%s %s; go on with what it was made with, or begin anew "
                                            "without --resume", set->checkpoint, why);
    }
    if (strcmp(fault->field, "items") == 0)
        return cli_fail(command, CLI_INPUT, "the log has %llu items; a choice needs at least 2",
                        (unsigned long long)fault->found);
    if (strcmp(fault->field, "ease") == 0)
        return cli_fail(command, CLI_USAGE, "--similarity ease inverts a matrix of all items: at most %llu, and the log has "
                                            "%llu; leave out rare ones with --min-item-count, or choose another",
                        (unsigned long long)fault->expected, (unsigned long long)fault->found);
    if (strcmp(fault->field, "start") == 0)
        return cli_fail(command, CLI_USAGE, "--similarity ease knows nothing of what %s has counted: train it anew, or "
                                            "choose another", set->from);
    if (strcmp(fault->field, "sessions") == 0)
        return cli_fail(command, CLI_INPUT, "no session of the log has two events to learn from; "
                                            "check the session or user column");
    return cli_fail(command, CLI_INPUT, "%s: found %llu, limit %llu (%s)", fault->field,
                    (unsigned long long)fault->found, (unsigned long long)fault->expected,
                    vitrine_status_name(fault->status));
}

/* The others of a team work in silence: what they would say, the first one says. */
static void hush(cli_options *options)
{
    for (const cli_option *o = output_options; o->name != NULL; o++)
        if (strcmp(o->name, "quiet") == 0 && options->givens < CLI_MAX_GIVEN)
            options->given[options->givens++].option = o;
}

int cmd_train(int argc, char **argv)
{
    cli_options options;
    cli_team team;
    settings set;
    vitrine_dataset log = { 0 };
    vitrine_log_report report = { 0 };
    vitrine_item_table catalog = { 0 };
    vitrine_trained trained = { 0 };
    vitrine_fault fault = { 0 };
    train_story story;
    vitrine_intent_report intent = { 0 };
    const char *files[CLI_MAX_FILES];
    uint8_t *section = NULL;
    char *card = NULL;
    uint8_t *trend = NULL;
    void *kept = NULL;
    int code = cli_parse(&options, &syntax, argc, argv);
    if (code != CLI_GO_ON) return code;
    if ((code = cli_team_join(command, &team)) != CLI_OK) return code;
    if (team.team.rank > 0) hush(&options);
    if (!read_settings(&options, &set)) return cli_team_leave(&team, CLI_USAGE);
    const bool has_catalog = cli_has(&options, "catalog");
    train_story_begin(&story);
    story.name = cli_value(&options, "name");
    story.date = cli_value(&options, "date");
    story.event_files = cli_values(&options, "events", files, CLI_MAX_FILES);
    story.events = files;
    story.options = &set.train;
    story.log = &report;
    story.trained = &trained;
    code = cli_read_log(&options, NULL, &log, &report);
    if (code == CLI_OK && has_catalog) code = cli_read_catalog(&options, &catalog, NULL);
    train_continue from = { .quiet = set.quiet };
    keeper keeping = { .path = set.checkpoint };
    const bool writes = team.team.rank == 0;
    vitrine_train_resume resume = { .keep = writes ? keep : NULL, .context = &keeping };
    if (code == CLI_OK) code = read_checkpoint(&set, &resume, &kept);
    if (code == CLI_OK) {
        watcher watched = { .story = &story };
        if (set.checkpoint != NULL) set.train.resume = &resume;
        if (team.team.size > 1) set.train.team = &team.team;
        fit_to_log(&options, &log, report.format, &set.train);
        if (set.train.gaps && !log.timed)
            code = cli_fail(command, CLI_USAGE, "--gaps: the log has no times, so nothing is known of gaps: leave it out");
        if (code != CLI_OK) goto done;
        if (set.from != NULL) code = train_continue_begin(command, set.from, &log, &set.train, &from);
        if (code != CLI_OK) goto done;
        cli_progress_begin(&watched.line, set.quiet);
        const vitrine_status status = vitrine_train(&log, has_catalog ? &catalog : NULL, &set.train, show,
                                                    &watched, &trained, &fault);
        cli_progress_end(&watched.line);
        if (status != VITRINE_OK) code = refused(&set, &keeping, &from, &fault);
    }
    if (code == CLI_OK && !writes) goto done;
    if (code == CLI_OK) code = finish_model(&set, &log, &story, &trained, &intent, &section, &card, &trend);
    if (code == CLI_OK) code = write_model(&set, &trained, &story.bytes);
    if (code == CLI_OK && set.log_path != NULL) code = write_story(&set, &story);
    if (code == CLI_OK) code = print_result(&set, &story);
done:
    train_continue_end(&from);
    free(kept);
    free(section);
    free(card);
    free(trend);
    train_story_free(&story);
    vitrine_trained_free(&trained);
    vitrine_item_table_free(&catalog);
    vitrine_dataset_free(&log);
    return cli_team_leave(&team, code);
}
