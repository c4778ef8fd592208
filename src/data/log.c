/* Rows: checked one by one, kept as numbers, counted by reason when they are not. */
#include "data/log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/json.h"
#include "vitrine/event.h"

/* What a type may mean besides a vitrine_event_kind. */
enum { DROPPED = 254, UNKNOWN = 255 };

/* Seconds of 1990-01-01 and 2100-01-01: what a shop's clock can say. */
static const int64_t EARLIEST = 631152000, LATEST = 4102444800;

static const char *const REASONS[VITRINE_REJECTS] = {
    "bad_row",     "missing_user", "missing_session", "missing_item",  "item_pattern",
    "unknown_type", "dropped_type", "bad_time",       "time_range",    "cancelled",
    "returned",    "bad_quantity", "bad_price",       "price_outlier", "bad_rating",
    "duplicate",   "bot",          "rare_item",       "short_session"};

const char *vitrine_reject_name(vitrine_reject reason) { return REASONS[reason]; }

vitrine_log_options vitrine_log_options_default(void)
{
    const vitrine_log_options options = {
        .best_rating = 5,
        .session_gap = 1800,
        .since = EARLIEST,
        .until = LATEST,
        .max_events_per_session = 1000,
        .max_rate = 10,
        .max_price_ratio = 1000,
        .min_item_count = 1,
        .min_session = 1,
        .max_bytes = (uint64_t)64 << 30,
    };
    return options;
}

/* Every entry of --type-map is NAME=TYPE with a type that exists, or NAME= . */
static bool check_map(const char *map, vitrine_problem *problem)
{
    while (map != NULL && *map != 0) {
        const size_t whole = strcspn(map, ","), left = strcspn(map, "=,");
        const size_t right = left < whole ? whole - left - 1 : 0;
        if (left == whole || left == 0 ||
            (right > 0 && vitrine_event_kind_of(map + left + 1, right) == VITRINE_EVENT_KINDS))
            return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                       "--type-map: '%.*s' should be NAME=TYPE with a type such as "
                                       "view_item or purchase, or NAME= to leave it out",
                                       (int)(whole > 60 ? 60 : whole), map);
        map += whole + (map[whole] == ',' ? 1 : 0);
    }
    return true;
}

/* --type-map as a file: its names go where looked-up ones are remembered. */
static bool read_map(vitrine_log *log, const char *path, vitrine_problem *problem)
{
    char *text = NULL;
    size_t size;
    vitrine_text *source = vitrine_text_open(path, 0, problem);
    bool ok = source != NULL && vitrine_text_rest(source, VITRINE_JSON_VALUE, &text, &size, problem);
    vitrine_text_close(source);
    cJSON *map = ok ? vitrine_json_parse(text, size, VITRINE_JSON_VALUE, path, problem) : NULL, *entry;
    free(text);
    ok = map != NULL;
    if (ok && !cJSON_IsObject(map))
        ok = vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                 "%s: an object such as {\"play\": \"view_item\", \"skip\": null} "
                                 "was expected", path);
    for (entry = map != NULL ? map->child : NULL; ok && entry != NULL; entry = entry->next) {
        const char *means = cJSON_GetStringValue(entry);
        const uint32_t kind = means != NULL ? vitrine_event_kind_of(means, strlen(means)) : VITRINE_EVENT_KINDS;
        uint32_t index;
        if (kind == VITRINE_EVENT_KINDS && !cJSON_IsNull(entry))
            ok = vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                     "%s: '%.60s' should mean a type such as \"view_item\" or "
                                     "\"purchase\", or null to leave it out", path, entry->string);
        else if (log->type.count == VITRINE_TYPE_CACHE)
            ok = vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: more than %d names", path,
                                     VITRINE_TYPE_CACHE);
        else if (!vitrine_id_set_add(&log->type, entry->string, strlen(entry->string), &index))
            ok = vitrine_problem_memory(problem);
        else
            log->type_kind[index] = kind == VITRINE_EVENT_KINDS ? DROPPED : (uint8_t)kind;
    }
    cJSON_Delete(map);
    return ok;
}

bool vitrine_log_begin(vitrine_log *log, const vitrine_log_options *options, vitrine_problem *problem)
{
    const vitrine_log empty = {.options = *options};
    *log = empty;
    log->report.format = options->format;
    if (options->default_type != NULL) {
        const uint32_t kind = vitrine_event_kind_of(options->default_type, strlen(options->default_type));
        if (kind == VITRINE_EVENT_KINDS)
            return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                       "--default-type: no event type '%s'; try view_item, add_to_cart "
                                       "or purchase", options->default_type);
        log->default_kind = (uint8_t)kind;
        log->default_kind_given = true;
    }
    if (!check_map(options->type_map, problem)) return false;
    if (options->type_map_file != NULL && !read_map(log, options->type_map_file, problem)) return false;
    if (options->time != NULL && !vitrine_time_format_of(options->time, &log->time))
        return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                   "--time: '%s' is none of unix, unix-ms, unix-us, iso, nor a pattern "
                                   "such as '%%d/%%m/%%Y %%H:%%M'", options->time);
    if (options->item_pattern != NULL) {
        const size_t length = strlen(options->item_pattern);
        char *anchored = malloc(length + 5); /* the whole id, whatever the pattern's alternatives */
        if (anchored == NULL) return vitrine_problem_memory(problem);
        anchored[0] = '^', anchored[1] = '(';
        memcpy(anchored + 2, options->item_pattern, length);
        memcpy(anchored + 2 + length, ")$", 3);
        const int code = regcomp(&log->pattern, anchored, REG_EXTENDED | REG_NOSUB);
        free(anchored);
        if (code != 0) {
            char why[128];
            regerror(code, &log->pattern, why, sizeof why);
            return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE, "--item-pattern: %s: %s",
                                       options->item_pattern, why);
        }
        log->has_pattern = true;
    }
    return true;
}

void vitrine_log_free(vitrine_log *log)
{
    free(log->row);
    free(log->verdict);
    vitrine_id_set_free(&log->user);
    vitrine_id_set_free(&log->session);
    vitrine_id_set_free(&log->item);
    vitrine_id_set_free(&log->type);
    for (int i = 0; i < VITRINE_LOG_TEXTS; i++) vitrine_id_set_free(&log->text[i]);
    if (log->has_pattern) regfree(&log->pattern);
    const vitrine_log empty = {0};
    *log = empty;
}

void vitrine_reject_count_add(vitrine_reject_count *count, uint32_t file, uint64_t line,
                              const char *sample, size_t length)
{
    if (count->rows++ > 0) return;
    count->file = file;
    count->line = line;
    const size_t cut = length < VITRINE_SAMPLE_SIZE - 1 ? length : VITRINE_SAMPLE_SIZE - 1;
    if (cut > 0) memcpy(count->sample, sample, cut);
    count->sample[cut] = 0;
    /* It will be printed: no control characters from a stranger's file on a terminal. */
    for (char *at = count->sample; *at != 0; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f) *at = ' ';
}

void vitrine_log_reject(vitrine_log *log, vitrine_reject reason, uint32_t file, uint64_t line,
                        const char *sample, size_t length)
{
    vitrine_reject_count_add(&log->report.reject[reason], file, line, sample, length);
}

static vitrine_field trimmed(vitrine_field field)
{
    while (field.length > 0 && (*field.text == ' ' || *field.text == '\t')) field.text++, field.length--;
    while (field.length > 0 &&
           (field.text[field.length - 1] == ' ' || field.text[field.length - 1] == '\t'))
        field.length--;
    return field;
}

/* What a type means by --type-map: its kind, VITRINE_EVENT_KINDS when the map drops it, or -1 when
 * the map says nothing. */
static int mapped_kind(const char *map, vitrine_field type)
{
    while (map != NULL && *map != 0) {
        const size_t whole = strcspn(map, ","), left = strcspn(map, "=,");
        if (left < whole && left == type.length && memcmp(map, type.text, left) == 0) {
            const size_t right = whole - left - 1;
            return right == 0 ? VITRINE_EVENT_KINDS : (int)vitrine_event_kind_of(map + left + 1, right);
        }
        map += whole + (map[whole] == ',' ? 1 : 0);
    }
    return -1;
}

/* The kind of a row, DROPPED or UNKNOWN. */
static uint8_t kind_of(vitrine_log *log, vitrine_field type)
{
    if (type.text == NULL || type.length == 0) return log->default_kind;
    uint32_t index = vitrine_id_set_find(&log->type, type.text, type.length);
    if (index != VITRINE_NO_STRING) return log->type_kind[index];
    uint8_t kind;
    const int mapped = mapped_kind(log->options.type_map, type);
    if (mapped == VITRINE_EVENT_KINDS) {
        kind = DROPPED;
    } else {
        const uint32_t known =
            mapped >= 0 ? (uint32_t)mapped : vitrine_event_kind_of(type.text, type.length);
        kind = known == VITRINE_EVENT_KINDS ? UNKNOWN : (uint8_t)known;
    }
    /* Only the first names are remembered: a broken column must not fill the memory. */
    if (log->type.count < VITRINE_TYPE_CACHE && type.length <= VITRINE_ID_MAX &&
        vitrine_id_set_add(&log->type, type.text, type.length, &index))
        log->type_kind[index] = kind;
    return kind;
}

void vitrine_item_id(vitrine_item_case wanted, vitrine_field item, char *name)
{
    for (size_t i = 0; i < item.length; i++) {
        const char c = item.text[i];
        if (wanted == VITRINE_CASE_UPPER && c >= 'a' && c <= 'z') name[i] = (char)(c - 32);
        else if (wanted == VITRINE_CASE_LOWER && c >= 'A' && c <= 'Z') name[i] = (char)(c + 32);
        else name[i] = c;
    }
}

/* The item's number, and whether it fits the pattern. False when memory ran out. */
static bool number_item(vitrine_log *log, vitrine_field item, uint32_t *index, bool *fits)
{
    char name[VITRINE_ID_MAX + 1];
    vitrine_item_id(log->options.item_case, item, name);
    name[item.length] = 0;
    if (!vitrine_id_set_add(&log->item, name, item.length, index)) return false;
    *fits = true;
    if (!log->has_pattern) return true;
    if (*index >= log->verdicts) {
        const uint32_t room = (*index + 1) * 2;
        uint8_t *grown = realloc(log->verdict, room);
        if (grown == NULL) return false;
        memset(grown + log->verdicts, 0, room - log->verdicts);
        log->verdict = grown;
        log->verdicts = room;
    }
    uint8_t *verdict = &log->verdict[*index];
    if (*verdict == 0) *verdict = regexec(&log->pattern, name, 0, NULL, 0) == 0 ? 1 : 2;
    *fits = *verdict == 1;
    return true;
}

static bool is_nothing(vitrine_field field) { return field.text != NULL && field.length == 0; }

/* Quantity, price and rating. Returns VITRINE_REJECTS when all is well, else the reason, with the
 * field that is to blame. */
static vitrine_reject check_numbers(const vitrine_log *log, const vitrine_raw_row *raw,
                                    vitrine_row *row, vitrine_field *blamed)
{
    double value;
    row->value = 0.0f;
    row->price = NAN;
    if (raw->quantity.text != NULL && trimmed(raw->quantity).length > 0) {
        *blamed = raw->quantity;
        if (!vitrine_parse_number(raw->quantity.text, raw->quantity.length, &value))
            return VITRINE_REJECT_BAD_QUANTITY;
        if (value < 0) {
            const bool cancelled = raw->session.length > 1 &&
                                   (raw->session.text[0] == 'C' || raw->session.text[0] == 'c');
            return cancelled ? VITRINE_REJECT_CANCELLED : VITRINE_REJECT_RETURNED;
        }
        if (!(value > 0 && value <= 1e9)) return VITRINE_REJECT_BAD_QUANTITY;
        row->value = (float)value;
    }
    if (raw->price.text != NULL && trimmed(raw->price).length > 0) {
        *blamed = raw->price;
        if (!vitrine_parse_number(raw->price.text, raw->price.length, &value) ||
            value < log->options.min_price || value < 0 || value > 1e9)
            return VITRINE_REJECT_BAD_PRICE;
        row->price = (float)value;
    }
    if (raw->rating.text != NULL && row->kind == VITRINE_RATE) {
        *blamed = raw->rating;
        if (!vitrine_parse_number(raw->rating.text, raw->rating.length, &value) || value < 0 ||
            value > log->options.best_rating)
            return VITRINE_REJECT_BAD_RATING;
        row->value = (float)(value / log->options.best_rating);
    }
    return VITRINE_REJECTS;
}

/* The reason to refuse a row by its ids, type and time, or VITRINE_REJECTS. */
static vitrine_reject check_event(vitrine_log *log, const vitrine_raw_row *raw, vitrine_row *row,
                                  vitrine_field *blamed)
{
    *blamed = raw->item;
    if (is_nothing(raw->user)) return VITRINE_REJECT_MISSING_USER;
    if (is_nothing(raw->session)) return VITRINE_REJECT_MISSING_SESSION;
    if (raw->item.length > VITRINE_ID_MAX || raw->user.length > VITRINE_ID_MAX ||
        raw->session.length > VITRINE_ID_MAX)
        return VITRINE_REJECT_BAD_ROW;
    row->kind = kind_of(log, raw->type);
    if (raw->item.length == 0) {
        /* Searches, carts and pages are events about no item, and no mistake. */
        if (row->kind == VITRINE_VIEW_ITEM_LIST || row->kind == VITRINE_SEARCH ||
            row->kind == VITRINE_VIEW_CART || row->kind == VITRINE_BEGIN_CHECKOUT ||
            row->kind == DROPPED)
            return VITRINE_REJECT_DROPPED_TYPE;
        return VITRINE_REJECT_MISSING_ITEM;
    }
    *blamed = raw->type;
    if (row->kind == DROPPED) return VITRINE_REJECT_DROPPED_TYPE;
    if (row->kind == UNKNOWN) return VITRINE_REJECT_UNKNOWN_TYPE;
    row->time = 0;
    if (raw->time.text == NULL) return VITRINE_REJECTS;
    *blamed = raw->time;
    if (!vitrine_time_parse(&log->time, raw->time.text, raw->time.length, &row->time))
        return VITRINE_REJECT_BAD_TIME;
    if (row->time < log->options.since * 1000000 || row->time >= log->options.until * 1000000)
        return VITRINE_REJECT_TIME_RANGE;
    return VITRINE_REJECTS;
}

static bool add_text(vitrine_log *log, const vitrine_raw_row *raw, vitrine_row *row)
{
    for (int i = 0; i < VITRINE_LOG_TEXTS; i++) {
        const vitrine_field text = trimmed(raw->text[i]);
        row->text[i] = VITRINE_NO_STRING;
        if (text.length > 0 && !vitrine_id_set_add(&log->text[i], text.text, text.length, &row->text[i]))
            return false;
    }
    return true;
}

static bool append(vitrine_log *log, const vitrine_row *row)
{
    if (log->rows == log->capacity) {
        const uint64_t capacity = log->capacity == 0 ? 4096 : log->capacity * 2;
        vitrine_row *grown = realloc(log->row, capacity * sizeof *grown);
        if (grown == NULL) return false;
        log->row = grown;
        log->capacity = capacity;
    }
    log->row[log->rows++] = *row;
    return true;
}

bool vitrine_log_add(vitrine_log *log, const vitrine_raw_row *given, vitrine_problem *problem)
{
    vitrine_raw_row raw = *given;
    raw.user = trimmed(raw.user);
    raw.session = trimmed(raw.session);
    raw.item = trimmed(raw.item);
    raw.type = trimmed(raw.type);
    log->report.rows++;
    if (log->time.unit == VITRINE_TIME_NONE && trimmed(raw.time).length > 0 &&
        !vitrine_time_guess(raw.time.text, raw.time.length, &log->time))
        return vitrine_problem_set(problem, VITRINE_PROBLEM_USAGE,
                                   "line %llu: cannot tell how the time '%.*s' is written: say --time "
                                   "unix, unix-ms, unix-us, iso, or a pattern such as "
                                   "'%%d/%%m/%%Y %%H:%%M'", (unsigned long long)raw.line,
                                   (int)(raw.time.length > 40 ? 40 : raw.time.length), raw.time.text);
    vitrine_row row = {
        .user = VITRINE_NO_STRING, .session = VITRINE_NO_STRING, .file = log->file,
        .line = raw.line > UINT32_MAX ? UINT32_MAX : (uint32_t)raw.line};
    vitrine_field blamed;
    vitrine_reject reason = check_event(log, &raw, &row, &blamed);
    bool fits = true;
    if (reason == VITRINE_REJECTS) {
        if (!number_item(log, raw.item, &row.item, &fits)) return vitrine_problem_memory(problem);
        reason = check_numbers(log, &raw, &row, &blamed);
    }
    if (!fits) { /* named first, since service codes tend to have odd numbers as well */
        reason = VITRINE_REJECT_ITEM_PATTERN;
        blamed = raw.item;
    }
    if (reason != VITRINE_REJECTS) {
        vitrine_log_reject(log, reason, log->file, raw.line, blamed.text, blamed.length);
        return true;
    }
    const bool ok =
        (raw.user.text == NULL ||
         vitrine_id_set_add(&log->user, raw.user.text, raw.user.length, &row.user)) &&
        (raw.session.text == NULL ||
         vitrine_id_set_add(&log->session, raw.session.text, raw.session.length, &row.session)) &&
        add_text(log, &raw, &row) && append(log, &row);
    return ok || vitrine_problem_memory(problem);
}
