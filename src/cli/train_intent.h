/* The part of `vitrine train` that learns purchase intent. */
#ifndef VITRINE_CLI_TRAIN_INTENT_H
#define VITRINE_CLI_TRAIN_INTENT_H

#include "data/json.h"
#include "train/intent.h"

/* Trains on the log with the popularity that the model will carry, shows progress unless `quiet`.
 * CLI_OK with a section to free(), or the exit code after a message. */
int cli_train_intent(const char *command, const vitrine_dataset *log, const float *popularity,
                     const vitrine_intent_options *options, bool quiet, uint8_t **section,
                     vitrine_intent_report *report);

/* The result as lines, and as a member "intent" of a JSON object, with the time it took or without. */
void cli_print_intent(const vitrine_intent_report *report);
void cli_add_intent(cJSON *object, const vitrine_intent_report *report, bool timed);

#endif
