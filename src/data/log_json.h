/* Logs whose line is an event as a JSON object: what their formats share. */
#ifndef VITRINE_DATA_LOG_JSON_H
#define VITRINE_DATA_LOG_JSON_H

#include "data/json.h"
#include "data/log.h"

enum { VITRINE_NUMBER_SIZE = 32 };

/* A member as text, a number written out into `room`; a null text when it is neither. `object` may be
 * null. */
vitrine_field vitrine_log_json_text(const cJSON *object, const char *name, char room[VITRINE_NUMBER_SIZE]);
/* An absent text as an empty one: the log has the column, and this row has nothing in it. */
vitrine_field vitrine_log_or_empty(vitrine_field field);

/* Read the whole source, a line an object, by `add`. A line that is no object is counted. */
typedef bool (*vitrine_log_add_event)(vitrine_log *log, const cJSON *event, uint64_t line,
                                      vitrine_problem *problem);
bool vitrine_log_json_lines(vitrine_log *log, vitrine_text *source, vitrine_log_add_event add,
                            vitrine_problem *problem);
/* Count an event that is about no item. */
void vitrine_log_itemless(vitrine_log *log, vitrine_field type, uint64_t line);

#endif
