/* Google Analytics 4's export to BigQuery, as JSONL: one event a line, its items in an array.
 * https://support.google.com/analytics/answer/7029846 names the fields. */
#include "data/log_json.h"

#include <stdio.h>
#include <string.h>

/* The value of event_params[key = name], whatever its type. */
static vitrine_field parameter(const cJSON *event, const char *name, char room[VITRINE_NUMBER_SIZE])
{
    const cJSON *list = vitrine_json_member(event, "event_params"), *entry;
    cJSON_ArrayForEach(entry, list)
    {
        const char *key = vitrine_json_text(entry, "key");
        if (key == NULL || strcmp(key, name) != 0) continue;
        static const char *const types[] = {"int_value", "string_value", "double_value"};
        for (int i = 0; i < 3; i++) {
            const vitrine_field field = vitrine_log_json_text(vitrine_json_member(entry, "value"), types[i], room);
            if (field.length > 0) return field;
        }
    }
    const vitrine_field nothing = {"", 0};
    return nothing;
}

static bool add_event(vitrine_log *log, const cJSON *event, uint64_t line, vitrine_problem *problem)
{
    char time[VITRINE_NUMBER_SIZE], number[VITRINE_NUMBER_SIZE], id[VITRINE_NUMBER_SIZE], price[VITRINE_NUMBER_SIZE],
        quantity[VITRINE_NUMBER_SIZE], user_number[VITRINE_NUMBER_SIZE], session[VITRINE_ID_MAX * 2 + 2];
    vitrine_raw_row raw = {.line = line};
    raw.type = vitrine_log_or_empty(vitrine_log_json_text(event, "event_name", number));
    raw.user = vitrine_log_or_empty(vitrine_log_json_text(event, "user_pseudo_id", user_number));
    raw.time = vitrine_log_or_empty(vitrine_log_json_text(event, "event_timestamp", time));
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
        vitrine_log_itemless(log, raw.type, line);
        return true;
    }
    static const char *const names[VITRINE_LOG_TEXTS] = {"item_name", "item_brand", "item_category"};
    char item_number[VITRINE_NUMBER_SIZE], texts[VITRINE_LOG_TEXTS][VITRINE_NUMBER_SIZE];
    cJSON_ArrayForEach(item, items)
    {
        raw.item = vitrine_log_or_empty(vitrine_log_json_text(item, "item_id", item_number));
        raw.price = vitrine_log_json_text(item, "price", price);
        raw.quantity = vitrine_log_json_text(item, "quantity", quantity);
        for (int i = 0; i < VITRINE_LOG_TEXTS; i++) raw.text[i] = vitrine_log_json_text(item, names[i], texts[i]);
        if (!vitrine_log_add(log, &raw, problem)) return false;
    }
    return true;
}

bool vitrine_log_ga4(vitrine_log *log, vitrine_text *source, vitrine_problem *problem)
{
    log->timed = log->typed = log->priced = log->with_users = log->with_sessions = true;
    if (log->time.unit == VITRINE_TIME_NONE) log->time.unit = VITRINE_TIME_UNIX_US;
    return vitrine_log_json_lines(log, source, add_event, problem);
}
