#include "cli/tune_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/json.h"

enum { MOST = 1 << 26 };

static bool keep(tune_journal *journal, const tune_result *result, vitrine_problem *problem)
{
    if (journal->count == journal->capacity) {
        const size_t wider = journal->capacity * 2 + 64;
        tune_result *all = realloc(journal->result, wider * sizeof *all);
        if (all == NULL) return vitrine_problem_memory(problem);
        journal->result = all;
        journal->capacity = wider;
    }
    journal->result[journal->count++] = *result;
    return true;
}

static double number(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(value) ? value->valuedouble : 0.0;
}

static bool take_line(tune_journal *journal, const char *path, const cJSON *line, vitrine_problem *problem)
{
    const double trial = number(line, "trial"), epochs = number(line, "epochs");
    if (!(trial >= 0.0 && trial < 1e6) || !(epochs >= 1.0 && epochs < 1e6))
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: a line is no trial of a search", path);
    const tune_result result = { .trial = (uint32_t)trial, .epochs = (uint32_t)epochs,
                                 .ok = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(line, "ok")),
                                 .recall20 = number(line, "recall20"), .mrr20 = number(line, "mrr20"),
                                 .seconds = number(line, "seconds"), .bytes = number(line, "bytes") };
    return keep(journal, &result, problem);
}

/* Reads what is there; `whole` becomes the bytes of complete lines. */
static bool read_lines(tune_journal *journal, const char *path, char *text, size_t size,
                       const cJSON *asked, size_t *whole, vitrine_problem *problem)
{
    *whole = 0;
    for (char *at = text, *end; (end = memchr(at, '\n', (size_t)(text + size - at))) != NULL; at = end + 1) {
        cJSON *line = vitrine_json_parse(at, (size_t)(end - at), VITRINE_JSON_VALUE, path, problem);
        if (line == NULL) return false;
        bool ok = true;
        if (at == text && !cJSON_Compare(line, asked, 1))
            ok = vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                     "%s belongs to another search (other options, space, seed or number of trials); go "
                                     "on with what it was begun with, or name another journal", path);
        else if (at != text) ok = take_line(journal, path, line, problem);
        cJSON_Delete(line);
        if (!ok) return false;
        *whole = (size_t)(end + 1 - text);
    }
    return true;
}

/* The line and its break in one write, then to the disk. */
static bool append(const tune_journal *journal, const cJSON *line, vitrine_problem *problem)
{
    char *text = cJSON_PrintUnformatted(line);
    if (text == NULL) return vitrine_problem_memory(problem);
    const size_t length = strlen(text);
    text[length] = '\n'; /* in the place of the zero: the length is known */
    size_t done = 0;
    while (done <= length) {
        const ssize_t wrote = write(journal->file, text + done, length + 1 - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) break;
        done += (size_t)wrote;
    }
    cJSON_free(text);
    if (done == length + 1 && fsync(journal->file) == 0) return true;
    return vitrine_problem_set(problem, VITRINE_PROBLEM_IO, "the journal cannot be written: %s", strerror(errno));
}

bool tune_journal_open(tune_journal *journal, const char *path, const cJSON *asked,
                       vitrine_problem *problem)
{
    struct stat kind;
    size_t whole = 0, size = 0;
    *journal = (tune_journal){ .file = -1 };
    if (path == NULL) return true;
    journal->file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (journal->file < 0 || fstat(journal->file, &kind) != 0 || kind.st_size > MOST) {
        vitrine_problem_set(problem, VITRINE_PROBLEM_IO, "%s: cannot be a journal: %s", path,
                            journal->file < 0 ? strerror(errno) : "too large");
        return false;
    }
    char *text = malloc((size_t)kind.st_size + 1);
    bool ok = text != NULL;
    while (ok && size < (size_t)kind.st_size) {
        const ssize_t got = read(journal->file, text + size, (size_t)kind.st_size - size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        size += (size_t)got;
    }
    if (!ok) vitrine_problem_memory(problem);
    if (ok) ok = read_lines(journal, path, text, size, asked, &whole, problem);
    free(text);
    if (ok && whole < size && ftruncate(journal->file, (off_t)whole) != 0)
        ok = vitrine_problem_set(problem, VITRINE_PROBLEM_IO, "%s: %s", path, strerror(errno));
    return ok && (whole > 0 || append(journal, asked, problem));
}

bool tune_journal_add(tune_journal *journal, const tune_result *result, const cJSON *setting,
                      vitrine_problem *problem)
{
    if (!keep(journal, result, problem)) return false;
    if (journal->file < 0) return true;
    cJSON *line = cJSON_CreateObject(), *copy = cJSON_Duplicate(setting, 1);
    cli_json_number(line, "trial", result->trial);
    cli_json_number(line, "epochs", result->epochs);
    cli_json_bool(line, "ok", result->ok);
    cli_json_number(line, "recall20", result->recall20);
    cli_json_number(line, "mrr20", result->mrr20);
    cli_json_number(line, "seconds", result->seconds);
    cli_json_number(line, "bytes", result->bytes);
    bool ok = cJSON_AddItemToObject(line, "options", copy);
    if (!ok) cJSON_Delete(copy);
    ok = ok ? append(journal, line, problem) : vitrine_problem_memory(problem);
    cJSON_Delete(line);
    return ok;
}

const tune_result *tune_journal_find(const tune_journal *journal, uint32_t trial, uint32_t epochs)
{
    for (size_t i = 0; i < journal->count; i++)
        if (journal->result[i].trial == trial && journal->result[i].epochs == epochs) return &journal->result[i];
    return NULL;
}

void tune_journal_close(tune_journal *journal)
{
    if (journal->file >= 0) close(journal->file);
    free(journal->result);
    *journal = (tune_journal){ .file = -1 };
}
