/* The order of the contestants is the order of the report: the model, the models it is compared
 * with, the baselines. */
#include "cli/model_file.h"
#include "cli/evaluate_contest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/bow_model.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/rules_lister.h"
#include "eval/lists.h"
#include "train/popularity.h"

static const char command[] = "evaluate";

static int out_of_memory(void)
{
    return cli_fail(command, CLI_IO, "out of memory");
}

static int read_catalog(const evaluate_settings *set, evaluation *ev)
{
    vitrine_problem problem = {0};
    vitrine_fault fault = {0};
    vitrine_engine *engine = NULL;
    if (set->catalog_path == NULL) return CLI_OK;
    if (!cli_input_file(set->catalog_path, (size_t)1 << 31, &ev->catalog, &ev->catalog_size, &problem))
        return cli_problem(command, &problem);
    ev->catalog_size = cli_file_end(ev->catalog, ev->catalog_size);
    vitrine_status status = vitrine_engine_create(ev->model.bytes, ev->model.size, ev->catalog,
                                                  ev->catalog_size, 1, &engine, &fault);
    if (status != VITRINE_OK) return cli_fault(command, set->catalog_path, status, &fault);
    status = vitrine_vocabulary_make(engine->catalog, &ev->vocabulary);
    vitrine_engine_destroy(engine);
    return status == VITRINE_OK ? CLI_OK : out_of_memory();
}

static int read_training(const evaluate_settings *set, evaluation *ev)
{
    vitrine_problem problem = {0};
    if (!vitrine_log_read(set->train_files, set->train_count, &set->train_log, ev->ids,
                          &ev->training, NULL, &problem))
        return cli_problem(command, &problem);
    ev->has_training = true;
    if (ev->ids == NULL) ev->ids = &ev->training.item_ids;
    return CLI_OK;
}

/* Frequencies in the training log where there is one, otherwise those that the model carries. */
static int find_popularity(evaluation *ev)
{
    vitrine_status status = VITRINE_NO_SPACE;
    ev->popularity = calloc((size_t)ev->items + 1, sizeof *ev->popularity);
    ev->band = malloc((size_t)ev->items + 1);
    if (ev->popularity == NULL || ev->band == NULL) return out_of_memory();
    if (ev->has_training) {
        status = vitrine_popularity(&ev->training, 0, ev->training.sessions, NULL, 0.0f,
                                    ev->popularity);
    } else {
        const vitrine_model *model = ev->model.model;
        for (uint32_t i = 0; i < model->config.items; i++) {
            size_t length;
            const char *id = vitrine_strings_get(&model->ids, i, &length);
            ev->popularity[vitrine_strings_find(ev->ids, id, length)] = vitrine_model_popularity(model, i);
        }
        status = VITRINE_OK;
    }
    if (status == VITRINE_OK) status = vitrine_bands_of(ev->popularity, ev->items, ev->band);
    return status == VITRINE_OK ? CLI_OK : out_of_memory();
}

static int read_cases(const evaluate_settings *set, evaluation *ev)
{
    vitrine_log_report report = {0};
    vitrine_problem problem = {0};
    const bool read = vitrine_log_read(set->events, set->event_files, &set->log, ev->ids, &ev->log,
                                       &report, &problem);
    if (!set->quiet) cli_print_report(command, set->events, &report);
    if (!read) return cli_problem(command, &problem);
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

int evaluation_read(const evaluate_settings *set, evaluation *ev)
{
    int code = CLI_OK;
    if (set->model_path != NULL) code = cli_model_open(command, set->model_path, &ev->model);
    if (code == CLI_OK) code = read_catalog(set, ev);
    if (code != CLI_OK) return code;
    if (ev->catalog != NULL) ev->ids = &ev->vocabulary.ids;
    else if (ev->model.model != NULL) ev->ids = &ev->model.model->ids;
    if (set->train_count > 0) code = read_training(set, ev);
    if (code != CLI_OK) return code;
    ev->items = ev->ids->count;
    if ((code = find_popularity(ev)) == CLI_OK) code = read_cases(set, ev);
    return code;
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

/* CLI_OK, or the exit code after a message. */
static int make_lister(const evaluation_player *who, const evaluation *ev, vitrine_lister *lister)
{
    vitrine_lister inner;
    vitrine_fault fault = {0};
    vitrine_problem problem = {0};
    const vitrine_catalog *catalog;
    if (who->kind == CONTESTANT_RULES &&
        !cli_rules_lister(&ev->model, ev->catalog, ev->catalog_size, who->rules, who->rules_size, who->path,
                          ev->longest_session, &inner, &catalog, &problem))
        return cli_problem(command, &problem);
    if (who->baseline != NULL)
        return vitrine_baseline_lister(who->baseline, ev->longest_session, lister) == VITRINE_OK
                   ? CLI_OK : out_of_memory();
    if (who->kind != CONTESTANT_RULES) {
        const vitrine_status status =
            vitrine_shop_lister(who->bytes, who->size, who->translated ? ev->catalog : NULL,
                                who->translated ? ev->catalog_size : 0, ev->longest_session, &inner,
                                &catalog, &fault);
        if (status == VITRINE_NO_SPACE) return out_of_memory();
        if (status != VITRINE_OK) return cli_fault(command, who->path, status, &fault);
    }
    if (!who->translated) *lister = inner;
    else if (vitrine_translate_lister(&inner, catalog, ev->ids, lister) != VITRINE_OK)
        return out_of_memory();
    return CLI_OK;
}

static bool lists_wanted(const evaluate_settings *set, const evaluation *ev, const char *name)
{
    if (set->lists_path == NULL) return false;
    return set->lists_of != NULL ? strcmp(set->lists_of, name) == 0 : ev->contestants == 0;
}

int evaluation_play(const evaluate_settings *set, const evaluation_player *who, const char *name,
                    evaluation *ev)
{
    contestant *one = &ev->contestant[ev->contestants];
    const bool keep = lists_wanted(set, ev, name);
    watch watched = { .name = one->name, .sessions = ev->cases.sessions };
    const double began = cli_now();
    vitrine_lister *lister = calloc(set->threads, sizeof *lister);
    int code = lister == NULL ? out_of_memory() : CLI_OK;
    for (uint32_t t = 0; code == CLI_OK && t < set->threads; t++) {
        vitrine_lister made = {0};
        code = make_lister(who, ev, &made);
        if (code == CLI_OK) lister[t] = made;
    }
    if (code == CLI_OK && vitrine_ranks_make(&ev->cases, set->cut, (uint32_t)set->cuts,
                                             keep ? set->longest : 0, keep, &one->ranks) != VITRINE_OK)
        code = out_of_memory();
    if (code == CLI_OK) {
        snprintf(one->name, sizeof one->name, "%s", name);
        one->kind = who->kind;
        one->bytes = who->kind == CONTESTANT_MODEL ? who->size : 0;
        ev->contestants++;
        cli_progress_begin(&watched.line, set->quiet);
        if (vitrine_evaluate(&ev->cases, lister, set->threads, show_progress, &watched, &one->ranks) !=
            VITRINE_OK)
            code = out_of_memory();
        cli_progress_end(&watched.line);
        one->seconds = cli_now() - began;
    }
    for (uint32_t t = 0; lister != NULL && t < set->threads; t++)
        if (lister[t].destroy != NULL) lister[t].destroy(lister[t].self);
    free(lister);
    return code;
}

/* The name of a file without folder and ending. */
static void short_name(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    snprintf(out, size, "%s", slash != NULL ? slash + 1 : path);
    char *end = strstr(out, ".vitrine");
    if (end != NULL && end > out) *end = 0;
}

static int run_other(const evaluate_settings *set, const char *path, evaluation *ev)
{
    cli_model other;
    char name[64];
    const int opened = cli_model_open(command, path, &other);
    if (opened != CLI_OK) return opened;
    short_name(path, name, sizeof name);
    const evaluation_player who = { .path = path, .bytes = other.bytes, .size = other.size, .translated = true };
    const int code = evaluation_play(set, &who, name, ev);
    cli_model_close(&other);
    return code;
}

static int run_baseline(const evaluate_settings *set, uint32_t kind, evaluation *ev)
{
    vitrine_baseline *baseline = NULL;
    if (vitrine_baseline_make((vitrine_baseline_kind)kind, ev->items, ev->popularity,
                              ev->has_training ? &ev->training : NULL, set->threads,
                              &baseline) != VITRINE_OK)
        return out_of_memory();
    const evaluation_player who = { .kind = CONTESTANT_BASELINE, .baseline = baseline };
    const int code = evaluation_play(set, &who, vitrine_baseline_name(kind), ev);
    vitrine_baseline_destroy(baseline);
    return code;
}

/* The bag's rows are those of the training log: the evaluation's own. */
static int run_bow(const evaluate_settings *set, evaluation *ev)
{
    void *bytes = NULL;
    size_t size = 0;
    int code = cli_bow_model(command, &ev->training, set->seed, set->threads, set->quiet, &bytes, &size);
    if (code != CLI_OK) return code;
    const evaluation_player who = { .kind = CONTESTANT_BASELINE, .path = "bow", .bytes = bytes,
                                    .size = size };
    code = evaluation_play(set, &who, "bow", ev);
    free(bytes);
    return code;
}

int evaluation_run(const evaluate_settings *set, evaluation *ev)
{
    int code = CLI_OK;
    if (ev->model.model != NULL) {
        const evaluation_player who = { .path = set->model_path, .bytes = ev->model.bytes,
                             .size = ev->model.size, .translated = ev->catalog != NULL };
        code = evaluation_play(set, &who, "model", ev);
    }
    if (code == CLI_OK) code = evaluation_run_rules(set, ev);
    for (size_t n = 0; n < set->against_count && code == CLI_OK; n++)
        code = run_other(set, set->against[n], ev);
    for (uint32_t b = 0; b < VITRINE_BASELINES && code == CLI_OK; b++)
        if (set->wants[b]) code = run_baseline(set, b, ev);
    if (set->wants_bow && code == CLI_OK) code = run_bow(set, ev);
    if (code == CLI_OK && ev->contestants == 0)
        code = cli_fail(command, CLI_USAGE, "nobody to judge: name baselines, or a model");
    return code;
}

int evaluation_resample(const evaluate_settings *set, evaluation *ev)
{
    const uint32_t k = set->cut[set->cuts - 1];
    if (set->samples == 0) return CLI_OK;
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

int evaluation_write_lists(const evaluate_settings *set, const evaluation *ev)
{
    vitrine_problem problem = {0};
    const contestant *whose = NULL;
    char *line = NULL;
    size_t capacity = 0;
    if (set->lists_path == NULL) return CLI_OK;
    for (uint32_t c = 0; c < ev->contestants; c++)
        if (ev->contestant[c].ranks.list != NULL) whose = &ev->contestant[c];
    if (whose == NULL)
        return cli_fail(command, CLI_USAGE, "--lists-of %s: nobody of that name was judged",
                        set->lists_of);
    cli_output *out = cli_output_open(set->lists_path, &problem);
    if (out == NULL) return cli_problem(command, &problem);
    for (uint32_t s = 0; s < ev->cases.sessions; s++)
        for (uint64_t c = ev->cases.case_start[s]; c < ev->cases.case_start[s + 1]; c++) {
            const size_t length = vitrine_lists_line(&ev->log, ev->ids, &ev->cases, &whose->ranks, s,
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

vitrine_quality evaluation_quality(const evaluation *ev, uint32_t c, uint32_t k)
{
    return vitrine_quality_at(ev->contestant[c].ranks.rank, NULL, ev->cases.cases, k);
}

vitrine_spread evaluation_spread(const evaluation *ev, uint32_t c, size_t cut)
{
    return vitrine_spread_of(ev->contestant[c].ranks.recommended + cut * ev->items, ev->popularity,
                             ev->items, ev->cases.target, ev->cases.cases);
}

uint32_t evaluation_best_baseline(const evaluate_settings *set, const evaluation *ev)
{
    const uint32_t k = set->cut[set->cuts - 1];
    uint32_t best = 0;
    for (uint32_t c = 1; c < ev->contestants; c++) {
        if (ev->contestant[c].kind != CONTESTANT_BASELINE) continue;
        if (best == 0 || evaluation_quality(ev, c, k).ndcg > evaluation_quality(ev, best, k).ndcg)
            best = c;
    }
    return best;
}

double evaluation_lift(const evaluate_settings *set, const evaluation *ev, uint32_t other)
{
    const uint32_t k = set->cut[set->cuts - 1];
    const double theirs = evaluation_quality(ev, other, k).ndcg;
    return theirs > 0.0 ? evaluation_quality(ev, 0, k).ndcg / theirs - 1.0 : 0.0;
}

int evaluation_check_lift(const evaluate_settings *set, const evaluation *ev)
{
    const uint32_t best = evaluation_best_baseline(set, ev);
    if (!set->gated) return CLI_OK;
    if (best == 0)
        return cli_fail(command, CLI_USAGE, "--min-lift needs a baseline to compare with");
    const double lift = evaluation_lift(set, ev, best);
    if (lift >= set->min_lift) return CLI_OK;
    return cli_fail(command, CLI_GATE,
                    "NDCG@%u is %+.1f %% against %s; --min-lift asks for %+.1f %%",
                    set->cut[set->cuts - 1], 100.0 * lift, ev->contestant[best].name,
                    100.0 * set->min_lift);
}

void evaluation_close(evaluation *ev)
{
    for (uint32_t c = 0; c < ev->contestants; c++) vitrine_ranks_free(&ev->contestant[c].ranks);
    vitrine_cases_free(&ev->cases);
    vitrine_dataset_free(&ev->log);
    vitrine_dataset_free(&ev->training);
    vitrine_vocabulary_free(&ev->vocabulary);
    free(ev->popularity);
    free(ev->band);
    free(ev->catalog);
    cli_model_close(&ev->model);
}
