/* Logs in every format that the product reads, cleaned, as one dataset.
 *
 * Formats, cleaning rules and their reasons are described in docs/cli.md. */
#ifndef VITRINE_DATA_LOG_READER_H
#define VITRINE_DATA_LOG_READER_H

#include "data/dataset.h"
#include "data/problem.h"

typedef enum vitrine_log_format {
    VITRINE_LOG_GUESS = 0,
    VITRINE_LOG_EVENTS,    /* CSV or TSV with a header */
    VITRINE_LOG_SESSIONS,  /* item item item */
    VITRINE_LOG_PAIRS,     /* item item <TAB> target */
    VITRINE_LOG_SEQUENCES, /* user item item */
    VITRINE_LOG_RECBOLE,   /* TSV, header name:type */
    VITRINE_LOG_GA4,       /* JSONL of the BigQuery export */
    VITRINE_LOG_SEGMENT,   /* JSONL of track calls */
    VITRINE_LOG_ALGOLIA,   /* CSV of userToken, timestamp, objectID, eventType, eventName */
    VITRINE_LOG_FORMATS
} vitrine_log_format;

/* "events", "sessions", ...; null when there is no such format. */
const char *vitrine_log_format_name(vitrine_log_format format);
/* VITRINE_LOG_FORMATS when unknown. */
vitrine_log_format vitrine_log_format_of(const char *name);

typedef enum vitrine_item_case { VITRINE_CASE_KEEP = 0, VITRINE_CASE_UPPER, VITRINE_CASE_LOWER } vitrine_item_case;

/* What to read and what to leave out. Start from vitrine_log_options_default(). Strings are the
 * caller's and may be null unless said. */
typedef struct vitrine_log_options {
    vitrine_log_format format;
    const char *columns;  /* "user=CustomerID,item=StockCode"; null: by their usual names */
    bool no_header;       /* columns are numbers from 1 */
    const char *time;     /* unix, unix-ms, unix-us, iso, a pattern such as "%d/%m/%Y %H:%M"; null: guess */
    const char *type_map; /* "pageview=view_item,order=purchase"; an empty right side drops the type */
    const char *type_map_file; /* the same in a JSON file: {"pageview": "view_item", "noise": null} */
    const char *default_type; /* for rows without a type; null: view_item, or rate where ratings are */
    double best_rating;       /* ratings are divided by it; 5 */
    uint32_t session_gap;     /* seconds of pause that end a session when only users are known; 0: none does; 1800 */
    vitrine_item_case item_case;
    const char *item_pattern; /* POSIX extended; the whole id must match */
    int64_t since, until;     /* seconds since 1970; since <= time < until */
    double min_price;         /* 0 */
    double max_price_ratio;   /* x the item's median price; 0: off */
    uint32_t max_events_per_session; /* longer ones are taken for machines; 0: off; 1000 */
    double max_rate;          /* events a second, sustained over 20 events; 0: off */
    uint32_t min_item_count;  /* items with fewer rows go; 1 */
    uint32_t min_session;     /* sessions with fewer events go; 1 */
    bool dedupe;              /* drop a row equal to the one before it in its session */
    uint64_t max_bytes;       /* of text per file; a bound against bombs; 64 GiB */
} vitrine_log_options;

vitrine_log_options vitrine_log_options_default(void);

/* Why a row was left out. */
typedef enum vitrine_reject {
    VITRINE_REJECT_BAD_ROW = 0,     /* too few fields, text behind a closing quote, not an object */
    VITRINE_REJECT_MISSING_USER,
    VITRINE_REJECT_MISSING_SESSION,
    VITRINE_REJECT_MISSING_ITEM,
    VITRINE_REJECT_ITEM_PATTERN,
    VITRINE_REJECT_UNKNOWN_TYPE,
    VITRINE_REJECT_DROPPED_TYPE,    /* --type-map says so, or the event is not about an item */
    VITRINE_REJECT_BAD_TIME,
    VITRINE_REJECT_TIME_RANGE,      /* outside since .. until */
    VITRINE_REJECT_CANCELLED,       /* session id starts with C and the quantity is negative */
    VITRINE_REJECT_RETURNED,        /* any other negative quantity */
    VITRINE_REJECT_BAD_QUANTITY,    /* zero, or not a number */
    VITRINE_REJECT_BAD_PRICE,       /* negative, below min_price, or not a number */
    VITRINE_REJECT_PRICE_OUTLIER,
    VITRINE_REJECT_BAD_RATING,
    VITRINE_REJECT_DUPLICATE,
    VITRINE_REJECT_BOT,
    VITRINE_REJECT_RARE_ITEM,
    VITRINE_REJECT_SHORT_SESSION,
    VITRINE_REJECTS
} vitrine_reject;

/* "missing_item" and so on. */
const char *vitrine_reject_name(vitrine_reject reason);

enum { VITRINE_SAMPLE_SIZE = 64 };

typedef struct vitrine_reject_count {
    uint64_t rows;
    uint64_t line;  /* of the first one, from 1 */
    uint32_t file;  /* of the first one, from 0 */
    char sample[VITRINE_SAMPLE_SIZE]; /* its value, cut to fit */
} vitrine_reject_count;

typedef struct vitrine_log_report {
    vitrine_log_format format; /* as given or guessed */
    uint64_t rows;             /* events that were in the files */
    uint64_t kept;
    uint64_t unknown_items;    /* kept events about items outside the vocabulary */
    vitrine_reject_count reject[VITRINE_REJECTS];
} vitrine_log_report;

/* Read one log that may be spread over several files (in the order given; "-" is stdin).
 *
 *   vocabulary  [in]   null: the items are those of the log. Otherwise the items of a model: the
 *                      dataset gets a copy of this table, and other items become UINT32_MAX.
 *                      min_item_count is then not applied
 *   dataset     [out]  the caller frees it with vitrine_dataset_free; zeroed after a failure
 *   report      [out]  may be null; filled as far as reading came
 *
 * A log without a single usable event is a problem, not an empty dataset. */
bool vitrine_log_read(const char *const *files, size_t file_count, const vitrine_log_options *options,
                      const vitrine_strings *vocabulary, vitrine_dataset *dataset,
                      vitrine_log_report *report, vitrine_problem *problem);

#endif
