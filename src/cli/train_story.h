/* What a training was and what came of it, as JSON: the result for machines, and the card that the
 * model carries. */
#ifndef VITRINE_CLI_TRAIN_STORY_H
#define VITRINE_CLI_TRAIN_STORY_H

#include "data/json.h"
#include "data/log_reader.h"
#include "train/intent.h"
#include "train/train.h"

typedef struct train_story {
    const char *name, *date;   /* as given; null: not */
    const char *const *events; /* [event_files] paths of the log */
    size_t event_files;
    const vitrine_train_options *options;
    const vitrine_log_report *log;
    const vitrine_trained *trained;
    const vitrine_intent_report *intent; /* null: none was trained */
    size_t bytes;
    cJSON *epochs; /* the learning curve, a line an epoch; owned */
} train_story;

void train_story_begin(train_story *story);
/* A line of progress that ends an epoch joins the curve; others pass. */
void train_story_progress(train_story *story, const vitrine_train_progress *progress);
void train_story_free(train_story *story);

/* Everything, the learning curve and the time it took too. Null when memory is out. */
cJSON *train_story_result(const train_story *story);
/* What the model should tell about itself: data, options, seed, figures. Nothing that differs from
 * one run to the next, so the same training gives the same bytes. free() it; null: no memory. */
char *train_story_card(const train_story *story);

#endif
