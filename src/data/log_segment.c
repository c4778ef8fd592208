/* Segment's track calls as JSON lines, as its warehouses and files keep them: one call a line, its
 * item in `properties`, or several in `properties.products`.
 * https://segment.com/docs/connections/spec/ecommerce/v2/ names the fields. */
#include "data/log_json.h"

#include <string.h>

/* The first of these members that is there. */
static vitrine_field first_of(const cJSON *object, const char *const *names, char room[VITRINE_NUMBER_SIZE])
{
    vitrine_field field = {NULL, 0};
    for (; *names != NULL && field.length == 0; names++) field = vitrine_log_json_text(object, *names, room);
    return field;
}

static bool add_item(vitrine_log *log, vitrine_raw_row *raw, const cJSON *item, const cJSON *properties,
                     vitrine_problem *problem)
{
    static const char *const ids[] = {"product_id", "productId", "sku", NULL};
    static const char *const ratings[] = {"rating", "rating_value", NULL};
    static const char *const names[VITRINE_LOG_TEXTS] = {"name", "brand", "category"};
    char id[VITRINE_NUMBER_SIZE], price[VITRINE_NUMBER_SIZE], quantity[VITRINE_NUMBER_SIZE],
        rating[VITRINE_NUMBER_SIZE], texts[VITRINE_LOG_TEXTS][VITRINE_NUMBER_SIZE];
    raw->item = vitrine_log_or_empty(first_of(item, ids, id));
    raw->price = vitrine_log_json_text(item, "price", price);
    raw->quantity = vitrine_log_json_text(item, "quantity", quantity);
    raw->rating = first_of(properties, ratings, rating);
    for (int i = 0; i < VITRINE_LOG_TEXTS; i++) raw->text[i] = vitrine_log_json_text(item, names[i], texts[i]);
    return vitrine_log_add(log, raw, problem);
}

static bool add_event(vitrine_log *log, const cJSON *event, uint64_t line, vitrine_problem *problem)
{
    static const char *const users[] = {"userId", "user_id", "anonymousId", "anonymous_id", NULL};
    static const char *const times[] = {"timestamp", "originalTimestamp", "original_timestamp", "receivedAt",
                                        "received_at", "sentAt", NULL};
    char type[VITRINE_NUMBER_SIZE], user[VITRINE_NUMBER_SIZE], time[VITRINE_NUMBER_SIZE];
    vitrine_raw_row raw = {.line = line};
    const char *call = vitrine_json_text(event, "type");
    raw.type = vitrine_log_or_empty(vitrine_log_json_text(event, "event", type));
    if (call != NULL && strcmp(call, "track") != 0) { /* identify, page, group: about no item */
        const vitrine_field other = {call, strlen(call)};
        vitrine_log_itemless(log, other, line);
        return true;
    }
    raw.user = vitrine_log_or_empty(first_of(event, users, user));
    raw.time = vitrine_log_or_empty(first_of(event, times, time));
    const cJSON *properties = vitrine_json_member(event, "properties"), *item;
    const cJSON *products = vitrine_json_member(properties, "products");
    if (!cJSON_IsArray(products)) return add_item(log, &raw, properties, properties, problem);
    if (products->child == NULL) vitrine_log_itemless(log, raw.type, line);
    cJSON_ArrayForEach(item, products)
    {
        if (!add_item(log, &raw, item, properties, problem)) return false;
    }
    return true;
}

bool vitrine_log_segment(vitrine_log *log, vitrine_text *source, vitrine_problem *problem)
{
    log->timed = log->typed = log->priced = log->rated = log->with_users = true;
    return vitrine_log_json_lines(log, source, add_event, problem);
}
