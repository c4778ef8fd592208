/* Formats whose line is a whole session: sessions, pairs, sequences. They hold ids and nothing else;
 * a session is named by its row, counted from 0 over the lines of all files, or by its user. */
#include "data/log.h"

#include <stdio.h>
#include <string.h>

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* The next id in at .. end; false at the end. */
static bool next_id(const char **at, const char *end, vitrine_field *id)
{
    while (*at < end && is_blank(**at)) ++*at;
    id->text = *at;
    while (*at < end && !is_blank(**at)) ++*at;
    id->length = (size_t)(*at - id->text);
    return id->length > 0;
}

/* Prefix ids, a tab, exactly one target. */
static bool is_pair(const char *line, size_t length)
{
    const char *at = line, *const end = line + length, *const tab = memchr(line, '\t', length);
    vitrine_field id;
    if (tab == NULL || !next_id(&at, tab, &id)) return false;
    at = tab + 1;
    return next_id(&at, end, &id) && !next_id(&at, end, &id);
}

static bool add_line(vitrine_log *log, vitrine_raw_row *raw, const char *line, size_t length,
                     vitrine_problem *problem)
{
    const char *at = line, *const end = line + length;
    bool bad = log->report.format == VITRINE_LOG_PAIRS && !is_pair(line, length);
    if (log->report.format == VITRINE_LOG_SEQUENCES) {
        bad = !next_id(&at, end, &raw->session);
        raw->user = raw->session;
    }
    const char *first = at;
    if (bad || !next_id(&first, end, &raw->item)) {
        log->report.rows++;
        vitrine_log_reject(log, VITRINE_REJECT_BAD_ROW, log->file, raw->line, line, length);
        return true;
    }
    while (next_id(&at, end, &raw->item))
        if (!vitrine_log_add(log, raw, problem)) return false;
    return true;
}

bool vitrine_log_lines(vitrine_log *log, vitrine_text *source, vitrine_problem *problem)
{
    log->with_sessions = true;
    log->with_users = log->report.format == VITRINE_LOG_SEQUENCES;
    for (;;) {
        char *line, number[24];
        size_t length;
        const vitrine_step step = vitrine_text_line(source, &line, &length, problem);
        if (step == VITRINE_STEP_BAD) return false;
        if (step == VITRINE_STEP_END) return true;
        vitrine_raw_row raw = {.line = vitrine_text_line_number(source)};
        raw.session.text = number;
        raw.session.length = (size_t)snprintf(number, sizeof number, "%llu",
                                              (unsigned long long)log->lines++);
        if (!add_line(log, &raw, line, length, problem)) return false;
    }
}
