#include "data/log_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

vitrine_field vitrine_log_json_text(const cJSON *object, const char *name, char room[VITRINE_NUMBER_SIZE])
{
    vitrine_field field = {NULL, 0};
    const cJSON *value = vitrine_json_member(object, name);
    if (cJSON_IsString(value)) {
        field.text = value->valuestring;
        field.length = strlen(field.text);
    } else if (cJSON_IsNumber(value)) {
        const double number = value->valuedouble;
        const bool whole = floor(number) == number && fabs(number) < 9007199254740992.0;
        field.length = (size_t)snprintf(room, VITRINE_NUMBER_SIZE, whole ? "%.0f" : "%.17g", number);
        field.text = room;
    }
    return field;
}

vitrine_field vitrine_log_or_empty(vitrine_field field)
{
    if (field.text == NULL) field.text = "";
    return field;
}

void vitrine_log_itemless(vitrine_log *log, vitrine_field type, uint64_t line)
{
    log->report.rows++;
    vitrine_log_reject(log, VITRINE_REJECT_DROPPED_TYPE, log->file, line, type.text, type.length);
}

bool vitrine_log_json_lines(vitrine_log *log, vitrine_text *source, vitrine_log_add_event add,
                            vitrine_problem *problem)
{
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
        const bool ok = add(log, event, number, problem);
        cJSON_Delete(event);
        if (!ok) return false;
    }
}
