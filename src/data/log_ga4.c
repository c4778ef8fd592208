/* Google Analytics 4's export to BigQuery, as JSONL: one event a line, its items in an array.
 * https://support.google.com/analytics/answer/7029846 names the fields. */
#include "data/log.h"

#include <stdio.h>
#include <string.h>

#include "data/json.h"

enum { NUMBER_SIZE = 32 };

/* A member as text: BigQuery writes 64-bit integers as strings, other tools as numbers. */
static vitrine_field text_of(const cJSON *object, const char *name, char room[NUMBER_SIZE])
{
    vitrine_field field = {NULL, 0};
    const cJSON *value = vitrine_json_member(object, name);
    if (cJSON_IsString(value)) {
        field.text = value->valuestring;
        field.length = strlen(field.text);
    } else if (cJSON_IsNumber(value)) {
        field.length = (size_t)snprintf(room, NUMBER_SIZE, "%.17g", value->valuedouble);
        field.text = room;
    }
    return field;
}

/* The value of event_params[key = name], whatever its type. */
static vitrine_field parameter(const cJSON *event, const char *name, char room[NUMBER_SIZE])
{
    const cJSON *list = vitrine_json_member(event, "event_params"), *entry;
    cJSON_ArrayForEach(entry, list)
    {
        const char *key = vitrine_json_text(entry, "key");
        if (key == NULL || strcmp(key, name) != 0) continue;
        static const char *const types[] = {"int_value", "string_value", "double_value"};
        for (int i = 0; i < 3; i++) {
            const vitrine_field field = text_of(vitrine_json_member(entry, "value"), types[i], room);
            if (field.length > 0) return field;
        }
    }
    const vitrine_field nothing = {"", 0};
    return nothing;
}

static vitrine_field or_empty(vitrine_field field)
{
    if (field.text == NULL) field.text = "";
    return field;
}

static bool add_event(vitrine_log *log, const cJSON *event, uint64_t line, vitrine_problem *problem)
{
    char time[NUMBER_SIZE], number[NUMBER_SIZE], id[NUMBER_SIZE], price[NUMBER_SIZE],
        quantity[NUMBER_SIZE], user_number[NUMBER_SIZE], session[VITRINE_ID_MAX * 2 + 2];
    vitrine_raw_row raw = {.line = line};
    raw.type = or_empty(text_of(event, "event_name", number));
    raw.user = or_empty(text_of(event, "user_pseudo_id", user_number));
    raw.time = or_empty(text_of(event, "event_timestamp", time));
    const vitrine_field visit = parameter(event, "ga_session_id", id);
    raw.session = visit;
    if (visit.length > 0) { /* a visitor's number: only together do they name a session */
        raw.session.text = session;
        raw.session.length = (size_t)snprintf(
            session, sizeof session, "%.*s.%.*s",
            (int)(raw.user.length > VITRINE_ID_MAX ? VITRINE_ID_MAX : raw.user.length), raw.user.text,
            (int)(visit.length > VITRINE_ID_MAX ? VITRINE_ID_MAX : visit.length), visit.text);
    }
    const cJSON *items = vitrine_json_member(event, "items"), *item;
    if (cJSON_GetArraySize(items) == 0) { /* page_view, session_start: about no item */
        log->report.rows++;
        vitrine_log_reject(log, VITRINE_REJECT_DROPPED_TYPE, log->file, line, raw.type.text,
                           raw.type.length);
        return true;
    }
    static const char *const names[VITRINE_LOG_TEXTS] = {"item_name", "item_brand", "item_category"};
    char item_number[NUMBER_SIZE], texts[VITRINE_LOG_TEXTS][NUMBER_SIZE];
    cJSON_ArrayForEach(item, items)
    {
        raw.item = or_empty(text_of(item, "item_id", item_number));
        raw.price = text_of(item, "price", price);
        raw.quantity = text_of(item, "quantity", quantity);
        for (int i = 0; i < VITRINE_LOG_TEXTS; i++) raw.text[i] = text_of(item, names[i], texts[i]);
        if (!vitrine_log_add(log, &raw, problem)) return false;
    }
    return true;
}

bool vitrine_log_ga4(vitrine_log *log, vitrine_text *source, vitrine_problem *problem)
{
    log->timed = log->typed = log->priced = log->with_users = log->with_sessions = true;
    if (log->time.unit == VITRINE_TIME_NONE) log->time.unit = VITRINE_TIME_UNIX_US;
    for (;;) {
        char *line;
        size_t length;
        const vitrine_step step = vitrine_text_line(source, &line, &length, problem);
        if (step == VITRINE_STEP_BAD) return false;
        if (step == VITRINE_STEP_END) return true;
        if (length == 0) continue;
        const uint64_t number = vitrine_text_line_number(source);
        vitrine_problem wrong = {0};
        cJSON *event = vitrine_json_parse(line, length, VITRINE_JSON_VALUE, "event", &wrong);
        if (wrong.kind == VITRINE_PROBLEM_IO) {
            cJSON_Delete(event);
            return vitrine_problem_memory(problem);
        }
        if (!cJSON_IsObject(event)) {
            log->report.rows++;
            vitrine_log_reject(log, VITRINE_REJECT_BAD_ROW, log->file, number, line, length);
            cJSON_Delete(event);
            continue;
        }
        const bool ok = add_event(log, event, number, problem);
        cJSON_Delete(event);
        if (!ok) return false;
    }
}
