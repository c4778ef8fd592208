/* vitrine tune: finds settings for train, on the validation part of a log alone.
 *
 * Successive halving (Jamieson and Talwalkar, 2016): many settings for few epochs, the best third of
 * them for three times as many, and so on. What a short training says about a long one is not certain,
 * but it is right about the worst, and those cost the most time. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/command.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/tune_journal.h"
#include "cli/tune_space.h"
#include "cli/tune_trial.h"

static const char command[] = "tune";

enum { MOST_RUNGS = 5, MOST_JOBS = 64, THIRD = 3 };

static const cli_option search_options[] = {
    { "trials", 0, "N", "settings to try, the usual one among them (usual: 18)" },
    { "method", 0, "NAME", "halving (usual), or random: every setting for all epochs" },
    { "epochs", 0, "N", "of the longest trainings (usual: 12)" },
    { "space", 0, "FILE", "what to choose from, as JSON: docs/tuning.md (usual: built in)" },
    { "print-space", 0, NULL, "print the space and leave" },
    { "metric", 0, "NAME", "of the fused model at 20 on the validation part: sum of recall and MRR\n"
                           "(usual), recall, or mrr" },
    { "jobs", 0, "N", "trainings side by side (usual: 1)" },
    { "seed", 's', "N", "of the choice (usual: 1)" },
    { 0 }
};
static const cli_option output_options[] = {
    { "journal", 0, "FILE", "a line for each trial; a search that was stopped goes on from it" },
    { "output", 'o', "FILE", "the result as JSON: best settings, command line, all trials" },
    { "json", 0, NULL, "the result as one line for machines" },
    { "quiet", 'q', NULL, "no progress" },
    { 0 }
};
static const cli_group groups[] = { { "Search", search_options }, { "Output", output_options }, { 0 } };
static const cli_syntax syntax = {
    .command = command,
    .arguments = "-- OPTIONS OF TRAIN...",
    .about = "Tries settings of 'vitrine train' and prints the best as its command line. What stands behind\n"
             "-- goes to every training: --events, --catalog, --threads and what is not to be tuned. Only\n"
             "the validation part of the log judges; keep the test part out of --events.",
    .groups = groups,
    .min_arguments = 0,
    .max_arguments = CLI_MAX_ARGUMENTS,
};

typedef enum metric { BY_SUM, BY_RECALL, BY_MRR } metric;

typedef struct search {
    const cli_options *options;
    uint32_t trials, epochs, jobs;
    uint64_t seed;
    bool halving, quiet;
    metric by;
    tune_space space;
    tune_journal journal;
    uint32_t rungs, budget[MOST_RUNGS], entrants[MOST_RUNGS];
    uint32_t runs, done; /* trainings in all */
    cli_progress line;
} search;

static int out_of_memory(void)
{
    return cli_fail(command, CLI_IO, "out of memory");
}

static double score_of(const search *s, const tune_result *result)
{
    if (!result->ok) return -1.0;
    return (s->by != BY_MRR ? result->recall20 : 0.0) + (s->by != BY_RECALL ? result->mrr20 : 0.0);
}

static bool read_search(const cli_options *options, search *s)
{
    static const char *const methods[] = { "halving", "random", NULL };
    static const char *const metrics[] = { "sum", "recall", "mrr", NULL };
    int method = 0, by = BY_SUM;
    *s = (search){ .options = options, .trials = 18, .epochs = 12, .jobs = 1, .seed = 1, .journal.file = -1 };
    if (!cli_u32(options, "trials", 1, 10000, &s->trials) || !cli_u32(options, "epochs", 1, 1000, &s->epochs) ||
        !cli_u32(options, "jobs", 1, MOST_JOBS, &s->jobs) || !cli_u64(options, "seed", 0, UINT64_MAX, &s->seed) ||
        !cli_choice(options, "method", methods, &method) || !cli_choice(options, "metric", metrics, &by))
        return false;
    s->halving = method == 0;
    s->by = (metric)by;
    s->quiet = cli_has(options, "quiet");
    if (options->argument_count > 0 || cli_has(options, "print-space")) return true;
    cli_usage(options, "give train's options behind --, as in: vitrine tune -- --events log.tsv");
    return false;
}

/* From the last rung down: all epochs for a few, a third of them for three times as many settings. */
static void plan(search *s)
{
    uint32_t budget[MOST_RUNGS], n = 0, share = 1;
    do {
        budget[n++] = (s->epochs + share - 1) / share;
        share *= THIRD;
    } while (s->halving && n < MOST_RUNGS && s->trials / share >= 1 && budget[n - 1] > 1);
    s->rungs = n;
    for (uint32_t r = 0; r < n; r++) s->budget[r] = budget[n - 1 - r];
    for (uint32_t r = 0; r < n; r++) {
        s->entrants[r] = r == 0 ? s->trials : (s->entrants[r - 1] + THIRD - 1) / THIRD;
        s->runs += s->entrants[r];
    }
}

/* What the journal is a journal of. */
static cJSON *describe(const search *s)
{
    cJSON *asked = cJSON_CreateObject(), *arguments = cli_json_array(asked, "train");
    for (int i = 0; i < s->options->argument_count; i++)
        cli_json_text(arguments, NULL, s->options->arguments[i], strlen(s->options->arguments[i]));
    cli_json_number(asked, "trials", s->trials);
    cli_json_number(asked, "epochs", s->epochs);
    cli_json_bool(asked, "halving", s->halving);
    cli_json_number(asked, "metric", s->by);
    cli_json_number(asked, "seed", (double)s->seed);
    cJSON *space = cJSON_Duplicate(s->space.json, 1);
    if (!cJSON_AddItemToObject(asked, "space", space)) {
        cJSON_Delete(space);
        cJSON_Delete(asked);
        return NULL;
    }
    return asked;
}

static cJSON *setting_json(const tune_setting *setting)
{
    cJSON *object = cJSON_CreateObject();
    for (uint32_t i = 0; i < setting->count; i++) {
        if (setting->value[i][0] == 0) cli_json_bool(object, setting->name[i], true);
        else cli_json_text(object, setting->name[i], setting->value[i], strlen(setting->value[i]));
    }
    return object;
}

static int end_one(search *s, tune_trial *trial, int status)
{
    vitrine_problem problem = { 0 };
    const tune_result result = tune_trial_end(trial, status);
    cJSON *setting = setting_json(&trial->setting);
    const bool kept = tune_journal_add(&s->journal, &result, setting, &problem);
    cJSON_Delete(setting);
    if (!kept) return cli_problem(command, &problem);
    s->done++;
    /* The usual settings must work: when they do not, the fault is in what every trial shares. */
    if (!result.ok && trial->trial == 0)
        return cli_fail(command, CLI_INPUT, "train with its usual settings failed, or held nothing out to judge by");
    cli_progress_keep(&s->line, "%u of %u: trial %u, %u epochs: recall@20 %.4f, MRR@20 %.4f, %.0f s%s", s->done,
                      s->runs, result.trial, result.epochs, result.recall20, result.mrr20, result.seconds,
                      result.ok ? "" : " (refused)");
    return CLI_OK;
}

/* Waits for one of the running trials. */
static int wait_for_one(search *s, tune_trial *running, uint32_t *active)
{
    int status = 0;
    const pid_t ended = waitpid(-1, &status, 0);
    if (ended < 0) return errno == EINTR ? CLI_OK : cli_fail(command, CLI_IO, "waiting: %s", strerror(errno));
    for (uint32_t j = 0; j < s->jobs; j++)
        if (running[j].process == ended) {
            (*active)--;
            return end_one(s, &running[j], status);
        }
    return CLI_OK;
}

/* The trials named [count], each for so many epochs; those in the journal are done. */
static int run_rung(search *s, const uint32_t *named, uint32_t count, uint32_t epochs)
{
    tune_trial *running = calloc(s->jobs, sizeof *running);
    uint32_t active = 0, next = 0;
    int code = CLI_OK;
    if (running == NULL) return out_of_memory();
    while (code == CLI_OK && (next < count || active > 0)) {
        if (next < count && tune_journal_find(&s->journal, named[next], epochs) != NULL) {
            s->done++;
            next++;
            continue;
        }
        if (next == count || active == s->jobs) {
            code = wait_for_one(s, running, &active);
            continue;
        }
        uint32_t j = 0;
        while (running[j].process != 0) j++;
        vitrine_problem problem = { 0 };
        running[j] = (tune_trial){ .trial = named[next], .epochs = epochs };
        tune_space_draw(&s->space, s->seed, named[next], &running[j].setting);
        if (!tune_trial_start(&running[j], s->options->arguments, (size_t)s->options->argument_count, &problem)) {
            code = cli_problem(command, &problem);
            break;
        }
        active++;
        next++;
    }
    /* After a failure the others are let go to their end, unheard. */
    for (uint32_t j = 0; j < s->jobs; j++)
        if (running[j].process != 0) {
            int status = 0;
            while (waitpid(running[j].process, &status, 0) < 0 && errno == EINTR) continue;
            (void)tune_trial_end(&running[j], status);
        }
    free(running);
    return code;
}

/* The best `keep` of the trials named, best first; equal ones: the lower number. */
static void choose(const search *s, uint32_t *named, uint32_t count, uint32_t epochs, uint32_t keep)
{
    for (uint32_t n = 0; n < keep; n++) {
        uint32_t best = n;
        for (uint32_t i = n + 1; i < count; i++) {
            const double own = score_of(s, tune_journal_find(&s->journal, named[i], epochs));
            const double most = score_of(s, tune_journal_find(&s->journal, named[best], epochs));
            if (own > most || (own == most && named[i] < named[best])) best = i;
        }
        const uint32_t kept = named[n];
        named[n] = named[best];
        named[best] = kept;
    }
}

static int run_all(search *s, uint32_t *named)
{
    int code = CLI_OK;
    for (uint32_t t = 0; t < s->trials; t++) named[t] = t;
    for (uint32_t r = 0; r < s->rungs && code == CLI_OK; r++) {
        code = run_rung(s, named, s->entrants[r], s->budget[r]);
        if (code == CLI_OK)
            choose(s, named, s->entrants[r], s->budget[r], r + 1 < s->rungs ? s->entrants[r + 1] : 1);
    }
    return code;
}

static void quote(FILE *out, const char *text)
{
    if (text[0] != 0 && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+,./:@%") == strlen(text)) {
        fprintf(out, "%s", text);
        return;
    }
    fputc('\'', out);
    for (; *text != 0; text++) fprintf(out, *text == '\'' ? "'\\''" : "%c", *text);
    fputc('\'', out);
}

static void print_command(const search *s, const tune_setting *best)
{
    printf("vitrine train");
    for (int i = 0; i < s->options->argument_count; i++) {
        putchar(' ');
        quote(stdout, s->options->arguments[i]);
    }
    for (uint32_t i = 0; i < best->count; i++) {
        printf(" --%s", best->name[i]);
        if (best->value[i][0] == 0) continue;
        putchar(' ');
        quote(stdout, best->value[i]);
    }
    printf(" --epochs %u -o model.vitrine\n", s->epochs);
}

static void add_result(cJSON *to, const tune_result *result)
{
    cli_json_number(to, "trial", result->trial);
    cli_json_number(to, "epochs", result->epochs);
    cli_json_number(to, "recall20", result->recall20);
    cli_json_number(to, "mrr20", result->mrr20);
    cli_json_number(to, "bytes", result->bytes);
    cli_json_number(to, "seconds", result->seconds);
}

static cJSON *result_json(const search *s, uint32_t best)
{
    const uint32_t epochs = s->budget[s->rungs - 1];
    tune_setting setting;
    cJSON *root = cJSON_CreateObject(), *top = cli_json_object(root, "best");
    add_result(top, tune_journal_find(&s->journal, best, epochs));
    tune_space_draw(&s->space, s->seed, best, &setting);
    cJSON *options = setting_json(&setting);
    if (!cJSON_AddItemToObject(top, "options", options)) cJSON_Delete(options);
    cJSON *usual = cli_json_object(root, "usual");
    const tune_result *zero = tune_journal_find(&s->journal, 0, epochs);
    for (uint32_t r = s->rungs; zero == NULL && r-- > 0;) zero = tune_journal_find(&s->journal, 0, s->budget[r]);
    add_result(usual, zero);
    cJSON *all = cli_json_array(root, "trials");
    for (size_t i = 0; i < s->journal.count; i++) {
        cJSON *one = cli_json_object(all, NULL);
        add_result(one, &s->journal.result[i]);
        cli_json_bool(one, "ok", s->journal.result[i].ok);
        tune_space_draw(&s->space, s->seed, s->journal.result[i].trial, &setting);
        cJSON *own = setting_json(&setting);
        if (!cJSON_AddItemToObject(one, "options", own)) cJSON_Delete(own);
    }
    return root;
}

static int tell(const search *s, uint32_t best)
{
    const char *path = cli_value(s->options, "output");
    const tune_result *top = tune_journal_find(&s->journal, best, s->budget[s->rungs - 1]);
    vitrine_problem problem = { 0 };
    tune_setting setting;
    if (path != NULL) {
        cJSON *result = result_json(s, best);
        char *text = cJSON_Print(result);
        cJSON_Delete(result);
        if (text == NULL) return out_of_memory();
        const bool ok = cli_output_file(path, text, strlen(text), &problem);
        cJSON_free(text);
        if (!ok) return cli_problem(command, &problem);
    }
    if (cli_has(s->options, "json"))
        return cli_json_print(result_json(s, best), stdout, &problem) ? CLI_OK : cli_problem(command, &problem);
    printf("best of %u settings, trial %u: recall@20 %.4f, MRR@20 %.4f on the validation part, %.0f bytes\n",
           s->trials, best, top->recall20, top->mrr20, top->bytes);
    tune_space_draw(&s->space, s->seed, best, &setting);
    print_command(s, &setting);
    return CLI_OK;
}

static int read_space(search *s)
{
    const char *path = cli_value(s->options, "space");
    vitrine_problem problem = { 0 };
    void *bytes = NULL;
    size_t size = 0;
    if (path != NULL && !cli_input_file(path, VITRINE_JSON_VALUE, &bytes, &size, &problem))
        return cli_problem(command, &problem);
    const bool ok = tune_space_read(&s->space, bytes, size, path, &problem);
    free(bytes);
    return ok ? CLI_OK : cli_problem(command, &problem);
}

static int print_space(const search *s)
{
    char *text = cJSON_Print(s->space.json);
    if (text == NULL) return out_of_memory();
    printf("%s\n", text);
    cJSON_free(text);
    return CLI_OK;
}

int cmd_tune(int argc, char **argv)
{
    cli_options options;
    search s;
    vitrine_problem problem = { 0 };
    int code = cli_parse(&options, &syntax, argc, argv);
    if (code != CLI_GO_ON) return code;
    if (!read_search(&options, &s)) return CLI_USAGE;
    if ((code = read_space(&s)) != CLI_OK) return code;
    if (cli_has(&options, "print-space")) {
        code = print_space(&s);
        tune_space_free(&s.space);
        return code;
    }
    plan(&s);
    cJSON *asked = describe(&s);
    uint32_t *named = malloc(s.trials * sizeof *named);
    if (asked == NULL || named == NULL) code = out_of_memory();
    else if (!tune_journal_open(&s.journal, cli_value(&options, "journal"), asked, &problem))
        code = cli_problem(command, &problem);
    cli_progress_begin(&s.line, s.quiet);
    if (code == CLI_OK) code = run_all(&s, named);
    cli_progress_end(&s.line);
    if (code == CLI_OK) code = tell(&s, named[0]);
    cJSON_Delete(asked);
    free(named);
    tune_journal_close(&s.journal);
    tune_space_free(&s.space);
    return code;
}
