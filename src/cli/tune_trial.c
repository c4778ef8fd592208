#include "cli/tune_trial.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/progress.h"

extern char **environ;

enum { MOST_ANSWER = 1 << 20, MOST_COMPLAINT = 4096 };

/* A file without a name. */
static int nameless(void)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    if (snprintf(path, sizeof path, "%s/vitrine-tune-XXXXXX", folder != NULL && folder[0] != 0 ? folder : "/tmp") >=
        (int)sizeof path)
        return -1;
    const int file = mkstemp(path);
    if (file >= 0) unlink(path);
    return file;
}

static void close_files(tune_trial *trial)
{
    if (trial->answer >= 0) close(trial->answer);
    if (trial->complaint >= 0) close(trial->complaint);
    trial->answer = trial->complaint = -1;
}

bool tune_trial_start(tune_trial *trial, const char *const *options, size_t count,
                      vitrine_problem *problem)
{
    const char *arguments[2 * TUNE_MOST_OPTIONS + 512];
    char names[TUNE_MOST_OPTIONS][TUNE_NAME + 2], epochs[16];
    size_t used = 0;
    posix_spawn_file_actions_t files;
    if (count > 400) return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE, "too many options for train");
    arguments[used++] = "vitrine";
    arguments[used++] = "train";
    for (size_t i = 0; i < count; i++) arguments[used++] = options[i];
    for (uint32_t i = 0; i < trial->setting.count; i++) {
        snprintf(names[i], sizeof names[i], "--%s", trial->setting.name[i]);
        arguments[used++] = names[i];
        if (trial->setting.value[i][0] != 0) arguments[used++] = trial->setting.value[i];
    }
    snprintf(epochs, sizeof epochs, "%u", trial->epochs);
    const char *const own[] = { "--epochs", epochs, "--no-refit", "--json", "--quiet", "-o", "/dev/null", NULL };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) arguments[used++] = own[i];

    trial->answer = nameless();
    trial->complaint = nameless();
    trial->began = cli_now();
    int error = trial->answer < 0 || trial->complaint < 0 ? errno : posix_spawn_file_actions_init(&files);
    if (error == 0) {
        error = posix_spawn_file_actions_adddup2(&files, trial->answer, STDOUT_FILENO);
        if (error == 0) error = posix_spawn_file_actions_adddup2(&files, trial->complaint, STDERR_FILENO);
        char *const *given = (char *const *)(const void *)arguments;
        const char *self = access("/proc/self/exe", X_OK) == 0 ? "/proc/self/exe" : "vitrine";
        if (error == 0) error = posix_spawnp(&trial->process, self, &files, NULL, given, environ);
        posix_spawn_file_actions_destroy(&files);
    }
    if (error == 0) return true;
    trial->process = 0;
    close_files(trial);
    return vitrine_problem_set(problem, VITRINE_PROBLEM_IO, "train cannot be started: %s", strerror(error));
}

static size_t read_back(int file, char *text, size_t most)
{
    size_t size = 0;
    while (size < most) {
        const ssize_t got = pread(file, text + size, most - size, (off_t)size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        size += (size_t)got;
    }
    return size;
}

static double number(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(value) ? value->valuedouble : 0.0;
}

tune_result tune_trial_end(tune_trial *trial, int status)
{
    tune_result result = { .trial = trial->trial, .epochs = trial->epochs,
                           .seconds = cli_now() - trial->began };
    char *text = malloc(MOST_ANSWER);
    vitrine_problem ignored = { 0 };
    if (text != NULL && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        const size_t size = read_back(trial->answer, text, MOST_ANSWER);
        cJSON *answer = vitrine_json_parse(text, size, MOST_ANSWER, "train", &ignored);
        result.ok = number(answer, "held_out") > 0.0;
        result.recall20 = number(answer, "recall20");
        result.mrr20 = number(answer, "mrr20");
        result.bytes = number(answer, "bytes");
        cJSON_Delete(answer);
    } else if (text != NULL) {
        const size_t size = read_back(trial->complaint, text, MOST_COMPLAINT);
        fprintf(stderr, "%.*s", (int)size, text);
    }
    free(text);
    close_files(trial);
    trial->process = 0;
    return result;
}
