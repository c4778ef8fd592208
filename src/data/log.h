/* A log on its way from text to a dataset: rows as they were read, with users and lines, which a
 * dataset has no more. Used by the readers of the formats and by the importer. */
#ifndef VITRINE_DATA_LOG_H
#define VITRINE_DATA_LOG_H

#include <regex.h>
#include "data/csv.h"
#include "data/id_set.h"
#include "data/log_reader.h"
#include "data/parse.h"

enum { VITRINE_LOG_TITLE = 0, VITRINE_LOG_BRAND = 1, VITRINE_LOG_CATEGORY = 2, VITRINE_LOG_TEXTS = 3 };
enum { VITRINE_ID_MAX = 255, VITRINE_TYPE_CACHE = 256 };

typedef struct vitrine_row {
    int64_t time;    /* microseconds since 1970 */
    uint32_t user;   /* number in log->user, or VITRINE_NO_STRING */
    uint32_t session;
    uint32_t item;
    uint32_t text[VITRINE_LOG_TEXTS]; /* of the item, for a catalog made from the log */
    uint32_t line;   /* from 1; the last number when there are more */
    float value, price;
    uint16_t file;
    uint8_t kind;
} vitrine_row;

typedef struct vitrine_log {
    vitrine_log_options options;
    vitrine_row *row; /* [rows] */
    uint64_t rows, capacity;
    vitrine_id_set user, session, item, text[VITRINE_LOG_TEXTS];
    bool timed, priced, typed, rated; /* some file has such a column */
    bool with_users, with_sessions;
    uint8_t *verdict;           /* [verdicts] of items against the pattern: 0 unknown, 1 fits, 2 not */
    uint32_t verdicts;
    vitrine_id_set type;        /* names met, */
    uint8_t type_kind[VITRINE_TYPE_CACHE]; /* and what they mean */
    uint8_t default_kind;
    bool default_kind_given;
    vitrine_time_format time;
    regex_t pattern;
    bool has_pattern;
    uint16_t file;              /* being read */
    uint64_t lines;             /* of formats whose line is a session, over all files */
    vitrine_log_report report;
} vitrine_log;

/* One row as text. A column that the log does not have is null; an empty field has length 0. */
typedef struct vitrine_raw_row {
    vitrine_field user, session, item, time, type, price, quantity, rating;
    vitrine_field text[VITRINE_LOG_TEXTS];
    uint64_t line;
} vitrine_raw_row;

/* Takes the options' strings by reference. False with `problem` when an option is wrong. */
bool vitrine_log_begin(vitrine_log *log, const vitrine_log_options *options, vitrine_problem *problem);
/* Read one more file; the format is guessed with the first when the options leave it open. */
bool vitrine_log_file(vitrine_log *log, const char *path, vitrine_problem *problem);
bool vitrine_log_source(vitrine_log *log, vitrine_text *source, vitrine_problem *problem);
/* Clean what was read: afterwards rows are sorted by session, sessions as in a dataset, rows within
 * by time and then as they came. count_items false: min_item_count is not applied. */
bool vitrine_log_clean(vitrine_log *log, bool count_items, vitrine_problem *problem);
/* Turn cleaned rows into a dataset; see vitrine_log_read. */
bool vitrine_log_dataset(vitrine_log *log, const vitrine_strings *vocabulary,
                         vitrine_dataset *dataset, vitrine_problem *problem);
void vitrine_log_free(vitrine_log *log);

/* For readers. Check one row, and keep it or count why not. False when memory ran out. */
bool vitrine_log_add(vitrine_log *log, const vitrine_raw_row *raw, vitrine_problem *problem);
void vitrine_log_reject(vitrine_log *log, vitrine_reject reason, uint32_t file, uint64_t line,
                        const char *sample, size_t length);

/* Count one more, and remember the first. */
void vitrine_reject_count_add(vitrine_reject_count *count, uint32_t file, uint64_t line,
                              const char *sample, size_t length);
/* An item's id in the case that was asked for: name [item.length]. */
void vitrine_item_id(vitrine_item_case wanted, vitrine_field item, char *name);

/* The formats. Each reads the whole source. */
bool vitrine_log_events(vitrine_log *log, vitrine_text *source, vitrine_problem *problem);
bool vitrine_log_recbole(vitrine_log *log, vitrine_text *source, vitrine_problem *problem);
bool vitrine_log_lines(vitrine_log *log, vitrine_text *source, vitrine_problem *problem);
bool vitrine_log_ga4(vitrine_log *log, vitrine_text *source, vitrine_problem *problem);
bool vitrine_log_segment(vitrine_log *log, vitrine_text *source, vitrine_problem *problem);
bool vitrine_log_algolia(vitrine_log *log, vitrine_text *source, vitrine_problem *problem);

/* The format that the first text of a file shows; VITRINE_LOG_GUESS when that is ambiguous, with the
 * candidates in `why`. */
vitrine_log_format vitrine_log_guess(const char *text, size_t size, const char **why);

#endif
