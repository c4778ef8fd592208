/* vitrine evaluate: how often the true next item stands high in the list, beside plain baselines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/command.h"
#include "cli/json.h"
#include "cli/log_options.h"
#include "cli/model_file.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "eval/baseline.h"
#include "eval/evaluate.h"
#include "eval/lists.h"
#include "eval/metrics.h"
#include "train/popularity.h"

static const char command[] = "evaluate";

static const cli_option system_options[] = {
    { "model", 'm', "FILE", "the model; without it only baselines are run, from --train" },
    { "baselines", 0, "LIST", "pop,spop,ar,itemknn,sr,vsknn,stan or none; all but pop and spop need\n"
                              "--train (usual: all that can be had)" },
    { "train", 0, "FILE", "the log the model was trained on, for the baselines; may be repeated" },
    { "train-format", 0, "NAME", "format of that log (usual: that of --format, or guessed)" },
    { 0 }
};
static const cli_option protocol_options[] = {
    { "k", 'k', "LIST", "lengths to judge at (usual: 5,10,20)" },
    { "unknown", 0, "drop|miss", "test events about items the model lacks: leave out (usual), or\n"
                                 "count as misses" },
    { "repeat", 0, "keep|drop", "whether items of the history stay candidates (usual: keep)" },
    { "limit", 0, "N", "use N sessions, evenly spread" },
    { "bootstrap", 0, "N", "intervals and paired tests from N resamplings of the sessions" },
    { "seed", 0, "N", "of the resampling (usual: 1)" },
    { 0 }
};
static const cli_option output_options[] = {
    { "lists", 0, "FILE", "write every list: session, position, items (.gz by name)" },
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
static const cli_syntax syntax = {
    .command = command,
    .about = "Plays held-out sessions and asks for the next item, ranking all items each time. For\n"
             "events and sessions every position counts; for pairs and sequences the last item.",
    .groups = groups,
};

typedef struct settings {
    const char *model_path, *lists_path;
    const char *train_files[CLI_MAX_FILES];
    size_t train_count;
    uint32_t cut[VITRINE_MAX_CUTS];
    size_t cuts;
    uint32_t longest, threads, samples;
    uint64_t seed;
    bool wants[VITRINE_BASELINES], json, quiet, gated;
    double min_lift;
    vitrine_case_rules rules;
    vitrine_log_options train_log;
} settings;

/* One recommender's result. */
typedef struct contestant {
    const char *name;
    vitrine_ranks ranks;
    double seconds;
    vitrine_bootstrap own, against; /* against the first contestant, the model */
} contestant;

enum { MOST_CONTESTANTS = VITRINE_BASELINES + 1 };

typedef struct evaluation {
    cli_model model;
    vitrine_dataset log, training;
    bool has_training;
    const vitrine_strings *ids;
    uint32_t items;
    float *popularity; /* [items] shares */
    vitrine_cases cases;
    uint32_t contestants;
    contestant contestant[MOST_CONTESTANTS];
    uint32_t longest_session;
    double seconds;
} evaluation;

static int out_of_memory(void)
{
    return cli_fail(command, CLI_IO, "out of memory");
}

static bool read_baselines(const cli_options *options, settings *set)
{
    const char *text = cli_value(options, "baselines");
    for (uint32_t b = 0; b < VITRINE_BASELINES; b++)
        set->wants[b] = text == NULL && (set->train_count > 0 || !vitrine_baseline_needs_log(b));
    if (text == NULL || strcmp(text, "none") == 0) return true;
    while (*text != '\0') {
        const size_t length = strcspn(text, ",");
        const uint32_t kind = vitrine_baseline_of(text, length);
        if (kind == VITRINE_BASELINES) {
            cli_usage(options, "--baselines: there is no '%.*s'; known are pop, spop, ar, itemknn, "
                               "sr, vsknn, stan and none", (int)length, text);
            return false;
        }
        if (vitrine_baseline_needs_log(kind) && set->train_count == 0) {
            cli_usage(options, "--baselines %s counts in the training log: give it with --train",
                      vitrine_baseline_name(kind));
            return false;
        }
        set->wants[kind] = true;
        text += length + (text[length] == ',');
    }
    return true;
}

static bool read_settings(const cli_options *options, settings *set)
{
    static const char *const unknown[] = { "drop", "miss", NULL };
    static const char *const repeat[] = { "keep", "drop", NULL };
    int unknown_miss = 0, repeat_drop = 0;
    *set = (settings){ .cut = { 5, 10, 20 }, .cuts = 3, .threads = 1, .seed = 1 };
    set->model_path = cli_value(options, "model");
    set->lists_path = cli_value(options, "lists");
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
        !cli_choice(options, "repeat", repeat, &repeat_drop) ||
        !cli_log_options(options, &set->train_log) || !read_baselines(options, set))
        return false;
    set->rules.unknown_miss = unknown_miss == 1;
    set->rules.repeat_drop = repeat_drop == 1;
    for (size_t c = 1; c < set->cuts; c++)
        if (set->cut[c] <= set->cut[c - 1]) {
            cli_usage(options, "--k wants rising numbers, as in 5,10,20");
            return false;
        }
    const char *format = cli_value(options, "train-format");
    if (format != NULL) {
        set->train_log.format = vitrine_log_format_of(format);
        if (set->train_log.format == VITRINE_LOG_FORMATS) {
            cli_usage(options, "--train-format: there is no format '%s'", format);
            return false;
        }
    } else if (set->train_log.format == VITRINE_LOG_PAIRS) {
        set->train_log.format = VITRINE_LOG_GUESS; /* a test file's format, not a log's */
    }
    if (set->model_path == NULL && set->train_count == 0) {
        cli_usage(options, "give a model with --model, or a log with --train for baselines alone");
        return false;
    }
    if ((set->gated || set->lists_path != NULL) && set->model_path == NULL) {
        cli_usage(options, "--%s wants a model: give one with --model",
                  set->gated ? "min-lift" : "lists");
        return false;
    }
    return true;
}

static int read_training(const settings *set, evaluation *ev)
{
    vitrine_problem problem = {0};
    const vitrine_strings *vocabulary = ev->model.model != NULL ? &ev->model.model->ids : NULL;
    if (!vitrine_log_read(set->train_files, set->train_count, &set->train_log, vocabulary,
                          &ev->training, NULL, &problem))
        return cli_problem(command, &problem);
    ev->has_training = true;
    return CLI_OK;
}

/* Frequencies in the training log where there is one, otherwise those that the model carries. */
static int find_popularity(evaluation *ev)
{
    ev->popularity = malloc(((size_t)ev->items + 1) * sizeof *ev->popularity);
    if (ev->popularity == NULL) return out_of_memory();
    if (!ev->has_training) {
        memcpy(ev->popularity, ev->model.model->popularity, ev->items * sizeof *ev->popularity);
        return CLI_OK;
    }
    const vitrine_status status = vitrine_popularity(&ev->training, 0, ev->training.sessions, NULL,
                                                     0.0f, ev->popularity);
    return status == VITRINE_OK ? CLI_OK : out_of_memory();
}

static int read_inputs(const cli_options *options, const settings *set, evaluation *ev)
{
    int code = CLI_OK;
    if (set->model_path != NULL) code = cli_model_open(command, set->model_path, &ev->model);
    if (code == CLI_OK && set->train_count > 0) code = read_training(set, ev);
    if (code != CLI_OK) return code;
    ev->ids = ev->model.model != NULL ? &ev->model.model->ids : &ev->training.item_ids;
    ev->items = ev->model.model != NULL ? ev->model.model->config.items : ev->training.items;
    if ((code = find_popularity(ev)) != CLI_OK) return code;

    vitrine_log_report report;
    if ((code = cli_read_log(options, ev->ids, &ev->log, &report)) != CLI_OK) return code;
    vitrine_case_rules rules = set->rules;
    rules.last_only = report.format == VITRINE_LOG_PAIRS || report.format == VITRINE_LOG_SEQUENCES;
    if (vitrine_cases_make(&ev->log, &rules, &ev->cases) != VITRINE_OK) return out_of_memory();
    if (ev->cases.cases == 0)
        return cli_fail(command, CLI_INPUT,
                        "nothing to score: no session has two events about items that the model "
                        "knows (%llu of %llu events are about others); is this the right model?",
                        (unsigned long long)ev->cases.unknown_events,
                        (unsigned long long)ev->log.events);
    for (uint32_t s = 0; s < ev->cases.sessions; s++) {
        const uint64_t length = ev->cases.session_start[s + 1] - ev->cases.session_start[s];
        if (length > ev->longest_session) ev->longest_session = (uint32_t)length;
    }
    return CLI_OK;
}

/* What the progress line needs to know. */
typedef struct watch {
    cli_progress line;
    const char *name;
    uint32_t sessions;
} watch;

static void show_progress(void *context, uint32_t sessions)
{
    watch *watched = context;
    cli_progress_show(&watched->line, "%s: %.0f %% of the sessions", watched->name,
                      100.0 * sessions / watched->sessions);
}

/* One contestant; baseline null: the model. */
static int run(const settings *set, const vitrine_baseline *baseline, const char *name,
               evaluation *ev)
{
    contestant *one = &ev->contestant[ev->contestants];
    const bool is_model = baseline == NULL;
    const uint32_t longest = is_model ? set->longest : 0;
    vitrine_fault fault = {0};
    watch watched = { .name = name, .sessions = ev->cases.sessions };
    const double began = cli_now();
    vitrine_lister *lister = calloc(set->threads, sizeof *lister);
    vitrine_status status = lister == NULL ? VITRINE_NO_SPACE : VITRINE_OK;
    for (uint32_t t = 0; status == VITRINE_OK && t < set->threads; t++)
        status = is_model ? vitrine_model_lister(ev->model.bytes, ev->model.size,
                                                 ev->longest_session, &lister[t], &fault)
                          : vitrine_baseline_lister(baseline, ev->longest_session, &lister[t]);
    if (status == VITRINE_OK)
        status = vitrine_ranks_make(&ev->cases, set->cut, (uint32_t)set->cuts, longest,
                                    is_model && set->lists_path != NULL, &one->ranks);
    if (status == VITRINE_OK) {
        one->name = name;
        ev->contestants++;
        cli_progress_begin(&watched.line, set->quiet);
        status = vitrine_evaluate(&ev->cases, lister, set->threads, show_progress, &watched,
                                  &one->ranks);
        cli_progress_end(&watched.line);
        one->seconds = cli_now() - began;
    }
    for (uint32_t t = 0; lister != NULL && t < set->threads; t++)
        if (lister[t].destroy != NULL) lister[t].destroy(lister[t].self);
    free(lister);
    if (status == VITRINE_NO_SPACE) return out_of_memory();
    return status == VITRINE_OK ? CLI_OK : cli_fault(command, set->model_path, status, &fault);
}

static int run_all(const settings *set, evaluation *ev)
{
    int code = CLI_OK;
    if (ev->model.model != NULL) code = run(set, NULL, "model", ev);
    for (uint32_t b = 0; b < VITRINE_BASELINES && code == CLI_OK; b++) {
        vitrine_baseline *baseline = NULL;
        if (!set->wants[b]) continue;
        if (vitrine_baseline_make((vitrine_baseline_kind)b, ev->items, ev->popularity,
                                  ev->has_training ? &ev->training : NULL, set->threads,
                                  &baseline) != VITRINE_OK)
            return out_of_memory();
        code = run(set, baseline, vitrine_baseline_name(b), ev);
        vitrine_baseline_destroy(baseline);
    }
    return code;
}

static int resample(const settings *set, evaluation *ev)
{
    const uint32_t k = set->cut[set->cuts - 1];
    double *sums = malloc(((size_t)ev->cases.sessions * 3 + 1) * sizeof *sums);
    double *means = malloc(((size_t)set->samples * 4 + 1) * sizeof *means);
    const bool ok = sums != NULL && means != NULL;
    for (uint32_t c = 0; ok && c < ev->contestants; c++) {
        contestant *one = &ev->contestant[c];
        one->own = vitrine_bootstrap_of(one->ranks.rank, NULL, ev->cases.case_start,
                                        ev->cases.sessions, k, set->samples, set->seed, sums, means);
        if (c > 0)
            one->against = vitrine_bootstrap_of(ev->contestant[0].ranks.rank, one->ranks.rank,
                                                ev->cases.case_start, ev->cases.sessions, k,
                                                set->samples, set->seed, sums, means);
    }
    free(sums);
    free(means);
    return ok ? CLI_OK : out_of_memory();
}

static int write_lists(const settings *set, const evaluation *ev)
{
    vitrine_problem problem = {0};
    char *line = NULL;
    size_t capacity = 0;
    cli_output *out = cli_output_open(set->lists_path, &problem);
    if (out == NULL) return cli_problem(command, &problem);
    for (uint32_t s = 0; s < ev->cases.sessions; s++)
        for (uint64_t c = ev->cases.case_start[s]; c < ev->cases.case_start[s + 1]; c++) {
            const size_t length =
                vitrine_lists_line(&ev->log, ev->ids, &ev->cases, &ev->contestant[0].ranks, s,
                                   (uint32_t)c, &line, &capacity);
            if (length == 0) {
                cli_output_discard(out);
                free(line);
                return out_of_memory();
            }
            cli_output_write(out, line, length);
        }
    free(line);
    return cli_output_commit(out, &problem) ? CLI_OK : cli_problem(command, &problem);
}

static vitrine_quality quality(const evaluation *ev, uint32_t c, uint32_t k)
{
    return vitrine_quality_at(ev->contestant[c].ranks.rank, NULL, ev->cases.cases, k);
}

static vitrine_spread spread(const evaluation *ev, uint32_t c, size_t cut)
{
    return vitrine_spread_of(ev->contestant[c].ranks.recommended + cut * ev->items, ev->popularity,
                             ev->items, ev->cases.target, ev->cases.cases);
}

/* The baseline of greatest NDCG at the largest k, or 0 when there is none beside a model. */
static uint32_t best_baseline(const settings *set, const evaluation *ev)
{
    const uint32_t k = set->cut[set->cuts - 1];
    uint32_t best = 0;
    for (uint32_t c = 1; c < ev->contestants; c++)
        if (best == 0 || quality(ev, c, k).ndcg > quality(ev, best, k).ndcg) best = c;
    return best;
}

static double lift_over(const settings *set, const evaluation *ev, uint32_t other)
{
    const uint32_t k = set->cut[set->cuts - 1];
    const double theirs = quality(ev, other, k).ndcg;
    return theirs > 0.0 ? quality(ev, 0, k).ndcg / theirs - 1.0 : 0.0;
}

static void print_slices(const settings *set, const evaluation *ev, uint8_t *chosen)
{
    const uint32_t k = set->cut[set->cuts - 1];
    printf("\n%-10s %9s", "", "positions");
    for (uint32_t c = 0; c < ev->contestants; c++) printf("  %14s", ev->contestant[c].name);
    printf("   recall@%u / MRR@%u\n", k, k);
    for (uint32_t s = 0; s < VITRINE_SLICES; s++) {
        vitrine_slice_choose(&ev->cases, s, chosen);
        for (uint32_t c = 0; c < ev->contestants; c++) {
            const vitrine_quality q =
                vitrine_quality_at(ev->contestant[c].ranks.rank, chosen, ev->cases.cases, k);
            if (c == 0) printf("%-10s %9llu", vitrine_slice_name(s), (unsigned long long)q.cases);
            printf("  %6.4f /%6.4f", q.recall, q.mrr);
        }
        printf("\n");
    }
}

static void print_table(const settings *set, const evaluation *ev)
{
    const size_t last = set->cuts - 1;
    printf("%u positions of %u sessions, %u items, unknown items %s, items of the history %s\n\n",
           ev->cases.cases, ev->cases.sessions, ev->items,
           set->rules.unknown_miss ? "count as misses" : "left out",
           set->rules.repeat_drop ? "are no candidates" : "stay candidates");
    printf("%-9s", "");
    for (size_t c = 0; c < set->cuts; c++) printf("  recall@%-3u MRR@%-3u NDCG@%-3u", set->cut[c], set->cut[c], set->cut[c]);
    printf("  coverage@%-3u bias@%-3u\n", set->cut[last], set->cut[last]);
    for (uint32_t c = 0; c < ev->contestants; c++) {
        printf("%-9s", ev->contestant[c].name);
        for (size_t n = 0; n < set->cuts; n++) {
            const vitrine_quality q = quality(ev, c, set->cut[n]);
            printf("     %.4f  %.4f   %.4f", q.recall, q.mrr, q.ndcg);
        }
        const vitrine_spread s = spread(ev, c, last);
        printf("        %.4f %8.3f\n", s.coverage, s.bias);
    }
    for (uint32_t c = 0; set->samples > 0 && c < ev->contestants; c++) {
        const vitrine_bootstrap *own = &ev->contestant[c].own, *a = &ev->contestant[c].against;
        printf("%s%-9s 95 %%: recall %.4f..%.4f, MRR %.4f..%.4f, NDCG %.4f..%.4f", c == 0 ? "\n" : "",
               ev->contestant[c].name, own->recall.low, own->recall.high, own->mrr.low,
               own->mrr.high, own->ndcg.low, own->ndcg.high);
        if (c > 0)
            printf("; %s better but for p = %.4f, %.4f, %.4f", ev->contestant[0].name,
                   a->p_recall, a->p_mrr, a->p_ndcg);
        printf("\n");
    }
}

static void add_quality(cJSON *to, vitrine_quality q)
{
    cli_json_number(to, "recall", q.recall);
    cli_json_number(to, "mrr", q.mrr);
    cli_json_number(to, "ndcg", q.ndcg);
}

static void add_interval(cJSON *to, const char *name, vitrine_interval interval)
{
    cJSON *pair = cli_json_object(to, name);
    cli_json_number(pair, "low", interval.low);
    cli_json_number(pair, "high", interval.high);
}

static void add_contestant(const settings *set, const evaluation *ev, uint32_t c, uint8_t *chosen,
                           cJSON *systems)
{
    const contestant *one = &ev->contestant[c];
    cJSON *system = cli_json_object(systems, NULL);
    cli_json_text(system, "name", one->name, strlen(one->name));
    cli_json_number(system, "seconds", one->seconds);
    cJSON *metrics = cli_json_array(system, "metrics");
    for (size_t n = 0; n < set->cuts; n++) {
        cJSON *at = cli_json_object(metrics, NULL);
        const vitrine_spread s = spread(ev, c, n);
        cli_json_number(at, "k", set->cut[n]);
        add_quality(at, quality(ev, c, set->cut[n]));
        cli_json_number(at, "coverage", s.coverage);
        cli_json_number(at, "popularity_bias", s.bias);
    }
    cJSON *slices = cli_json_array(system, "slices");
    for (uint32_t s = 0; s < VITRINE_SLICES; s++) {
        cJSON *slice = cli_json_object(slices, NULL);
        vitrine_slice_choose(&ev->cases, s, chosen);
        const vitrine_quality q = vitrine_quality_at(one->ranks.rank, chosen, ev->cases.cases,
                                                     set->cut[set->cuts - 1]);
        cli_json_text(slice, "name", vitrine_slice_name(s), strlen(vitrine_slice_name(s)));
        cli_json_number(slice, "positions", (double)q.cases);
        add_quality(slice, q);
    }
    if (set->samples == 0) return;
    cJSON *own = cli_json_object(system, "interval");
    add_interval(own, "recall", one->own.recall);
    add_interval(own, "mrr", one->own.mrr);
    add_interval(own, "ndcg", one->own.ndcg);
    if (c == 0) return;
    cJSON *against = cli_json_object(system, "first_minus_this");
    add_interval(against, "recall", one->against.recall);
    add_interval(against, "mrr", one->against.mrr);
    add_interval(against, "ndcg", one->against.ndcg);
    cli_json_number(against, "p_recall", one->against.p_recall);
    cli_json_number(against, "p_mrr", one->against.p_mrr);
    cli_json_number(against, "p_ndcg", one->against.p_ndcg);
}

static int print_json(const settings *set, const evaluation *ev, uint8_t *chosen)
{
    vitrine_problem problem = {0};
    cJSON *root = cJSON_CreateObject();
    cli_json_number(root, "positions", ev->cases.cases);
    cli_json_number(root, "sessions", ev->cases.sessions);
    cli_json_number(root, "items", ev->items);
    cli_json_number(root, "unknown_events", (double)ev->cases.unknown_events);
    cli_json_text(root, "unknown", set->rules.unknown_miss ? "miss" : "drop", 4);
    cli_json_text(root, "repeat", set->rules.repeat_drop ? "drop" : "keep", 4);
    cli_json_number(root, "seconds", ev->seconds);
    const uint32_t best = ev->model.model != NULL ? best_baseline(set, ev) : 0;
    if (best > 0) {
        cJSON *lift = cli_json_object(root, "lift");
        cli_json_text(lift, "over", ev->contestant[best].name, strlen(ev->contestant[best].name));
        cli_json_number(lift, "ndcg", lift_over(set, ev, best));
    }
    cJSON *systems = cli_json_array(root, "systems");
    for (uint32_t c = 0; c < ev->contestants; c++) add_contestant(set, ev, c, chosen, systems);
    return cli_json_print(root, stdout, &problem) ? CLI_OK : cli_problem(command, &problem);
}

static int print_result(const settings *set, const evaluation *ev)
{
    uint8_t *chosen = malloc((size_t)ev->cases.cases + 1);
    if (chosen == NULL) return out_of_memory();
    int code = CLI_OK;
    if (set->json) {
        code = print_json(set, ev, chosen);
    } else {
        print_table(set, ev);
        print_slices(set, ev, chosen);
    }
    free(chosen);
    return code;
}

static int check_lift(const settings *set, const evaluation *ev)
{
    const uint32_t best = best_baseline(set, ev);
    if (best == 0)
        return cli_fail(command, CLI_USAGE, "--min-lift needs a baseline to compare with");
    const double lift = lift_over(set, ev, best);
    if (lift >= set->min_lift) return CLI_OK;
    return cli_fail(command, CLI_GATE,
                    "NDCG@%u is %+.1f %% against %s; --min-lift asks for %+.1f %%",
                    set->cut[set->cuts - 1], 100.0 * lift, ev->contestant[best].name,
                    100.0 * set->min_lift);
}

static void close_all(evaluation *ev)
{
    for (uint32_t c = 0; c < ev->contestants; c++) vitrine_ranks_free(&ev->contestant[c].ranks);
    vitrine_cases_free(&ev->cases);
    vitrine_dataset_free(&ev->log);
    vitrine_dataset_free(&ev->training);
    free(ev->popularity);
    cli_model_close(&ev->model);
}

int cmd_evaluate(int argc, char **argv)
{
    cli_options options;
    settings set;
    evaluation ev = {0};
    int code = cli_parse(&options, &syntax, argc, argv);
    if (code != CLI_GO_ON) return code;
    if (!read_settings(&options, &set)) return CLI_USAGE;
    const double began = cli_now();
    code = read_inputs(&options, &set, &ev);
    if (code == CLI_OK) code = run_all(&set, &ev);
    if (code == CLI_OK && set.samples > 0) code = resample(&set, &ev);
    ev.seconds = cli_now() - began;
    if (code == CLI_OK && set.lists_path != NULL) code = write_lists(&set, &ev);
    if (code == CLI_OK) code = print_result(&set, &ev);
    if (code == CLI_OK && set.gated) code = check_lift(&set, &ev);
    close_all(&ev);
    return code;
}
