/* A log from text in the test: written to a file, read, and compared as one line per session. */
#ifndef VITRINE_TESTS_LOG_TEXT_H
#define VITRINE_TESTS_LOG_TEXT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/log_reader.h"
#include "vitrine/event.h"

enum { LOG_PATH = 64 };

/* A file of its own in /tmp with this text; unlink() it. */
static inline void log_write(char path[LOG_PATH], const char *text)
{
    strcpy(path, "/tmp/vitrine-log-XXXXXX");
    const int file = mkstemp(path);
    if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text)) abort();
    close(file);
}

static inline bool log_read(const char *text, const vitrine_log_options *options,
                            const vitrine_strings *vocabulary, vitrine_dataset *dataset,
                            vitrine_log_report *report, vitrine_problem *problem)
{
    char path[LOG_PATH];
    log_write(path, text);
    const char *files[] = {path};
    memset(problem, 0, sizeof *problem);
    const bool ok = vitrine_log_read(files, 1, options, vocabulary, dataset, report, problem);
    unlink(path);
    return ok;
}

/* "s1: a b | s2: c", '?' for items outside the vocabulary. */
static inline void log_show(const vitrine_dataset *d, char *out, size_t size)
{
    size_t used = 0;
    out[0] = 0;
    for (uint32_t s = 0; s < d->sessions; s++) {
        size_t length;
        const char *id = vitrine_strings_get(&d->session_ids, s, &length);
        used += (size_t)snprintf(out + used, size - used, "%s%.*s:", s == 0 ? "" : " | ", (int)length, id);
        for (uint64_t i = d->session_start[s]; i < d->session_start[s + 1]; i++) {
            if (d->item[i] == UINT32_MAX) {
                used += (size_t)snprintf(out + used, size - used, " ?");
                continue;
            }
            id = vitrine_strings_get(&d->item_ids, d->item[i], &length);
            used += (size_t)snprintf(out + used, size - used, " %.*s", (int)length, id);
        }
    }
}

#endif
