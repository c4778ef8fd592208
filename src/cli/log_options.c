#include "cli/log_options.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "data/parse.h"

const cli_option cli_log_input[] = {
    {"events", 'e', "FILE", "A log, plain or .gz; \"-\" is standard input. May be repeated: the\n"
                            "files are read as one log."},
    {"format", 'f', "NAME", "events, sessions, pairs, sequences, recbole, ga4-bigquery,\n"
                            "segment or algolia; guessed where unambiguous."},
    {"columns", 'c', "MAP", "Columns of a table: user=..,session=..,item=..,time=..,type=..,\n"
                            "price=..,quantity=..,rating=..,title=..,brand=..,category=..\n"
                            "User or session is enough. Without it usual names are found."},
    {"no-header", 0, NULL, "The table has no header; --columns gives numbers from 1."},
    {"time", 0, "FORMAT", "unix, unix-ms, unix-us, iso, or a pattern like '%d/%m/%Y %H:%M';\n"
                          "guessed where unambiguous."},
    {"type-map", 0, "MAP", "Names of event types: pageview=view_item,order=purchase;\n"
                           "an empty right side leaves the type out. Or a .json file:\n"
                           "{\"play\": \"view_item\", \"skip\": null}."},
    {"default-type", 0, "TYPE", "Of rows without a type: view_item, or rate where there are\n"
                                "ratings."},
    {"best-rating", 0, "N", "Ratings run from 0 to this: 5."},
    {"session-gap", 0, "SPAN", "Pause that ends a session when only users are known: 30m.\n"
                               "0: a user is one session."},
    {"item-case", 0, "CASE", "keep, upper or lower: ids that differ only in case become one."},
    {"max-bytes", 0, "N", "Refuse files with more text than this: 68719476736."},
    {NULL, 0, NULL, NULL}};

const cli_option cli_log_cleaning[] = {
    {"item-pattern", 0, "REGEX", "Keep items whose whole id fits this POSIX extended pattern."},
    {"since", 0, "DATE", "Leave out rows before this ISO date or Unix time: 1990-01-01."},
    {"until", 0, "DATE", "Leave out rows from this on: 2100-01-01."},
    {"min-price", 0, "N", "Leave out rows with a lower price: 0."},
    {"max-price-ratio", 0, "N", "Leave out rows whose price is more than N times the item's\n"
                                "median, or less than its Nth part: 1000; 0 turns it off."},
    {"max-events-per-session", 0, "N", "Longer sessions are taken for machines: 1000; 0 turns it off.\n"
                                       "Events of one moment, such as an order's lines, are one."},
    {"max-rate", 0, "N", "So are sessions with 20 views in a row faster than N a second:\n"
                         "10; 0 turns it off."},
    {"min-item-count", 0, "N", "Leave out items with fewer events: 1."},
    {"min-session", 0, "N", "Leave out sessions with fewer events: 1."},
    {"dedupe", 0, NULL, "Leave out an event equal to the one before it in its session."},
    {NULL, 0, NULL, NULL}};

bool cli_moment(const cli_options *options, const char *name, int64_t *seconds)
{
    const char *text = cli_value(options, name);
    if (text == NULL) return true;
    vitrine_time_format iso = {VITRINE_TIME_ISO, NULL}, number = {VITRINE_TIME_UNIX, NULL};
    int64_t micro;
    /* A number of fewer digits is more likely a year or a day than seconds. */
    if (vitrine_time_parse(&iso, text, strlen(text), &micro) ||
        (vitrine_time_parse(&number, text, strlen(text), &micro) && micro / 1000000 < 253402300800 &&
         (micro == 0 || micro / 1000000 >= 100000000))) {
        *seconds = micro / 1000000;
        return true;
    }
    cli_usage(options, "--%s: '%s' is no date such as 2011-10-10 or 2011-10-10T08:00Z", name, text);
    return false;
}

bool cli_log_options(const cli_options *options, vitrine_log_options *log)
{
    *log = vitrine_log_options_default();
    const char *format = cli_value(options, "format");
    if (format != NULL) {
        log->format = vitrine_log_format_of(format);
        if (log->format == VITRINE_LOG_FORMATS) {
            cli_usage(options, "--format: '%s' is none of: events, sessions, pairs, sequences, recbole, "
                               "ga4-bigquery, segment, algolia", format);
            return false;
        }
    }
    static const char *const cases[] = {"keep", "upper", "lower", NULL};
    int item_case = VITRINE_CASE_KEEP;
    log->columns = cli_value(options, "columns");
    log->no_header = cli_has(options, "no-header");
    log->time = cli_value(options, "time");
    const char *map = cli_value(options, "type-map");
    const size_t map_length = map != NULL ? strlen(map) : 0;
    if (map_length > 5 && strcmp(map + map_length - 5, ".json") == 0) log->type_map_file = map;
    else log->type_map = map;
    log->default_type = cli_value(options, "default-type");
    log->item_pattern = cli_value(options, "item-pattern");
    log->dedupe = cli_has(options, "dedupe");
    const bool ok =
        cli_double(options, "best-rating", 1e-6, 1e9, &log->best_rating) &&
        cli_seconds(options, "session-gap", 0, 365 * 86400, &log->session_gap) &&
        cli_choice(options, "item-case", cases, &item_case) &&
        cli_u64(options, "max-bytes", 1, UINT64_MAX, &log->max_bytes) &&
        cli_moment(options, "since", &log->since) && cli_moment(options, "until", &log->until) &&
        cli_double(options, "min-price", 0, 1e9, &log->min_price) &&
        cli_double(options, "max-price-ratio", 0, 1e9, &log->max_price_ratio) &&
        cli_u32(options, "max-events-per-session", 0, UINT32_MAX, &log->max_events_per_session) &&
        cli_double(options, "max-rate", 0, 1e6, &log->max_rate) &&
        cli_u32(options, "min-item-count", 1, UINT32_MAX, &log->min_item_count) &&
        cli_u32(options, "min-session", 1, UINT32_MAX, &log->min_session);
    log->item_case = (vitrine_item_case)item_case;
    if (ok && log->since >= log->until) {
        cli_usage(options, "--since must lie before --until");
        return false;
    }
    return ok;
}

int cli_read_log(const cli_options *options, const vitrine_strings *vocabulary,
                 vitrine_dataset *dataset, vitrine_log_report *report)
{
    const char *files[CLI_MAX_FILES];
    const size_t count = cli_values(options, "events", files, CLI_MAX_FILES);
    vitrine_log_options log;
    vitrine_log_report own;
    vitrine_problem problem = {0};
    if (report == NULL) report = &own;
    if (count == 0) return cli_usage(options, "--events FILE is missing: which log?");
    if (!cli_log_options(options, &log)) return CLI_USAGE;
    const bool ok = vitrine_log_read(files, count, &log, vocabulary, dataset, report, &problem);
    if (!cli_has(options, "quiet")) cli_print_report(options->syntax->command, files, report);
    return ok ? CLI_OK : cli_problem(options->syntax->command, &problem);
}

void cli_print_report(const char *command, const char *const *files, const vitrine_log_report *report)
{
    if (report->kept < report->rows)
        fprintf(stderr, "vitrine %s: kept %llu of %llu rows\n", command, (unsigned long long)report->kept,
                (unsigned long long)report->rows);
    for (int i = 0; i < VITRINE_REJECTS; i++) {
        const vitrine_reject_count *count = &report->reject[i];
        if (count->rows > 0)
            fprintf(stderr, "  %-14s %9llu  first: %s, line %llu: '%s'\n",
                    vitrine_reject_name((vitrine_reject)i), (unsigned long long)count->rows,
                    strcmp(files[count->file], "-") == 0 ? "standard input" : files[count->file],
                    (unsigned long long)count->line, count->sample);
    }
}
