#include "data/log_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/log.h"

bool vitrine_log_source(vitrine_log *log, vitrine_text *source, vitrine_problem *problem)
{
    if (log->report.format == VITRINE_LOG_GUESS) {
        const char *head, *why;
        size_t size;
        if (!vitrine_text_peek(source, &head, &size, problem)) return false;
        if (size == 0)
            return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: empty: there is no log in it",
                                       vitrine_text_name(source));
        if (memchr(head, 0, size) != NULL)
            return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                       "%s: holds zero bytes: not a text file, or UTF-16: save it as UTF-8",
                                       vitrine_text_name(source));
        log->report.format = vitrine_log_guess(head, size, &why);
        /* Whoever names columns has a table. */
        if (log->options.columns != NULL && head[0] != '{' && log->report.format != VITRINE_LOG_RECBOLE)
            log->report.format = VITRINE_LOG_EVENTS;
        if (log->report.format == VITRINE_LOG_GUESS)
            return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE, "%s: cannot tell the format: %s",
                                       vitrine_text_name(source), why);
    }
    switch (log->report.format) {
    case VITRINE_LOG_EVENTS: return vitrine_log_events(log, source, problem);
    case VITRINE_LOG_RECBOLE: return vitrine_log_recbole(log, source, problem);
    case VITRINE_LOG_GA4: return vitrine_log_ga4(log, source, problem);
    case VITRINE_LOG_SEGMENT: return vitrine_log_segment(log, source, problem);
    case VITRINE_LOG_ALGOLIA: return vitrine_log_algolia(log, source, problem);
    default: return vitrine_log_lines(log, source, problem);
    }
}

bool vitrine_log_file(vitrine_log *log, const char *path, vitrine_problem *problem)
{
    vitrine_text *source = vitrine_text_open(path, log->options.max_bytes, problem);
    if (source == NULL) return false;
    const bool ok = vitrine_log_source(log, source, problem);
    if (!ok && strncmp(problem->text, "line ", 5) == 0) { /* from a place that knows no file names */
        char text[sizeof problem->text];
        memcpy(text, problem->text, sizeof text);
        snprintf(problem->text, sizeof problem->text, "%.200s, %.500s", vitrine_text_name(source), text);
    }
    vitrine_text_close(source);
    log->file++;
    return ok;
}

bool vitrine_log_read(const char *const *files, size_t file_count, const vitrine_log_options *options,
                      const vitrine_strings *vocabulary, vitrine_dataset *dataset,
                      vitrine_log_report *report, vitrine_problem *problem)
{
    const vitrine_dataset empty = {0};
    *dataset = empty;
    vitrine_log log;
    bool ok = vitrine_log_begin(&log, options, problem);
    for (size_t i = 0; ok && i < file_count; i++) ok = vitrine_log_file(&log, files[i], problem);
    ok = ok && vitrine_log_clean(&log, vocabulary == NULL, problem);
    if (ok && log.rows == 0)
        ok = vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                 "%s: not one usable event in %llu rows: see the reasons above, and "
                                 "check --format, --columns and --time", file_count > 0 ? files[0] : "no file",
                                 (unsigned long long)log.report.rows);
    ok = ok && vitrine_log_dataset(&log, vocabulary, dataset, problem);
    if (report != NULL) *report = log.report;
    vitrine_log_free(&log);
    return ok;
}
